// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/firstrun/log_preview_view.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPainter>
#include <algorithm>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/key_button.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

}  // namespace

LogPreviewView::LogPreviewView(const theme::Theme& theme, LogFinder& finder, QWidget* parent)
    : Card(theme, tr("Preview"), parent),
      m_finder(finder),
      m_rows(new RowList(theme, std::bind_front(&LogPreviewView::paintRow, this), this)),
      m_state(new Label(theme, FontRole::Body, Token::Text2, {}, this)),
      m_command(new QLineEdit(this)),
      m_copy(new KeyButton(theme, KeyButton::Kind::Plain, tr("Copy"), {}, this)) {
  m_rows->setAccessibleName(tr("Newest lines of the chosen log"));
  m_state->setWordWrap(true);
  m_command->setReadOnly(true);
  m_command->setFont(theme.font(FontRole::Mono));
  m_command->setAccessibleName(tr("Command that allows reading"));
  m_copy->setMark(QStringLiteral("copy"));
  m_copy->setAccessibleName(tr("Copy the command"));
  auto* how = new QHBoxLayout;
  how->setContentsMargins(0, 8, 0, 0);
  how->setSpacing(8);
  how->addWidget(m_command, 1);
  how->addWidget(m_copy);
  body()->addWidget(m_state);
  body()->addLayout(how);
  body()->addWidget(m_rows, 1);
  body()->addStretch(0);
  connect(m_copy, &QAbstractButton::clicked, this,
          [this] { QApplication::clipboard()->setText(m_command->text()); });
  connect(&finder, &LogFinder::previewChanged, this, &LogPreviewView::refresh);
  connect(&finder, &LogFinder::changed, this, &LogPreviewView::refresh);
  refresh();
}

QString LogPreviewView::stateText() const {
  return m_state->isVisibleTo(this) ? m_state->text() : QString();
}

QString LogPreviewView::command() const {
  return m_command->isVisibleTo(this) ? m_command->text() : QString();
}

void LogPreviewView::refresh() {
  const auto* log = m_finder.log(m_finder.previewed());
  const auto& preview = m_finder.preview();
  setTitle(log ? baseName(log->path) : tr("Preview"));
  const bool blocked = log && !log->readable && !m_finder.isAdded(log->path);
  QString state, trailing;
  if (!log) {
    state = tr("Choose a log to see its newest lines.");
  } else if (blocked) {
    state = log->howToAllow.empty()
                ? tr("Can't be read: %1.").arg(safeLine(log->problem, 300))
                : tr("Can't be read: %1. This command allows it; run it yourself, then find again:")
                      .arg(safeLine(log->problem, 300));
  } else if (!m_finder.previewProblem().empty()) {
    state = tr("No preview: %1").arg(shownString(m_finder.previewProblem(), 600));
  } else if (!preview) {
    state = tr("Reading the newest lines");
  } else if (!preview->problem.empty()) {
    state = tr("No preview: %1").arg(safeLine(preview->problem, 300));
  } else if (preview->lines.empty()) {
    state = tr("No line in it yet.");
  } else {
    const auto timed = std::count_if(preview->lines.begin(), preview->lines.end(),
                                     [](const auto& line) { return line.hasTime; });
    trailing = tr("%1, %2 of %3 lines with a time")
                   .arg(safeLine(preview->format, 80))
                   .arg(timed)
                   .arg(preview->lines.size());
  }
  setTrailing(trailing);
  m_state->setText(state);
  m_state->setToken(blocked ? Token::Warn : Token::Text2);
  m_state->setVisible(!state.isEmpty());
  const bool how = blocked && !log->howToAllow.empty();
  m_command->setText(how ? safeLine(log->howToAllow, 1024) : QString());
  m_command->setCursorPosition(0);
  m_command->setVisible(how);
  m_copy->setVisible(how);
  std::vector<RowInfo> rows;
  if (preview && !blocked) {
    for (size_t i = 0; i < preview->lines.size(); ++i) {
      const auto& line = preview->lines[i];
      rows.push_back({QString::number(i),
                      tr("%1: %2").arg(severityWord(line.severity), shownString(line.message)),
                      theme::grid::kRowCompact});
    }
  }
  const auto last = rows.size();
  m_rows->setRows(std::move(rows));
  if (last > 0 && !m_rows->hasFocus()) m_rows->scrollToBottom();
}

void LogPreviewView::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const auto& line = m_finder.preview()->lines[static_cast<size_t>(row)];
  painter.fillRect(box, color(state.current && state.focused ? Token::Selected : Token::Inset));
  paintSeverity(painter, QRectF(box.left() + 6, box.top(), 16, box.height()), line.severity, theme());
  qreal x = box.left() + 30;
  if (line.hasTime) {
    const bool whole = line.time == std::chrono::floor<std::chrono::seconds>(line.time);
    const QString time = whole ? clockSecondsText(line.time) : clockText(line.time);
    const qreal width = textWidth(QStringLiteral("00:00:00.000"), theme(), FontRole::Mono);
    paintText(painter, QRectF(x, box.top(), width + 1, box.height()), time, theme(), FontRole::Mono,
              Token::Text2);
    x += width + 12;
  }
  const Token ink = line.severity >= model::Severity::Warning ? Token::Text : Token::Text2;
  paintText(painter, QRectF(x, box.top(), box.right() - x - 6, box.height()),
            forcedLeftToRight(shownString(line.message.empty() ? line.text : line.message)), theme(),
            FontRole::Mono, ink);
  if (state.current && state.focused) paintFocus(painter, box, theme(), 0);
}

}  // namespace aiops::ui
