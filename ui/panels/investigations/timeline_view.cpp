// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/timeline_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "models/display.h"
#include "models/shown_text.h"
#include "panels/investigations/timeline_metrics.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

constexpr auto kLeastSpan = std::chrono::seconds(2);

bool isUnaffected(const service::TimelineLane& lane) {
  return lane.role == "unaffected";
}

}  // namespace

TimelineView::TimelineView(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  installAccessibleRows();
  setAccessibleName(tr("Timeline"));
  setMouseTracking(true);
  setFocusPolicy(Qt::ClickFocus);
}

void TimelineView::setInvestigation(const service::Investigation& investigation, base::TimePoint now) {
  const bool another = m_data.incident.id != investigation.incident.id;
  const bool whole = m_scale.from() <= m_data.timeline.from && m_scale.to() >= m_data.timeline.to;
  m_data = investigation;
  m_until = std::min(now, end());
  m_spans = actionSpans(m_data.timeline.entries, m_data.incident.state, m_until);
  arrange();
  if (another || whole) fit();
  update();
}

void TimelineView::arrange() {
  m_rows.clear();
  const auto& timeline = m_data.timeline;
  const auto shown = std::count_if(timeline.lanes.begin(), timeline.lanes.end(),
                                   [](const auto& lane) { return !isUnaffected(lane); });
  const bool changes = std::any_of(timeline.entries.begin(), timeline.entries.end(), isChange);
  const bool folded = shown < static_cast<qsizetype>(timeline.lanes.size());
  const int fixed =
      kAxisHeight + (changes ? kChangesHeight : 0) + (folded ? kFoldedHeight : 0) + kActionsHeight;
  const int lane =
      std::clamp((height() - fixed) / std::max(static_cast<int>(shown), 1), kLeastLane, kTallestLane);
  int top = kAxisHeight;
  const auto add = [this, &top](Row::Kind kind, size_t index, int height) {
    m_rows.push_back({kind, index, QRect(0, top, width(), height)});
    top += height;
  };
  if (changes) add(Row::Kind::Changes, 0, kChangesHeight);
  for (size_t i = 0; i < timeline.lanes.size(); ++i) {
    if (!isUnaffected(timeline.lanes[i])) add(Row::Kind::Lane, i, lane);
  }
  if (folded) add(Row::Kind::Folded, 0, kFoldedHeight);
  add(Row::Kind::Actions, 0, kActionsHeight);
  updateGeometry();
}

QSize TimelineView::minimumSizeHint() const {
  int height = 0;
  for (const Row& row : m_rows) height += row.kind == Row::Kind::Lane ? kLeastLane : row.box.height();
  return {400, kAxisHeight + height};
}

void TimelineView::resizeEvent(QResizeEvent*) {
  arrange();
  m_scale = m_scale.withPixels(kLabelWidth, width() - kLabelWidth - kRightMargin);
}

void TimelineView::setScale(const TimeScale& scale) {
  m_scale = scale;
  update();
  Q_EMIT rangeChanged();
}

void TimelineView::fit() {
  setScale(TimeScale(m_data.timeline.from, end(), kLabelWidth, width() - kLabelWidth - kRightMargin));
}

void TimelineView::zoom(double factor) {
  // Without a pointer in the chart, the beginning of the failure is what one wants to see closer.
  const auto anchor = m_cursorX >= kLabelWidth ? m_scale.at(m_cursorX) : m_data.incident.startedAt;
  setScale(m_scale.zoomed(factor, anchor, m_data.timeline.from, end(), kLeastSpan));
}

void TimelineView::pan(double share) {
  setScale(m_scale.panned(share, m_data.timeline.from, end()));
}

QString TimelineView::rangeText() const {
  return tr("%1 to %2").arg(clockSecondsText(m_scale.from()), clockSecondsText(m_scale.to()));
}

model::Severity TimelineView::severityOf(const service::TimelineLane& lane) const {
  auto worst = model::Severity::Debug;
  for (const auto& event : m_data.events) {
    if (event.service == lane.service) worst = std::max(worst, event.severity);
  }
  return worst == model::Severity::Debug ? model::Severity::Error : worst;
}

