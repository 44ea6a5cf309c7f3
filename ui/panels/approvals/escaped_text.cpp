// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/escaped_text.h"

#include <QFontMetricsF>
#include <algorithm>

#include "widgets/text.h"

namespace aiops::ui {

namespace {

constexpr QChar kOpen(0x27E6), kClose(0x27E7);
constexpr size_t kMostBytes = 64 << 10;

QString marked(const char* name) {
  return kOpen + QString::fromLatin1(name) + kClose;
}

}  // namespace

QString exact(std::string_view foreign, bool blanks) {
  QString result;
  while (true) {
    const size_t tab = foreign.find('\t');
    QString piece = safe(foreign.substr(0, tab), kMostBytes);
    // Escapes contain no blank, but for "cut, N bytes", which is the program's own.
    if (blanks) piece.replace(QLatin1Char(' '), marked("space"));
    result += piece;
    if (tab == std::string_view::npos) return result;
    result += marked("TAB");
    foreign.remove_prefix(tab + 1);
  }
}

QString exactArgument(std::string_view argument) {
  return argument.empty() ? marked("empty") : exact(argument, true);
}

QStringList brokenTo(const QString& text, int columns) {
  QStringList pieces;
  const int width = std::max(8, columns);
  for (qsizetype at = 0; at < text.size(); at += width) pieces << text.mid(at, width);
  if (pieces.isEmpty()) pieces << QString();
  return pieces;
}

qreal monoWidth(const theme::Theme& theme) {
  return QFontMetricsF(theme.font(theme::FontRole::Mono)).horizontalAdvance(QLatin1Char('M'));
}

void paintEscaped(QPainter& painter, const QPointF& at, const QString& text, const theme::Theme& theme,
                  theme::Token colour, theme::FontRole role) {
  painter.setFont(theme.font(role));
  const QFontMetricsF metrics(theme.font(role));
  qreal x = at.x();
  for (qsizetype from = 0; from < text.size();) {
    const bool escape = text[from] == kOpen;
    const qsizetype close = escape ? text.indexOf(kClose, from) : text.indexOf(kOpen, from);
    const qsizetype to = close < 0 ? text.size() : close + (escape ? 1 : 0);
    const QString run = text.mid(from, to - from);
    painter.setPen(theme.color(escape ? theme::Token::Warn : colour));
    painter.drawText(QPointF(x, at.y()), run);
    x += metrics.horizontalAdvance(run);
    from = to;
  }
}

}  // namespace aiops::ui
