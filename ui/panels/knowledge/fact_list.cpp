// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/fact_list.h"

#include <QPainter>
#include <algorithm>

#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {

using model::KnowledgeEdge;
using model::Standing;
using theme::FontRole;
using theme::Token;

namespace {

constexpr qreal kMark = 22, kBar = 56, kBarHeight = 5;
constexpr double kFullBar = 3;  // three incidents of today where a person said so

QString iconOf(const KnowledgeEdge& fact) {
  if (fact.forgotten) return QStringLiteral("minus");
  if (fact.standing == Standing::Wrong) return QStringLiteral("cross");
  if (fact.standing == Standing::Holds) return QStringLiteral("person");
  if (fact.usedForDiagnosis) return QStringLiteral("check");
  return QStringLiteral("link");
}

Token inkOf(const KnowledgeEdge& fact) {
  if (fact.forgotten) return Token::Text3;
  if (fact.standing == Standing::Wrong) return Token::Crit;
  return fact.usedForDiagnosis || fact.standing == Standing::Holds ? Token::Ok : Token::Text3;
}

}  // namespace

FactList::FactList(const theme::Theme& theme, QWidget* parent)
    : RowList(theme, std::bind_front(&FactList::paintFact, this), parent), m_theme(theme) {
  setAccessibleName(tr("Facts"));
}

void FactList::setFacts(KnowledgeSnapshot known, const std::string& node, base::TimePoint now) {
  m_facts = known->factsOf(node);
  m_data = std::move(known);
  m_now = now;
  std::vector<RowInfo> rows;
  for (const auto* fact : m_facts) {
    QStringList read{m_data->factText(*fact), factOrigin(*fact), factLast(*fact, now), factState(*fact)};
    read.removeAll({});
    rows.push_back(
        {QString::fromStdString(fact->id), read.join(QStringLiteral(". ")), theme::grid::kRowTwoLines});
  }
  setRows(std::move(rows));
}

const KnowledgeEdge* FactList::current() const {
  return m_data->fact(currentId().toStdString());
}

void FactList::paintFact(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  const auto& fact = *m_facts[static_cast<size_t>(row)];
  if (state.current || state.hovered)
    painter.fillRect(rect, m_theme.color(state.current ? Token::Selected : Token::Hover));
  painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), m_theme.color(Token::Line));
  if (state.focused) paintFocus(painter, rect.adjusted(0, 0, 0, -1), m_theme, theme::grid::kRadiusChip);
  const QRectF box = QRectF(rect).adjusted(8, 6, -10, -6);
  theme::Icon(iconOf(fact))
      .paint(painter, QRectF(box.left(), box.top(), 16, 17), m_theme.color(inkOf(fact)), 14);
  const bool faint = fact.forgotten || fact.standing == Standing::Wrong;
  QRectF line(box.left() + kMark, box.top(), box.width() - kMark, 17);
  paintText(painter, line, forcedLeftToRight(m_data->factText(fact)), m_theme, FontRole::BodyStrong,
            faint ? Token::Text3 : Token::Text);
  line.translate(0, 17.5);
  const QRectF bar(line.right() - kBar, line.center().y() - kBarHeight / 2, kBar, kBarHeight);
  paintBox(painter, bar, m_theme.color(Token::Inset), m_theme.color(Token::LineStrong), 2);
  const qreal filled = bar.width() * std::min(1.0, fact.weight / kFullBar);
  if (filled >= 1)
    paintBox(painter, QRectF(bar.left(), bar.top(), filled, bar.height()), m_theme.color(Token::Accent),
             m_theme.color(Token::Accent), 2);
  QStringList words{factOrigin(fact), factLast(fact, m_now)};
  words.removeAll({});
  paintText(painter, line.adjusted(0, 0, -kBar - 10, 0), forcedLeftToRight(words.join(QStringLiteral(" · "))),
            m_theme, FontRole::Caption, Token::Text3);
}

}  // namespace aiops::ui
