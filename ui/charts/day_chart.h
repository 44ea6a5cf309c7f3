// A value per day as a line, drawn by Qt Charts in the console's own style: no title, no legend,
// no frame; the newest value is written at its place. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

#include "theme/theme.h"

namespace aiops::ui {

/// One day. Without a value the day is a gap, never 0.
struct DayValue {
  QString label;  ///< "12 Nov"
  std::optional<double> value;
};

/// Shows what setDays() gave it last. Costs nothing until it is made. UI thread only.
class DayChart final : public QWidget {
  Q_OBJECT
 public:
  explicit DayChart(const theme::Theme& theme, QWidget* parent = nullptr);
  ~DayChart() override;

  /// `unit` stands behind the newest value ("min"), `decimals` of it are shown.
  void setDays(const std::vector<DayValue>& days, const QString& unit, int decimals);

 Q_SIGNALS:
  /// The day under the pointer, or -1.
  void pointed(int day);

 private:
  struct Parts;

  void restyle();
  void placeLast();

  const theme::Theme& m_theme;
  std::unique_ptr<Parts> m_parts;
};

/// The end of an axis from 0 that holds `highest` and divides into four whole, round steps: 4, 8, 20, 40 ...
double roundTop(double highest);

}  // namespace aiops::ui
