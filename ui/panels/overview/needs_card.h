// "Needs you": decisions and faults of ours, most urgent first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/engine_bridge.h"
#include "models/overview_data.h"
#include "widgets/card.h"
#include "widgets/chip.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class NeedsCard : public Card {
  Q_OBJECT
 public:
  NeedsCard(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);
  void refresh();
  RowList* list() { return m_list; }

 Q_SIGNALS:
  void openFix(const QString& id);

 private:
  void paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const;
  void paintDecision(QPainter& painter, const QRectF& box, const Need& need, bool first) const;
  void paintFault(QPainter& painter, const QRectF& box, const Need& need) const;
  void paintReview(QPainter& painter, const QRectF& box, bool first) const;
  void paintChips(QPainter& painter, const QRectF& box, const Need& need) const;
  QString footText() const;

  EngineBridge& m_bridge;
  std::vector<Need> m_needs;
  RowList* m_list;
  MarkLabel* m_footMark;
  Label* m_foot;
  QTimer m_tick;
};

}  // namespace aiops::ui
