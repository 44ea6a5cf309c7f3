// The head of an approval: title, facts, and the time left to decide.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "model/fix.h"
#include "widgets/charts.h"
#include "widgets/painted.h"

namespace aiops::ui {

class HeadView : public Painted {
  Q_OBJECT
 public:
  explicit HeadView(const theme::Theme& theme, QWidget* parent = nullptr);
  /// `incidentNumber` 0: not known.
  void setFix(const model::FixProposal& fix, uint64_t incidentNumber);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void tick();
  void paintFacts(QPainter& painter, qreal right) const;

  model::FixProposal m_fix;
  uint64_t m_incidentNumber = 0;
  QString m_left;
  TimeRing* m_ring;
  QTimer m_tick;
};

}  // namespace aiops::ui
