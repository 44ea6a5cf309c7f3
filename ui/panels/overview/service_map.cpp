// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/overview/service_map.h"

#include <QKeyEvent>
#include <QPainterPath>
#include <algorithm>
#include <map>

#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr qreal kBoxHeight = 30, kLegend = 26, kLeastGap = 8;

Token healthToken(ServiceHealth health) {
  switch (health) {
    case ServiceHealth::RootCause:
      return Token::Crit;
    case ServiceHealth::Failing:
      return Token::Error;
    case ServiceHealth::Degraded:
      return Token::Warn;
    default:
      return Token::Text2;
  }
}

Token healthTint(ServiceHealth health) {
  switch (health) {
    case ServiceHealth::RootCause:
      return Token::CritTint;
    case ServiceHealth::Failing:
      return Token::ErrorTint;
    case ServiceHealth::Degraded:
      return Token::WarnTint;
    default:
      return Token::Raised;
  }
}

bool affected(ServiceHealth health) {
  return health >= ServiceHealth::Degraded;
}

QString healthWord(ServiceHealth health) {
  switch (health) {
    case ServiceHealth::RootCause:
      return ServiceMap::tr("Root cause");
    case ServiceHealth::Failing:
      return ServiceMap::tr("Failing");
    case ServiceHealth::Degraded:
      return ServiceMap::tr("Degraded");
    case ServiceHealth::Healthy:
      return ServiceMap::tr("Healthy");
    case ServiceHealth::NoLogs:
      return ServiceMap::tr("No logs");
  }
  return {};
}

}  // namespace

ServiceMap::ServiceMap(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Services map"));
}

void ServiceMap::setServices(std::vector<ServiceNode> services) {
  m_services = std::move(services);
  m_current = std::min(m_current, m_services.empty() ? 0 : m_services.size() - 1);
  layOut();
  describe();
  update();
}

/// ", needs db and, as logs show, cache"; empty: it needs nobody.
QString ServiceMap::needsText(const ServiceNode& service) const {
  QStringList needs;
  for (const size_t below : service.dependsOn) {
    const QString name = safeLine(m_services[below].name);
    needs << (service.learnt.contains(below) ? tr("%1 (seen in logs)").arg(name) : name);
  }
  return needs.isEmpty() ? QString() : tr(", needs %1").arg(needs.join(QStringLiteral(", ")));
}

void ServiceMap::describe() {
  QStringList all;
  for (const auto& service : m_services)
    all << safeLine(service.name) + QStringLiteral(": ") + healthWord(service.health) + needsText(service);
  QString current;
  if (hasFocus() && m_current < m_services.size())
    current = tr("At %1. ").arg(all.value(static_cast<qsizetype>(m_current)));
  setAccessibleDescription(current + all.join(QStringLiteral("; ")));
}

void ServiceMap::layOut() {
  m_boxes.assign(m_services.size(), {});
  std::map<int, std::vector<size_t>> layers;
  for (size_t i = 0; i < m_services.size(); ++i) layers[m_services[i].layer].push_back(i);
  if (layers.empty()) return;
  const qreal top = 4, space = height() - kLegend - top;
  const qreal column = width() / static_cast<qreal>(layers.size());
  int place = 0;
  for (const auto& [layer, members] : layers) {
    const qreal row = space / static_cast<qreal>(members.size());
    for (size_t k = 0; k < members.size(); ++k) {
      const ServiceNode& service = m_services[members[k]];
      const qreal mark = affected(service.health) ? 20 : 0;
      const qreal wanted =
          std::max(76.0, textWidth(safeLine(service.name), theme(), FontRole::BodyStrong) + 24 + mark);
      const qreal boxWidth = std::min({wanted, column - 2 * kLeastGap, 200.0});
      const qreal boxHeight = std::min(kBoxHeight, row - 4);
      // Every other layer a little lower, so that straight edges do not run through boxes.
      const qreal sway =
          members.size() == 1 && layers.size() > 2 ? (place % 2 == 0 ? -0.08 : 0.08) * space : 0;
      const QPointF centre(column * (place + 0.5), top + row * (static_cast<qreal>(k) + 0.5) + sway);
      m_boxes[members[k]] =
          QRectF(centre.x() - boxWidth / 2, centre.y() - boxHeight / 2, boxWidth, boxHeight);
    }
    ++place;
  }
}

void ServiceMap::resizeEvent(QResizeEvent*) {
  layOut();
}

void ServiceMap::focusInEvent(QFocusEvent* event) {
  describe();
  Painted::focusInEvent(event);
}

