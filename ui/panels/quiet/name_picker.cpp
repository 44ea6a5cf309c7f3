// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/quiet/name_picker.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <algorithm>

#include "models/cell_text.h"
#include "models/quiet_times.h"
#include "widgets/label.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kLeastRows = 4, kMostRows = 10;
constexpr int kAboveRows = 60;  ///< title and filter

}  // namespace

NamePicker::NamePicker(const theme::Theme& theme, const QString& title, const QString& none, QWidget* parent)
    : QWidget(parent),
      m_none(none),
      m_chosen(new Label(theme, FontRole::Secondary, Token::Text2, none, this)),
      m_filter(new QLineEdit(this)),
      m_list(new CheckList(theme, title, this)) {
  m_chosen->setElided(true);
  m_filter->setPlaceholderText(tr("Filter"));
  m_filter->setAccessibleName(tr("Filter: %1").arg(title));
  m_filter->setMaxLength(200);
  m_filter->installEventFilter(this);
  m_list->setMinimumHeight(kLeastRows * theme::grid::kRowCompact);
  setMaximumHeight(kAboveRows + kMostRows * theme::grid::kRowCompact);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(new Label(theme, FontRole::BodyStrong, Token::Text, title, this));
  head->addWidget(m_chosen, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addLayout(head);
  column->addWidget(m_filter);
  column->addWidget(m_list, 1);
  setFocusProxy(m_filter);
  connect(m_filter, &QLineEdit::textChanged, m_list, &CheckList::setFilter);
  connect(m_list, &CheckList::tickedChanged, this, &NamePicker::refresh);
}

void NamePicker::setKnown(std::vector<CheckList::Choice> known) {
  m_known = std::move(known);
  putChoices();
}

void NamePicker::setTicked(const std::vector<std::string>& ids) {
  m_extra = ids;
  putChoices();
  m_list->setTicked(ids);
}

void NamePicker::putChoices() {
  auto all = m_known;
  for (const auto& id : m_extra) {
    if (std::ranges::find(all, id, &CheckList::Choice::id) == all.end())
      all.insert(all.begin(), {.id = id, .text = cellText(id, 96), .detail = {}});
  }
  m_list->setChoices(std::move(all));
}

void NamePicker::refresh() {
  m_chosen->setText(namesText(ticked(), m_none));
  Q_EMIT changed();
}

bool NamePicker::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_filter || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  if (static_cast<QKeyEvent*>(event)->key() != Qt::Key_Down || m_list->rowCount() == 0) return false;
  m_list->setFocus(Qt::TabFocusReason);
  return true;
}

}  // namespace aiops::ui
