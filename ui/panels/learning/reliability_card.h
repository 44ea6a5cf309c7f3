// Whether confidence can be trusted: what was told against what turned out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/calibration.h"
#include "widgets/card.h"

namespace aiops::ui {

class ReliabilityChart;

/// With too few cases it says how many there are instead of drawing.
class ReliabilityCard final : public Card {
  Q_OBJECT
 public:
  explicit ReliabilityCard(const theme::Theme& theme, QWidget* parent = nullptr);
  void setReport(const model::CalibrationReport& report);

 private:
  void point(int bin);

  ReliabilityChart* m_chart;
  Label* m_axis;
  Label* m_verdict;
  Label* m_meaning;
  Label* m_few;
  QString m_all;
  model::CalibrationReport m_report;
};

}  // namespace aiops::ui
