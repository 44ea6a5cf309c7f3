// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/key_card.h"

#include <QKeyEvent>
#include <algorithm>

#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kWidth = 920, kPadding = 24, kTitle = 40, kRow = 26, kGap = 14;

std::vector<KeyHelp> keysEverywhere() {
  return {{KeyCard::tr("Ctrl K"), KeyCard::tr("search or run a command")},
          {KeyCard::tr("Alt 1 to 9"), KeyCard::tr("the panels; also G and a letter")},
          {KeyCard::tr("Ctrl Tab"), KeyCard::tr("panels by last use")},
          {KeyCard::tr("F6"), KeyCard::tr("next part, with Shift the previous one")},
          {KeyCard::tr("F8"), KeyCard::tr("next decision")},
          {KeyCard::tr("Ctrl B"), KeyCard::tr("wide or narrow rail")},
          {KeyCard::tr("Ctrl Shift Backspace"), KeyCard::tr("stop automation, at once")},
          {KeyCard::tr("F1"), KeyCard::tr("these keys")}};
}

}  // namespace

KeyCard::KeyCard(const theme::Theme& theme, QWidget* window) : Overlay(theme, window) {
  installAccessibleRows();
  setFocusPolicy(Qt::StrongFocus);
}

void KeyCard::open(const Panel& panel) {
  m_columns.clear();
  const auto own = panel.keyHelp();
  if (!own.empty()) m_columns.push_back({tr("Keys of %1").arg(panel.title()), own});
  m_columns.push_back({tr("Everywhere"), keysEverywhere()});
  setAccessibleName(m_columns.front().title);
  cover();
  setFocus();
}

int KeyCard::accessibleRowCount() const {
  size_t count = 0;
  for (const auto& column : m_columns) count += column.keys.size();
  return static_cast<int>(count);
}

QString KeyCard::accessibleRowText(int row) const {
  auto at = static_cast<size_t>(row);
  for (const auto& [title, keys] : m_columns) {
    if (at < keys.size()) return keys[at].key + QStringLiteral(": ") + keys[at].what;
    at -= keys.size();
  }
  return {};
}

QRect KeyCard::accessibleRowRect(int row) const {
  auto at = static_cast<size_t>(row);
  for (size_t column = 0; column < m_columns.size(); ++column) {
    const size_t count = m_columns[column].keys.size();
    const QRectF box = columnBox(column);
    if (at < count)
      return QRectF(box.left(), box.top() + kTitle + kRow * static_cast<qreal>(at), box.width(), kRow)
          .toRect();
    at -= count;
  }
  return {};
}

QRect KeyCard::card() const {
  size_t rows = 0;
  for (const auto& column : m_columns) rows = std::max(rows, column.keys.size());
  const int wide = std::min(kWidth, width() - 40);
  const int high = std::min(2 * kPadding + kTitle + kRow * static_cast<int>(rows), height() - 20);
  return {(width() - wide) / 2, (height() - high) / 2, wide, high};
}

QRectF KeyCard::columnBox(size_t column) const {
  const QRectF inner = QRectF(card()).adjusted(kPadding, kPadding, -kPadding, -kPadding);
  const qreal wide = inner.width() / 2 - kPadding / 2.0;
  return {inner.left() + static_cast<qreal>(column) * (wide + kPadding), inner.top(), wide, inner.height()};
}

void KeyCard::paintColumn(QPainter& painter, const Column& column, const QRectF& box) const {
  paintText(painter, QRectF(box.left(), box.top(), box.width(), kTitle - 12), column.title, theme(),
            FontRole::Title, Token::Text);
  qreal keys = 0;
  for (const auto& help : column.keys) keys = std::max(keys, keyCapWidth(help.key, theme()));
  qreal top = box.top() + kTitle;
  for (const auto& [key, what] : column.keys) {
    paintKeyCap(painter, {box.left(), top + kRow / 2.0}, key, color(Token::Text2), theme());
    paintText(painter, QRectF(box.left() + keys + kGap, top, box.width() - keys - kGap, kRow), what, theme(),
              FontRole::Body, Token::Text);
    top += kRow;
  }
}

void KeyCard::paintEvent(QPaintEvent* event) {
  Overlay::paintEvent(event);
  QPainter painter(this);
  for (size_t i = 0; i < m_columns.size(); ++i) paintColumn(painter, m_columns[i], columnBox(i));
}

void KeyCard::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) return leave();
  Overlay::keyPressEvent(event);
}

}  // namespace aiops::ui
