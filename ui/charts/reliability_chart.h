// What was told against what turned out, drawn by Qt Charts in the console's own style.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <memory>
#include <vector>

#include "theme/theme.h"

namespace aiops::ui {

/// Cases that were told about the same; shares from 0 to 1.
struct ReliabilityPoint {
  double told = 0;
  double right = 0;
  double low = 0;  ///< interval of the share that was right
  double high = 0;
  quint32 cases = 0;
};

/// Per cent in both directions, with the dashed line where both are the same. A dot is the larger the more
/// cases it stands for. Costs nothing until it is made. UI thread only.
class ReliabilityChart final : public QWidget {
  Q_OBJECT
 public:
  explicit ReliabilityChart(const theme::Theme& theme, QWidget* parent = nullptr);
  ~ReliabilityChart() override;

  /// Ascending by what was told.
  void setPoints(std::vector<ReliabilityPoint> points);

 Q_SIGNALS:
  /// The point under the pointer, or -1.
  void pointed(int point);

 private:
  struct Parts;

  void draw();
  void restyle();

  const theme::Theme& m_theme;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace aiops::ui
