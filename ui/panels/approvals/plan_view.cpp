// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/plan_view.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "model/labels.h"
#include "models/display.h"
#include "panels/approvals/argv_view.h"
#include "panels/approvals/dry_run_view.h"
#include "panels/approvals/step_view.h"
#include "widgets/chip.h"
#include "widgets/paint.h"
#include "widgets/scroll_pane.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

/// A raised box inside the card: something that acts.
class RaisedBox : public Painted {
 public:
  using Painted::Painted;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    paintBox(painter, rect(), color(Token::Raised), color(Token::Line), theme::grid::kRadiusControl);
  }
};

QString joined(const std::vector<std::string>& paths) {
  QStringList list;
  for (const auto& path : paths) list << safeLine(path);
  return list.join(QStringLiteral(", "));
}

/// Steps in the order in which they are undone.
std::vector<size_t> undoOrder(const model::Plan& plan) {
  std::vector<size_t> order, deferred;
  for (size_t i = plan.steps.size(); i-- > 0;)
    (plan.steps[i].inverseDeferred ? deferred : order).push_back(i);
  order.insert(order.end(), deferred.begin(), deferred.end());
  return order;
}

}  // namespace

PlanView::PlanView(const theme::Theme& theme, QWidget* parent)
    : Card(theme, tr("What will run, exactly"), parent) {
  m_scroll = new ScrollPane(theme, this);
  m_scroll->setAccessibleName(tr("Steps"));
  body()->addWidget(m_scroll, 1);
  connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, this, &PlanView::lookAtLastStep);
  connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, this, &PlanView::lookAtLastStep);
}

void PlanView::setTight(bool tight) {
  if (m_tight == tight) return;
  m_tight = tight;
  m_shown.clear();
}

void PlanView::clear() {
  m_shown.clear();
  m_steps.clear();
  m_dryRun = nullptr;
  m_content = nullptr;
  delete m_scroll->takeWidget();
  m_lastSeen = false;
}

void PlanView::setFix(const model::FixProposal& fix, const model::ExecutionLimits& limits) {
  const QString shown = QString::fromStdString(fix.id.str() + " " + fix.planHash);
  if (shown != m_shown) rebuild(fix, limits);
  m_shown = shown;
  showProgress(fix);
}

void PlanView::rebuild(const model::FixProposal& fix, const model::ExecutionLimits& limits) {
  clear();
  m_content = new QWidget;
  auto* column = new QVBoxLayout(m_content);
  column->setContentsMargins(2, 0, 2, 0);
  column->setSpacing(m_tight ? 6 : 12);
  for (size_t i = 0; i < fix.plan.steps.size(); ++i) {
    auto* step =
        new StepView(theme(), static_cast<int>(i) + 1, fix.plan.steps[i], m_tight ? 2 : 3, m_content);
    m_steps.push_back(step);
    column->addWidget(step);
  }
  column->addSpacing(m_tight ? 0 : 4);
  column->addWidget(makeUndo(fix.plan));
  m_dryRun = new DryRunView(theme(), m_content);
  column->addWidget(m_dryRun);
  column->addWidget(makeLimits(fix.plan, limits));
  column->addStretch(1);
  m_scroll->setPage(m_content);
  const auto steps = fix.plan.steps.size();
  setTrailing(steps == 1 ? tr("1 step, no shell, executor confined")
                         : tr("%1 steps, no shell, executor confined").arg(steps));
  lookAtLastStep();
}

void PlanView::showProgress(const model::FixProposal& fix) {
  const bool started = fix.execution.startedAt.has_value();
  const bool waits = fix.state == model::FixState::Proposed || fix.state == model::FixState::Approved;
  if (m_dryRun) m_dryRun->setVisible(waits);
  for (size_t i = 0; i < m_steps.size(); ++i) {
    const bool known = i < fix.execution.steps.size();
    m_steps[i]->setProgress(known ? fix.execution.steps[i] : model::StepProgress{}, started);
  }
  setTitle(fix.state == model::FixState::Proposed  ? tr("What will run, exactly")
           : started && !model::isFinal(fix.state) ? tr("What runs now")
           : started                               ? tr("What ran")
                                                   : tr("What would have run"));
}

void PlanView::lookAtLastStep() {
  if (m_steps.empty() || !isVisible()) return;
  const int seenTo = m_scroll->verticalScrollBar()->value() + m_scroll->viewport()->height();
  const bool fits = m_scroll->verticalScrollBar()->maximum() == 0;
  if (m_lastSeen || !(fits || seenTo >= m_steps.back()->geometry().bottom())) return;
  m_lastSeen = true;
  Q_EMIT lastStepSeenChanged();
}

