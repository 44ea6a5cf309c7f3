// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/decision_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPointer>
#include <algorithm>

#include "models/display.h"
#include "models/learning_data.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

DecisionBar::DecisionBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_bridge(bridge) {
  build();
  m_guard.setSingleShot(true);
  m_guard.setTimerType(Qt::PreciseTimer);
  m_confirm.setSingleShot(true);
  connect(&m_guard, &QTimer::timeout, this, &DecisionBar::refresh);
  connect(&m_confirm, &QTimer::timeout, this, [this] { setMode(Mode::Deciding); });
  connect(&m_tick, &QTimer::timeout, this, &DecisionBar::refresh);
  connect(&bridge, &EngineBridge::statusChanged, this, &DecisionBar::refresh);
  connect(&bridge, &EngineBridge::outcomesChanged, this, &DecisionBar::refresh);
  m_tick.start(1000);
}

void DecisionBar::build() {
  setFixedHeight(78);
  m_mark = new MarkLabel(theme(), QStringLiteral("person"), Token::Attn, this);
  m_head = new Label(theme(), FontRole::BodyStrong, Token::Text, {}, this);
  m_line = new Label(theme(), FontRole::Secondary, Token::Text2, {}, this);
  m_line->setElided(true);
  m_head->setElided(true);
  m_caption = new Label(theme(), FontRole::Secondary, Token::Text2, {}, this);
  m_caption->setElided(true);
  m_caption->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_fieldName = new Label(theme(), FontRole::Secondary, Token::Text2, tr("Type the target to approve"), this);
  m_target = new QLineEdit(this);
  m_target->setFont(theme().font(FontRole::Mono));
  m_target->setObjectName(QStringLiteral("typedTarget"));
  m_target->setAccessibleName(tr("Type the target to approve"));
  m_target->installEventFilter(this);
  m_approve =
      new KeyButton(theme(), KeyButton::Kind::Attention, tr("Approve and run"), QStringLiteral("A"), this);
  m_approve->setObjectName(QStringLiteral("approve"));
  m_reject = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Reject"), QStringLiteral("R"), this);
  m_reject->setObjectName(QStringLiteral("reject"));
  m_back = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Back"), QStringLiteral("Esc"), this);

  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(m_mark);
  head->addWidget(m_head, 1);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(8);
  texts->addLayout(head);
  auto* indented = new QHBoxLayout;
  indented->addSpacing(24);
  indented->addWidget(m_line, 1);
  texts->addLayout(indented);
  m_targetBox = new QWidget(this);
  auto* field = new QVBoxLayout(m_targetBox);
  field->setContentsMargins(0, 0, 0, 0);
  field->setSpacing(5);
  field->addWidget(m_fieldName);
  field->addWidget(m_target);
  m_targetBox->setFixedWidth(170);
  m_rejectBox = buildReject();
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch(1);
  for (auto* button : {m_back, m_reject, m_approve}) buttons->addWidget(button);
  auto* right = new QVBoxLayout;
  right->setSpacing(5);
  right->addWidget(m_caption);
  right->addLayout(buttons);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 9, 14, 11);
  row->setSpacing(20);
  row->addLayout(texts, 5);
  row->addWidget(m_targetBox);
  row->addWidget(m_rejectBox, 6);
  row->addLayout(right, 4);

  connect(m_approve, &QPushButton::clicked, this,
          [this] { m_mode == Mode::Confirming ? pressConfirm() : pressApprove(); });
  connect(m_reject, &QPushButton::clicked, this,
          [this] { m_mode == Mode::Rejecting ? rejectNow() : pressReject(); });
  connect(m_back, &QPushButton::clicked, this, &DecisionBar::pressEscape);
  connect(m_target, &QLineEdit::textChanged, this, &DecisionBar::refresh);
  connect(m_reason, &QLineEdit::textChanged, this, &DecisionBar::refresh);
}

QWidget* DecisionBar::buildReject() {
  auto* box = new QWidget(this);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(5);
  auto* presets = new QHBoxLayout;
  presets->setSpacing(6);
  presets->addWidget(new Label(theme(), FontRole::Secondary, Token::Text2, tr("Why not?"), box));
  m_reason = new QLineEdit(box);
  m_reason->setObjectName(QStringLiteral("rejectReason"));
  m_reason->setAccessibleName(tr("Reason to reject"));
  m_reason->setPlaceholderText(tr("One line, kept in the audit"));
  m_reason->setMaxLength(500);
  m_reason->installEventFilter(this);
  for (const QString& preset : {tr("Not the cause"), tr("Too risky now"), tr("Fixed by hand")}) {
    auto* button = new KeyButton(theme(), KeyButton::Kind::Ghost, preset, {}, box);
    button->setFixedHeight(22);
    connect(button, &QPushButton::clicked, this, [this, preset] {
      m_reason->setText(preset);
      m_reason->setFocus();
    });
    presets->addWidget(button);
  }
  presets->addStretch(1);
  column->addLayout(presets);
  column->addWidget(m_reason);
  return box;
}

