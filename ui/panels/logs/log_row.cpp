// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/log_row.h"

#include <algorithm>

#include "models/display.h"
#include "models/log_fields.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::Token;

constexpr int kGutter = 3;
constexpr int kShapeBox = 16;
constexpr int kShapeLeft = 6;
constexpr int kColumnGap = 14;
constexpr int kMarkWidth = 3;
constexpr int kWidestService = 150;

struct Inks {
  Token words;
  Token fields;
};

Inks inksOf(model::Severity severity) {
  if (severity >= model::Severity::Warning) return {Token::Text, Token::Text2};
  return {Token::Text2, Token::Text3};
}

bool covers(const std::vector<TextSpan>& spans, int unit) {
  return std::any_of(spans.begin(), spans.end(),
                     [unit](const TextSpan& span) { return span.first <= unit && unit < span.last; });
}

void addBorders(std::vector<int>& borders, const std::vector<TextSpan>& spans) {
  for (const auto& span : spans) {
    borders.push_back(span.first);
    borders.push_back(span.last);
  }
}

}  // namespace

std::vector<LogRun> logRuns(const ShownText& message, const std::vector<TextSpan>& hits,
                            model::Severity severity) {
  const int size = static_cast<int>(message.text.size());
  const int fields = static_cast<int>(fieldsStart(message.text));
  const Inks inks = inksOf(severity);
  std::vector<int> borders{0, fields, size};
  addBorders(borders, message.escapes);
  addBorders(borders, hits);
  std::sort(borders.begin(), borders.end());
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  std::vector<LogRun> runs;
  for (size_t i = 0; i + 1 < borders.size(); ++i) {
    const int first = borders[i];
    LogRun run{first, borders[i + 1], first < fields ? inks.words : inks.fields, covers(hits, first)};
    if (covers(message.escapes, first)) run.ink = Token::Warn;
    if (run.hit) run.ink = Token::OnMatch;
    runs.push_back(run);
  }
  return runs;
}

LogRowPainter::LogRowPainter(QPainter& painter, const theme::Theme& theme, const LogModel& model,
                             const LogColumns& columns, bool withDate)
    : m_painter(painter),
      m_theme(theme),
      m_model(model),
      m_columns(columns),
      m_withDate(withDate),
      m_font(theme.font(theme::FontRole::Mono)),
      m_metrics(m_font),
      m_pitch(QFontInfo(m_font).fixedPitch() ? m_metrics.horizontalAdvance(u'0') : 0) {}

Token LogRowPainter::seriesToken(uint32_t service) {
  return static_cast<Token>(static_cast<uint32_t>(Token::Series1) + service % 6);
}

QString LogRowPainter::timeText(const LogBuffer::Entry& entry, bool withDate) {
  if (!entry.hasTime) return QStringLiteral("–");
  const bool whole = entry.time == std::chrono::floor<std::chrono::seconds>(entry.time);
  const QString clock = whole ? clockSecondsText(entry.time) : clockText(entry.time);
  return withDate ? dateText(entry.time) + u' ' + clock : clock;
}

LogColumns LogRowPainter::columnsFor(const theme::Theme& theme, const LogModel& model, bool withDate) {
  const QFontMetrics metrics(theme.font(theme::FontRole::Mono));
  int widest = metrics.horizontalAdvance(QStringLiteral("service"));
  for (const auto& name : model.buffer().services()) {
    widest = std::max(widest, metrics.horizontalAdvance(shownString(name, 64)));
  }
  LogColumns columns;
  columns.mark = columns.time + kColumnGap +
                 metrics.horizontalAdvance(withDate ? QStringLiteral("22 Nov 00:00:00.000")
                                                    : QStringLiteral("00:00:00.000"));
  columns.service = columns.mark + kMarkWidth + 6;
  columns.message = columns.service + std::min(widest, kWidestService) + kColumnGap;
  return columns;
}

void LogRowPainter::paint(uint64_t ordinal, const QRect& row, Look look) {
  const auto& entry = m_model.buffer().entry(ordinal);
  paintGround(entry, row, look);
  paintLead(entry, ordinal, row, look);
  paintMessage(ordinal, row.adjusted(m_columns.message, 0, -8, 0));
  if (look.current && look.focused) paintFocus(m_painter, QRectF(row), m_theme, 0);
}

