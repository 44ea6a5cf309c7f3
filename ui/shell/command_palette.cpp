// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/command_palette.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPointer>
#include <algorithm>

#include "theme/icon.h"
#include "widgets/paint.h"
#include "widgets/row_list.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kWidth = 704, kHeight = 534, kField = 54, kCardFoot = 38, kRow = 36, kGroupHead = 26;
constexpr size_t kPerGroup = 5;

QString groupName(PaletteGroup group) {
  switch (group) {
    case PaletteGroup::Waiting:
      return CommandPalette::tr("Waiting for you");
    case PaletteGroup::Incidents:
      return CommandPalette::tr("Incidents");
    case PaletteGroup::Logs:
      return CommandPalette::tr("Logs");
    case PaletteGroup::Services:
      return CommandPalette::tr("Services");
    case PaletteGroup::Patterns:
      return CommandPalette::tr("Patterns");
    case PaletteGroup::Settings:
      return CommandPalette::tr("Settings");
    case PaletteGroup::Actions:
      break;
  }
  return CommandPalette::tr("Actions");
}

QString rowId(const PaletteItem& item) {
  return QString::number(static_cast<int>(item.group)) + u':' + item.id;
}

}  // namespace

CommandPalette::CommandPalette(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Overlay(theme, parent),
      m_bridge(bridge),
      m_field(new QLineEdit(this)),
      m_rows(new RowList(theme, std::bind_front(&CommandPalette::paintRow, this), this)) {
  setAccessibleName(tr("Search or run a command"));
  m_field->setAccessibleName(tr("Search or run a command"));
  m_field->setPlaceholderText(tr("Search or run a command"));
  m_field->installEventFilter(this);
  m_rows->setAccessibleName(tr("Results"));
  m_rows->setFocusPolicy(Qt::NoFocus);
  m_rows->setOpensOnClick(true);
  connect(m_field, &QLineEdit::textChanged, this, [this] {
    m_moved = false;
    refresh();
  });
  connect(m_rows, &RowList::opened, this, &CommandPalette::choose);
}

void CommandPalette::setActions(std::vector<Action> actions) {
  m_actions = std::move(actions);
}

void CommandPalette::open() {
  if (isVisible()) return m_field->setFocus();
  m_field->clear();
  m_more.clear();
  m_moved = false;
  gather();
  refresh();
  cover();
  m_field->setFocus();
  askForMore();
}

void CommandPalette::gather() {
  m_known = paletteItems(m_bridge, base::SystemClock().now());
  for (size_t i = 0; i < m_actions.size(); ++i) {
    const auto& action = m_actions[i];
    m_known.push_back(
        {PaletteGroup::Actions, QString::number(i), action.text, action.note, action.key, action.icon, {}});
  }
}

void CommandPalette::askForMore() {
  const auto add = [self = QPointer(this)](auto result) {
    if (!self || !result || !self->isVisible()) return;
    for (const auto& thing : *result) self->m_more.push_back(paletteItem(thing));
    self->refresh();
  };
  using Patterns = std::vector<model::PatternInfo>;
  using Settings = std::vector<model::SettingInfo>;
  auto& operations = m_bridge.operations();
  operations.patterns().listPatterns(
      m_bridge.onUiThread<Patterns>([add](base::Result<Patterns> result) { add(std::move(result)); }));
  operations.settings().listSettings(
      m_bridge.onUiThread<Settings>([add](base::Result<Settings> result) { add(std::move(result)); }));
}

void CommandPalette::refresh() {
  m_query = PaletteQuery::parse(m_field->text());
  std::vector<PaletteItem> all = m_known;
  all.insert(all.end(), m_more.begin(), m_more.end());
  if (!m_query.only && !m_query.words.isEmpty()) {
    const QString words = m_query.words.join(QLatin1Char(' '));
    all.push_back({PaletteGroup::Logs,
                   QStringLiteral("find:") + words,
                   tr("Find “%1” in the log").arg(words),
                   {},
                   tr("Ctrl Enter"),
                   QStringLiteral("search"),
                   {}});
  }
  m_found = matching(all, m_query, kPerGroup);
  std::vector<RowInfo> rows;
  for (size_t i = 0; i < m_found.size(); ++i) {
    const auto& item = m_found[i];
    rows.push_back({rowId(item), tr("%1: %2, %3").arg(groupName(item.group), item.text, item.note),
                    beginsGroup(i) ? kRow + kGroupHead : kRow});
  }
  m_rows->setRows(std::move(rows));
  if (!m_found.empty() && !m_moved) m_rows->selectId(rowId(m_found.front()));
  m_rows->viewport()->update();
  update();
}

bool CommandPalette::beginsGroup(size_t row) const {
  return row == 0 || m_found[row].group != m_found[row - 1].group;
}

void CommandPalette::step(int by) {
  m_moved = true;
  m_rows->step(by);
}

void CommandPalette::choose(const QString& id) {
  const auto chosenOne =
      std::find_if(m_found.begin(), m_found.end(), [&id](const auto& item) { return rowId(item) == id; });
  if (chosenOne == m_found.end()) return;
  const PaletteItem item = *chosenOne;
  leave();
  if (item.group != PaletteGroup::Actions) return Q_EMIT chosen(item);
  const auto action = item.id.toULongLong();
  if (action < m_actions.size()) m_actions[action].run();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return Overlay::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  const bool control = key->modifiers().testFlag(Qt::ControlModifier);
  switch (key->key()) {
    case Qt::Key_Up:
      step(-1);
      return true;
    case Qt::Key_Down:
      step(1);
      return true;
    case Qt::Key_PageUp:
      step(-8);
      return true;
    case Qt::Key_PageDown:
      step(8);
      return true;
    case Qt::Key_Escape:
      leave();
      return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: {
      if (!control) {
        choose(m_rows->currentId());
        return true;
      }
      const auto find = std::find_if(m_found.begin(), m_found.end(),
                                     [](const auto& item) { return item.group == PaletteGroup::Logs; });
      if (find != m_found.end()) choose(rowId(*find));
      return true;
    }
    default:
      return Overlay::eventFilter(watched, event);
  }
}

QRect CommandPalette::card() const {
  const int wide = std::min(kWidth, width() - 80), high = std::min(kHeight, height() - 140);
  return {(width() - wide) / 2, std::min(96, height() / 9), wide, high};
}

void CommandPalette::resizeEvent(QResizeEvent*) {
  const QRect box = card();
  m_field->setGeometry(box.left() + 44, box.top() + 12, box.width() - 60, 30);
  m_rows->setGeometry(box.adjusted(8, kField + 6, -8, -kCardFoot - 4));
}

void CommandPalette::paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const {
  const auto& item = m_found[static_cast<size_t>(row)];
  QRectF own(box);
  if (beginsGroup(static_cast<size_t>(row))) {
    paintText(painter, QRectF(box.left() + 10, box.top() + 4, box.width() - 20, kGroupHead - 4),
              groupName(item.group), theme(), FontRole::Caption, Token::Text2);
    own.setTop(own.top() + kGroupHead);
  }
  if (state.current || state.hovered) {
    paintBox(painter, own.adjusted(0, 1, 0, -1), color(state.current ? Token::Selected : Token::Hover),
             Qt::transparent, theme::grid::kRadiusControl);
  }
  if (state.current)
    painter.fillRect(QRectF(own.left(), own.top() + 5, 3, own.height() - 10), color(Token::Accent));
  paintItem(painter, own.adjusted(12, 0, -12, 0), item);
}

void CommandPalette::paintItem(QPainter& painter, const QRectF& box, const PaletteItem& item) const {
  theme::Icon(item.icon).paint(painter, QRectF(box.left(), box.top(), 18, box.height()), color(Token::Text2));
  qreal right = box.right();
  if (item.risk) {
    right -= chipWidth(riskChip(*item.risk, theme()), theme());
    paintChip(painter, {right, box.center().y() - 10}, riskChip(*item.risk, theme()), theme());
  } else if (!item.trailing.isEmpty()) {
    right -= textWidth(item.trailing, theme(), FontRole::Mono);
    paintText(painter, QRectF(right, box.top(), box.right() - right + 1, box.height()), item.trailing,
              theme(), FontRole::Mono, Token::Text2);
  }
  QFont strong = theme().font(FontRole::BodyStrong);
  const QFontMetricsF metrics(strong);
  const qreal left = box.left() + 30;
  const QString text = metrics.elidedText(item.text, Qt::ElideRight, right - left - 12);
  for (const auto& span : wordSpans(text, m_query.words)) {
    const qreal from = left + metrics.horizontalAdvance(text.left(span.first));
    const qreal to = left + metrics.horizontalAdvance(text.left(span.last));
    paintBox(painter, QRectF(from - 1, box.center().y() - 10, to - from + 2, 20), color(Token::Match),
             Qt::transparent, 3);
  }
  painter.setFont(strong);
  qreal x = left;
  int at = 0;
  const auto draw = [&](int last, Token ink) {
    const QString part = text.mid(at, last - at);
    painter.setPen(color(ink));
    painter.drawText(QRectF(x, box.top(), metrics.horizontalAdvance(part) + 2, box.height()),
                     Qt::AlignVCenter | Qt::TextSingleLine, part);
    x = left + metrics.horizontalAdvance(text.left(last));
    at = last;
  };
  for (const auto& span : wordSpans(text, m_query.words)) {
    draw(span.first, Token::Text);
    draw(span.last, Token::OnMatch);
  }
  draw(static_cast<int>(text.size()), Token::Text);
  if (right - x > 60) {
    paintText(painter, QRectF(x + 12, box.top(), right - x - 24, box.height()), item.note, theme(),
              FontRole::Secondary, Token::Text3);
  }
}

void CommandPalette::paintFoot(QPainter& painter, const QRectF& box) const {
  qreal x = box.left() + 16;
  const auto key = [&](const QString& cap, const QString& words) {
    paintKeyCap(painter, {x, box.center().y()}, cap, color(Token::Text2), theme());
    x += keyCapWidth(cap, theme()) + 7;
    paintText(painter, QRectF(x, box.top(), 120, box.height()), words, theme(), FontRole::Caption,
              Token::Text2);
    x += textWidth(words, theme(), FontRole::Caption) + 18;
  };
  key(tr("Up Down"), tr("move"));
  key(tr("Enter"), tr("open"));
  key(tr("Esc"), tr("close"));
  x = std::max(x, box.right() - 352);
  key(QStringLiteral(">"), tr("actions"));
  key(QStringLiteral("#"), tr("incidents"));
  key(QStringLiteral("@"), tr("services"));
  key(QStringLiteral(":"), tr("settings"));
}

void CommandPalette::paintEvent(QPaintEvent* event) {
  Overlay::paintEvent(event);
  QPainter painter(this);
  const QRectF box(card());
  theme::Icon(QStringLiteral("search"))
      .paint(painter, QRectF(box.left() + 16, box.top(), 20, kField), color(Token::Accent), 18);
  painter.fillRect(QRectF(box.left(), box.top() + kField, box.width(), 1), color(Token::Line));
  const QRectF foot(box.left(), box.bottom() - kCardFoot, box.width(), kCardFoot);
  painter.fillRect(QRectF(foot.left(), foot.top(), foot.width(), 1), color(Token::Line));
  paintFoot(painter, foot);
  if (m_found.empty()) {
    paintText(painter, QRectF(box.left() + 20, box.top() + kField + 16, box.width() - 40, 24),
              tr("Nothing fits “%1”.").arg(m_field->text()), theme(), FontRole::Body, Token::Text2);
  }
}

}  // namespace aiops::ui
