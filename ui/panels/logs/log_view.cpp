// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/log_view.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <algorithm>

#include "models/display.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

constexpr int kRow = theme::grid::kRowLog;

}  // namespace

LogView::LogView(const theme::Theme& theme, LogModel& model, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_model(model) {
  installAccessibleRows();
  setAccessibleName(tr("Log lines"));
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::StrongFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
  verticalScrollBar()->setSingleStep(kRow);
  connect(&model, &LogModel::appended, this, &LogView::takeAppended);
  connect(&model, &LogModel::reset, this, &LogView::takeReset);
  connect(&theme, &theme::Theme::changed, this, [this] {
    updateColumns();
    viewport()->update();
  });
  updateColumns();
}

bool LogView::showsDate() const {
  const auto& buffer = m_model.buffer();
  if (buffer.size() == 0) return false;
  const auto today = base::SystemClock().now();
  return !sameDay(buffer.entry(buffer.first()).time, today) ||
         !sameDay(buffer.entry(buffer.end() - 1).time, today);
}

void LogView::updateColumns() {
  m_withDate = showsDate();
  m_measured = m_model.buffer().services().size();
  m_columns = LogRowPainter::columnsFor(m_theme, m_model, m_withDate);
}

void LogView::setScroll(int value) {
  m_adjusting = true;
  verticalScrollBar()->setValue(value);
  m_adjusting = false;
}

void LogView::updateRange() {
  m_adjusting = true;
  const auto height = static_cast<int>(std::min<qsizetype>(m_model.rowCount() * kRow, INT_MAX / 2));
  verticalScrollBar()->setPageStep(viewport()->height());
  verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
  m_adjusting = false;
}

void LogView::takeAppended(qsizetype removedRows) {
  const int before = verticalScrollBar()->value();
  if (m_measured != m_model.buffer().services().size() || m_withDate != showsDate()) updateColumns();
  updateRange();
  setScroll(m_model.paused() ? before - static_cast<int>(removedRows) * kRow
                             : verticalScrollBar()->maximum());
  viewport()->update();
}

void LogView::takeReset() {
  updateRange();
  if (!m_model.paused()) {
    setScroll(verticalScrollBar()->maximum());
  } else if (const auto keep = m_current ? m_current : m_anchor) {
    const auto row = m_model.rowAtOrAfter(*keep);
    const int top = row ? static_cast<int>(*row) * kRow : 0;
    const int value = verticalScrollBar()->value();
    const bool inside = top >= value && top + kRow <= value + viewport()->height();
    if (!inside) setScroll(top - viewport()->height() / 3);
  }
  viewport()->update();
  Q_EMIT currentChanged();
}

void LogView::scrollContentsBy(int, int dy) {
  // dy > 0: towards older lines, by the operator's hand.
  if (!m_adjusting && dy > 0) m_model.pause();
  const auto row = verticalScrollBar()->value() / kRow;
  if (row < m_model.rowCount()) m_anchor = m_model.ordinalAt(row);
  viewport()->update();
}

void LogView::resizeEvent(QResizeEvent*) {
  updateRange();
  const auto row = m_current ? m_model.rowOf(*m_current) : std::nullopt;
  if (!m_model.paused()) {
    setScroll(verticalScrollBar()->maximum());
  } else if (row) {
    scrollTo(*row);
  }
}

void LogView::focusInEvent(QFocusEvent*) {
  viewport()->update();
}
void LogView::focusOutEvent(QFocusEvent*) {
  viewport()->update();
}

void LogView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  painter.fillRect(viewport()->rect(), m_theme.color(theme::Token::Inset));
  LogRowPainter rows(painter, m_theme, m_model, m_columns, m_withDate);
  const int scroll = verticalScrollBar()->value();
  const auto count = m_model.rowCount();
  for (qsizetype row = scroll / kRow; row < count; ++row) {
    const int top = static_cast<int>(row) * kRow - scroll;
    if (top >= viewport()->height()) break;
    const auto ordinal = m_model.ordinalAt(row);
    rows.paint(ordinal, QRect(0, top, viewport()->width(), kRow), {m_current == ordinal, hasFocus()});
  }
}

void LogView::scrollTo(qsizetype row) {
  const int top = static_cast<int>(row) * kRow;
  const int value = verticalScrollBar()->value();
  const int height = viewport()->height();
  if (top >= value && top + kRow <= value + height) return;
  const bool near = top >= value - 2 * kRow && top <= value + height + kRow;
  setScroll(!near ? top - height / 3 : top < value ? top : top + kRow - height);
}

