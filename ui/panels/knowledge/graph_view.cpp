// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/graph_view.h"

#include <QKeyEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace aiops::ui {

using theme::Token;

namespace {

constexpr qreal kMargin = 6;
constexpr qreal kLargest = 2.0, kSmallest = 0.2, kZoomStep = 1.2;
constexpr qreal kLegible = 0.6;  // smaller than that nobody can read: scroll instead

}  // namespace

GraphView::GraphView(const theme::Theme& theme, QWidget* parent) : QGraphicsView(parent), m_theme(theme) {
  installAccessibleRows();
  setScene(new QGraphicsScene(this));
  setFrameShape(QFrame::NoFrame);
  setRenderHint(QPainter::Antialiasing);
  setFocusPolicy(Qt::StrongFocus);
  setDragMode(ScrollHandDrag);
  setTransformationAnchor(AnchorUnderMouse);
  setAccessibleName(tr("Knowledge graph"));
  restyle();
  connect(&theme, &theme::Theme::changed, this, &GraphView::restyle);
}

void GraphView::restyle() {
  scene()->setBackgroundBrush(m_theme.color(Token::Panel));
  viewport()->update();
}

void GraphView::setData(KnowledgeSnapshot known) {
  m_data = std::move(known);
  const KnowledgeLayout layout(m_data->page());
  const bool first = m_nodes.empty();
  m_nodes.clear();
  m_edges.clear();
  scene()->clear();
  m_hidden = layout.hidden();
  std::map<std::string, QRectF> boxes;
  QRectF all;
  for (const auto& node : layout.nodes()) {
    const QString text = node.id.empty() ? QStringLiteral("+%1").arg(node.hidden) : m_data->name(node.id);
    m_nodes.push_back(new NodeItem(m_theme, node, text));
    scene()->addItem(m_nodes.back());
    boxes[node.id] = node.box;
    all |= node.box;
  }
  for (const auto& edge : m_data->page().edges) {
    const auto from = boxes.find(edge.source), to = boxes.find(edge.target);
    if (from == boxes.end() || to == boxes.end()) continue;
    m_edges.push_back(new EdgeItem(m_theme, edge, from->second, to->second));
    scene()->addItem(m_edges.back());
    all |= m_edges.back()->boundingRect();
  }
  setSceneRect(all.adjusted(-kMargin, -kMargin, kMargin, kMargin));
  if (itemOf(m_current) == nullptr) m_current.clear();
  mark();
  if (first || m_fitted) fit();
}

NodeItem* GraphView::itemOf(const QString& node) const {
  if (node.isEmpty()) return nullptr;
  const auto found =
      std::ranges::find(m_nodes, node.toStdString(), [](const auto* item) { return item->node().id; });
  return found == m_nodes.end() ? nullptr : *found;
}

bool GraphView::joined(const std::string& a, const std::string& b) const {
  return std::ranges::any_of(m_edges, [&](const auto* edge) {
    return (edge->source() == a && edge->target() == b) || (edge->source() == b && edge->target() == a);
  });
}

void GraphView::setCurrent(const QString& node) {
  if (m_current == node) return;
  m_current = itemOf(node) == nullptr ? QString() : node;
  mark();
  if (auto* item = itemOf(m_current)) ensureVisible(item, 30, 30);
}

void GraphView::choose(const QString& node) {
  setCurrent(node);
  Q_EMIT chosen(m_current);
}

/// What has nothing to do with the current node steps back.
void GraphView::mark() {
  const std::string current = m_current.toStdString();
  for (auto* item : m_nodes) {
    const auto& id = item->node().id;
    const bool self = !current.empty() && id == current;
    item->setMarked(self, self && hasFocus(), !current.empty() && !self && !joined(id, current));
  }
  for (auto* edge : m_edges) {
    const bool hot = edge->source() == current || edge->target() == current;
    edge->setMarked(hot && !current.empty(), !hot && !current.empty());
  }
  const int row = accessibleCurrentRow();
  setAccessibleDescription(row < 0 ? tr("%n nodes", nullptr, static_cast<int>(m_nodes.size()))
                                   : accessibleRowText(row));
}

