// The knowledge graph as a picture that is walked by keys.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGraphicsView>
#include <map>

#include "models/knowledge_layout.h"
#include "panels/knowledge/graph_items.h"
#include "widgets/accessible_rows.h"

namespace aiops::ui {

/// Left and Right follow a line to the side, Up and Down stay in the column, Tab leaves. F fits, + and - and
/// Ctrl with the wheel zoom, dragging moves. The same data again changes nothing that is seen.
class GraphView final : public QGraphicsView, public AccessibleRows {
  Q_OBJECT
 public:
  explicit GraphView(const theme::Theme& theme, QWidget* parent = nullptr);

  void setData(KnowledgeSnapshot known);
  /// Empty: none. Unknown ones too.
  void setCurrent(const QString& node);
  QString current() const { return m_current; }
  void fit();
  size_t drawn() const { return m_nodes.size(); }
  size_t hiddenNodes() const { return m_hidden; }

  int accessibleRowCount() const override { return static_cast<int>(m_nodes.size()); }
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;
  int accessibleCurrentRow() const override;

 Q_SIGNALS:
  void chosen(const QString& node);
  /// The box of those that are not drawn was pressed.
  void moreAsked();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void restyle();
  void mark();
  void choose(const QString& node);
  void zoom(qreal by);
  NodeItem* itemOf(const QString& node) const;
  NodeItem* weightiest() const;
  NodeItem* towards(int key) const;
  bool joined(const std::string& a, const std::string& b) const;

  const theme::Theme& m_theme;
  KnowledgeSnapshot m_data = std::make_shared<const KnowledgeData>();
  std::vector<NodeItem*> m_nodes;  ///< owned by the scene
  std::vector<EdgeItem*> m_edges;
  QString m_current;
  size_t m_hidden = 0;
  bool m_fitted = true;  ///< nobody has moved or zoomed since
};

}  // namespace aiops::ui
