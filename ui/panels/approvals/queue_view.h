// The queue at the left of the approvals: what waits, what runs, what was decided.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/engine_bridge.h"
#include "widgets/painted.h"
#include "widgets/row_list.h"

namespace aiops::ui {

/// By urgency; selection stays on its fix whatever comes or goes. J and K move.
class QueueView : public Painted {
  Q_OBJECT
 public:
  QueueView(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);
  void refresh();
  RowList* list() { return m_list; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  enum class Group { Waiting, Running, Decided };
  struct Row {
    const model::FixProposal* fix;
    Group group;
    bool first;  ///< of its group: carries the group's name above it
  };
  void paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const;
  void paintWaiting(QPainter& painter, const QRectF& box, const model::FixProposal& fix,
                    const RowState& state) const;
  void paintOther(QPainter& painter, const QRectF& box, const model::FixProposal& fix,
                  const RowState& state) const;
  void add(Group group, const model::FixProposal& fix);

  EngineBridge& m_bridge;
  std::vector<Row> m_rows;
  RowList* m_list;
  QTimer m_tick;
};

}  // namespace aiops::ui