void GraphView::fit() {
  m_fitted = true;
  if (m_nodes.empty() || viewport()->width() < 10) return;
  const QRectF all = sceneRect();
  const qreal scale = std::clamp(
      std::min(viewport()->width() / all.width(), viewport()->height() / all.height()), kLegible, 1.0);
  resetTransform();
  setTransform(QTransform::fromScale(scale, scale));
  if (auto* item = itemOf(m_current)) {
    ensureVisible(item, 30, 30);
  } else {
    centerOn(all.center());
  }
}

void GraphView::zoom(qreal by) {
  const qreal now = transform().m11(), wanted = std::clamp(now * by, kSmallest, kLargest);
  scale(wanted / now, wanted / now);
  m_fitted = false;
}

NodeItem* GraphView::weightiest() const {
  for (const auto& node : m_data->page().nodes) {
    if (auto* item = itemOf(QString::fromStdString(node.id))) return item;
  }
  return nullptr;
}

/// The nearest in that direction: to the side along a line, or else any; up and down in the same column.
NodeItem* GraphView::towards(int key) const {
  const auto* from = itemOf(m_current);
  if (from == nullptr) return weightiest();
  const bool sideways = key == Qt::Key_Left || key == Qt::Key_Right;
  const qreal sign = key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1;
  NodeItem* best = nullptr;
  qreal least = 1e9;
  for (auto* item : m_nodes) {
    if (item == from || item->node().id.empty()) continue;
    const QPointF way = item->node().box.center() - from->node().box.center();
    const qreal along = sign * (sideways ? way.x() : way.y()), aside = std::abs(sideways ? way.y() : way.x());
    if (along < 4) continue;
    if (sideways && !joined(item->node().id, from->node().id)) continue;
    if (!sideways && aside > item->node().box.width() / 2) continue;
    const qreal cost = along + aside;
    if (cost >= least) continue;
    least = cost;
    best = item;
  }
  return best;
}

void GraphView::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
      if (auto* item = towards(event->key())) choose(QString::fromStdString(item->node().id));
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(kZoomStep);
    case Qt::Key_Minus:
      return zoom(1 / kZoomStep);
    default:
      return event->ignore();  // the panel's keys
  }
}

void GraphView::mousePressEvent(QMouseEvent* event) {
  QGraphicsView::mousePressEvent(event);
  if (event->button() != Qt::LeftButton) return;
  for (auto* item : m_nodes) {
    if (!item->shape().contains(mapToScene(event->pos()))) continue;
    if (item->node().id.empty()) return Q_EMIT moreAsked();
    return choose(QString::fromStdString(item->node().id));
  }
  m_fitted = false;  // it may be dragged from here on
}

void GraphView::wheelEvent(QWheelEvent* event) {
  if (!event->modifiers().testFlag(Qt::ControlModifier)) return QGraphicsView::wheelEvent(event);
  zoom(event->angleDelta().y() > 0 ? kZoomStep : 1 / kZoomStep);
  event->accept();
}

void GraphView::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (m_fitted) fit();
}

void GraphView::showEvent(QShowEvent* event) {
  QGraphicsView::showEvent(event);
  if (m_fitted) fit();
}

void GraphView::focusInEvent(QFocusEvent* event) {
  QGraphicsView::focusInEvent(event);
  const bool byKey = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
  if (auto* item = m_current.isEmpty() && byKey ? weightiest() : nullptr)
    choose(QString::fromStdString(item->node().id));
  mark();
}

void GraphView::focusOutEvent(QFocusEvent* event) {
  QGraphicsView::focusOutEvent(event);
  mark();
}

QString GraphView::accessibleRowText(int row) const {
  const auto* item = m_nodes[static_cast<size_t>(row)];
  const auto& id = item->node().id;
  if (id.empty()) return tr("%1 more that are not drawn").arg(item->node().hidden);
  const auto* node = m_data->node(id);
  if (node == nullptr) return item->text();
  QStringList words{m_data->nodeText(*node)};
  for (const auto* fact : m_data->factsOf(id)) words << m_data->factText(*fact);
  return words.join(QStringLiteral("; "));
}

QRect GraphView::accessibleRowRect(int row) const {
  const QRect box = mapFromScene(m_nodes[static_cast<size_t>(row)]->node().box).boundingRect();
  return viewport()->rect().intersects(box) ? box : QRect();
}

int GraphView::accessibleCurrentRow() const {
  for (size_t i = 0; i < m_nodes.size(); ++i) {
    if (!m_current.isEmpty() && m_nodes[i]->node().id == m_current.toStdString()) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace aiops::ui