void LogView::setCurrent(uint64_t ordinal) {
  m_model.pause();
  const auto row = m_model.rowAtOrAfter(ordinal);
  if (!row) return;
  m_current = m_model.ordinalAt(*row);
  scrollTo(*row);
  viewport()->update();
  Q_EMIT currentChanged();
  QAccessibleEvent event(this, QAccessible::Focus);
  event.setChild(static_cast<int>(*row));
  QAccessible::updateAccessibility(&event);
}

void LogView::follow() {
  m_model.follow();
  setScroll(verticalScrollBar()->maximum());
}

void LogView::togglePause() {
  if (m_model.paused()) {
    follow();
  } else {
    m_model.pause();
  }
}

void LogView::goTo(uint64_t ordinal) {
  m_model.pause();
  if (!m_model.rowOf(ordinal)) m_model.reveal();
  setCurrent(ordinal);
}

bool LogView::goToError(bool forward) {
  const auto from = m_current ? m_current : forward && m_model.paused() ? m_anchor : std::nullopt;
  // Without a place to start from, "next" from the end of a followed log is the newest error.
  const auto found = m_model.nextError(from, from ? forward : m_model.paused() && forward);
  if (found) goTo(*found);
  return found.has_value();
}

bool LogView::goToMatch(bool forward) {
  const auto from = m_current ? m_current : m_anchor;
  const auto found = m_model.nextMatch(from, forward);
  if (found) goTo(*found);
  return found.has_value();
}

void LogView::moveBy(qsizetype rows) {
  const auto count = m_model.rowCount();
  if (count == 0) return;
  auto row = m_current ? m_model.rowAtOrAfter(*m_current) : std::nullopt;
  const auto start = row ? *row + rows : verticalScrollBar()->value() / kRow;
  const auto begin = m_current ? start : count - 1;
  setCurrent(m_model.ordinalAt(std::clamp<qsizetype>(begin, 0, count - 1)));
}

void LogView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  const auto row = (verticalScrollBar()->value() + event->pos().y()) / kRow;
  if (row < m_model.rowCount()) setCurrent(m_model.ordinalAt(row));
}

bool LogView::handleMove(int key) {
  const qsizetype page = std::max(1, viewport()->height() / kRow - 1);
  switch (key) {
    case Qt::Key_Up:
    case Qt::Key_K:
      moveBy(-1);
      return true;
    case Qt::Key_Down:
    case Qt::Key_J:
      moveBy(1);
      return true;
    case Qt::Key_PageUp:
      moveBy(-page);
      return true;
    case Qt::Key_PageDown:
      moveBy(page);
      return true;
    case Qt::Key_Home:
      m_model.pause();
      moveBy(-m_model.rowCount());
      return true;
    case Qt::Key_End:
      follow();
      return true;
    case Qt::Key_Space:
      togglePause();
      return true;
    default:
      return false;
  }
}

void LogView::keyPressEvent(QKeyEvent* event) {
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  const bool command = event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
  if (event->matches(QKeySequence::Copy)) return copy(false);
  if (!command && handleMove(event->key())) return;
  if (!command && event->key() == Qt::Key_C) return copy(shift);
  if (!command && event->key() == Qt::Key_N) {
    goToMatch(!shift);
    return;
  }
  QAbstractScrollArea::keyPressEvent(event);
}

QString LogView::currentText(bool whole) const {
  if (!m_current || !m_model.buffer().contains(*m_current)) return {};
  const auto& buffer = m_model.buffer();
  const QString message = shownString(buffer.message(*m_current));
  if (!whole) return message;
  return QStringLiteral("%1 %2 %3")
      .arg(LogRowPainter::timeText(buffer.entry(*m_current), true), shownString(buffer.service(*m_current)),
           message);
}

void LogView::copy(bool whole) const {
  const QString text = currentText(whole);
  if (!text.isEmpty()) QApplication::clipboard()->setText(text);
}

int LogView::accessibleRowCount() const {
  return static_cast<int>(m_model.rowCount());
}

QString LogView::accessibleRowText(int row) const {
  const auto ordinal = m_model.ordinalAt(row);
  const auto& buffer = m_model.buffer();
  const auto& entry = buffer.entry(ordinal);
  return tr("%1, %2 UTC, %3: %4")
      .arg(severityWord(entry.severity), LogRowPainter::timeText(entry, m_withDate),
           shownString(buffer.service(ordinal)), shownString(buffer.message(ordinal)));
}

QRect LogView::accessibleRowRect(int row) const {
  const QRect rect(0, row * kRow - verticalScrollBar()->value(), viewport()->width(), kRow);
  return rect & viewport()->rect();
}

int LogView::accessibleCurrentRow() const {
  const auto row = m_current ? m_model.rowOf(*m_current) : std::nullopt;
  return row ? static_cast<int>(*row) : -1;
}

}  // namespace aiops::ui
