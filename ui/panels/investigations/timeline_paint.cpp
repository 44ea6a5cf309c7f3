// How the timeline is painted.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "models/display.h"
#include "models/shown_text.h"
#include "panels/investigations/timeline_metrics.h"
#include "panels/investigations/timeline_view.h"
#include "theme/icon.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

bool isCause(const service::TimelineLane& lane) {
  return lane.role == "root cause";
}

Token roleToken(const service::TimelineLane& lane) {
  if (isCause(lane)) return Token::Crit;
  if (lane.role == "failing") return Token::Error;
  return lane.role == "degraded" ? Token::Warn : Token::Text3;
}

Token barToken(const service::TimelineLane& lane) {
  return isCause(lane) || lane.role == "failing" ? Token::GraphError : Token::GraphWarn;
}

QString spanText(ActionSpan::Kind kind) {
  switch (kind) {
    case ActionSpan::Kind::Waiting:
      return TimelineView::tr("waits for approval");
    case ActionSpan::Kind::Running:
      return TimelineView::tr("running");
    case ActionSpan::Kind::Validating:
      return TimelineView::tr("checking");
    case ActionSpan::Kind::Undoing:
      return TimelineView::tr("being undone");
  }
  return {};
}

struct SpanLook {
  Token fill, edge, ink;
};

SpanLook lookOf(ActionSpan::Kind kind) {
  switch (kind) {
    case ActionSpan::Kind::Waiting:
      return {Token::AttnTint, Token::Attn, Token::Attn};
    case ActionSpan::Kind::Running:
      return {Token::Selected, Token::Accent, Token::Text};
    case ActionSpan::Kind::Validating:
      return {Token::InfoTint, Token::Info, Token::Info};
    case ActionSpan::Kind::Undoing:
      return {Token::WarnTint, Token::Warn, Token::Warn};
  }
  return {Token::Raised, Token::LineStrong, Token::Text};
}

// Mark of an action: done things are discs, refusals and failures carry their own icon.
void paintAct(QPainter& painter, const QPointF& middle, const std::string& kind, const theme::Theme& theme) {
  const QRectF box(middle.x() - 7, middle.y() - 7, 14, 14);
  if (kind == "undone" || kind == "rolled_back" || kind == "rolling_back") {
    return theme::Icon(QStringLiteral("undo")).paint(painter, box, theme.color(Token::Warn), 13);
  }
  if (kind == "rejected" || kind == "expired" || kind == "stale" || kind == "rollback_failed" ||
      kind == "needs_human" || kind == "no_fix") {
    return theme::Icon(QStringLiteral("cross")).paint(painter, box, theme.color(Token::Text2), 13);
  }
  if (kind == "approved" || kind == "advice") {
    return theme::Icon(QStringLiteral("person")).paint(painter, box, theme.color(Token::Text2), 13);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme.color(Token::Accent));
  painter.drawEllipse(middle, 4, 4);
}

/// Of the whole host where no service is named.
std::string sentenceOf(const model::TimelineEntry& change) {
  return change.service.empty() ? change.text : change.service + " " + change.text;
}

}  // namespace

void TimelineView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintAxis(painter);
  for (const Row& row : m_rows) paintRow(painter, row);
  paintCauseLine(painter);
  paintCursor(painter);
}

void TimelineView::paintAxis(QPainter& painter) const {
  const int bottom = m_rows.empty() ? height() : m_rows.back().box.bottom();
  for (const auto tick : m_scale.ticks(150)) {
    const double x = std::round(m_scale.xOf(tick)) + 0.5;
    painter.setPen(QPen(color(Token::Line), 1));
    painter.drawLine(QPointF(x, kAxisHeight - 4), QPointF(x, bottom));
    if (x + 60 > width()) continue;
    paintText(painter, QRectF(x, 0, 90, kAxisHeight - 4), clockSecondsText(tick), theme(), FontRole::Mono,
              Token::Text3);
  }
}

void TimelineView::paintRow(QPainter& painter, const Row& row) const {
  painter.setPen(QPen(color(Token::Line), 1));
  painter.drawLine(QPointF(0, row.box.top() + 0.5), QPointF(width() - kRightMargin, row.box.top() + 0.5));
  const QRectF label = QRectF(row.box).adjusted(8, 0, 0, 0);
  switch (row.kind) {
    case Row::Kind::Lane:
      return paintLane(painter, row);
    case Row::Kind::Folded:
      return paintText(painter, label, foldedText(), theme(), FontRole::Secondary, Token::Text3);
    case Row::Kind::Changes:
      paintText(painter, label, tr("Changes"), theme(), FontRole::Secondary, Token::Text2);
      return paintChanges(painter, row.box);
    case Row::Kind::Actions:
      paintText(painter, label, tr("Actions"), theme(), FontRole::Secondary, Token::Text2);
      return paintActions(painter, row.box);
  }
}

