// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <utility>

#include "models/display.h"
#include "models/shown_text.h"
#include "panels/investigations/merge_form.h"
#include "panels/investigations/split_form.h"
#include "widgets/check_list.h"
#include "widgets/key_button.h"
#include "widgets/label.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr std::chrono::seconds kUndoFor{10};
constexpr std::chrono::hours kReopenWithin{24};

}  // namespace

IncidentBar::IncidentBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_bridge(bridge),
      m_row(new QWidget(this)),
      m_text(new Label(theme, FontRole::Secondary, Token::Text2, {}, m_row)),
      m_why(new QWidget(m_row)),
      m_reason(new QLineEdit(m_why)),
      m_acknowledge(new KeyButton(theme, KeyButton::Kind::Plain, tr("Acknowledge"), tr("A"), m_row)),
      m_ask(new KeyButton(theme, KeyButton::Kind::Plain, tr("Nothing was wrong"), tr("D"), m_row)),
      m_dismiss(new KeyButton(theme, KeyButton::Kind::Danger, tr("Dismiss"), tr("Enter"), m_row)),
      m_back(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), m_row)),
      m_reopen(new KeyButton(theme, KeyButton::Kind::Plain, tr("Reopen"), tr("U"), m_row)),
      m_cause(new KeyButton(theme, KeyButton::Kind::Plain, tr("This is the cause"), tr("C"), m_row)),
      m_more(new KeyButton(theme, KeyButton::Kind::Plain, tr("More"), {}, m_row)),
      m_merge(new MergeForm(theme, this)),
      m_split(new SplitForm(theme, this)) {
  m_undo.setSingleShot(true);
  m_undo.setInterval(kUndoFor);
  build();
  buildMore();
  buildForms();
  connect(m_acknowledge, &QPushButton::clicked, this, &IncidentBar::acknowledge);
  connect(m_ask, &QPushButton::clicked, this, &IncidentBar::askWhy);
  connect(m_dismiss, &QPushButton::clicked, this, &IncidentBar::dismiss);
  connect(m_back, &QPushButton::clicked, this, &IncidentBar::goBack);
  connect(m_reopen, &QPushButton::clicked, this, &IncidentBar::reopen);
  connect(m_cause, &QPushButton::clicked, this, &IncidentBar::stateCause);
  connect(&m_undo, &QTimer::timeout, this, &IncidentBar::refresh);
  connect(m_reason, &QLineEdit::textChanged, this, &IncidentBar::refresh);
  connect(&m_bridge, &EngineBridge::statusChanged, this, &IncidentBar::refresh);
}

void IncidentBar::build() {
  m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_reason->setObjectName(QStringLiteral("dismissReason"));
  m_reason->setAccessibleName(tr("Why nothing was wrong"));
  m_reason->setPlaceholderText(tr("Why was nothing wrong? One line, kept in the audit"));
  m_reason->setMaxLength(500);
  m_reason->installEventFilter(this);
  auto* why = new QHBoxLayout(m_why);
  why->setContentsMargins(0, 0, 0, 0);
  why->setSpacing(6);
  for (const QString& preset : {tr("Planned work"), tr("A test"), tr("Known and harmless")}) {
    auto* button = new KeyButton(m_theme, KeyButton::Kind::Ghost, preset, {}, m_why);
    button->setFixedHeight(22);
    connect(button, &QPushButton::clicked, this, [this, preset] {
      m_reason->setText(preset);
      m_reason->setFocus();
    });
    why->addWidget(button);
  }
  why->addWidget(m_reason, 1);
  auto* row = new QHBoxLayout(m_row);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(m_text, 1);
  row->addWidget(m_why, 3);
  for (auto* button : {m_back, m_dismiss, m_cause, m_ask, m_acknowledge, m_reopen, m_more})
    row->addWidget(button);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  for (auto* part : std::initializer_list<QWidget*>{m_row, m_merge, m_split}) all->addWidget(part);
}

