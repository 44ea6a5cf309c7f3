// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/inspector.h"

#include <QPainter>
#include <QVBoxLayout>

#include "models/display.h"
#include "models/log_fields.h"
#include "panels/logs/log_row.h"
#include "widgets/field_list.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/scroll_pane.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kWidth = 304;

std::vector<FieldList::Mark> marksOf(const ShownText& shown) {
  std::vector<FieldList::Mark> marks;
  for (const auto& span : shown.escapes) marks.push_back({span.first, span.last, Token::Warn});
  return marks;
}

FieldList::Row foreignRow(const QString& name, std::string_view bytes, bool wide) {
  const ShownText shown = shownText(bytes);
  return {name, shown.text, marksOf(shown), Token::Text, wide};
}

}  // namespace

LogInspector::LogInspector(const theme::Theme& theme, const LogModel& model, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_model(model),
      m_title(new Label(theme, FontRole::BodyStrong, Token::Text, {}, this)),
      m_note(new Label(theme, FontRole::Secondary, Token::Text3, {}, this)),
      m_fields(new FieldList(theme, this)) {
  setFixedWidth(kWidth);
  setAccessibleName(tr("Selected line"));
  m_fields->setAccessibleName(tr("Fields of the line"));
  m_title->setElided(true);
  m_note->setWordWrap(true);
  auto* scroll = new ScrollPane(theme, this);
  scroll->setAccessibleName(tr("Selected line"));
  auto* page = new QWidget(scroll);
  auto* rows = new QVBoxLayout(page);
  rows->setContentsMargins(14, 4, 10, 14);
  rows->setSpacing(12);
  rows->addWidget(m_fields);
  rows->addWidget(m_note);
  rows->addStretch(1);
  scroll->setPage(page);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(1, 0, 0, 0);
  all->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(36, 12, 12, 8);
  head->addWidget(m_title);
  all->addLayout(head);
  all->addWidget(scroll, 1);
  show(std::nullopt);
}

void LogInspector::fill(uint64_t ordinal) {
  const auto& buffer = m_model.buffer();
  const auto& entry = buffer.entry(ordinal);
  const QString message = shownString(buffer.message(ordinal));
  const QString words = message.left(fieldsStart(message)).trimmed();
  m_title->setText(words.isEmpty() ? message : words);
  std::vector<FieldList::Row> rows;
  const QString place = baseName(buffer.source(ordinal)) + u':' + QString::number(entry.position.line);
  rows.push_back({tr("source"), place, {}, Token::Accent});
  rows.push_back({tr("event time"), entry.hasTime ? tr("%1 UTC").arg(LogRowPainter::timeText(entry, true))
                                                  : tr("none in the line")});
  rows.push_back(foreignRow(tr("service"), buffer.service(ordinal), false));
  rows.push_back({tr("level"), severityWord(entry.severity).toLower()});
  for (const auto& [name, value] : fieldsOf(message)) rows.push_back({name, value});
  const auto first = static_cast<qint64>(entry.position.offset);
  rows.push_back(
      {tr("bytes"), tr("%1 to %2").arg(countText(first), countText(first + entry.position.length))});
  rows.push_back(foreignRow(tr("file"), buffer.source(ordinal), true));
  rows.push_back(foreignRow(tr("whole line"), buffer.text(ordinal), true));
  m_fields->setRows(std::move(rows));
}

void LogInspector::show(std::optional<uint64_t> ordinal) {
  const bool known = ordinal && m_model.buffer().contains(*ordinal);
  m_severity.reset();
  if (known) {
    m_severity = m_model.buffer().entry(*ordinal).severity;
    fill(*ordinal);
    m_note->setText(
        tr("Shown as text only. Control and direction characters appear as codes such as ⟦U+202E⟧."));
  } else {
    m_title->setText(tr("No line selected"));
    m_fields->setRows({});
    m_note->setText(ordinal ? tr("The selected line has left the view: it keeps the newest %1 lines.")
                                  .arg(countText(static_cast<qint64>(m_model.capacity())))
                            : tr("Click a line, or press J or K, to see the whole of it here."));
  }
  update();
}

void LogInspector::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme.color(Token::Panel));
  painter.fillRect(QRect(0, 0, 1, height()), m_theme.color(Token::Line));
  if (m_severity) paintSeverity(painter, QRectF(14, 12, 16, 18), *m_severity, m_theme);
}

}  // namespace aiops::ui
