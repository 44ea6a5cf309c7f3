// The three lists at the foot of the overview: sources, agents, what happened of late.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/engine_bridge.h"
#include "models/overview_data.h"
#include "widgets/card.h"
#include "widgets/chip.h"
#include "widgets/row_list.h"

namespace aiops::ui {

class SourcesCard : public Card {
  Q_OBJECT
 public:
  SourcesCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent = nullptr);
  void refresh();

 Q_SIGNALS:
  void openSource(const QString& source);

 private:
  void paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const EngineBridge& m_bridge;
  Painted* m_columns;
  RowList* m_list;
};

class AgentsCard : public Card {
  Q_OBJECT
 public:
  AgentsCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent = nullptr);
  void refresh();

 private:
  void paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const EngineBridge& m_bridge;
  RowList* m_list;
  MarkLabel* m_footMark;
  Label* m_foot;
};

class RecentlyCard : public Card {
  Q_OBJECT
 public:
  RecentlyCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent = nullptr);
  void refresh();

 Q_SIGNALS:
  void openIncident(const QString& id);
  void openFix(const QString& id);

 private:
  void paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const EngineBridge& m_bridge;
  std::vector<Happening> m_happenings;
  RowList* m_list;
  Label* m_empty;
};

}  // namespace aiops::ui
