// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/graph_items.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {

using model::NodeType;
using theme::FontRole;
using theme::Token;

namespace {

constexpr qreal kCut = 9, kTip = 6, kRing = 4;
constexpr qreal kPadding = 7;
constexpr qreal kDim = 0.35;
constexpr qreal kThinnest = 1, kThickest = 3;

QPainterPath polygon(std::initializer_list<QPointF> points) {
  QPolygonF corners;
  for (const auto& point : points) corners << point;
  QPainterPath path;
  path.addPolygon(corners);
  path.closeSubpath();
  return path;
}

Token edgeToken(NodeType type) {
  switch (type) {
    case NodeType::Cause:
      return Token::Error;
    case NodeType::Fix:
      return Token::Accent;
    case NodeType::Outcome:
      return Token::Ok;
    default:
      return Token::Control;
  }
}

Token fillToken(NodeType type) {
  switch (type) {
    case NodeType::Cause:
      return Token::ErrorTint;
    case NodeType::Fix:
      return Token::InfoTint;
    case NodeType::Outcome:
      return Token::OkTint;
    default:
      return Token::Raised;
  }
}

}  // namespace

QPainterPath nodeShape(NodeType type, const QRectF& box) {
  const qreal cut = std::min(kCut, box.height() / 3);
  const qreal l = box.left(), r = box.right(), t = box.top(), b = box.bottom(), m = box.center().y();
  QPainterPath path;
  switch (type) {
    case NodeType::Cause:
      return polygon({{l + cut, t},
                      {r - cut, t},
                      {r, t + cut},
                      {r, b - cut},
                      {r - cut, b},
                      {l + cut, b},
                      {l, b - cut},
                      {l, t + cut}});
    case NodeType::Template:
      return polygon({{l, t}, {r - cut, t}, {r, t + cut}, {r, b}, {l, b}});
    case NodeType::Outcome:
      return polygon({{l, t}, {r - cut, t}, {r, m}, {r - cut, b}, {l, b}});
    case NodeType::Fix:
      path.addRoundedRect(box, box.height() / 2, box.height() / 2);
      return path;
    case NodeType::Host:
    case NodeType::Service:
      break;
  }
  path.addRoundedRect(box, 3, 3);
  return path;
}

void paintNodeShape(QPainter& painter, NodeType type, const QRectF& box, const theme::Theme& theme,
                    bool strong) {
  painter.setBrush(theme.color(fillToken(type)));
  painter.setPen(QPen(theme.color(edgeToken(type)), strong ? 2 : 1.2));
  painter.drawPath(nodeShape(type, box));
  if (type != NodeType::Host) return;
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(box.adjusted(3, 3, -3, -3));
}

NodeItem::NodeItem(const theme::Theme& theme, const PlacedNode& node, const QString& text)
    : m_theme(theme), m_node(node), m_text(text) {
  setZValue(2);
}

void NodeItem::setMarked(bool current, bool focused, bool dimmed) {
  m_current = current;
  m_focused = focused;
  m_dimmed = dimmed;
  update();
}

QRectF NodeItem::boundingRect() const {
  return m_node.box.adjusted(-kRing - 2, -kRing - 2, kRing + 2, kRing + 2);
}

QPainterPath NodeItem::shape() const {
  return nodeShape(m_node.type, m_node.box);
}

void NodeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setOpacity(m_dimmed ? kDim : 1);
  const bool collapsed = m_node.id.empty();
  if (collapsed) {
    painter->setBrush(m_theme.color(Token::Inset));
    painter->setPen(QPen(m_theme.color(Token::Control), 1, Qt::DashLine));
    painter->drawPath(nodeShape(m_node.type, m_node.box));
  } else {
    paintNodeShape(*painter, m_node.type, m_node.box, m_theme, m_current);
  }
  if (m_current) {
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(m_theme.color(m_focused ? Token::Accent : Token::LineStrong), 2));
    painter->drawRoundedRect(m_node.box.adjusted(-kRing, -kRing, kRing, kRing), 7, 7);
  }
  paintText(*painter, m_node.box.adjusted(kPadding, 0, -kPadding, 0), forcedLeftToRight(m_text), m_theme,
            collapsed ? FontRole::Secondary : FontRole::BodyStrong, collapsed ? Token::Text2 : Token::Text,
            Qt::AlignHCenter);
}

