// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/diff_view.h"

#include <QFontMetricsF>
#include <algorithm>

#include "base/bytes.h"
#include "panels/approvals/escaped_text.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kRow = 20, kHead = 22, kTextLeft = 86, kEdge = 4;

Token inkOf(base::DiffLine::Kind kind) {
  return kind == base::DiffLine::Kind::Removed ? Token::Del
         : kind == base::DiffLine::Kind::Added ? Token::Add
                                               : Token::Text2;
}

}  // namespace

DiffView::DiffView(const theme::Theme& theme, model::FileEdit edit, int context, QWidget* parent)
    : Painted(theme, parent), m_edit(std::move(edit)) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  m_before = shortHash(base::sha256Hex(m_edit.before), 2);
  m_after = shortHash(base::sha256Hex(m_edit.after), 2);
  for (const auto& hunk : base::lineDiff(m_edit.before, m_edit.after, static_cast<size_t>(context)))
    addHunk(hunk);
  describe();
}

void DiffView::addHunk(const base::DiffHunk& hunk) {
  Row head{.isHunk = true, .line = {}, .text = {}};
  head.text = QStringLiteral("@@ -%1,%2 +%3,%4 @@")
                  .arg(hunk.beforeFirst)
                  .arg(hunk.beforeCount)
                  .arg(hunk.afterFirst)
                  .arg(hunk.afterCount);
  m_rows.push_back(std::move(head));
  const size_t first = m_rows.size();
  for (const auto& line : hunk.lines) {
    const bool changed = line.kind != base::DiffLine::Kind::Same;
    QString text = changed ? exact(line.text, false) : safe(line.text, 64 << 10);
    if (changed && line.endsWithoutNewline) text += QStringLiteral("\u27E6no newline at end\u27E7");
    m_rows.push_back({.line = line, .text = text});
  }
  markPairs(first);
}

/// A run of removed lines followed by as many added ones is taken as line by line changes.
void DiffView::markPairs(size_t first) {
  for (size_t i = first; i < m_rows.size();) {
    size_t removed = 0, added = 0;
    while (i + removed < m_rows.size() && m_rows[i + removed].line.kind == base::DiffLine::Kind::Removed)
      ++removed;
    while (i + removed + added < m_rows.size() &&
           m_rows[i + removed + added].line.kind == base::DiffLine::Kind::Added)
      ++added;
    for (size_t k = 0; removed == added && k < removed; ++k) {
      Row &from = m_rows[i + k], &to = m_rows[i + removed + k];
      const auto shorter = static_cast<int>(std::min(from.text.size(), to.text.size()));
      int head = 0, tail = 0;
      while (head < shorter && from.text[head] == to.text[head]) ++head;
      while (tail < shorter - head &&
             from.text[from.text.size() - 1 - tail] == to.text[to.text.size() - 1 - tail])
        ++tail;
      from.markFrom = to.markFrom = head;
      from.markTo = static_cast<int>(from.text.size()) - tail;
      to.markTo = static_cast<int>(to.text.size()) - tail;
    }
    i += std::max<size_t>(1, removed + added);
  }
}

void DiffView::describe() {
  QStringList lines;
  for (const auto& row : m_rows) {
    if (row.isHunk || row.line.kind == base::DiffLine::Kind::Same) continue;
    const bool removed = row.line.kind == base::DiffLine::Kind::Removed;
    lines << (removed ? tr("line %1 removed: %2").arg(row.line.before).arg(row.text)
                      : tr("line %1 added: %2").arg(row.line.after).arg(row.text));
  }
  setAccessibleName(tr("Change of %1").arg(safeLine(m_edit.path)));
  setAccessibleDescription(lines.isEmpty() ? tr("The bytes stay the same.") : lines.join(QLatin1Char('\n')));
}

int DiffView::columns(int width) const {
  return static_cast<int>((width - kTextLeft - 10) / monoWidth(theme()));
}