void DecisionBar::setFix(const model::FixProposal& fix) {
  const bool other = fix.id != m_fix.id || fix.planHash != m_fix.planHash;
  const bool moved = other || fix.state != m_fix.state;
  m_fix = fix;
  if (other) {
    m_target->clear();
    m_reason->clear();
    m_problem.clear();
    m_sinceChange.start();
    m_guard.start(kGuardMs + 5);
  }
  if (moved) setMode(fix.state == model::FixState::Proposed ? Mode::Deciding : Mode::Over);
  refresh();
}

void DecisionBar::setPlanSeen(bool seen) {
  m_planSeen = seen;
  refresh();
}

bool DecisionBar::expired() const {
  return m_fix.expiresAt <= base::SystemClock().now();
}

/// Why approving is impossible now, or empty.
QString DecisionBar::blocked() const {
  const auto& automation = m_bridge.status().automation;
  if (!m_bridge.caller().mayApprove) return tr("Your role lacks approve.");
  if (!m_bridge.problem().empty()) return tr("The engine does not answer.");
  if (automation.stopped) return tr("Automation is stopped.");
  if (m_bridge.hasStatus() && !automation.executorReady) return tr("The executor is not ready.");
  if (expired()) return tr("The time to decide has run out.");
  if (!m_planSeen) return tr("Scroll to the last step first.");
  return {};
}

bool DecisionBar::canApprove() const {
  if (m_mode != Mode::Deciding && m_mode != Mode::Confirming) return false;
  if (!m_sinceChange.isValid() || m_sinceChange.elapsed() < kGuardMs || !blocked().isEmpty()) return false;
  return !model::needsTypedTarget(m_fix) || m_target->text() == QString::fromStdString(m_fix.plan.target);
}

void DecisionBar::pressApprove() {
  if (m_mode != Mode::Deciding) return;
  if (model::needsTypedTarget(m_fix) && !canApprove()) return m_target->setFocus();
  if (!canApprove()) return;
  if (m_fix.plan.risk == model::Risk::Medium && !m_fix.plan.irreversible) {
    setMode(Mode::Confirming);
    m_confirm.start(kConfirmMs);
    return;
  }
  approveNow();
}

void DecisionBar::pressConfirm() {
  if (m_mode == Mode::Rejecting) return rejectNow();
  if (m_mode == Mode::Confirming && canApprove()) approveNow();
}

void DecisionBar::pressReject() {
  if (m_mode != Mode::Deciding && m_mode != Mode::Confirming) return;
  if (!m_bridge.caller().mayApprove || !m_bridge.problem().empty()) return;
  setMode(Mode::Rejecting);
  m_reason->setFocus();
}

void DecisionBar::pressEscape() {
  if (m_mode == Mode::Rejecting || m_mode == Mode::Confirming) return setMode(Mode::Deciding);
  if (m_target->hasFocus() && parentWidget() != nullptr) parentWidget()->setFocus();
}

