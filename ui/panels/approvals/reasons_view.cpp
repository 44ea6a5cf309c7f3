// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/reasons_view.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr qreal kNames = 76, kIcon = 20;

/// Between words, unless one word alone is wider than the column.
int wrapFlags(const QFontMetricsF& metrics, const QString& text, qreal width) {
  const QRectF words = metrics.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap, text);
  return words.width() <= width + 0.5 ? Qt::TextWordWrap : Qt::TextWrapAnywhere;
}

}  // namespace

ReasonsView::ReasonsView(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Why, risk, checks"));
}

void ReasonsView::setSections(std::vector<ReasonSection> sections) {
  m_sections = std::move(sections);
  QStringList aloud;
  for (const auto& section : m_sections) {
    QStringList lines;
    if (!section.lead.isEmpty()) lines << section.lead;
    for (const auto& line : section.lines) lines << line.text;
    aloud << section.name + QStringLiteral(": ") + lines.join(QStringLiteral("; "));
  }
  setAccessibleDescription(aloud.join(QLatin1Char('\n')));
  updateGeometry();
  update();
}

void ReasonsView::setTight(bool tight) {
  m_tight = tight;
  updateGeometry();
  update();
}

qreal ReasonsView::textHeight(const QString& text, FontRole role, qreal width) const {
  const QFontMetricsF metrics(theme().font(role));
  const QRectF needed = metrics.boundingRect(QRectF(0, 0, width, 1e6), wrapFlags(metrics, text, width), text);
  return std::max<qreal>(16, std::ceil(needed.height()));
}

void ReasonsView::paintLine(QPainter& painter, const ReasonLine& line, const QRectF& box,
                            bool current) const {
  theme::Icon(line.icon).paint(painter, QRectF(box.left() - kIcon, box.top(), 14, 16), color(line.ink), 14);
  painter.setFont(theme().font(line.mono ? FontRole::Mono : FontRole::Secondary));
  painter.setPen(color(line.linkSource.isEmpty() ? Token::Text : Token::Accent));
  painter.drawText(box, wrapFlags(QFontMetricsF(painter.font()), line.text, box.width()), line.text);
  if (current) paintFocus(painter, box.adjusted(-4, -2, 4, 2), theme(), 3);
}

qreal ReasonsView::walk(QPainter* painter, qreal width, std::vector<Place>* links) const {
  const qreal gap = m_tight ? 4 : 7, sectionGap = m_tight ? 7 : 11;
  qreal y = 2;
  for (const auto& section : m_sections) {
    if (&section != &m_sections.front()) {
      if (painter) painter->fillRect(QRectF(0, y, width, 1), color(Token::Line));
      y += sectionGap;
    }
    if (painter)
      paintText(*painter, QRectF(0, y, kNames - 6, 17), section.name, theme(), FontRole::Secondary,
                Token::Text2);
    if (!section.lead.isEmpty()) {
      const qreal height = textHeight(section.lead, FontRole::BodyStrong, width - kNames) + 1;
      if (painter) {
        painter->setFont(theme().font(FontRole::BodyStrong));
        painter->setPen(color(Token::Text));
        painter->drawText(QRectF(kNames, y, width - kNames, height + 4), Qt::TextWordWrap, section.lead);
      }
      y += height + gap;
    }
    for (const auto& line : section.lines) {
      const QRectF box(
          kNames + kIcon, y, width - kNames - kIcon,
          textHeight(line.text, line.mono ? FontRole::Mono : FontRole::Secondary, width - kNames - kIcon));
      const bool link = !line.linkSource.isEmpty();
      if (painter)
        paintLine(*painter, line, box, link && hasFocus() && links && links->size() == m_currentLink);
      if (link && links) links->push_back({box, &line});
      y += box.height() + gap;
    }
    y += sectionGap - gap;
  }
  return y;
}

int ReasonsView::heightForWidth(int width) const {
  return static_cast<int>(walk(nullptr, width, nullptr));
}

std::vector<ReasonsView::Place> ReasonsView::links() const {
  std::vector<Place> all;
  walk(nullptr, width(), &all);
  return all;
}

void ReasonsView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  std::vector<Place> all;
  walk(&painter, width(), &all);
}

void ReasonsView::open(const Place& place) {
  Q_EMIT openLogLine(place.line->linkSource, place.line->linkLine);
}

void ReasonsView::mousePressEvent(QMouseEvent* event) {
  for (const auto& place : links()) {
    if (place.rect.contains(event->position())) return open(place);
  }
}

void ReasonsView::mouseMoveEvent(QMouseEvent* event) {
  const auto all = links();
  const bool over = std::any_of(all.begin(), all.end(),
                                [&](const auto& place) { return place.rect.contains(event->position()); });
  setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void ReasonsView::keyPressEvent(QKeyEvent* event) {
  const auto all = links();
  const bool next = event->key() == Qt::Key_Down, previous = event->key() == Qt::Key_Up;
  if (all.empty()) return Painted::keyPressEvent(event);
  m_currentLink = std::min(m_currentLink, all.size() - 1);
  if (next && m_currentLink + 1 < all.size()) ++m_currentLink;
  if (previous && m_currentLink > 0) --m_currentLink;
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) return open(all[m_currentLink]);
  if (!next && !previous) return Painted::keyPressEvent(event);
  update();
}

}  // namespace aiops::ui
