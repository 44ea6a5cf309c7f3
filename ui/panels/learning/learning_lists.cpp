// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/learning_lists.h"

#include <QPainter>

#include "models/cell_text.h"
#include "models/display.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kTimeWidth = 118, kIconWidth = 24;

QString insightIcon(const std::string& kind) {
  if (kind == "trust") return QStringLiteral("approvals");
  if (kind == "pattern_quality") return QStringLiteral("pattern");
  return QStringLiteral("bulb");
}

QString standsOn(const model::Insight& insight, base::TimePoint now) {
  const QString cases =
      insight.cases == 1 ? InsightList::tr("1 case") : InsightList::tr("%1 cases").arg(insight.cases);
  return InsightList::tr("Stands on %1, newest %2").arg(cases, momentText(insight.at, now));
}

void paintRowBack(QPainter& painter, const QRect& rect, const RowState& state, const theme::Theme& theme) {
  if (state.current) {
    painter.fillRect(rect, theme.color(Token::Selected));
  } else if (state.hovered) {
    painter.fillRect(rect, theme.color(Token::Hover));
  }
  painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.color(Token::Line));
  if (state.focused) paintFocus(painter, rect.adjusted(0, 0, 0, -1), theme, theme::grid::kRadiusChip);
}

Token resultInk(model::OutcomeResult result) {
  switch (result) {
    case model::OutcomeResult::Worked:
      return Token::Ok;
    case model::OutcomeResult::Undone:
      return Token::Warn;
    case model::OutcomeResult::Failed:
      break;
  }
  return Token::Crit;
}

QString resultIcon(model::OutcomeResult result) {
  switch (result) {
    case model::OutcomeResult::Worked:
      return QStringLiteral("check");
    case model::OutcomeResult::Undone:
      return QStringLiteral("undo");
    case model::OutcomeResult::Failed:
      break;
  }
  return QStringLiteral("cross");
}

}  // namespace

InsightList::InsightList(const theme::Theme& theme, QWidget* parent)
    : RowList(theme, std::bind_front(&InsightList::paintInsight, this), parent), m_theme(theme) {
  setAccessibleName(tr("Insights"));
}

void InsightList::setInsights(std::vector<model::Insight> insights, base::TimePoint now) {
  m_insights = std::move(insights);
  m_now = now;
  std::vector<RowInfo> rows;
  for (const auto& insight : m_insights) {
    QStringList read{cellText(insight.statement)};
    if (!insight.suggestion.empty()) read += cellText(insight.suggestion);
    read += standsOn(insight, now);
    rows.push_back({cellText(insight.id, 96), read.join(QStringLiteral(". ")),
                    insight.suggestion.empty() ? theme::grid::kRowTwoLines : theme::grid::kRowTwoLines + 18});
  }
  setRows(std::move(rows));
}

void InsightList::paintInsight(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  const auto& insight = m_insights[static_cast<size_t>(row)];
  paintRowBack(painter, rect, state, m_theme);
  const QRectF box = QRectF(rect).adjusted(8, 6, -8, -6);
  theme::Icon(insightIcon(insight.kind))
      .paint(painter, QRectF(box.left(), box.top(), 16, 17), m_theme.color(Token::Accent));
  QRectF line(box.left() + kIconWidth, box.top(), box.width() - kIconWidth, 17);
  const auto next = [&line] { line.translate(0, 17.5); };
  paintText(painter, line, forcedLeftToRight(cellText(insight.statement)), m_theme, FontRole::BodyStrong,
            Token::Text);
  next();
  if (!insight.suggestion.empty()) {
    paintText(painter, line, forcedLeftToRight(cellText(insight.suggestion)), m_theme, FontRole::Secondary,
              Token::Text2);
    next();
  }
  paintText(painter, line, standsOn(insight, m_now), m_theme, FontRole::Caption, Token::Text3);
}

LedgerList::LedgerList(const theme::Theme& theme, QWidget* parent)
    : RowList(theme, std::bind_front(&LedgerList::paintOutcome, this), parent), m_theme(theme) {
  setAccessibleName(tr("Trust ledger"));
}

void LedgerList::setLedger(std::vector<LedgerRow> rows, base::TimePoint now) {
  m_ledger = std::move(rows);
  m_now = now;
  std::vector<RowInfo> infos;
  for (const auto& row : m_ledger) {
    infos.push_back({row.id,
                     QStringList{momentText(row.at, now), row.title, row.detail}.join(QStringLiteral(", ")),
                     theme::grid::kRowTwoLines - 4});
  }
  setRows(std::move(infos));
}

QString LedgerList::currentIncident() const {
  for (const auto& row : m_ledger) {
    if (row.id == currentId()) return QString::fromStdString(row.incident);
  }
  return {};
}

void LedgerList::paintOutcome(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  const auto& outcome = m_ledger[static_cast<size_t>(row)];
  paintRowBack(painter, rect, state, m_theme);
  const QRectF box = QRectF(rect).adjusted(8, 4, -8, -4);
  paintText(painter, QRectF(box.left(), box.top(), kTimeWidth, 17), momentText(outcome.at, m_now), m_theme,
            FontRole::Mono, Token::Text3);
  theme::Icon(resultIcon(outcome.result))
      .paint(painter, QRectF(box.left() + kTimeWidth, box.top(), 16, 17),
             m_theme.color(resultInk(outcome.result)), 14);
  const QRectF line(box.left() + kTimeWidth + kIconWidth, box.top(), box.width() - kTimeWidth - kIconWidth,
                    17);
  paintText(painter, line, forcedLeftToRight(outcome.title), m_theme, FontRole::BodyStrong, Token::Text);
  paintText(painter, line.translated(0, 17), forcedLeftToRight(outcome.detail), m_theme, FontRole::Secondary,
            Token::Text2);
}

}  // namespace aiops::ui