void TimelineView::paintLane(QPainter& painter, const Row& row) const {
  const auto& lane = m_data.timeline.lanes[row.lane];
  paintLabel(painter, row.box, lane);
  painter.save();
  painter.setClipRect(
      QRectF(m_scale.left(), row.box.top(), m_scale.right() - m_scale.left(), row.box.height()));
  const auto silence = silenceOf(lane, m_data.timeline, m_until);
  if (silence) paintSilence(painter, row.box, *silence);
  paintBars(painter, row.box, lane);
  painter.restore();
  paintFirstSign(painter, row.box, lane);
}

void TimelineView::paintLabel(QPainter& painter, const QRect& box, const service::TimelineLane& lane) const {
  const QRectF cell(box.left(), box.top() + 1, kLabelWidth - 6, box.height() - 1);
  if (isCause(lane)) painter.fillRect(cell, color(Token::CritTint));
  const QRectF text = cell.adjusted(8, 0, -4, 0);
  const double middle = cell.center().y();
  paintText(painter, QRectF(text.left(), middle - 14, text.width(), 15), shownString(lane.service, 64),
            theme(), FontRole::BodyStrong, Token::Text);
  paintText(painter, QRectF(text.left(), middle, text.width(), 13), shownString(lane.role, 64), theme(),
            FontRole::Caption, roleToken(lane));
}

void TimelineView::paintBars(QPainter& painter, const QRect& box, const service::TimelineLane& lane) const {
  const auto& timeline = m_data.timeline;
  const uint32_t most = lane.all.empty() ? 0 : *std::max_element(lane.all.begin(), lane.all.end());
  if (most == 0) return;
  const std::chrono::seconds bucket(std::max(timeline.bucketSeconds, 1U));
  const double room = box.height() - 10;
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (size_t i = 0; i < lane.all.size(); ++i) {
    if (lane.all[i] == 0) continue;
    const double left = std::round(m_scale.xOf(timeline.from + i * bucket));
    const double right = std::round(m_scale.xOf(timeline.from + (i + 1) * bucket));
    const double width = std::max(right - left - (right - left > 3 ? 1 : 0), 1.0);
    const auto bar = [&](uint32_t count, Token token) {
      if (count == 0) return;
      const double height = std::max(room * count / most, 2.0);
      painter.fillRect(QRectF(left, box.bottom() - height, width, height), color(token));
    };
    bar(lane.all[i], Token::Bar);
    if (i < lane.warnings.size()) bar(lane.warnings[i], barToken(lane));
  }
  painter.setRenderHint(QPainter::Antialiasing);
}

void TimelineView::paintSilence(QPainter& painter, const QRect& box, const Silence& silence) const {
  const QRectF area(m_scale.xOf(silence.from), box.top() + 4,
                    m_scale.xOf(silence.to) - m_scale.xOf(silence.from), box.height() - 6);
  painter.fillRect(area, QBrush(color(Token::LineStrong), Qt::BDiagPattern));
  const QString text = tr("silent since %1").arg(clockSecondsText(silence.from));
  const double width = textWidth(text, theme(), FontRole::Secondary) + 16;
  if (width > area.width() - 16) return;
  const QRectF plate(area.right() - width - 24, area.center().y() - 9, width, 18);
  painter.fillRect(plate, color(Token::Panel));
  paintText(painter, plate.adjusted(8, 0, 0, 0), text, theme(), FontRole::Secondary, Token::Text2);
}

void TimelineView::paintFirstSign(QPainter& painter, const QRect& box,
                                  const service::TimelineLane& lane) const {
  if (!lane.firstSign || !m_scale.shows(*lane.firstSign)) return;
  const double x = m_scale.xOf(*lane.firstSign);
  const double y = box.top() + 12;
  const auto severity = isCause(lane) ? std::max(severityOf(lane), model::Severity::Error) : severityOf(lane);
  QString text = isCause(lane) ? QString() : delayText(*lane.firstSign - m_data.incident.startedAt);
  if (isCause(lane)) text = shownString(lane.firstSignText, 200);
  const FontRole font = isCause(lane) ? FontRole::Secondary : FontRole::Mono;
  const double room = m_scale.right() - x - 14;
  const double width = std::min(textWidth(text, theme(), font) + 8, room);
  if (!text.isEmpty() && room > 40) {
    const QRectF plate(x + 9, y - 8, width, 16);
    QColor ground = color(Token::Panel);
    painter.fillRect(plate, ground);
    paintText(painter, plate.adjusted(3, 0, -2, 0), text, theme(), font,
              isCause(lane) ? Token::Crit : Token::Text);
  }
  paintSeverity(painter, QRectF(x - 8, y - 8, 16, 16), severity, theme());
}

