// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/quiet/silence_form.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>

#include "models/quiet_times.h"
#include "panels/quiet/name_picker.h"
#include "widgets/label.h"
#include "widgets/segment.h"

namespace aiops::ui {

namespace {

/// Minutes from now, or one of these.
constexpr int kTomorrow = 1, kOther = 2, kPresets[] = {30, 120, 480, kTomorrow, kOther};

QString presetText(int preset) {
  if (preset == kTomorrow) return SilenceForm::tr("Tomorrow 8:00");
  return preset == kOther ? SilenceForm::tr("Other") : minutesText(std::chrono::minutes(preset));
}

}  // namespace

SilenceForm::SilenceForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : AddForm(theme, bridge,
              tr("Its events are still stored, shown and joined to what is open. They open no incident and "
                 "lead to no fix."),
              tr("Silence"), parent),
      m_services(new NamePicker(theme, tr("Services"), tr("any"), this)),
      m_patterns(new NamePicker(theme, tr("Patterns"), tr("any"), this)),
      m_duration(new QButtonGroup(this)),
      m_other(new QLineEdit(this)),
      m_reason(new QLineEdit(this)) {
  auto* pickers = new QHBoxLayout;
  pickers->setSpacing(16);
  pickers->addWidget(m_services, 1);
  pickers->addWidget(m_patterns, 1);
  rows().addLayout(pickers, kListStretch);
  m_other->setObjectName(QStringLiteral("otherEnd"));
  m_other->setAccessibleName(tr("Other end"));
  m_other->setPlaceholderText(tr("90 min, 3 h, 18:30, or 2026-11-30 18:30"));
  m_other->setMaxLength(32);
  m_other->hide();
  m_reason->setObjectName(QStringLiteral("silenceReason"));
  m_reason->setAccessibleName(tr("Why"));
  m_reason->setPlaceholderText(tr("One line, kept in the audit"));
  m_reason->setMaxLength(500);
  addRow(tr("How long"), buildDuration());
  rows().addWidget(m_other);
  addRow(tr("Why"), m_reason);
  finish();
  for (auto* picker : {m_services, m_patterns})
    connect(picker, &NamePicker::changed, this, &AddForm::refresh);
  for (auto* line : {m_other, m_reason}) connect(line, &QLineEdit::textChanged, this, &AddForm::refresh);
}

QWidget* SilenceForm::buildDuration() {
  auto* box = new QWidget(this);
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  for (const int preset : kPresets) {
    const auto place = preset == kPresets[0] ? Segment::Place::First
                       : preset == kOther    ? Segment::Place::Last
                                             : Segment::Place::Middle;
    auto* segment = new Segment(theme(), presetText(preset), place, box);
    segment->setAccessibleName(tr("How long: %1").arg(segment->text()));
    m_duration->addButton(segment, preset);
    row->addWidget(segment);
  }
  row->addStretch(1);
  m_duration->button(kPresets[0])->setChecked(true);
  connect(m_duration, &QButtonGroup::idToggled, this, [this](int id, bool on) {
    if (!on) return;
    m_other->setVisible(id == kOther);
    refresh();
  });
  return box;
}

void SilenceForm::setKnown(std::vector<CheckList::Choice> services, std::vector<CheckList::Choice> patterns) {
  m_services->setKnown(std::move(services));
  m_patterns->setKnown(std::move(patterns));
}

void SilenceForm::fillIn(const std::vector<std::string>& services) {
  m_services->setTicked(services);
  m_patterns->setTicked({});
}

void SilenceForm::begin() {
  if (m_services->ticked().empty() && m_patterns->ticked().empty()) return m_services->filter()->setFocus();
  m_reason->setFocus();
}

void SilenceForm::clear() {
  fillIn({});
  for (auto* line : {m_other, m_reason, m_services->filter(), m_patterns->filter()}) line->clear();
  m_duration->button(kPresets[0])->setChecked(true);
}

std::optional<base::TimePoint> SilenceForm::until() const {
  const auto now = base::SystemClock().now();
  const QTimeZone here = QTimeZone::systemTimeZone();
  const int preset = m_duration->checkedId();
  if (preset == kTomorrow) return tomorrowMorning(now, here);
  return preset == kOther ? untilOf(m_other->text(), now, here) : now + std::chrono::minutes(preset);
}

QString SilenceForm::missing() const {
  if (m_services->ticked().empty() && m_patterns->ticked().empty())
    return tr("Tick at least one service or pattern.");
  const auto end = until();
  if (!end) return tr("Say until when: a span, a time of day, or a date with a time, in the future.");
  if (*end > base::SystemClock().now() + model::kLongestSilence)
    return tr("A silence lasts 7 days at most. For what comes again there are maintenance windows.");
  return m_reason->text().trimmed().isEmpty() ? tr("Say why, in a line.") : QString();
}

QString SilenceForm::summary() const {
  return tr("Quiet until %1.").arg(momentBothText(*until(), QTimeZone::systemTimeZone()));
}

void SilenceForm::send() {
  Q_EMIT asked({.id = {},
                .services = m_services->ticked(),
                .patterns = m_patterns->ticked(),
                .reason = m_reason->text().trimmed().toStdString(),
                .by = {},
                .from = {},
                .until = *until()});
}

}  // namespace aiops::ui
