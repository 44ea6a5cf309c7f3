// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/overview/needs_card.h"

#include <QHBoxLayout>
#include <algorithm>

#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kDecisionHeight = 92, kFaultHeight = 64, kGap = 8;

QString faultTitle(const Need& need) {
  if (!need.id.starts_with("source ")) return safeLine(need.title);
  return NeedsCard::tr("Source not readable: %1").arg(baseName(need.title));
}

QString faultSentence(const Need& need) {
  if (!need.id.starts_with("source ")) return safeLine(need.sentence);
  const QString service = need.remedy.empty() ? baseName(need.title) : safeLine(need.remedy);
  return NeedsCard::tr("%1. Patterns for %2 are blind until this is fixed.")
      .arg(safeLine(need.sentence), service);
}

QString leftText(const Need& need) {
  const auto left = need.expiresAt - base::SystemClock().now();
  return timeLeftText(std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

QString aloud(const Need& need) {
  if (need.kind == Need::Kind::Fault) return faultTitle(need) + QStringLiteral(". ") + faultSentence(need);
  return NeedsCard::tr("Decision: %1. %2. %3. %4 left, then rejected")
      .arg(safeLine(need.title), safeLine(need.sentence), riskWord(need.risk), leftText(need));
}

bool isUnattended(const service::InvestigationSummary& summary) {
  return !model::isClosed(summary.incident.state) && summary.incident.owner.empty();
}

}  // namespace

NeedsCard::NeedsCard(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Card(theme, tr("Needs you"), parent), m_bridge(bridge) {
  m_list = new RowList(theme, std::bind_front(&NeedsCard::paintRow, this), this);
  m_list->setAccessibleName(tr("Decisions and faults"));
  m_list->setOpensOnClick(true);
  m_footMark = new MarkLabel(theme, QStringLiteral("check"), Token::Ok, this);
  m_foot = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_foot->setElided(true);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(2, 6, 0, 4);
  foot->setSpacing(8);
  foot->addWidget(m_footMark);
  foot->addWidget(m_foot, 1);
  body()->setContentsMargins(0, 4, 0, 0);
  body()->addWidget(m_list, 1);
  body()->addLayout(foot);
  connect(m_list, &RowList::opened, this, [this](const QString& id) {
    if (m_bridge.fix(id.toStdString()) != nullptr) Q_EMIT openFix(id);
  });
  connect(&m_tick, &QTimer::timeout, this, &NeedsCard::refresh);
  m_tick.start(1000);
}

QString NeedsCard::footText() const {
  if (!m_bridge.hasStatus()) {
    return m_bridge.problem().empty() ? tr("Asking the engine.") : safeLine(m_bridge.problem());
  }
  const auto& sources = m_bridge.status().sources;
  const auto read = std::count_if(sources.begin(), sources.end(), [](const auto& s) { return s.readable; });
  const QString check =
      tr("Last check %1 s ago.").arg(std::max<qint64>(0, m_bridge.millisSinceStatus()) / 1000);
  if (!m_needs.empty()) return tr("Nothing else is waiting. %1").arg(check);
  const auto alone = std::ranges::count_if(m_bridge.incidents(), isUnattended);
  return tr("%1 %2 %3")
      .arg(alone == 0   ? tr("Nothing needs you.")
           : alone == 1 ? tr("Nothing to decide, but nobody has acknowledged 1 open incident.")
                        : tr("Nothing to decide, but nobody has acknowledged %1 open incidents.").arg(alone),
           sources.empty() ? tr("No source is watched yet.")
           : read == 1     ? tr("1 source read.")
                           : tr("%1 sources read.").arg(read),
           check);
}

void NeedsCard::refresh() {
  m_needs = needsOf(m_bridge, base::SystemClock().now());
  std::vector<RowInfo> rows;
  int decisions = 0;
  for (const auto& need : m_needs) {
    const bool decision = need.kind == Need::Kind::Decision;
    decisions += decision;
    rows.push_back({QString::fromStdString(need.id), aloud(need), decision ? kDecisionHeight : kFaultHeight});
  }
  const int faults = static_cast<int>(rows.size()) - decisions;
  QStringList caption;
  if (decisions > 0) caption << (decisions == 1 ? tr("1 decision") : tr("%1 decisions").arg(decisions));
  if (faults > 0) caption << (faults == 1 ? tr("1 fault of ours") : tr("%1 faults of ours").arg(faults));
  setCaption(caption.join(QStringLiteral(", ")));
  setTrailing(rows.size() > 1 ? tr("Ordered by urgency") : QString());
  m_list->setRows(std::move(rows));
  const bool well = m_bridge.hasStatus() && m_bridge.problem().empty() &&
                    (!m_needs.empty() || std::ranges::none_of(m_bridge.incidents(), isUnattended));
  m_footMark->setMark(well ? QStringLiteral("check") : QStringLiteral("warning"),
                      well ? Token::Ok : Token::Warn);
  m_foot->setText(footText());
}

void NeedsCard::paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  if (row >= static_cast<int>(m_needs.size())) return;
  const Need& need = m_needs[static_cast<size_t>(row)];
  const QRectF box = QRectF(rect).adjusted(0, 0, -1, -kGap);
  const bool decision = need.kind == Need::Kind::Decision;
  const bool violet = decision && state.current;
  const bool contrast = theme().scheme() == theme::Scheme::HighContrast;
  paintBox(painter, box,
           color(violet          ? Token::AttnTint
                 : state.hovered ? Token::Hover
                                 : Token::Raised),
           color(violet     ? Token::Attn
                 : contrast ? Token::LineStrong
                            : Token::Line),
           theme::grid::kRadiusCard);
  if (violet) painter.fillRect(QRectF(box.left(), box.top() + 2, 4, box.height() - 4), color(Token::Attn));
  if (decision) {
    paintDecision(painter, box, need, state.current);
  } else {
    paintFault(painter, box, need);
  }
  if (state.focused) paintFocus(painter, box, theme(), theme::grid::kRadiusCard);
}

void NeedsCard::paintReview(QPainter& painter, const QRectF& box, bool first) const {
  const QColor ink = color(first ? Token::OnAttn : Token::Text);
  paintBox(painter, box, color(first ? Token::AttnFill : Token::Raised),
           color(first ? Token::AttnFill : Token::LineStrong), theme::grid::kRadiusControl);
  const QString key = tr("Enter");
  const qreal text = textWidth(tr("Review"), theme(), FontRole::BodyStrong);
  if (!first) {
    return paintText(painter, box, tr("Review"), theme(), FontRole::BodyStrong, Token::Text, Qt::AlignCenter);
  }
  paintText(painter, QRectF(box.left() + 12, box.top(), text + 1, box.height()), tr("Review"), theme(),
            FontRole::BodyStrong, Token::OnAttn);
  paintKeyCap(painter, {box.left() + 12 + text + 8, box.center().y()}, key, ink, theme());
}

void NeedsCard::paintChips(QPainter& painter, const QRectF& box, const Need& need) const {
  qreal x = box.left();
  const auto add = [&](const Chip& chip) {
    if (x + chipWidth(chip, theme()) > box.right()) return;
    x += paintChip(painter, {x, box.top()}, chip, theme()) + 7;
  };
  if (need.incidentNumber > 0) add({incidentName(need.incidentNumber), Token::Text2});
  add(verdictChip(need.verdict, need.confidence, theme()));
  add(riskChip(need.risk, theme()));
  if (need.irreversible) {
    Chip chip{tr("No undo"), Token::Crit};
    chip.mark = [this](QPainter& p, const QRectF& r) {
      theme::Icon(QStringLiteral("undo-struck")).paint(p, r, color(Token::Crit), 14);
    };
    add(chip);
  }
}

void NeedsCard::paintDecision(QPainter& painter, const QRectF& box, const Need& need, bool first) const {
  const qreal left = box.left() + 40, rightWidth = 124;
  const QRectF right(box.right() - rightWidth - 14, box.top(), rightWidth, box.height());
  paintSeverity(painter, QRectF(box.left() + 14, box.top() + 14, 16, 18), need.severity, theme());
  const qreal textSpace = right.left() - left - 12;
  paintText(painter, QRectF(left, box.top() + 11, textSpace, 21), safeLine(need.title), theme(),
            FontRole::Title, Token::Text);
  paintText(painter, QRectF(left, box.top() + 33, textSpace, 18), safeLine(need.sentence), theme(),
            FontRole::Secondary, Token::Text2);
  paintChips(painter, QRectF(left, box.top() + 55, textSpace, 20), need);
  paintText(painter, QRectF(right.left(), box.top() + 9, rightWidth, 16), leftText(need), theme(),
            FontRole::MonoStrong, Token::Text, Qt::AlignRight);
  paintText(painter, QRectF(right.left(), box.top() + 25, rightWidth, 16), tr("then rejected"), theme(),
            FontRole::Caption, Token::Text3, Qt::AlignRight);
  const qreal width =
      first ? textWidth(tr("Review"), theme(), FontRole::BodyStrong) + keyCapWidth(tr("Enter"), theme()) + 32
            : textWidth(tr("Review"), theme(), FontRole::BodyStrong) + 24;
  paintReview(painter, QRectF(right.right() - width, box.bottom() - 38, width, 28), first);
}

void NeedsCard::paintFault(QPainter& painter, const QRectF& box, const Need& need) const {
  const qreal left = box.left() + 40;
  paintSeverity(painter, QRectF(box.left() + 14, box.top() + 10, 16, 18), need.severity, theme());
  const QRectF line(left, box.top() + 9, box.right() - left - 14, 19);
  paintText(painter, line, faultTitle(need), theme(), FontRole::BodyStrong, Token::Text);
  paintText(painter, line.translated(0, 20), faultSentence(need), theme(), FontRole::Secondary, Token::Text2);
}

}  // namespace aiops::ui