/// Each is named as far as there is room before the next one.
void TimelineView::paintChanges(QPainter& painter, const QRect& box) const {
  std::vector<const model::TimelineEntry*> shown;
  for (const auto& entry : m_data.timeline.entries) {
    if (isChange(entry) && m_scale.shows(entry.at)) shown.push_back(&entry);
  }
  std::ranges::stable_sort(shown, {}, &model::TimelineEntry::at);
  for (size_t i = 0; i < shown.size(); ++i) {
    const double x = m_scale.xOf(shown[i]->at);
    const double end = i + 1 < shown.size() ? m_scale.xOf(shown[i + 1]->at) - 6 : m_scale.right();
    theme::Icon(QStringLiteral("flag"))
        .paint(painter, QRectF(x - 2, box.top(), 16, box.height()), color(Token::Crit), 14);
    if (end - x < 58) continue;
    paintText(painter, QRectF(x + 18, box.top(), end - x - 18, box.height()),
              shownString(sentenceOf(*shown[i])), theme(), FontRole::BodyStrong, Token::Text);
  }
}

void TimelineView::paintSpan(QPainter& painter, const QRect& box, const ActionSpan& span) const {
  const double left = std::max(m_scale.xOf(span.from), m_scale.left());
  const double right = std::min(m_scale.xOf(span.to), m_scale.right());
  if (right <= left || span.to < m_scale.from() || span.from > m_scale.to()) return;
  const SpanLook look = lookOf(span.kind);
  const QRectF area(left, box.bottom() - 21, std::max(right - left, 4.0), 18);
  const Qt::PenStyle line = span.kind == ActionSpan::Kind::Waiting ? Qt::DashLine : Qt::SolidLine;
  painter.setPen(QPen(color(look.edge), 1, line));
  painter.setBrush(color(look.fill));
  painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  const QString text = spanText(span.kind);
  if (textWidth(text, theme(), FontRole::Caption) + 12 > area.width()) return;
  paintText(painter, area.adjusted(8, 0, -4, 0), text, theme(), FontRole::Caption, look.ink);
}

void TimelineView::paintActions(QPainter& painter, const QRect& box) const {
  for (const auto& span : m_spans) paintSpan(painter, box, span);
  const double y = box.top() + 13;
  const auto& entries = m_data.timeline.entries;
  double taken = m_scale.left();
  for (size_t i = 0; i < entries.size(); ++i) {
    if (!isAction(entries[i]) || !m_scale.shows(entries[i].at)) continue;
    const double x = m_scale.xOf(entries[i].at);
    // A mark that would cover the text before it stays without its own text, but is always seen.
    paintAct(painter, QPointF(std::min(x, m_scale.right() - 6), y), entries[i].kind, theme());
    double next = m_scale.right();
    for (size_t j = i + 1; j < entries.size(); ++j) {
      if (isAction(entries[j]) && m_scale.shows(entries[j].at)) {
        next = m_scale.xOf(entries[j].at) - 14;
        break;
      }
    }
    const QString text = shownString(entries[i].text, 200);
    const double room = next - x - 9;
    if (x < taken || room < std::min(textWidth(text, theme(), FontRole::Secondary), 64.0)) continue;
    paintText(painter, QRectF(x + 9, y - 9, room, 18), text, theme(), FontRole::Secondary, Token::Text2);
    taken = x + 9 + std::min(room, textWidth(text, theme(), FontRole::Secondary));
  }
}

void TimelineView::paintCauseLine(QPainter& painter) const {
  const auto& lanes = m_data.timeline.lanes;
  if (lanes.empty()) return;
  const auto started = isCause(lanes.front()) && lanes.front().firstSign ? *lanes.front().firstSign
                                                                         : m_data.incident.startedAt;
  if (m_scale.shows(started)) {
    const double x = m_scale.xOf(started);
    painter.setPen(QPen(color(Token::Crit), 1.5));
    for (const Row& row : m_rows) {
      // Interrupted where the shape of the cause stands.
      const bool shape = row.kind == Row::Kind::Lane && row.lane == 0;
      if (row.kind == Row::Kind::Actions) continue;
      painter.drawLine(QPointF(x, row.box.top() + (shape ? 21 : 0)), QPointF(x, row.box.bottom() + 1));
    }
    painter.drawLine(QPointF(x, kAxisHeight - 4), QPointF(x, kAxisHeight));
  }
  if (!model::isClosed(m_data.incident.state) && m_scale.shows(m_until)) {
    const double now = m_scale.xOf(m_until);
    painter.setPen(QPen(color(Token::Accent), 1));
    painter.drawLine(QPointF(now, kAxisHeight - 4), QPointF(now, m_rows.back().box.bottom()));
  }
}

void TimelineView::paintCursor(QPainter& painter) const {
  if (m_cursorX < m_scale.left() || m_cursorX > m_scale.right()) return;
  painter.setPen(QPen(color(Token::Text3), 1, Qt::DotLine));
  painter.drawLine(QPointF(m_cursorX + 0.5, kAxisHeight - 4), QPointF(m_cursorX + 0.5, height()));
}

}  // namespace aiops::ui
