// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/queue_view.h"

#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kGroupName = 34, kWaitingRow = 70, kOtherRow = 44, kFoot = 40;
constexpr size_t kMostDecided = 30;

std::chrono::milliseconds timeLeft(const model::FixProposal& fix) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(fix.expiresAt - base::SystemClock().now());
}

base::TimePoint lastChange(const model::FixProposal& fix) {
  if (fix.execution.endedAt) return *fix.execution.endedAt;
  if (!fix.decisions.empty()) return fix.decisions.back().at;
  return fix.state == model::FixState::Expired ? fix.expiresAt : fix.proposedAt;
}

}  // namespace

QueueView::QueueView(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_bridge(bridge) {
  m_list = new RowList(theme, std::bind_front(&QueueView::paintRow, this), this);
  m_list->setAccessibleName(tr("Decisions"));
  setFocusProxy(m_list);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 4, 1, kFoot);
  layout->addWidget(m_list);
  connect(&m_tick, &QTimer::timeout, m_list->viewport(), qOverload<>(&QWidget::update));
  m_tick.start(1000);
}

void QueueView::add(Group group, const model::FixProposal& fix) {
  const bool first = m_rows.empty() || m_rows.back().group != group;
  m_rows.push_back({&fix, group, first});
}

void QueueView::refresh() {
  m_rows.clear();
  for (const auto* fix : m_bridge.waiting()) add(Group::Waiting, *fix);
  for (const auto& fix : m_bridge.fixes()) {
    if (fix.state != model::FixState::Proposed && !model::isFinal(fix.state)) add(Group::Running, fix);
  }
  size_t decided = 0;
  for (const auto& fix : m_bridge.fixes()) {
    if (model::isFinal(fix.state) && decided++ < kMostDecided) add(Group::Decided, fix);
  }
  std::vector<RowInfo> rows;
  for (const auto& row : m_rows) {
    const int height = (row.group == Group::Waiting ? kWaitingRow : kOtherRow) + (row.first ? kGroupName : 0);
    rows.push_back(
        {QString::fromStdString(row.fix->id.str()),
         tr("%1, %2, %3")
             .arg(safeLine(row.fix->title), riskWord(row.fix->plan.risk), fixStateWord(row.fix->state)),
         height});
  }
  m_list->setRows(std::move(rows));
  update();
}

void QueueView::paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  if (row >= static_cast<int>(m_rows.size())) return;
  const Row& item = m_rows[static_cast<size_t>(row)];
  QRectF box(rect);
  if (item.first) {
    const QRectF name(box.left() + 14, box.top() + 8, box.width() - 24, 20);
    const QString word = item.group == Group::Waiting   ? tr("Waiting for you")
                         : item.group == Group::Running ? tr("Running")
                                                        : tr("Decided");
    paintText(painter, name, word, theme(), FontRole::BodyStrong, Token::Text);
    if (item.group == Group::Waiting) {
      paintText(painter, name, tr("by urgency"), theme(), FontRole::Secondary, Token::Text3, Qt::AlignRight);
    }
    box.setTop(box.top() + kGroupName);
  }
  if (item.group == Group::Waiting) {
    paintWaiting(painter, box, *item.fix, state);
  } else {
    paintOther(painter, box, *item.fix, state);
  }
}

void QueueView::paintWaiting(QPainter& painter, const QRectF& outer, const model::FixProposal& fix,
                             const RowState& state) const {
  const QRectF box = outer.adjusted(6, 0, -6, -6);
  paintBox(painter, box,
           color(state.current   ? Token::AttnTint
                 : state.hovered ? Token::Hover
                                 : Token::Raised),
           color(state.current ? Token::Attn : Token::Line), theme::grid::kRadiusControl);
  if (state.current)
    painter.fillRect(QRectF(box.left(), box.top() + 2, 3, box.height() - 4), color(Token::Attn));
  const QRectF line(box.left() + 13, box.top() + 6, box.width() - 23, 18);
  paintText(painter, line, safeLine(fix.title), theme(), FontRole::BodyStrong, Token::Text);
  const auto* summary = m_bridge.incident(fix.incident.str());
  const QString place =
      (summary ? incidentName(summary->incident.number) + QStringLiteral(", ") : QString()) +
      safeLine(fix.plan.target);
  paintText(painter, line.translated(0, 17), place, theme(), FontRole::Secondary, Token::Text2);
  const QRectF foot = line.translated(0, 35);
  paintRisk(painter, QRectF(foot.left(), foot.top(), 14, foot.height()), fix.plan.risk, theme());
  paintText(painter, foot.adjusted(20, 0, -60, 0), riskWord(fix.plan.risk), theme(), FontRole::Secondary,
            riskToken(fix.plan.risk));
  paintText(painter, foot, timeLeftText(timeLeft(fix)), theme(), FontRole::Mono, Token::Text2,
            Qt::AlignRight);
  if (state.focused) paintFocus(painter, box, theme(), theme::grid::kRadiusControl);
}

void QueueView::paintOther(QPainter& painter, const QRectF& outer, const model::FixProposal& fix,
                           const RowState& state) const {
  const QRectF box = outer.adjusted(6, 0, -6, -2);
  if (state.current || state.hovered) {
    paintBox(painter, box, color(state.current ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusControl);
  }
  if (state.focused) paintFocus(painter, box, theme(), theme::grid::kRadiusControl);
  theme::Icon(fixStateIcon(fix.state))
      .paint(painter, QRectF(box.left() + 8, box.top() + 5, 16, 16), color(fixStateToken(fix.state)), 14);
  const QRectF line(box.left() + 32, box.top() + 4, box.width() - 40, 18);
  paintText(painter, line, safeLine(fix.title), theme(), FontRole::BodyStrong, Token::Text);
  const QString when = clockTimeOrDate(lastChange(fix), base::SystemClock().now());
  paintText(painter, line.translated(0, 17),
            QStringLiteral("%1, %2").arg(when, fixStateWord(fix.state).toLower()), theme(), FontRole::Caption,
            Token::Text3);
}

void QueueView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRectF(width() - 1, 0, 1, height()), color(Token::Line));
  if (m_rows.empty()) {
    paintText(painter, QRectF(14, 10, width() - 24, 20), tr("Nothing waits for you."), theme(),
              FontRole::Secondary, Token::Text3);
  }
  if (m_rows.size() < 2) return;
  qreal x = 14;
  for (const auto& [key, word] :
       {std::pair{QStringLiteral("J"), tr("next")}, std::pair{QStringLiteral("K"), tr("previous")}}) {
    const qreal middle = height() - kFoot / 2.0;
    paintKeyCap(painter, {x, middle}, key, color(Token::Text3), theme());
    x += keyCapWidth(key, theme()) + 7;
    paintText(painter, QRectF(x, middle - 9, 70, 18), word, theme(), FontRole::Caption, Token::Text3);
    x += textWidth(word, theme(), FontRole::Caption) + 14;
  }
}

}  // namespace aiops::ui
