// Small painted charts: a spark line, stacked bars per bucket, and the ring of time left.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <array>
#include <vector>

#include "widgets/painted.h"

namespace aiops::ui {

/// Values from left (oldest) to right as a thin line in `box`; the largest value touches the top.
void paintSpark(QPainter& painter, const QRectF& box, const std::vector<double>& values, const QColor& colour,
                bool filled);

/// A line of values without axes, for a tile.
class SparkLine : public Painted {
  Q_OBJECT
 public:
  SparkLine(const theme::Theme& theme, theme::Token colour, QWidget* parent = nullptr);
  void setValues(std::vector<double> values);
  QSize sizeHint() const override { return {54, 26}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  theme::Token m_colour;
  std::vector<double> m_values;
};

/// Stacked bars (critical, error, warning from top to bottom) with a count axis and labels under some
/// buckets.
class StackedBars : public Painted {
  Q_OBJECT
 public:
  /// Counts of one bucket: warning, error, critical.
  using Bucket = std::array<uint32_t, 3>;
  explicit StackedBars(const theme::Theme& theme, QWidget* parent = nullptr);
  /// `labels[i]` stands under bucket i if not empty.
  void setBuckets(std::vector<Bucket> buckets, QStringList labels);
  QSize minimumSizeHint() const override { return {160, 60}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void paintBucket(QPainter& painter, const QRectF& column, const Bucket& bucket, double perCount) const;

  std::vector<Bucket> m_buckets;
  QStringList m_labels;
};

/// How much of the time to decide is left, as a ring around a clock.
class TimeRing : public Painted {
  Q_OBJECT
 public:
  explicit TimeRing(const theme::Theme& theme, QWidget* parent = nullptr);
  /// 0 to 1.
  void setShare(double share);
  QSize sizeHint() const override { return {44, 44}; }
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double m_share = 1;
};

}  // namespace aiops::ui