void PlanView::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  lookAtLastStep();
}

void PlanView::showEvent(QShowEvent* event) {
  Card::showEvent(event);
  QMetaObject::invokeMethod(this, &PlanView::lookAtLastStep, Qt::QueuedConnection);
}

QWidget* PlanView::makeUndo(const model::Plan& plan) {
  auto* box = new RaisedBox(theme(), m_content);
  box->setAccessibleName(tr("Undo"));
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(12, 8, 12, 9);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(m_tight ? 3 : 5);
  grid->setColumnStretch(2, 1);
  const bool whole = !plan.irreversible;
  grid->addWidget(new MarkLabel(theme(), whole ? QStringLiteral("undo") : QStringLiteral("undo-struck"),
                                whole ? Token::Ok : Token::Crit, box),
                  0, 0);
  grid->addWidget(
      new Label(theme(), FontRole::BodyStrong, whole ? Token::Text : Token::Crit,
                whole ? tr("Undo, automatic when a check fails") : tr("No undo for a step marked below"),
                box),
      0, 1, 1, 2);
  int row = 1;
  for (const size_t i : undoOrder(plan)) {
    const auto& step = plan.steps[i];
    grid->addWidget(new Label(theme(), FontRole::Secondary, Token::Text3, tr("Step %1").arg(i + 1), box), row,
                    1);
    if (step.edit) {
      auto* label = new Label(theme(), FontRole::Secondary, Token::Text2,
                              tr("write back the %1 bytes saved before it, byte for byte")
                                  .arg(countText(static_cast<qint64>(step.edit->before.size()))),
                              box);
      label->setWordWrap(true);
      grid->addWidget(label, row, 2);
    } else if (step.inverse && step.command && step.inverse->argv == step.command->argv) {
      grid->addWidget(new Label(theme(), FontRole::Secondary, Token::Text2,
                                tr("run exactly the command of step %1 again").arg(i + 1), box),
                      row, 2);
    } else if (const auto undo = model::stepLine(step, true); !undo.empty()) {
      grid->addWidget(new ArgvView(theme(), undo, box), row, 2);
    } else {
      grid->addWidget(new Label(theme(), FontRole::Secondary, Token::Crit, tr("can't be undone"), box), row,
                      2);
    }
    ++row;
  }
  auto* ifNot =
      new Label(theme(), FontRole::Secondary, Token::Text2,
                tr("If the undo fails too, nothing else runs and you are shown the exact state."), box);
  ifNot->setWordWrap(true);
  grid->addWidget(ifNot, row, 1, 1, 2);
  return box;
}

QWidget* PlanView::makeLimits(const model::Plan& plan, const model::ExecutionLimits& limits) {
  auto* box = new QWidget(m_content);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 2, 0, 0);
  column->setSpacing(4);
  column->addWidget(
      new Label(theme(), FontRole::BodyStrong, Token::Text2, tr("Limits the kernel enforces"), box));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  grid->setColumnStretch(1, 1);
  grid->setColumnStretch(3, 1);
  std::chrono::milliseconds longest{0};
  for (const auto& step : plan.steps) {
    if (step.command) longest = std::max(longest, step.command->timeout);
    if (step.action) longest = std::max(longest, step.action->timeout);
    if (step.act) longest = std::max(longest, step.act->timeout);
  }
  int place = 0;
  const auto add = [&](const QString& name, const QString& value) {
    if (value.isEmpty()) return;
    auto* text = new Label(theme(), FontRole::Mono, Token::Text, value, box);
    text->setWordWrap(true);
    grid->addWidget(new Label(theme(), FontRole::Secondary, Token::Text3, name, box), place / 2,
                    place % 2 * 2, Qt::AlignTop);
    grid->addWidget(text, place / 2, place % 2 * 2 + 1, Qt::AlignTop);
    ++place;
  };
  add(tr("May write"), joined(limits.writableRoots));
  add(tr("Never"), joined(limits.forbiddenPaths));
  if (longest.count() > 0) add(tr("Time"), tr("%1 a step").arg(durationText(longest)));
  if (limits.maxExecutionTime.count() > 0) add(tr("In all"), durationText(limits.maxExecutionTime));
  column->addLayout(grid);
  return box;
}

}  // namespace aiops::ui
