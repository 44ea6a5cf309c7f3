// The bar at the foot of an approval: decide, or see what came of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QLineEdit>
#include <QTimer>

#include "models/engine_bridge.h"
#include "widgets/card.h"
#include "widgets/chip.h"
#include "widgets/key_button.h"

namespace aiops::ui {

/// Confirmation by risk. Low: A. Medium: A, then Enter here within 5 s. High or without undo: type the
/// target, then the button (or A outside the field). Nothing approves by Enter alone; Esc and time mean "not
/// approved". For 600 ms after the plan on screen has changed approving is impossible, whatever is pressed.
class DecisionBar : public Painted {
  Q_OBJECT
 public:
  DecisionBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// What is on screen now. Another fix or another plan hash starts the 600 ms and drops whatever was begun.
  void setFix(const model::FixProposal& fix);
  /// The last step of a long plan has been on screen.
  void setPlanSeen(bool seen);
  bool canApprove() const;

  static constexpr int kGuardMs = 600, kConfirmMs = 5000;

 public Q_SLOTS:
  void pressApprove();
  void pressReject();
  void pressConfirm();  ///< Enter
  void pressEscape();

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  enum class Mode { Deciding, Confirming, Rejecting, Sending, Over };

  void build();
  QWidget* buildReject();
  void setMode(Mode mode);
  void refresh();
  void refreshTexts();
  void approveNow();
  void rejectNow();
  void answered(const base::Result<model::FixProposal>& result);
  QString blocked() const;
  QString overText() const;
  bool expired() const;

  EngineBridge& m_bridge;
  model::FixProposal m_fix;
  Mode m_mode = Mode::Over;
  bool m_planSeen = true;
  QElapsedTimer m_sinceChange;
  QTimer m_guard, m_confirm, m_tick;
  QString m_problem;
  MarkLabel* m_mark;
  Label *m_head, *m_line, *m_caption, *m_fieldName;
  QLineEdit *m_target, *m_reason;
  QWidget *m_targetBox, *m_rejectBox;
  KeyButton *m_approve, *m_reject, *m_back;
};

}  // namespace aiops::ui
