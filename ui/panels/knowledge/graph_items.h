// The boxes and lines of the knowledge graph.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGraphicsItem>

#include "models/knowledge_layout.h"
#include "theme/theme.h"

namespace aiops::ui {

/// The outline of a kind of node: box, double box, cut corners, octagon, round ends, flag. For the legend
/// too.
QPainterPath nodeShape(model::NodeType type, const QRectF& box);
/// Fill, edge and shape without text.
void paintNodeShape(QPainter& painter, model::NodeType type, const QRectF& box, const theme::Theme& theme,
                    bool strong);

class NodeItem final : public QGraphicsItem {
 public:
  /// `text` is safe to show; it is cut where it does not fit.
  NodeItem(const theme::Theme& theme, const PlacedNode& node, const QString& text);

  const PlacedNode& node() const { return m_node; }
  const QString& text() const { return m_text; }
  void setMarked(bool current, bool focused, bool dimmed);

  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  const theme::Theme& m_theme;
  const PlacedNode m_node;
  const QString m_text;
  bool m_current = false, m_focused = false, m_dimmed = false;
};

/// A line from the right of one box to the left of another, or round where both stand in one column. Broken
/// where nothing but one incident shows it, or where it was called wrong. The count stands in its middle.
class EdgeItem final : public QGraphicsItem {
 public:
  EdgeItem(const theme::Theme& theme, const model::KnowledgeEdge& edge, const QRectF& from, const QRectF& to);

  const std::string& source() const { return m_source; }
  const std::string& target() const { return m_target; }
  void setMarked(bool hot, bool dimmed);

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  const theme::Theme& m_theme;
  const std::string m_source, m_target;
  const model::Standing m_standing;
  const uint32_t m_seen;
  const double m_weight;
  const bool m_loose;
  QPainterPath m_path;
  QPointF m_tip, m_middle;
  bool m_hot = false, m_dimmed = false;
};

}  // namespace aiops::ui