void DecisionBar::approveNow() {
  setMode(Mode::Sending);
  m_bridge.approve(m_fix.id.str(), m_fix.planHash, [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void DecisionBar::rejectNow() {
  const QString reason = m_reason->text().trimmed();
  if (m_mode != Mode::Rejecting || reason.isEmpty()) return;
  setMode(Mode::Sending);
  m_bridge.reject(m_fix.id.str(), reason.toStdString(), [self = QPointer(this)](auto result) {
    if (self) self->answered(result);
  });
}

void DecisionBar::answered(const base::Result<model::FixProposal>& result) {
  if (result) {
    if (result->id == m_fix.id) setFix(*result);
    return;
  }
  m_problem = safeLine(result.error().line());
  setMode(m_fix.state == model::FixState::Proposed ? Mode::Deciding : Mode::Over);
}

void DecisionBar::setMode(Mode mode) {
  m_mode = mode;
  if (mode != Mode::Confirming) m_confirm.stop();
  refresh();
}

QString DecisionBar::overText() const {
  for (const auto& outcome : m_bridge.outcomes()) {
    if (outcome.fix != m_fix.id) continue;
    QString text = safeLine(outcome.detail);
    if (text.isEmpty()) text = outcomeText(outcome.result);
    if (outcome.result != model::OutcomeResult::Worked) return text;
    return tr("%1. Recovered %2 after the first sign.").arg(text, durationText(outcome.timeToRecover));
  }
  if (!m_fix.execution.detail.empty()) return safeLine(m_fix.execution.detail);
  if (!m_fix.decisions.empty()) {
    const auto& last = m_fix.decisions.back();
    const QString by = tr("by %1 at %2").arg(safeLine(last.who), clockSecondsText(last.at));
    return last.reason.empty() ? by : by + QStringLiteral(": ") + safeLine(last.reason);
  }
  switch (m_fix.state) {
    case model::FixState::Expired:
      return tr("Nobody decided in time. Nothing was run.");
    case model::FixState::Stale:
      return tr("Something changed after the plan was made. Nothing was run.");
    default:
      return {};
  }
}

void DecisionBar::refreshTexts() {
  const bool over = m_mode == Mode::Over;
  m_mark->setMark(over ? fixStateIcon(m_fix.state) : QStringLiteral("person"),
                  over ? fixStateToken(m_fix.state) : Token::Attn);
  if (over) {
    m_head->setText(fixStateWord(m_fix.state));
    m_line->setText(overText());
    return;
  }
  m_head->setText(tr("Your decision, as %1").arg(safeLine(m_bridge.caller().name)));
  const QString why = blocked();
  if (!m_problem.isEmpty()) {
    m_line->setText(m_problem);
  } else if (m_mode == Mode::Sending) {
    m_line->setText(tr("Sent."));
  } else if (m_mode == Mode::Confirming) {
    m_line->setText(tr("Press Enter within 5 s to run it."));
  } else if (!why.isEmpty()) {
    m_line->setText(why);
  } else if (model::needsTypedTarget(m_fix)) {
    m_line->setText(m_fix.plan.irreversible ? tr("No undo: needs the name of the target.")
                                            : tr("High risk: needs the name of the target."));
  } else if (m_fix.plan.risk == model::Risk::Medium) {
    m_line->setText(tr("Medium risk: A, then Enter within 5 s."));
  } else {
    m_line->setText(tr("Low risk: one key."));
  }
  const bool bad = !m_problem.isEmpty() || !why.isEmpty();
  m_line->setToken(bad ? Token::Warn : m_mode == Mode::Confirming ? Token::Attn : Token::Text2);
}

void DecisionBar::refresh() {
  const bool over = m_mode == Mode::Over, rejecting = m_mode == Mode::Rejecting,
             confirming = m_mode == Mode::Confirming;
  refreshTexts();
  m_caption->setText(
      over ? QString()
      : rejecting
          ? tr("Nothing will run.")
          : tr("Approves plan %1 only. Any change asks again.").arg(safeLine(m_fix.planHash.substr(0, 4))));
  m_caption->setVisible(!over);
  m_targetBox->setVisible(!over && !rejecting && model::needsTypedTarget(m_fix));
  m_target->setPlaceholderText(safeLine(m_fix.plan.target));
  m_target->setEnabled(m_mode == Mode::Deciding && m_bridge.caller().mayApprove && !expired());
  m_rejectBox->setVisible(rejecting);
  m_back->setVisible(rejecting || confirming);
  m_reject->setVisible(!over && !confirming);
  m_reject->setKind(rejecting ? KeyButton::Kind::Danger : KeyButton::Kind::Plain);
  m_reject->setEnabled(m_bridge.caller().mayApprove && m_bridge.problem().empty() &&
                       m_mode != Mode::Sending && (!rejecting || !m_reason->text().trimmed().isEmpty()));
  m_approve->setVisible(!over && !rejecting);
  m_approve->setText(confirming ? tr("Run it now") : tr("Approve and run"));
  m_approve->setEnabled(canApprove());
  m_approve->setToolTip(m_approve->isEnabled() ? QString() : blocked());
  setAccessibleName(tr("Decision"));
  setAccessibleDescription(m_head->text() + QStringLiteral(". ") + m_line->text());
  update();
}

bool DecisionBar::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride) return false;
  const auto* key = static_cast<QKeyEvent*>(event);
  const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
  if (!enter && key->key() != Qt::Key_Escape) return false;
  if (event->type() == QEvent::ShortcutOverride) {
    event->accept();
    return true;
  }
  if (key->key() == Qt::Key_Escape) {
    pressEscape();
  } else if (watched == m_reason) {
    rejectNow();
  }
  return true;  // Enter in the target field approves nothing
}

void DecisionBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Panel), color(m_mode == Mode::Over ? Token::Line : Token::Attn),
           theme::grid::kRadiusCard);
}

}  // namespace aiops::ui