QAction* IncidentBar::addMore(const QString& text, const QString& key, void (IncidentBar::*act)()) {
  QAction* action = m_more->menu()->addAction(text + u'\t' + key);
  connect(action, &QAction::triggered, this, act);
  return action;
}

void IncidentBar::buildMore() {
  m_more->setObjectName(QStringLiteral("more"));
  m_more->setMenu(new QMenu(m_more));
  m_more->menu()->setToolTipsVisible(true);
  m_more->menu()->setAccessibleName(tr("More that can be done with the incident"));
  m_mergeAction = addMore(tr("Merge into another incident"), tr("M"), &IncidentBar::askMerge);
  m_splitAction = addMore(tr("Split off a part"), tr("S"), &IncidentBar::askSplit);
  m_silenceAction = addMore(tr("Silence these services"), tr("Shift S"), &IncidentBar::silence);
}

void IncidentBar::buildForms() {
  connect(m_merge, &MergeForm::chosen, this, &IncidentBar::merge);
  connect(m_split, &SplitForm::chosen, this, &IncidentBar::split);
  connect(m_merge, &MergeForm::left, this, &IncidentBar::goBack);
  connect(m_split, &SplitForm::left, this, &IncidentBar::goBack);
  connect(&m_bridge, &EngineBridge::incidentsChanged, this, [this] {
    if (m_asking == Asking::Merge) m_merge->setIncidents(m_bridge.incidents());
  });
}

void IncidentBar::setIncident(const model::Incident& incident, const std::vector<model::Event>& events) {
  m_events = events;
  if (incident.id != m_incident.id) {
    endAsking();
    m_sending = false;
    m_undo.stop();
    m_problem.clear();
    m_reason->clear();
  }
  if (m_asking == Asking::Split) m_split->setEvents(m_events);
  take(incident);
}

void IncidentBar::take(const model::Incident& incident) {
  m_incident = incident;
  if (model::isClosed(incident.state)) endAsking();
  refresh();
}

void IncidentBar::setChosen(const std::string& service, const std::string& kind) {
  m_service = service;
  m_kind = kind == "unknown" ? std::string() : kind;
  refresh();
}

/// What a person said the cause was, or empty.
QString IncidentBar::causeText() const {
  const auto& known = m_incident.knownCause;
  if (!known) return {};
  const QString kind = shownString(known->kind, 128).replace(u'_', u' ');
  const QString cause = shownString(known->service, 64) + QStringLiteral(": ") + kind;
  return known->by == m_bridge.caller().name
             ? tr(" You said the cause was %1.").arg(cause)
             : tr(" %1 said the cause was %2.").arg(shownString(known->by, 64), cause);
}

/// Why nothing can be said of it now, or empty.
QString IncidentBar::blocked() const {
  if (!m_bridge.caller().mayOperate) return tr("Your role lacks operate.");
  if (!m_bridge.problem().empty()) return tr("The engine does not answer.");
  return {};
}

QString IncidentBar::ownerText() const {
  if (m_incident.owner.empty()) return tr("Nobody has acknowledged it.");
  const QString who = shownString(m_incident.owner, 64);
  const QString when = m_incident.acknowledgedAt ? clockText(*m_incident.acknowledgedAt) : QString();
  const bool mine = m_incident.owner == m_bridge.caller().name;
  return mine ? tr("You see to it, since %1.").arg(when) : tr("%1 sees to it, since %2.").arg(who, when);
}

/// As the engine decides; it also knows whether a newer one has taken over.
QString IncidentBar::whyNotReopened() const {
  if (!m_incident.mergedInto.empty()) return tr("Its events belong to another incident now.");
  const bool late = m_incident.endedAt && *m_incident.endedAt + kReopenWithin < base::SystemClock().now();
  return late ? tr("It ended more than a day ago.") : QString();
}

QString IncidentBar::endText() const {
  if (!m_incident.mergedInto.empty()) return tr("Merged into another incident.");
  if (m_incident.falsePositive) return tr("Dismissed: nothing was wrong.");
  return tr("It has ended.");
}