void LogRowPainter::paintGround(const LogBuffer::Entry& entry, const QRect& row, Look look) {
  if (look.current) m_painter.fillRect(row, m_theme.color(Token::Selected));
  const QRect bar(row.left(), row.top(), kGutter, row.height());
  if (look.current) {
    m_painter.fillRect(bar, m_theme.color(Token::Accent));
  } else if (entry.severity >= model::Severity::Error) {
    m_painter.fillRect(bar.adjusted(0, 1, 0, -1), m_theme.color(severityGraph(entry.severity)));
  }
}

void LogRowPainter::paintLead(const LogBuffer::Entry& entry, uint64_t ordinal, const QRect& row, Look look) {
  paintSeverity(m_painter, QRectF(row.left() + kShapeLeft, row.top(), kShapeBox, row.height()),
                entry.severity, m_theme);
  m_painter.setFont(m_font);
  m_painter.setPen(m_theme.color(look.current ? Token::Text : Token::Text2));
  const auto cell = [&row](int left, int right) {
    return QRect(left, row.top(), right - left, row.height());
  };
  m_painter.drawText(cell(m_columns.time, m_columns.mark), Qt::AlignVCenter | Qt::AlignLeft,
                     timeText(entry, m_withDate));
  m_painter.fillRect(QRect(m_columns.mark, row.center().y() - 5, kMarkWidth, 11),
                     m_theme.color(seriesToken(entry.service)));
  const QString name = forcedLeftToRight(shownString(m_model.buffer().service(ordinal), 64));
  const double width = m_columns.message - kColumnGap - m_columns.service;
  m_painter.drawText(cell(m_columns.service, m_columns.message - kColumnGap + 1),
                     Qt::AlignVCenter | Qt::AlignLeft, m_metrics.elidedText(name, Qt::ElideRight, width + 1));
}

double LogRowPainter::widthOf(const QString& text, bool ascii) const {
  return ascii && m_pitch > 0 ? m_pitch * static_cast<double>(text.size())
                              : m_metrics.horizontalAdvance(text);
}

int LogRowPainter::fittingUnits(const QString& text, double width, bool ascii) const {
  const double room = width - m_metrics.horizontalAdvance(u'…');
  if (ascii && m_pitch > 0) {
    const auto all = static_cast<int>(text.size());
    return all * m_pitch <= width ? all : std::max(0, static_cast<int>(room / m_pitch));
  }
  const int most = static_cast<int>(width / std::max(m_metrics.horizontalAdvance(u'0'), 1.0)) + 8;
  const QString head = text.left(most);
  if (head.size() == text.size() && m_metrics.horizontalAdvance(head) <= width)
    return static_cast<int>(text.size());
  int units = static_cast<int>(head.size());
  while (units > 0 && m_metrics.horizontalAdvance(head.left(units)) > room) --units;
  return units;
}

void LogRowPainter::paintMessage(uint64_t ordinal, const QRect& box) {
  if (box.width() <= 0) return;
  const auto& entry = m_model.buffer().entry(ordinal);
  const auto raw = m_model.buffer().message(ordinal);
  const ShownText message =
      entry.plain ? ShownText{QString::fromLatin1(raw.data(), static_cast<qsizetype>(raw.size())), {}}
                  : shownText(raw);
  std::vector<TextSpan> hits;
  if (!m_model.filter().empty()) {
    const std::string bytes = message.text.toStdString();
    hits = toUtf16(bytes, m_model.filter().hits(bytes));
  }
  paintRuns(message.text, logRuns(message, hits, entry.severity), box, entry.plain);
}

void LogRowPainter::paintRuns(const QString& text, const std::vector<LogRun>& runs, const QRect& box,
                              bool ascii) {
  const int shownUnits = fittingUnits(text, box.width(), ascii);
  const double base = box.top() + (box.height() + m_metrics.ascent() - m_metrics.descent()) / 2;
  double x = box.left();
  const auto draw = [this, &box, &x, base](const QString& part, Token ink, bool hit, bool plain) {
    const double width = widthOf(part, plain);
    if (hit)
      m_painter.fillRect(QRectF(x, box.top() + 3, width, box.height() - 6), m_theme.color(Token::Match));
    m_painter.setPen(m_theme.color(ink));
    m_painter.drawText(QPointF(x, base), plain ? part : forcedLeftToRight(part));
    x += width;
  };
  Token last = Token::Text2;
  for (const auto& run : runs) {
    if (run.first >= shownUnits) break;
    last = run.ink;
    draw(text.mid(run.first, std::min(run.last, shownUnits) - run.first), run.ink, run.hit, ascii);
  }
  if (shownUnits < text.size())
    draw(QStringLiteral("…"), last == Token::OnMatch ? Token::Text2 : last, false, false);
}

}  // namespace aiops::ui
