// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/firstrun/found_list.h"

#include <QKeyEvent>
#include <QPainter>
#include <cmath>

#include "models/display.h"
#include "models/shown_text.h"
#include "theme/icon.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kRow = 31, kGroup = 28, kBox = 16, kBoxLeft = 16;

/// A path may hold any bytes: one unit a byte.
QString idOf(const std::string& path) {
  return QString::fromLatin1(path.data(), static_cast<qsizetype>(path.size()));
}

std::string pathOf(const QString& id) {
  return id.toLatin1().toStdString();
}

}  // namespace

QString rateText(double linesPerHour) {
  if (linesPerHour <= 0) return QStringLiteral("–");
  if (linesPerHour >= 3600) {
    const double rate = linesPerHour / 3600;
    return FoundList::tr("%1 a second").arg(QString::number(rate, 'f', rate < 10 ? 1 : 0));
  }
  if (linesPerHour >= 60) return FoundList::tr("%1 a minute").arg(QString::number(linesPerHour / 60, 'f', 0));
  return FoundList::tr("%1 an hour").arg(QString::number(std::max(1.0, std::round(linesPerHour)), 'f', 0));
}

QString sizeText(uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes < 1000) return FoundList::tr("%1 B").arg(bytes);
  if (bytes < 1'000'000) return FoundList::tr("%1 kB").arg(QString::number(size / 1e3, 'f', 0));
  if (bytes < 1'000'000'000) return FoundList::tr("%1 MB").arg(QString::number(size / 1e6, 'f', 1));
  return FoundList::tr("%1 GB").arg(QString::number(size / 1e9, 'f', 1));
}

FoundList::FoundList(const theme::Theme& theme, LogFinder& finder, QWidget* parent)
    : RowList(theme, std::bind_front(&FoundList::paintRow, this), parent), m_theme(theme), m_finder(finder) {
  setAccessibleName(tr("Logs found"));
  connect(this, &RowList::currentIdChanged, this,
          [this](const QString& id) { m_finder.showPreview(pathOf(id)); });
  connect(&finder, &LogFinder::changed, this, &FoundList::refresh);
}

FoundList::Columns FoundList::columnsFor(int width) {
  Columns columns;
  columns.end = width - 14;
  columns.size = columns.end - 70;
  columns.rate = columns.size - 104;
  columns.format = columns.rate - std::max(130, width / 5);
  return columns;
}

QString FoundList::groupAbove(size_t row) const {
  const auto group = [this](const model::FoundLog& log) {
    if (m_finder.isAdded(log.path)) return tr("Added");
    if (!log.readable) return tr("Not readable");
    return log.worthWatching ? tr("Written lately") : tr("Quiet, or not lines of text");
  };
  const auto& logs = m_finder.logs();
  const QString own = group(logs[row]);
  return row > 0 && group(logs[row - 1]) == own ? QString() : own;
}

void FoundList::refresh() {
  std::vector<RowInfo> rows;
  const auto& logs = m_finder.logs();
  for (size_t i = 0; i < logs.size(); ++i) {
    const auto& log = logs[i];
    const QString state = log.watched                ? tr("watched already")
                          : !m_finder.canChoose(log) ? tr("not readable: %1").arg(safeLine(log.problem, 200))
                          : m_finder.isChosen(log.path) ? tr("chosen")
                                                        : tr("not chosen");
    const QString words = tr("%1, %2, %3, %4, %5")
                              .arg(safeLine(log.path, 512), state, safeLine(log.format, 80),
                                   rateText(log.linesPerHour), sizeText(log.bytes));
    rows.push_back({idOf(log.path), words, groupAbove(i).isEmpty() ? kRow : kRow + kGroup});
  }
  setRows(std::move(rows));
  viewport()->update();
}

void FoundList::toggle(const QString& id) {
  const std::string path = pathOf(id);
  m_finder.choose(path, !m_finder.isChosen(path));
}

void FoundList::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space) return toggle(currentId());
  if (event->key() == Qt::Key_A && event->modifiers() == Qt::NoModifier) return m_finder.chooseAll();
  RowList::keyPressEvent(event);
}

