// "What will run, exactly": the steps of a plan, its undo and its limits; while it runs, how far it is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>

#include "model/fix.h"
#include "model/status.h"
#include "widgets/card.h"

namespace aiops::ui {

class DryRunView;
class ScrollPane;
class StepView;

/// The steps scroll inside the card when they are many; lastStepSeen() tells whether the last one has been on
/// screen.
class PlanView : public Card {
  Q_OBJECT
 public:
  explicit PlanView(const theme::Theme& theme, QWidget* parent = nullptr);

  /// Rebuilds for another plan; for the same plan only the progress changes.
  void setFix(const model::FixProposal& fix, const model::ExecutionLimits& limits);
  void clear();
  /// Low screens show less context in diffs and the limits on one line.
  void setTight(bool tight);
  /// Of the plan on screen; gone with it. Null without a plan.
  DryRunView* dryRun() const { return m_dryRun; }
  bool lastStepSeen() const { return m_lastSeen; }

 Q_SIGNALS:
  void lastStepSeenChanged();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void rebuild(const model::FixProposal& fix, const model::ExecutionLimits& limits);
  void showProgress(const model::FixProposal& fix);
  void lookAtLastStep();
  QWidget* makeUndo(const model::Plan& plan);
  QWidget* makeLimits(const model::Plan& plan, const model::ExecutionLimits& limits);

  ScrollPane* m_scroll;
  QWidget* m_content = nullptr;
  std::vector<StepView*> m_steps;
  DryRunView* m_dryRun = nullptr;
  QString m_shown;  ///< fix and plan hash on screen
  bool m_tight = false;
  bool m_lastSeen = false;
};

}  // namespace aiops::ui
