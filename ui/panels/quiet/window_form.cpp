// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/quiet/window_form.h"

#include <QButtonGroup>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>

#include "models/quiet_times.h"
#include "panels/quiet/name_picker.h"
#include "widgets/label.h"
#include "widgets/segment.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr const char* kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr size_t kPreviewed = 2;

}  // namespace

WindowForm::WindowForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : AddForm(theme, bridge,
              tr("While it is open, events of these services open no incident. What still shows signs after "
                 "its end does."),
              tr("Add window"), parent),
      m_services(new NamePicker(theme, tr("Services"), tr("all services"), this)),
      m_name(line("windowName", tr("Name"), tr("Weekly backup"))),
      m_date(line("windowDate", tr("Date"), QStringLiteral("2026-11-30"))),
      m_start(line("windowStart", tr("Starts at"), QStringLiteral("02:30"))),
      m_length(line("windowLength", tr("Lasts"), tr("45 min, 2 h"))),
      m_zone(line("windowZone", tr("Zone"), QStringLiteral("Europe/Paris"))),
      m_weekly(new Segment(theme, tr("Weekly"), Segment::Place::First, this)),
      m_once(new Segment(theme, tr("Once"), Segment::Place::Last, this)) {
  addRow(tr("Name"), m_name);
  rows().addWidget(m_services, kListStretch);
  addRow(tr("Comes"), buildRepeats());
  addRow(tr("Starts at"), buildTimes());
  addRow(tr("Zone"), m_zone);
  auto* zones = new QCompleter(zoneNames(), this);
  zones->setCaseSensitivity(Qt::CaseInsensitive);
  zones->setFilterMode(Qt::MatchContains);
  m_zone->setCompleter(zones);
  m_zone->setText(zoneHere());
  finish();
  connect(m_services, &NamePicker::changed, this, &AddForm::refresh);
}

QLineEdit* WindowForm::line(const char* name, const QString& words, const QString& example) {
  auto* field = new QLineEdit(this);
  field->setObjectName(QString::fromLatin1(name));
  field->setAccessibleName(words);
  field->setPlaceholderText(example);
  field->setMaxLength(200);
  connect(field, &QLineEdit::textChanged, this, &AddForm::refresh);
  return field;
}

QWidget* WindowForm::buildRepeats() {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  auto* choice = new QButtonGroup(this);
  for (auto* segment : {m_weekly, m_once}) {
    choice->addButton(segment);
    row->addWidget(segment);
  }
  m_weekly->setChecked(true);
  m_dayBox = new QWidget(box);
  auto* days = new QHBoxLayout(m_dayBox);
  days->setContentsMargins(0, 0, 0, 0);
  days->setSpacing(4);
  for (const auto* day : kDays) {
    m_days.push_back(new Segment(theme(), dayText(day), Segment::Place::Alone, m_dayBox));
    days->addWidget(m_days.back());
    connect(m_days.back(), &QAbstractButton::toggled, this, &AddForm::refresh);
  }
  row->addSpacing(12);
  row->addWidget(m_dayBox);
  row->addWidget(m_date, 1);
  row->addStretch(1);
  m_date->hide();
  connect(m_once, &QAbstractButton::toggled, this, &WindowForm::showRepeats);
  return box;
}

QWidget* WindowForm::buildTimes() {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  row->addWidget(m_start, 1);
  row->addWidget(new Label(theme(), FontRole::Body, Token::Text, tr("and lasts"), box));
  row->addWidget(m_length, 1);
  return box;
}

bool WindowForm::isOnce() const {
  return m_once->isChecked();
}

void WindowForm::showRepeats() {
  m_dayBox->setVisible(!isOnce());
  m_date->setVisible(isOnce());
  refresh();
}

void WindowForm::setKnown(std::vector<CheckList::Choice> services) {
  m_services->setKnown(std::move(services));
}

void WindowForm::begin() {
  m_name->setFocus();
}

void WindowForm::clear() {
  m_services->setTicked({});
  for (auto* field : {m_name, m_date, m_start, m_length, m_services->filter()}) field->clear();
  for (auto* day : m_days) day->setChecked(false);
  m_weekly->setChecked(true);
  m_zone->setText(zoneHere());
}

model::MaintenanceWindow WindowForm::window() const {
  model::MaintenanceWindow window{.id = {},
                                  .name = m_name->text().trimmed().toStdString(),
                                  .services = m_services->ticked(),
                                  .days = {},
                                  .date = isOnce() ? m_date->text().trimmed().toStdString() : std::string(),
                                  .start = m_start->text().trimmed().toStdString(),
                                  .durationMinutes = 0,
                                  .zone = m_zone->text().trimmed().toStdString(),
                                  .by = {},
                                  .createdAt = {},
                                  .removedAt = {}};
  if (const auto span = spanOf(m_length->text()))
    window.durationMinutes = static_cast<uint32_t>(span->count());
  for (size_t i = 0; i < m_days.size() && !isOnce(); ++i) {
    if (m_days[i]->isChecked()) window.days.emplace_back(kDays[i]);
  }
  return window;
}

QString WindowForm::missing() const {
  const auto wanted = window();
  if (wanted.name.empty()) return tr("Give it a name.");
  if (!isOnce() && wanted.days.empty()) return tr("Choose at least one day.");
  if (isOnce() && !model::dateOf(wanted.date)) return tr("Write the date as 2026-11-30.");
  if (!model::timeOfDay(wanted.start)) return tr("Write the start as 02:30.");
  if (wanted.durationMinutes < 1 || std::chrono::minutes(wanted.durationMinutes) > model::kLongestOpening)
    return tr("It lasts 1 minute to 24 hours: 45 min, 2 h.");
  if (!model::windowZone(wanted.zone)) return tr("Name a zone as Europe/Paris, or UTC.");
  const bool over = model::openings(wanted, base::SystemClock().now(), 1).empty();
  return over ? tr("That time is over.") : QString();
}

QString WindowForm::summary() const {
  const auto wanted = window();
  const QTimeZone there(QByteArray::fromStdString(wanted.zone));
  QStringList lines;
  for (const auto& opening : model::openings(wanted, base::SystemClock().now(), kPreviewed)) {
    lines += lines.isEmpty() ? tr("Next: %1").arg(openingText(opening, there, QTimeZone::systemTimeZone()))
                             : tr("Then: %1").arg(openingText(opening, there, QTimeZone::systemTimeZone()));
  }
  return lines.join(u'\n');
}

void WindowForm::send() {
  Q_EMIT asked(window());
}

}  // namespace aiops::ui
