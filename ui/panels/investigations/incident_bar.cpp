// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPointer>
#include <utility>

#include "models/display.h"
#include "models/shown_text.h"
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
      m_text(new Label(theme, FontRole::Secondary, Token::Text2, {}, this)),
      m_why(new QWidget(this)),
      m_reason(new QLineEdit(m_why)),
      m_acknowledge(new KeyButton(theme, KeyButton::Kind::Plain, tr("Acknowledge"), tr("A"), this)),
      m_ask(new KeyButton(theme, KeyButton::Kind::Plain, tr("Nothing was wrong"), tr("D"), this)),
      m_dismiss(new KeyButton(theme, KeyButton::Kind::Danger, tr("Dismiss"), tr("Enter"), this)),
      m_back(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), this)),
      m_reopen(new KeyButton(theme, KeyButton::Kind::Plain, tr("Reopen"), tr("U"), this)),
      m_cause(new KeyButton(theme, KeyButton::Kind::Plain, tr("This is the cause"), tr("C"), this)) {
  m_undo.setSingleShot(true);
  m_undo.setInterval(kUndoFor);
  build();
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
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(m_text, 1);
  row->addWidget(m_why, 3);
  for (auto* button : {m_back, m_dismiss, m_cause, m_ask, m_acknowledge, m_reopen}) row->addWidget(button);
}

void IncidentBar::setIncident(const model::Incident& incident) {
  if (incident.id != m_incident.id) {
    m_asking = m_sending = false;
    m_undo.stop();
    m_problem.clear();
    m_reason->clear();
  }
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
  m_text->setVisible(!m_asking);
  m_text->setText(!m_problem.isEmpty() ? m_problem : (open ? ownerText() : endText()) + causeText());
  m_why->setVisible(m_asking);
  m_back->setVisible(m_asking);
  m_acknowledge->setVisible(open && !m_asking && !mine);
  m_acknowledge->setText(m_incident.owner.empty() ? tr("Acknowledge") : tr("Take over"));
  m_acknowledge->setEnabled(why.isEmpty() && !m_sending);
  m_acknowledge->setToolTip(why.isEmpty() ? tr("Others see that you see to it  A") : why);
  m_ask->setVisible(open && !m_asking);
  m_ask->setEnabled(why.isEmpty() && !runs && !m_sending);
  m_ask->setToolTip(!why.isEmpty() ? why
                    : runs         ? tr("A fix runs.")
                                   : tr("Counts as a false alarm of the patterns that fired"));
  const auto& known = m_incident.knownCause;
  const bool said = known && known->service == m_service && known->kind == m_kind;
  const bool dismissed = m_incident.state == model::IncidentState::Dismissed;
  m_cause->setVisible(!m_asking && !dismissed && !m_service.empty() && !said);
  m_cause->setEnabled(why.isEmpty() && !m_kind.empty() && !m_sending);
  m_cause->setToolTip(!why.isEmpty()   ? why
                      : m_kind.empty() ? tr("Its kind is not known.")
                                       : tr("What is chosen below is remembered as the cause"));
  const QString whyNot = why.isEmpty() ? whyNotReopened() : why;
  m_reopen->setVisible(!open);
  m_reopen->setText(m_undo.isActive() ? tr("Undo") : tr("Reopen"));
  m_reopen->setEnabled(whyNot.isEmpty() && !m_sending);
  m_reopen->setToolTip(whyNot.isEmpty() ? tr("It is open again and counts for nothing  U") : whyNot);
  m_dismiss->setVisible(m_asking);
  m_dismiss->setEnabled(why.isEmpty() && !m_sending && !m_reason->text().trimmed().isEmpty());
}

void IncidentBar::acknowledge() {
  if (m_asking || !m_acknowledge->isVisible() || !m_acknowledge->isEnabled()) return;
  m_sending = true;
  refresh();
  m_bridge.acknowledge(m_incident.id.str(), [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void IncidentBar::askWhy() {
  if (m_asking || !m_ask->isEnabled()) return;
  m_asking = true;
  m_problem.clear();
  refresh();
  m_reason->setFocus();
}

void IncidentBar::dismiss() {
  const QString reason = m_reason->text().trimmed();
  if (!m_asking || m_sending || reason.isEmpty()) return;
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
  if (std::exchange(m_asking, false)) Q_EMIT left();
}

void IncidentBar::answered(const base::Result<model::Incident>& result) {
  m_sending = false;
  if (!result) m_problem = shownString(result.error().line());
  if (result) endAsking();
  if (result && result->id == m_incident.id) return setIncident(*result);
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
