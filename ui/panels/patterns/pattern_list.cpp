// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/pattern_list.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "models/display.h"
#include "models/pattern_retype.h"
#include "models/shown_text.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kRow = theme::grid::kRowTwoLines;
const QString& newId() {
  static const QString id = QStringLiteral("*new");
  return id;
}

qint64 thirtyDays(const model::PatternInfo& info) {
  return std::accumulate(info.matchesPerDay.begin(), info.matchesPerDay.end(), qint64{0});
}

bool fits(const model::PatternInfo& info, const QString& filter) {
  if (filter.isEmpty()) return true;
  for (const auto* field : {&info.name, &info.id, &info.group, &info.type, &info.signal, &info.service}) {
    if (shownString(*field, 256).contains(filter, Qt::CaseInsensitive)) return true;
  }
  return false;
}

}  // namespace

PatternList::PatternList(const theme::Theme& theme, PatternEditor& editor, QWidget* parent)
    : Painted(theme, parent),
      m_editor(editor),
      m_filter(new QLineEdit(this)),
      m_rows(new RowList(theme, std::bind_front(&PatternList::paintRow, this), this)),
      m_count(new Label(theme, FontRole::Caption, Token::Text3, {}, this)),
      m_state(new Label(theme, FontRole::Body, Token::Text2, {}, this)),
      m_stateAction(new KeyButton(theme, KeyButton::Kind::Plain, {}, {}, this)),
      m_new(new KeyButton(theme, KeyButton::Kind::Plain, tr("New pattern"), QStringLiteral("N"), this)) {
  setFixedWidth(268);
  m_filter->setAccessibleName(tr("Filter patterns"));
  m_rows->setAccessibleName(tr("Patterns"));
  m_state->setWordWrap(true);
  m_new->setMark(QStringLiteral("plus"));
  m_new->setEnabled(editor.mayChange());
  m_new->setToolTip(editor.mayChange() ? QString() : tr("Your key lacks admin"));
  auto* head = new QHBoxLayout;
  head->setContentsMargins(14, 4, 12, 0);
  head->addWidget(new Label(theme, FontRole::Caption, Token::Text3, tr("Name"), this));
  head->addStretch(1);
  head->addWidget(m_count);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(12, 8, 12, 8);
  foot->addWidget(m_new);
  foot->addStretch(1);
  auto* field = new QHBoxLayout;
  field->setContentsMargins(12, 12, 12, 0);
  field->addWidget(m_filter);
  auto* state = new QVBoxLayout;
  state->setContentsMargins(14, 0, 14, 0);
  state->addWidget(m_state);
  state->addWidget(m_stateAction, 0, Qt::AlignLeft);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 1, 0);
  all->setSpacing(4);
  all->addLayout(field);
  all->addLayout(head);
  all->addLayout(state);
  all->addWidget(m_rows, 1);
  all->addLayout(foot);
  connect(m_filter, &QLineEdit::textChanged, this, &PatternList::refresh);
  connect(m_filter, &QLineEdit::returnPressed, m_rows, qOverload<>(&QWidget::setFocus));
  connect(m_rows, &RowList::currentIdChanged, this, &PatternList::openCurrent);
  connect(m_new, &QAbstractButton::clicked, this, [this] { m_editor.createNew(); });
  connect(m_stateAction, &QAbstractButton::clicked, this, [this] {
    if (m_filter->text().isEmpty()) return m_editor.refresh();
    m_filter->clear();
    m_rows->setFocus();
  });
  connect(&editor, &PatternEditor::listChanged, this, &PatternList::refresh);
  connect(&editor, &PatternEditor::documentChanged, this, &PatternList::refresh);
  refresh();
}

std::string PatternList::currentId() const {
  const QString id = m_rows->currentId();
  return id == newId() ? std::string() : id.toStdString();
}

void PatternList::refresh() {
  const QString filter = m_filter->text().trimmed();
  m_hasNew = m_editor.isNew() || m_editor.hasDraft({});
  m_shown.clear();
  std::vector<RowInfo> rows;
  if (m_hasNew) {
    rows.push_back({newId(), tr("New pattern, not saved"), kRow});
    m_shown.emplace_back();
  }
  for (const auto& info : m_editor.patterns()) {
    if (!fits(info, filter)) continue;
    const QString words =
        tr("%1, %2, %3 matches in 30 days")
            .arg(shownString(info.name, 256), secondLine(info), countText(thirtyDays(info)));
    rows.push_back({QString::fromStdString(info.id), words, kRow});
    m_shown.push_back(info);
  }
  const QString wanted = m_editor.isNew() ? newId() : QString::fromStdString(m_editor.id());
  {
    // What is open leads: a list that comes later must not open another one.
    const QSignalBlocker quiet(m_rows);
    m_rows->setRows(std::move(rows));
    if (isShown(wanted) && m_rows->currentId() != wanted) m_rows->selectId(wanted);
  }
  const auto total = static_cast<qint64>(m_editor.patterns().size());
  m_filter->setPlaceholderText(tr("Filter %1 patterns   /").arg(countText(total)));
  const auto shown = static_cast<qint64>(m_shown.size()) - (m_hasNew ? 1 : 0);
  m_count->setText(filter.isEmpty() ? tr("30 days") : tr("%1 of %2").arg(countText(shown), countText(total)));
  refreshState();
  m_rows->viewport()->update();
  if (!isShown(wanted)) openCurrent();
}