int DiffView::heightForWidth(int width) const {
  int height = kEdge + (m_rows.empty() ? kHead + kRow : 0);
  for (const auto& row : m_rows) {
    height += row.isHunk ? kHead : kRow * static_cast<int>(brokenTo(row.text, columns(width)).size());
  }
  return height;
}

void DiffView::paintHunkHead(QPainter& painter, const Row& row, qreal top, bool first) const {
  const QRectF line(10, top, width() - 20, kHead);
  paintText(painter, line, row.text, theme(), FontRole::Mono, Token::Text3);
  if (!first) return;
  paintText(painter, line, tr("before %1   after %2").arg(m_before, m_after), theme(), FontRole::Mono,
            Token::Text3, Qt::AlignRight);
}

void DiffView::paintMark(QPainter& painter, const Row& row, const QStringList& pieces, qreal top) const {
  if (row.markFrom < 0 || row.markTo <= row.markFrom) return;
  const qreal each = monoWidth(theme());
  qsizetype start = 0;
  for (qsizetype i = 0; i < pieces.size(); ++i) {
    const qsizetype from = std::max<qsizetype>(row.markFrom, start);
    const qsizetype to = std::min<qsizetype>(row.markTo, start + pieces[i].size());
    if (from < to) {
      const QFontMetricsF metrics(theme().font(FontRole::Mono));
      const qreal left = kTextLeft + metrics.horizontalAdvance(pieces[i].left(from - start));
      const qreal space = metrics.horizontalAdvance(pieces[i].mid(from - start, to - from));
      paintBox(painter, QRectF(left - 1.5, top + i * kRow + 1.5, std::max(each, space) + 3, kRow - 3),
               Qt::transparent, color(inkOf(row.line.kind)), 3);
    }
    start += pieces[i].size();
  }
}

qreal DiffView::paintRow(QPainter& painter, const Row& row, qreal top) const {
  const QStringList pieces = brokenTo(row.text, columns(width()));
  const qreal height = kRow * static_cast<qreal>(pieces.size());
  const bool removed = row.line.kind == base::DiffLine::Kind::Removed,
             added = row.line.kind == base::DiffLine::Kind::Added;
  if (removed || added)
    painter.fillRect(QRectF(1, top, width() - 2, height), color(removed ? Token::DelBg : Token::AddBg));
  const auto number = [&](qreal right, size_t value) {
    if (value == 0) return;
    paintText(painter, QRectF(right - 40, top, 40, kRow), QString::number(value), theme(), FontRole::Mono,
              Token::Text3, Qt::AlignRight);
  };
  number(30, row.line.before);
  number(58, row.line.after);
  const Token ink = inkOf(row.line.kind);
  if (removed || added) {
    paintText(painter, QRectF(68, top, 12, kRow), QLatin1String(removed ? "-" : "+"), theme(),
              FontRole::MonoStrong, ink);
  }
  const qreal baseline = (kRow + QFontMetricsF(theme().font(FontRole::Mono)).capHeight()) / 2;
  for (qsizetype i = 0; i < pieces.size(); ++i) {
    paintEscaped(painter, {kTextLeft, top + i * kRow + baseline}, pieces[i], theme(),
                 removed || added ? Token::Text : ink);
  }
  paintMark(painter, row, pieces, top);
  return height;
}

void DiffView::resizeEvent(QResizeEvent*) {
  const int needed = heightForWidth(width());
  if (needed != minimumHeight()) setFixedHeight(needed);
}

void DiffView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Inset), color(Token::Line), theme::grid::kRadiusChip);
  if (m_rows.empty()) {
    paintText(painter, QRectF(10, 0, width() - 20, height()), tr("The bytes stay the same."), theme(),
              FontRole::Secondary, Token::Text3);
  }
  qreal top = 1;
  for (const auto& row : m_rows) {
    if (row.isHunk) {
      paintHunkHead(painter, row, top, &row == &m_rows.front());
      top += kHead;
    } else {
      top += paintRow(painter, row, top);
    }
  }
}

}  // namespace aiops::ui
