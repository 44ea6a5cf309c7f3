// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/hypothesis_list.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "models/shown_text.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kRow = 56;
constexpr int kBar = 96;

}  // namespace

HypothesisList::HypothesisList(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_list(new RowList(theme, std::bind_front(&HypothesisList::paintRow, this), this)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_list);
  m_list->setAccessibleName(tr("Hypotheses"));
  connect(m_list, &RowList::currentIdChanged, this, &HypothesisList::currentChanged);
}

QString HypothesisList::idOf(const model::Hypothesis& hypothesis) {
  return QString::fromStdString(hypothesis.service + '/' + hypothesis.kind);
}

void HypothesisList::setDiagnosis(const model::Diagnosis& diagnosis, bool trackRecord) {
  m_hypotheses = diagnosis.hypotheses;
  m_trackRecord = trackRecord;
  std::vector<RowInfo> rows;
  for (const auto& hypothesis : m_hypotheses)
    rows.push_back({idOf(hypothesis), accessibleOf(hypothesis), kRow});
  m_list->setRows(std::move(rows));
  Q_EMIT currentChanged();
}

const model::Hypothesis* HypothesisList::current() const {
  const QString id = m_list->currentId();
  const auto found = std::find_if(m_hypotheses.begin(), m_hypotheses.end(),
                                  [&id](const auto& hypothesis) { return idOf(hypothesis) == id; });
  return found == m_hypotheses.end() ? nullptr : &*found;
}

QString HypothesisList::detailOf(const model::Hypothesis& hypothesis) const {
  const bool aside =
      hypothesis.verdict == model::Verdict::Rejected || hypothesis.verdict == model::Verdict::Unverified;
  if (aside && !hypothesis.note.empty()) return shownString(hypothesis.note, 512);
  return tr("%1 for, %2 against").arg(hypothesis.evidenceFor.size()).arg(hypothesis.evidenceAgainst.size());
}

QString HypothesisList::accessibleOf(const model::Hypothesis& hypothesis) const {
  const QString confidence = m_trackRecord ? percentText(hypothesis.confidence) : tr("no track record yet");
  return tr("%1: %2, %3, %4")
      .arg(verdictWord(hypothesis.verdict), shownString(hypothesis.statement), confidence,
           detailOf(hypothesis));
}

void HypothesisList::paintConfidence(QPainter& painter, const QRect& box,
                                     const model::Hypothesis& hypothesis) const {
  const QRectF track(box.right() - kBar, box.bottom() - 21, kBar, 5);
  const bool stands =
      hypothesis.verdict != model::Verdict::Rejected && hypothesis.verdict != model::Verdict::Unverified;
  painter.setPen(Qt::NoPen);
  painter.setBrush(m_theme.color(Token::Line));
  painter.drawRoundedRect(track, 2.5, 2.5);
  painter.setBrush(m_theme.color(stands ? verdictToken(hypothesis.verdict) : Token::Text3));
  QRectF filled = track;
  filled.setWidth(std::max(track.width() * std::clamp(hypothesis.confidence, 0.0, 1.0), 5.0));
  painter.drawRoundedRect(filled, 2.5, 2.5);
}

void HypothesisList::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const auto& hypothesis = m_hypotheses[static_cast<size_t>(row)];
  painter.setRenderHint(QPainter::Antialiasing);
  const QRectF ground = QRectF(box).adjusted(0, 1, 0, -1);
  if (state.current || state.hovered) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(state.current ? Token::Selected : Token::Hover));
    painter.drawRoundedRect(ground, theme::grid::kRadiusControl, theme::grid::kRadiusControl);
  } else if (row + 1 < static_cast<int>(m_hypotheses.size())) {
    painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), m_theme.color(Token::Line));
  }
  if (state.current && state.focused) paintFocus(painter, ground, m_theme, theme::grid::kRadiusControl);
  const QRect inner = box.adjusted(8, 0, -10, 0);
  paintVerdict(painter, QRectF(inner.left(), box.top() + 9, 16, 16), hypothesis.verdict, m_theme);
  const QString confidence = m_trackRecord ? percentText(hypothesis.confidence) : tr("no track record yet");
  const FontRole font = m_trackRecord ? FontRole::MonoStrong : FontRole::Caption;
  const double width = textWidth(confidence, m_theme, font) + 2;
  const double top = box.top() + 8;
  paintText(painter, QRectF(inner.right() - width, top, width, 18), confidence, m_theme, font,
            m_trackRecord ? Token::Text : Token::Text3, Qt::AlignRight);
  paintText(painter, QRectF(inner.left() + 24, top, inner.width() - 34 - width, 18),
            forcedLeftToRight(shownString(hypothesis.statement)), m_theme, FontRole::BodyStrong, Token::Text);
  const QString word = verdictWord(hypothesis.verdict);
  const double wordWidth = textWidth(word, m_theme, FontRole::Secondary) + 10;
  const QRectF second(inner.left() + 24, box.top() + 27, inner.width() - 24 - kBar - 10, 18);
  paintText(painter, second, word, m_theme, FontRole::Secondary, verdictToken(hypothesis.verdict));
  paintText(painter, second.adjusted(wordWidth, 0, 0, 0), forcedLeftToRight(detailOf(hypothesis)), m_theme,
            FontRole::Secondary, Token::Text2);
  paintConfidence(painter, inner, hypothesis);
}

}  // namespace aiops::ui
