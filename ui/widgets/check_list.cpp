// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/check_list.h"

#include <QKeyEvent>
#include <algorithm>

#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kTextLeft = 30, kPadding = 8, kGap = 28;

/// One unit a byte, so that names that differ have ids that differ.
QString rowId(const std::string& id) {
  return QString::fromLatin1(id.data(), static_cast<qsizetype>(id.size()));
}

}  // namespace

CheckList::CheckList(const theme::Theme& theme, const QString& name, QWidget* parent)
    : RowList(theme, std::bind_front(&CheckList::paintRow, this), parent), m_theme(theme) {
  setAccessibleName(name);
}

void CheckList::setChoices(std::vector<Choice> choices) {
  m_choices = std::move(choices);
  std::set<std::string> kept;
  for (const auto& choice : m_choices) {
    if (m_ticked.contains(choice.id)) kept.insert(choice.id);
  }
  const bool fewer = kept.size() < m_ticked.size();
  m_ticked = std::move(kept);
  refresh();
  if (fewer) Q_EMIT tickedChanged();
}

void CheckList::setFilter(const QString& text) {
  m_filter = text.trimmed();
  refresh();
}

std::vector<std::string> CheckList::ticked() const {
  std::vector<std::string> ids;
  for (const auto& choice : m_choices) {
    if (m_ticked.contains(choice.id)) ids.push_back(choice.id);
  }
  return ids;
}

void CheckList::setTicked(const std::vector<std::string>& ids) {
  m_ticked = {ids.begin(), ids.end()};
  refresh();
  Q_EMIT tickedChanged();
}

void CheckList::refresh() {
  m_shown.clear();
  m_widest = 0;
  std::vector<RowInfo> rows;
  for (size_t i = 0; i < m_choices.size(); ++i) {
    const auto& [id, text, detail] = m_choices[i];
    const bool ticked = m_ticked.contains(id);
    const bool fits =
        text.contains(m_filter, Qt::CaseInsensitive) || detail.contains(m_filter, Qt::CaseInsensitive);
    if (!fits && !ticked) continue;
    m_shown.push_back(i);
    m_widest = std::max(m_widest, textWidth(text, m_theme, FontRole::Body));
    const QString words = detail.isEmpty() ? text : text + QStringLiteral(", ") + detail;
    rows.push_back({rowId(id), tr("%1, %2").arg(words, ticked ? tr("ticked") : tr("not ticked")),
                    theme::grid::kRowCompact});
  }
  setRows(std::move(rows));
  viewport()->update();
}

void CheckList::toggle(const QString& id) {
  const auto found =
      std::ranges::find_if(m_choices, [&](const auto& choice) { return rowId(choice.id) == id; });
  if (found == m_choices.end()) return;
  if (m_ticked.erase(found->id) == 0) m_ticked.insert(found->id);
  refresh();
  Q_EMIT tickedChanged();
}

void CheckList::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space) return toggle(currentId());
  RowList::keyPressEvent(event);
}

void CheckList::mousePressEvent(QMouseEvent* event) {
  RowList::mousePressEvent(event);
  const auto index = indexAt(event->pos());
  if (index.isValid() && event->button() == Qt::LeftButton) toggle(index.data(Qt::UserRole).toString());
}

void CheckList::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const auto& [id, text, detail] = m_choices[m_shown[static_cast<size_t>(row)]];
  const bool marked = state.current && state.focused;
  if (marked || state.hovered) {
    paintBox(painter, box, m_theme.color(marked ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusChip);
  }
  if (marked) paintFocus(painter, box, m_theme, theme::grid::kRadiusChip);
  paintTick(painter, QRectF(box.left() + 6, box.top(), 16, box.height()), m_ticked.contains(id), isEnabled(),
            m_theme);
  const QRectF line = QRectF(box).adjusted(kTextLeft, 0, -kPadding, 0);
  const qreal detailWidth =
      detail.isEmpty() ? 0
                       : std::min(textWidth(detail, m_theme, FontRole::Secondary) + 2, line.width() * 0.6);
  const qreal detailLeft = std::min(line.left() + m_widest + kGap, line.right() - detailWidth);
  const qreal textRight = detail.isEmpty() ? line.right() : detailLeft - 10;
  paintText(painter, QRectF(line.left(), line.top(), textRight - line.left(), line.height()),
            forcedLeftToRight(text), m_theme, FontRole::Body, isEnabled() ? Token::Text : Token::Text3);
  paintText(painter, QRectF(detailLeft, line.top(), detailWidth, line.height()), forcedLeftToRight(detail),
            m_theme, FontRole::Secondary, Token::Text3);
}

}  // namespace aiops::ui
