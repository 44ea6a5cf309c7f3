// One number of the overview with its caption and trend.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/charts.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// An empty value shows the caption alone: "needs 3 incidents" rather than 0.
class Tile : public Painted {
  Q_OBJECT
 public:
  Tile(const theme::Theme& theme, const QString& name, theme::Token spark, QWidget* parent = nullptr);
  void set(const QString& value, const QString& caption, std::vector<double> trend);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString m_name, m_value, m_caption;
  theme::Token m_spark;
  std::vector<double> m_trend;
};

}  // namespace aiops::ui
