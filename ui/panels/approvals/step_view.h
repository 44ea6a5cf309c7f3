// One step of a plan: number, title, kind, then the diff or the argument vector; its state and output once it
// runs. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>

#include "model/fix.h"
#include "widgets/label.h"
#include "widgets/painted.h"

namespace aiops::ui {

class StepView : public Painted {
  Q_OBJECT
 public:
  StepView(const theme::Theme& theme, int number, const model::PlanStep& step, int context,
           QWidget* parent = nullptr);
  /// `started`: the run has begun, so states count.
  void setProgress(const model::StepProgress& progress, bool started);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString note() const;

  int m_number;
  model::PlanStep m_step;
  bool m_started = false;
  model::StepProgress m_progress;
  QVBoxLayout* m_body;
  Label* m_output;
};

}  // namespace aiops::ui
