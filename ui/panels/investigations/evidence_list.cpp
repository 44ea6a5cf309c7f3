// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/evidence_list.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "models/display.h"
#include "models/shown_text.h"
#include "theme/icon.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kRow = 46;

}  // namespace

EvidenceList::EvidenceList(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_list(new RowList(theme, std::bind_front(&EvidenceList::paintRow, this), this)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_list);
  m_list->setAccessibleName(tr("Evidence"));
  m_list->setOpensOnClick(true);
  connect(m_list, &RowList::opened, this, &EvidenceList::open);
}

void EvidenceList::add(const std::vector<model::Citation>& citations, bool against) {
  for (const auto& citation : citations) m_rows.push_back({citation, against});
}

void EvidenceList::setHypothesis(const model::Hypothesis* hypothesis) {
  m_rows.clear();
  if (hypothesis) {
    add(hypothesis->evidenceFor, false);
    add(hypothesis->evidenceAgainst, true);
  }
  showRows();
}

void EvidenceList::setCitations(const std::vector<model::Citation>& citations) {
  m_rows.clear();
  add(citations, false);
  showRows();
}

void EvidenceList::showRows() {
  std::vector<RowInfo> infos;
  for (size_t i = 0; i < m_rows.size(); ++i) {
    const Row& row = m_rows[i];
    const QString text = QStringLiteral("%1, %2, %3: %4")
                             .arg(placeOf(row), reasonOf(row), clockText(row.citation.evidence.time),
                                  shownString(row.citation.evidence.text));
    infos.push_back(
        {QString::number(i) + u' ' + QString::fromStdString(row.citation.evidence.id), text, kRow});
  }
  m_list->setRows(std::move(infos));
}

QString EvidenceList::summary() const {
  const auto against =
      std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.against; });
  return tr("%1 for, %2 against").arg(static_cast<qsizetype>(m_rows.size()) - against).arg(against);
}

QString EvidenceList::readSummary() const {
  if (m_rows.empty()) return {};
  const auto read =
      std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return row.citation.verified; });
  if (read == static_cast<qsizetype>(m_rows.size())) return tr("all quotes re-read");
  return tr("%1 of %2 quotes re-read").arg(read).arg(m_rows.size());
}

void EvidenceList::open(const QString& id) {
  const auto index = id.section(u' ', 0, 0).toULongLong();
  if (index >= m_rows.size()) return;
  const auto& evidence = m_rows[index].citation.evidence;
  Q_EMIT openLogLine(QString::fromStdString(evidence.source), evidence.position.line);
}

QString EvidenceList::placeOf(const Row& row) {
  return baseName(row.citation.evidence.source) + u':' + QString::number(row.citation.evidence.position.line);
}

QString EvidenceList::reasonOf(const Row& row) const {
  const QString reason = shownString(row.citation.reason, 512);
  const QString against = row.against ? tr("speaks against it") : QString();
  const QString gone = row.citation.verified ? QString() : tr("could not be re-read; hash and quote kept");
  QStringList parts{against, gone, reason};
  parts.removeAll(QString());
  return parts.join(QStringLiteral("; "));
}

void EvidenceList::paintMark(QPainter& painter, const QRectF& box, const Row& row) const {
  if (!row.citation.verified) {
    return paintVerdict(painter, box, model::Verdict::Unverified, m_theme);
  }
  theme::Icon(row.against ? QStringLiteral("cross") : QStringLiteral("check"))
      .paint(painter, box, m_theme.color(row.against ? Token::Warn : Token::Ok), 14);
}

void EvidenceList::paintQuote(QPainter& painter, const QRectF& box, const Row& row) const {
  ShownText quote = shownText(row.citation.evidence.text, 500);
  painter.setFont(m_theme.font(FontRole::Mono));
  const QFontMetricsF metrics(painter.font());
  double x = box.left();
  int from = 0;
  const auto draw = [&](int last, Token ink) {
    const double room = box.right() - x;
    if (last <= from || room <= 0) return;
    const QString part = quote.text.mid(from, last - from);
    painter.setPen(m_theme.color(ink));
    painter.drawText(QRectF(x, box.top(), room, box.height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     metrics.elidedText(forcedLeftToRight(part), Qt::ElideRight, room));
    x += metrics.horizontalAdvance(part);
    from = last;
  };
  for (const auto& escape : quote.escapes) {
    draw(escape.first, Token::Text);
    draw(escape.last, Token::Warn);
  }
  draw(static_cast<int>(quote.text.size()), Token::Text);
}

void EvidenceList::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const Row& at = m_rows[static_cast<size_t>(row)];
  painter.setRenderHint(QPainter::Antialiasing);
  const bool marked = state.current && state.focused;
  if (state.hovered || marked) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(marked ? Token::Selected : Token::Hover));
    painter.drawRoundedRect(QRectF(box).adjusted(0, 1, 0, -1), 4, 4);
  }
  if (marked) paintFocus(painter, QRectF(box).adjusted(0, 1, 0, -1), m_theme, 4);
  if (row + 1 < static_cast<int>(m_rows.size())) {
    painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), m_theme.color(Token::Line));
  }
  const QRectF first(box.left() + 24, box.top() + 5, box.width() - 30, 18);
  paintMark(painter, QRectF(box.left() + 2, box.top() + 6, 16, 16), at);
  const QString time = clockText(at.citation.evidence.time);
  const double timeWidth = textWidth(time, m_theme, FontRole::Mono) + 2;
  paintText(painter, QRectF(first.right() - timeWidth, first.top(), timeWidth, 18), time, m_theme,
            FontRole::Mono, Token::Text3, Qt::AlignRight);
  const QString place = placeOf(at);
  const double placeWidth =
      std::min(textWidth(place, m_theme, FontRole::Mono) + 2, first.width() - timeWidth - 12);
  paintText(painter, QRectF(first.left(), first.top(), placeWidth, 18), place, m_theme, FontRole::Mono,
            Token::Accent);
  const QRectF reason(first.left() + placeWidth + 12, first.top(),
                      first.width() - placeWidth - timeWidth - 24, 18);
  paintText(painter, reason, forcedLeftToRight(reasonOf(at)), m_theme, FontRole::Secondary,
            at.citation.verified ? Token::Text2 : Token::Warn);
  paintQuote(painter, QRectF(first.left(), box.top() + 23, first.width(), 18), at);
}

}  // namespace aiops::ui