void IncidentBar::refresh() {
  const bool open = !model::isClosed(m_incident.state);
  const bool runs = m_incident.state == model::IncidentState::Fixing ||
                    m_incident.state == model::IncidentState::Validating;
  const QString why = blocked();
  const bool mine = !m_incident.owner.empty() && m_incident.owner == m_bridge.caller().name;
  const bool asking = m_asking == Asking::Why;
  m_row->setVisible(!isChoosing());
  m_merge->setVisible(m_asking == Asking::Merge);
  m_split->setVisible(m_asking == Asking::Split);
  m_text->setVisible(!asking);
  m_text->setText(!m_problem.isEmpty() ? m_problem : (open ? ownerText() : endText()) + causeText());
  m_why->setVisible(asking);
  m_back->setVisible(asking);
  m_acknowledge->setVisible(open && !asking && !mine);
  m_acknowledge->setText(m_incident.owner.empty() ? tr("Acknowledge") : tr("Take over"));
  m_acknowledge->setEnabled(why.isEmpty() && !m_sending);
  m_acknowledge->setToolTip(why.isEmpty() ? tr("Others see that you see to it  A") : why);
  m_ask->setVisible(open && !asking);
  m_ask->setEnabled(why.isEmpty() && !runs && !m_sending);
  m_ask->setToolTip(!why.isEmpty() ? why
                    : runs         ? tr("A fix runs.")
                                   : tr("Counts as a false alarm of the patterns that fired"));
  const auto& known = m_incident.knownCause;
  const bool said = known && known->service == m_service && known->kind == m_kind;
  const bool dismissed = m_incident.state == model::IncidentState::Dismissed;
  m_cause->setVisible(!asking && !dismissed && !m_service.empty() && !said);
  m_cause->setEnabled(why.isEmpty() && !m_kind.empty() && !m_sending);
  m_cause->setToolTip(!why.isEmpty()   ? why
                      : m_kind.empty() ? tr("Its kind is not known.")
                                       : tr("What is chosen below is remembered as the cause"));
  const QString whyNot = why.isEmpty() ? whyNotReopened() : why;
  m_reopen->setVisible(!open);
  m_reopen->setText(m_undo.isActive() ? tr("Undo") : tr("Reopen"));
  m_reopen->setEnabled(whyNot.isEmpty() && !m_sending);
  m_reopen->setToolTip(whyNot.isEmpty() ? tr("It is open again and counts for nothing  U") : whyNot);
  m_dismiss->setVisible(asking);
  m_dismiss->setEnabled(why.isEmpty() && !m_sending && !m_reason->text().trimmed().isEmpty());
  refreshMore(why, open, runs);
}

void IncidentBar::refreshMore(const QString& why, bool open, bool runs) {
  const QString whyNot = !open ? tr("It has ended.") : runs ? tr("A fix runs.") : QString();
  m_more->setVisible(m_asking != Asking::Why);
  m_more->setEnabled(why.isEmpty() && !m_sending);
  m_more->setToolTip(why.isEmpty() ? tr("Merge, split, silence") : why);
  for (auto* action : {m_mergeAction, m_splitAction}) {
    action->setEnabled(whyNot.isEmpty());
    action->setToolTip(whyNot);
  }
}