void ServiceMap::walk(int key) {
  if (m_boxes.empty()) return;
  const QPointF from = m_boxes[m_current].center();
  size_t best = m_current;
  qreal bestCost = 1e9;
  for (size_t i = 0; i < m_boxes.size(); ++i) {
    const QPointF way = m_boxes[i].center() - from;
    const bool sideways = key == Qt::Key_Left || key == Qt::Key_Right;
    const qreal along = (sideways ? way.x() : way.y()) * (key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1);
    const qreal cost = along + 2 * std::abs(sideways ? way.y() : way.x());
    if (i == m_current || along < 4 || cost >= bestCost) continue;
    best = i;
    bestCost = cost;
  }
  m_current = best;
  describe();
  update();
}

void ServiceMap::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
      return walk(event->key());
    default:
      return Painted::keyPressEvent(event);
  }
}

void ServiceMap::paintEdges(QPainter& painter) const {
  for (size_t i = 0; i < m_services.size(); ++i) {
    for (const size_t to : m_services[i].dependsOn) {
      const bool hot = affected(m_services[i].health) && affected(m_services[to].health);
      const QRectF &from = m_boxes[i], &target = m_boxes[to];
      const QPointF start(from.right(), from.center().y()), end(target.left(), target.center().y());
      const qreal bend = std::max(18.0, (end.x() - start.x()) / 2);
      QPainterPath path(start);
      path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end);
      const auto line = m_services[i].learnt.contains(to) ? Qt::DashLine : Qt::SolidLine;
      painter.setPen(QPen(color(hot ? Token::Error : Token::LineStrong), hot ? 1.6 : 1, line));
      painter.drawPath(path);
    }
  }
}

void ServiceMap::paintHealthMark(QPainter& painter, const QRectF& box, ServiceHealth health) const {
  switch (health) {
    case ServiceHealth::RootCause:
      return paintSeverity(painter, box, model::Severity::Critical, theme());
    case ServiceHealth::Failing:
      return paintSeverity(painter, box, model::Severity::Error, theme());
    case ServiceHealth::Degraded:
      return paintSeverity(painter, box, model::Severity::Warning, theme());
    default:
      break;
  }
  painter.setBrush(color(Token::Raised));
  painter.setPen(
      QPen(color(Token::LineStrong), 1, health == ServiceHealth::NoLogs ? Qt::DashLine : Qt::SolidLine));
  painter.drawRoundedRect(QRectF(box.center() - QPointF(6.5, 4.5), QSizeF(13, 9)), 2, 2);
}

void ServiceMap::paintNode(QPainter& painter, size_t i) const {
  const ServiceNode& service = m_services[i];
  const QRectF box = m_boxes[i];
  const bool hot = affected(service.health);
  const Qt::PenStyle style = service.health == ServiceHealth::NoLogs ? Qt::DashLine : Qt::SolidLine;
  painter.setBrush(color(healthTint(service.health)));
  painter.setPen(QPen(color(hot ? healthToken(service.health) : Token::LineStrong), hot ? 1.3 : 1, style));
  painter.drawRoundedRect(box, 5, 5);
  if (service.health == ServiceHealth::RootCause) {
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 7, 7);
  }
  if (hasFocus() && i == m_current) paintFocus(painter, box.adjusted(-5, -5, 5, 5), theme(), 8);
  const qreal mark = hot ? 20 : 0;
  if (hot) paintHealthMark(painter, QRectF(box.left() + 6, box.top(), 16, box.height()), service.health);
  paintText(painter, box.adjusted(10 + mark - (hot ? 4 : 0), 0, -8, 0), safeLine(service.name), theme(),
            FontRole::BodyStrong, hot ? Token::Text : Token::Text2, hot ? Qt::AlignLeft : Qt::AlignHCenter);
}

void ServiceMap::paintLegend(QPainter& painter) const {
  qreal x = 2;
  for (const auto health :
       {ServiceHealth::RootCause, ServiceHealth::Failing, ServiceHealth::Healthy, ServiceHealth::NoLogs}) {
    const QString word = healthWord(health);
    paintHealthMark(painter, QRectF(x, height() - 20, 14, 18), health);
    const qreal width = textWidth(word, theme(), FontRole::Caption);
    paintText(painter, QRectF(x + 19, height() - 20, width + 1, 18), word, theme(), FontRole::Caption,
              Token::Text3);
    x += 19 + width + 18;
  }
  if (std::ranges::all_of(m_services, [](const auto& service) { return service.learnt.empty(); })) return;
  painter.setPen(QPen(color(Token::LineStrong), 1, Qt::DashLine));
  painter.drawLine(QPointF(x, height() - 11), QPointF(x + 18, height() - 11));
  paintText(painter, QRectF(x + 23, height() - 20, width() - x - 23, 18), tr("seen in logs"), theme(),
            FontRole::Caption, Token::Text3);
}

void ServiceMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (m_services.empty()) {
    return paintText(painter, rect(), tr("No service is known yet."), theme(), FontRole::Secondary,
                     Token::Text3, Qt::AlignCenter);
  }
  paintEdges(painter);
  for (size_t i = 0; i < m_services.size(); ++i) paintNode(painter, i);
  paintLegend(painter);
}

}  // namespace aiops::ui