QString TimelineView::laneText(const service::TimelineLane& lane) const {
  uint64_t all = 0;
  uint64_t warnings = 0;
  for (const auto count : lane.all) all += count;
  for (const auto count : lane.warnings) warnings += count;
  QString text = tr("%1, %2: %3 lines, %4 of warning and above")
                     .arg(shownString(lane.service, 64), shownString(lane.role, 64),
                          countText(static_cast<qint64>(all)), countText(static_cast<qint64>(warnings)));
  if (lane.firstSign) {
    text += tr(", first sign %1 (%2)")
                .arg(clockText(*lane.firstSign), delayText(*lane.firstSign - m_data.incident.startedAt));
  }
  return lane.firstSignText.empty() || lane.firstSignText.starts_with('+')
             ? text
             : text + QStringLiteral(": ") + shownString(lane.firstSignText);
}

QString TimelineView::foldedText() const {
  QStringList names;
  for (const auto& lane : m_data.timeline.lanes) {
    if (isUnaffected(lane)) names += shownString(lane.service, 64);
  }
  return tr("No sign in %1").arg(names.join(QStringLiteral(", ")));
}

// Lanes first, then the changes and actions in order of happening.
int TimelineView::accessibleRowCount() const {
  return static_cast<int>(m_data.timeline.lanes.size() + m_data.timeline.entries.size());
}

QString TimelineView::accessibleRowText(int row) const {
  const auto& timeline = m_data.timeline;
  const auto index = static_cast<size_t>(row);
  if (index < timeline.lanes.size()) return laneText(timeline.lanes[index]);
  const auto& entry = timeline.entries[index - timeline.lanes.size()];
  return QStringLiteral("%1 %2: %3")
      .arg(clockText(entry.at), shownString(entry.kind, 64), shownString(entry.text));
}

QRect TimelineView::accessibleRowRect(int row) const {
  const auto lanes = m_data.timeline.lanes.size();
  for (const Row& at : m_rows) {
    const bool same = static_cast<size_t>(row) < lanes
                          ? at.kind == Row::Kind::Lane && at.lane == static_cast<size_t>(row)
                          : at.kind == Row::Kind::Actions;
    if (same) return at.box;
  }
  return {};
}

QString TimelineView::readOutAt(const QPoint& point) const {
  if (point.x() < kLabelWidth || point.x() > width() - kRightMargin) return {};
  const auto time = m_scale.at(point.x());
  const auto& timeline = m_data.timeline;
  for (const Row& row : m_rows) {
    if (row.kind != Row::Kind::Lane || !row.box.contains(point) || time < timeline.from) continue;
    const auto& lane = timeline.lanes[row.lane];
    const auto bucket = static_cast<size_t>((time - timeline.from) /
                                            std::chrono::seconds(std::max(timeline.bucketSeconds, 1U)));
    if (bucket >= lane.all.size()) break;
    const auto warnings = bucket < lane.warnings.size() ? lane.warnings[bucket] : 0;
    return tr("%1  %2: %3 lines, %4 of warning and above")
        .arg(clockSecondsText(timeline.from + bucket * std::chrono::seconds(timeline.bucketSeconds)),
             shownString(lane.service, 64), countText(lane.all[bucket]), countText(warnings));
  }
  return clockText(time);
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
  m_cursorX = event->pos().x();
  Q_EMIT readOut(readOutAt(event->pos()));
  update();
}

void TimelineView::leaveEvent(QEvent*) {
  m_cursorX = -1;
  Q_EMIT readOut({});
  update();
}

void TimelineView::wheelEvent(QWheelEvent* event) {
  if (event->modifiers().testFlag(Qt::ControlModifier)) {
    zoom(event->angleDelta().y() > 0 ? 1.25 : 0.8);
  } else {
    event->ignore();
  }
}

}  // namespace aiops::ui