void IncidentBar::acknowledge() {
  if (isAsking() || !m_acknowledge->isVisible() || !m_acknowledge->isEnabled()) return;
  m_sending = true;
  refresh();
  m_bridge.acknowledge(m_incident.id.str(), [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void IncidentBar::askWhy() {
  if (isAsking() || !m_ask->isEnabled()) return;
  ask(Asking::Why);
  m_reason->setFocus();
}

void IncidentBar::ask(Asking what) {
  m_asking = what;
  m_problem.clear();
  refresh();
  if (isChoosing()) Q_EMIT choosingChanged();
}

void IncidentBar::askMerge() {
  if (isAsking() || !m_more->isEnabled() || !m_mergeAction->isEnabled()) return;
  ask(Asking::Merge);
  m_merge->begin(m_incident, m_bridge.incidents());
}

void IncidentBar::askSplit() {
  if (isAsking() || !m_more->isEnabled() || !m_splitAction->isEnabled()) return;
  ask(Asking::Split);
  m_split->begin(m_incident, m_events);
}

void IncidentBar::step(int by) {
  if (m_asking == Asking::Merge) m_merge->list()->step(by);
  if (m_asking == Asking::Split) m_split->list()->step(by);
}

void IncidentBar::turn() {
  if (m_asking == Asking::Split) m_split->turn();
}

void IncidentBar::silence() {
  if (isAsking() || !m_more->isEnabled()) return;
  QStringList services;
  for (const auto& service : m_incident.services) services += QString::fromStdString(service);
  Q_EMIT silenceAsked(services);
}

void IncidentBar::merge(const std::string& into) {
  m_merge->setSending(true);
  m_bridge.merge(m_incident.id.str(), into, [self = QPointer(this), id = m_incident.id, into](auto result) {
    if (!self || self->m_incident.id != id || self->refused(result)) return;
    Q_EMIT self->movedTo(QString::fromStdString(into));
  });
}

void IncidentBar::split(const service::IncidentPart& part) {
  m_split->setSending(true);
  m_bridge.split(m_incident.id.str(), part, [self = QPointer(this), id = m_incident.id](auto result) {
    if (!self || self->m_incident.id != id || self->refused(result)) return;
    self->m_problem = tr("Split off. The new incident opens as soon as it has a number.");
    self->refresh();
    Q_EMIT self->movedTo(QString::fromStdString(result->id.str()));
  });
}

/// Says so in the form that asked, where it is still open.
bool IncidentBar::refused(const base::Result<model::Incident>& result) {
  if (result) {
    endAsking();
    refresh();
    return false;
  }
  const QString why = shownString(result.error().line());
  if (m_asking == Asking::Merge) m_merge->refuse(why);
  if (m_asking == Asking::Split) m_split->refuse(why);
  return true;
}

void IncidentBar::dismiss() {
  const QString reason = m_reason->text().trimmed();
  if (m_asking != Asking::Why || m_sending || reason.isEmpty()) return;
  m_sending = true;
  refresh();
  m_bridge.dismiss(m_incident.id.str(), reason.toStdString(), [self = QPointer(this)](auto result) {
    if (!self) return;
    if (result && result->id == self->m_incident.id) self->m_undo.start();
    self->answered(result);
  });
}

void IncidentBar::reopen() {
  if (!m_reopen->isVisible() || !m_reopen->isEnabled()) return;
  m_undo.stop();
  m_sending = true;
  m_problem.clear();
  refresh();
  m_bridge.reopen(m_incident.id.str(), [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void IncidentBar::stateCause() {
  if (!m_cause->isVisible() || !m_cause->isEnabled()) return;
  m_sending = true;
  m_problem.clear();
  refresh();
  m_bridge.stateCause(m_incident.id.str(), m_service, m_kind, [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void IncidentBar::goBack() {
  endAsking();
  refresh();
}

void IncidentBar::endAsking() {
  const bool choosing = isChoosing();
  if (std::exchange(m_asking, Asking::Nothing) == Asking::Nothing) return;
  if (choosing) {
    refresh();
    Q_EMIT choosingChanged();
  }
  Q_EMIT left();
}

void IncidentBar::answered(const base::Result<model::Incident>& result) {
  m_sending = false;
  if (!result) m_problem = shownString(result.error().line());
  if (result) endAsking();
  if (result && result->id == m_incident.id) return take(*result);
  refresh();
}

bool IncidentBar::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_reason || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Return || key == Qt::Key_Enter) return dismiss(), true;
  if (key == Qt::Key_Escape) return goBack(), true;
  return QWidget::eventFilter(watched, event);
}

}  // namespace aiops::ui