EdgeItem::EdgeItem(const theme::Theme& theme, const model::KnowledgeEdge& edge, const QRectF& from,
                   const QRectF& to)
    : m_theme(theme),
      m_source(edge.source),
      m_target(edge.target),
      m_standing(edge.standing),
      m_seen(edge.seen),
      m_weight(edge.weight),
      m_loose(edge.standing == model::Standing::Wrong ||
              (edge.standing == model::Standing::Open && edge.origin != model::FactOrigin::Config &&
               edge.seen < 2)) {
  setZValue(1);
  const qreal down = to.center().y() - from.center().y();
  if (std::abs(to.center().x() - from.center().x()) < from.width()) {  // one column: round its left side
    const QPointF start(from.left(), from.center().y()), end(to.left() - 1, to.center().y());
    const qreal bend = std::clamp(24 + std::abs(down) / 8, 24.0, 60.0);
    m_path.moveTo(start);
    m_path.cubicTo(start - QPointF(bend, 0), end - QPointF(bend, 0), end);
    m_tip = end;
  } else {
    const bool right = to.center().x() > from.center().x();
    const QPointF start(right ? from.right() : from.left(), from.center().y());
    const QPointF end(right ? to.left() - 1 : to.right() + 1, to.center().y());
    const qreal bend = (right ? 1 : -1) * std::max(30.0, std::abs(end.x() - start.x()) / 2);
    m_path.moveTo(start);
    m_path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end);
    m_tip = end;
  }
  m_middle = m_path.pointAtPercent(0.5);
}

void EdgeItem::setMarked(bool hot, bool dimmed) {
  m_hot = hot;
  m_dimmed = dimmed;
  setZValue(hot ? 1.5 : 1);
  update();
}

QRectF EdgeItem::boundingRect() const {
  return m_path.boundingRect().adjusted(-14, -12, 14, 12);
}

void EdgeItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setOpacity(m_dimmed ? kDim : 1);
  const bool wrong = m_standing == model::Standing::Wrong;
  const QColor colour = m_theme.color(wrong ? Token::Crit : m_hot ? Token::Accent : Token::Control);
  const qreal width = std::clamp(kThinnest + std::log2(1 + m_weight) * 0.7, kThinnest, kThickest);
  painter->setBrush(Qt::NoBrush);
  painter->setPen(QPen(colour, width, m_loose ? Qt::DashLine : Qt::SolidLine));
  painter->drawPath(m_path);
  const qreal direction = m_path.elementAt(2).x < m_tip.x() ? -1 : 1;
  painter->setBrush(colour);
  painter->setPen(Qt::NoPen);
  painter->drawPolygon(QPolygonF{m_tip, m_tip + QPointF(direction * kTip, -kTip / 2),
                                 m_tip + QPointF(direction * kTip, kTip / 2)});
  if (m_seen < 2 && !m_hot) return;
  const QString text = wrong ? QStringLiteral("×") : QString::number(m_seen);
  if (m_seen == 0 && !wrong) return;
  const qreal across = textWidth(text, m_theme, FontRole::Caption) + 8;
  const QRectF box(m_middle.x() - across / 2, m_middle.y() - 8, across, 16);
  paintBox(*painter, box, m_theme.color(Token::Panel), colour, 8);
  paintText(*painter, box, text, m_theme, FontRole::Caption, m_hot ? Token::Text : Token::Text2,
            Qt::AlignHCenter);
}

}  // namespace aiops::ui
