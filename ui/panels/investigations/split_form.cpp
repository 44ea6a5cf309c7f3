// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/split_form.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/check_list.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/segment.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kRows = 5;

QString eventCount(qsizetype count) {
  return count == 1 ? SplitForm::tr("1 event") : SplitForm::tr("%1 events").arg(countText(count));
}

QString lineCount(uint64_t count) {
  return count == 1 ? SplitForm::tr("1 line")
                    : SplitForm::tr("%1 lines").arg(countText(static_cast<qint64>(count)));
}

std::vector<CheckList::Choice> servicesOf(const std::vector<model::Event>& events) {
  std::vector<std::string> order;  // of first sign
  for (const auto& event : events) {
    if (std::ranges::find(order, event.service) == order.end()) order.push_back(event.service);
  }
  std::vector<CheckList::Choice> rows;
  for (const auto& service : order) {
    qsizetype count = 0;
    uint64_t lines = 0;
    for (const auto& event : events) {
      if (event.service == service) ++count, lines += event.count;
    }
    rows.push_back(
        {service, shownString(service, 96), eventCount(count) + QStringLiteral(", ") + lineCount(lines)});
  }
  return rows;
}

std::vector<CheckList::Choice> singlesOf(const std::vector<model::Event>& events) {
  std::vector<CheckList::Choice> rows;
  for (const auto& event : events) {
    const auto& pattern = event.patternName.empty() ? event.patternId : event.patternName;
    QString text =
        QStringLiteral("%1  %2: %3")
            .arg(clockText(event.first), shownString(event.service, 64), shownString(pattern, 256));
    if (!event.key.empty()) text += QStringLiteral(", ") + shownString(event.key, 128);
    rows.push_back({event.id.str(), text, lineCount(event.count)});
  }
  return rows;
}

}  // namespace

SplitForm::SplitForm(const theme::Theme& theme, QWidget* parent)
    : Painted(theme, parent),
      m_question(new Label(theme, FontRole::BodyStrong, Token::Text, {}, this)),
      m_note(new Label(theme, FontRole::Secondary, Token::Text2, {}, this)),
      m_byService(new Segment(theme, tr("Services"), Segment::Place::First, this)),
      m_byEvent(new Segment(theme, tr("Events"), Segment::Place::Last, this)),
      m_services(new CheckList(theme, tr("Services to split off"), this)),
      m_single(new CheckList(theme, tr("Events to split off"), this)),
      m_back(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), this)),
      m_split(new KeyButton(theme, KeyButton::Kind::Primary, tr("Split off"), tr("Enter"), this)) {
  build();
  connect(m_back, &QAbstractButton::clicked, this, &SplitForm::left);
  connect(m_split, &QAbstractButton::clicked, this, &SplitForm::submit);
  connect(m_byEvent, &QAbstractButton::toggled, this, &SplitForm::showSide);
  for (auto* list : {m_services, m_single}) {
    connect(list, &CheckList::tickedChanged, this, [this] {
      m_refusal.clear();
      refresh();
    });
  }
}

void SplitForm::build() {
  auto* sides = new QButtonGroup(this);
  auto* choice = new QHBoxLayout;
  choice->setSpacing(0);
  for (auto* segment : {m_byService, m_byEvent}) {
    sides->addButton(segment);
    choice->addWidget(segment);
    segment->installEventFilter(this);
  }
  m_byService->setChecked(true);
  for (auto* list : {m_services, m_single}) {
    list->setFixedHeight(kRows * theme::grid::kRowCompact);
    list->installEventFilter(this);
  }
  m_split->setObjectName(QStringLiteral("split"));
  m_note->setObjectName(QStringLiteral("splitNote"));
  m_note->setElided(true);
  auto* head = new QHBoxLayout;
  head->setSpacing(12);
  head->addWidget(m_question, 1);
  head->addWidget(new Label(theme(), FontRole::Secondary, Token::Text3,
                            tr("Space ticks, Left or Right turns over"), this));
  head->addLayout(choice);
  auto* foot = new QHBoxLayout;
  foot->setSpacing(8);
  foot->addWidget(m_note, 1);
  foot->addWidget(m_back);
  foot->addWidget(m_split);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 10, 12, 10);
  all->setSpacing(8);
  all->addLayout(head);
  all->addWidget(m_services);
  all->addWidget(m_single);
  all->addLayout(foot);
  m_single->hide();
}

void SplitForm::begin(const model::Incident& incident, const std::vector<model::Event>& events) {
  m_refusal.clear();
  m_sending = false;
  m_question->setText(tr("What of %1 becomes an incident of its own?").arg(incidentName(incident.number)));
  for (auto* list : {m_services, m_single}) list->setTicked({});
  setEvents(events);
  (m_services->choiceCount() > 1 ? m_byService : m_byEvent)->setChecked(true);
  showSide();
}

void SplitForm::setEvents(const std::vector<model::Event>& events) {
  m_events = events;
  m_services->setChoices(servicesOf(events));
  m_single->setChoices(singlesOf(events));
  refresh();
}

CheckList* SplitForm::list() const {
  return m_byEvent->isChecked() ? m_single : m_services;
}

void SplitForm::turn() {
  (m_byEvent->isChecked() ? m_byService : m_byEvent)->setChecked(true);
}

void SplitForm::showSide() {
  m_services->setVisible(list() == m_services);
  m_single->setVisible(list() == m_single);
  list()->setFocus();
  m_refusal.clear();
  refresh();
}

void SplitForm::setSending(bool sending) {
  m_sending = sending;
  refresh();
}

void SplitForm::refuse(const QString& why) {
  m_refusal = why;
  setSending(false);
}

service::IncidentPart SplitForm::part() const {
  service::IncidentPart part;
  (list() == m_services ? part.services : part.events) = list()->ticked();
  return part;
}

bool SplitForm::isIn(const service::IncidentPart& part, const model::Event& event) const {
  return std::ranges::find(part.services, event.service) != part.services.end() ||
         std::ranges::find(part.events, event.id.str()) != part.events.end();
}

QString SplitForm::words(qsizetype going) const {
  const auto all = static_cast<qsizetype>(m_events.size());
  if (all < 2) return tr("It has one event only: nothing can be split off.");
  if (going == 0) return tr("Nothing is ticked: tick what goes.");
  if (going == all) return tr("All of it is ticked: nothing would be left here.");
  return tr("%1 go, %2 stay. Both are diagnosed anew and keep apart.")
      .arg(eventCount(going), countText(all - going));
}

void SplitForm::refresh() {
  const auto ticked = part();
  const auto going = std::ranges::count_if(m_events, [&](const auto& event) { return isIn(ticked, event); });
  const QString note = words(going);
  m_note->setText(m_refusal.isEmpty() ? note : m_refusal);
  m_note->setToken(m_refusal.isEmpty() ? Token::Text2 : Token::Crit);
  const bool some = going > 0 && going < static_cast<qsizetype>(m_events.size());
  m_split->setEnabled(some && !m_sending);
  m_split->setToolTip(some ? QString() : note);
}

void SplitForm::submit() {
  if (m_split->isEnabled()) Q_EMIT chosen(part());
}

bool SplitForm::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return Painted::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Escape) return Q_EMIT left(), true;
  if (key == Qt::Key_Return || key == Qt::Key_Enter) return submit(), true;
  return Painted::eventFilter(watched, event);
}

void SplitForm::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Panel), color(Token::Accent), theme::grid::kRadiusCard);
}

}  // namespace aiops::ui