bool PatternList::isShown(const QString& id) const {
  if (id == newId()) return m_hasNew;
  return std::any_of(m_shown.begin(), m_shown.end(), [&id](const auto& info) {
    return !info.id.empty() && QString::fromStdString(info.id) == id;
  });
}

void PatternList::openCurrent() {
  const QString id = m_rows->currentId();
  if (id.isEmpty()) return;
  if (id != newId()) return m_editor.open(id.toStdString());
  if (!m_editor.isNew()) m_editor.createNew();
}

void PatternList::refreshState() {
  const QString filter = m_filter->text().trimmed();
  QString words, action;
  if (!m_editor.listProblem().empty()) {
    words = tr("Patterns can't be listed: %1").arg(shownString(m_editor.listProblem()));
    action = tr("Try again");
  } else if (!m_editor.isListed()) {
    words = tr("Reading the patterns");
  } else if (m_shown.empty() && !filter.isEmpty()) {
    words = tr("No pattern fits “%1”.").arg(filter);
    action = tr("Clear");
  } else if (m_shown.empty()) {
    words = tr("No patterns yet. Nothing is looked for until there is one.");
  }
  m_state->setText(words);
  m_state->setVisible(!words.isEmpty());
  m_stateAction->setText(action);
  m_stateAction->setAccessibleName(action);
  m_stateAction->setVisible(!action.isEmpty());
}

QString PatternList::secondLine(const model::PatternInfo& info) const {
  const auto* type = typeNamed(m_editor.types(), info.type);
  QStringList words{type ? shownString(type->title, 64).toLower() : shownString(info.type, 64)};
  if (!info.group.empty()) words << shownString(info.group, 64);
  if (info.origin == model::PatternOrigin::Edited) words << tr("edited");
  if (info.origin == model::PatternOrigin::Operator) words << tr("yours");
  if (info.overBudget)
    words << tr("off: too slow");
  else if (!info.enabled)
    words << tr("off");
  return words.join(QStringLiteral(", "));
}

void PatternList::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const QRectF inside = QRectF(box).adjusted(6, 1, -6, -1);
  if (state.current || state.hovered) {
    paintBox(painter, inside, color(state.current ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusControl);
  }
  if (state.current && state.focused) paintFocus(painter, inside, theme(), theme::grid::kRadiusControl);
  const auto& info = m_shown[static_cast<size_t>(row)];
  const bool isNew = m_hasNew && row == 0;
  const Token ink = isNew || info.enabled ? Token::Text : Token::Text3;
  const QRectF first(inside.left() + 12, inside.top() + 5, inside.width() - 24, 18);
  const QRectF second = first.translated(0, 17);
  const QString count = isNew ? QString() : countText(thirtyDays(info));
  const qreal room = textWidth(count, theme(), FontRole::Mono) + 10;
  paintText(painter, first.adjusted(0, 0, -room, 0), isNew ? tr("New pattern") : shownString(info.name, 256),
            theme(), FontRole::BodyStrong, ink);
  paintText(painter, first, count, theme(), FontRole::Mono, info.enabled ? Token::Text2 : Token::Text3,
            Qt::AlignRight);
  const bool draft = isNew || m_editor.hasDraft(info.id);
  const QString mark = isNew ? tr("not saved") : tr("changed");
  paintText(painter, second.adjusted(0, 0, draft ? -70 : 0, 0), isNew ? QString() : secondLine(info), theme(),
            FontRole::Caption, Token::Text3);
  if (draft) paintText(painter, second, mark, theme(), FontRole::Caption, Token::Warn, Qt::AlignRight);
}

void PatternList::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRect(width() - 1, 0, 1, height()), color(Token::Line));
  painter.fillRect(QRect(0, height() - 47, width() - 1, 1), color(Token::Line));
}

}  // namespace aiops::ui