void FoundList::mousePressEvent(QMouseEvent* event) {
  RowList::mousePressEvent(event);
  const auto index = indexAt(event->pos());
  if (index.isValid() && event->button() == Qt::LeftButton && event->pos().x() < columnsFor(0).log) {
    toggle(index.data(Qt::UserRole).toString());
  }
}

void FoundList::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const QString group = groupAbove(static_cast<size_t>(row));
  QRectF own(box);
  if (!group.isEmpty()) {
    paintText(painter, QRectF(16, box.top(), box.width() - 32, kGroup), group, m_theme, FontRole::Caption,
              Token::Text2);
    own.setTop(own.top() + kGroup);
  }
  const QRectF inside = own.adjusted(5, 0, -5, 0);
  if (state.current || state.hovered) {
    paintBox(painter, inside, m_theme.color(state.current ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusControl);
  }
  if (state.current && state.focused) paintFocus(painter, inside, m_theme, theme::grid::kRadiusControl);
  const auto& log = m_finder.logs()[static_cast<size_t>(row)];
  const QRectF tick(kBoxLeft, own.center().y() - kBox / 2.0, kBox, kBox);
  const bool chosen = m_finder.isChosen(log.path);
  const bool can = m_finder.canChoose(log);
  paintTick(painter, tick, chosen, can, m_theme);
  if (!chosen && log.watched) {
    theme::Icon(QStringLiteral("check")).paint(painter, tick, m_theme.color(Token::Text3), 12);
  }
  paintCells(painter, own, log);
}

void FoundList::paintCells(QPainter& painter, const QRectF& row, const model::FoundLog& log) const {
  const auto columns = columnsFor(static_cast<int>(row.width()));
  const auto cell = [&row](int left, int right) {
    return QRectF(left, row.top(), right - left - 10, row.height());
  };
  const Token ink = m_finder.canChoose(log) ? Token::Text : Token::Text2;
  const QString name = m_finder.isAdded(log.path) ? safeLine(log.path, 512) : baseName(log.path);
  const auto slash = log.path.rfind('/');
  const QString folder = m_finder.isAdded(log.path) || slash == std::string::npos
                             ? QString()
                             : safeLine(log.path.substr(0, slash), 512);
  const qreal nameWidth = textWidth(name, m_theme, FontRole::Mono);
  const QRectF first = cell(columns.log, columns.format);
  paintText(painter, first, name, m_theme, FontRole::Mono, ink);
  if (first.width() - nameWidth > 40) {
    paintText(painter, first.adjusted(nameWidth + 10, 1, 0, 0), folder, m_theme, FontRole::Caption,
              Token::Text3);
  }
  if (!log.readable && !m_finder.isAdded(log.path)) {
    const QRectF why = cell(columns.format, columns.end + 10);
    paintSeverity(painter, QRectF(why.left(), why.top(), 14, why.height()), model::Severity::Warning,
                  m_theme);
    const QString how = log.howToAllow.empty() ? QString() : tr("How to allow");
    const qreal room = textWidth(how, m_theme, FontRole::BodyStrong) + 12;
    paintText(painter, why.adjusted(20, 0, -room, 0), safeLine(log.problem, 200), m_theme,
              FontRole::Secondary, Token::Warn);
    paintText(painter, why, how, m_theme, FontRole::BodyStrong, Token::Accent, Qt::AlignRight);
    return;
  }
  const QString format = log.watched          ? tr("watched already")
                         : log.format.empty() ? QStringLiteral("–")
                                              : safeLine(log.format, 80);
  paintText(painter, cell(columns.format, columns.rate), format, m_theme, FontRole::Secondary, Token::Text2);
  paintText(painter, cell(columns.rate, columns.size), rateText(log.linesPerHour), m_theme,
            FontRole::Secondary, Token::Text2);
  paintText(painter, cell(columns.size, columns.end + 10),
            log.bytes == 0 && m_finder.isAdded(log.path) ? QStringLiteral("–") : sizeText(log.bytes), m_theme,
            FontRole::Secondary, Token::Text2, Qt::AlignRight);
}

}  // namespace aiops::ui
