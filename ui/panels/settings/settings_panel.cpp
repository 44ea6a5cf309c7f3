// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/settings/settings_panel.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>

#include "models/cell_text.h"
#include "panels/settings/key_form.h"
#include "panels/settings/setting_row.h"
#include "widgets/card.h"
#include "widgets/change_bar.h"
#include "widgets/keys.h"
#include "widgets/paint.h"
#include "widgets/row_list.h"
#include "widgets/scroll_pane.h"
#include "widgets/segment.h"
#include "widgets/value_field.h"

namespace aiops::ui {

using theme::Appearance;
using theme::FontRole;
using theme::Token;

namespace {

constexpr int kGroupsWide = 296, kGroupsNarrow = 220, kNarrowBelow = 1100, kLabelWidth = 236;
// Groups of the engine are "g:" and their name.
const QString kConsole = QStringLiteral("console"), kKeys = QStringLiteral("keys");
const QString kGroupPrefix = QStringLiteral("g:");

}  // namespace

SettingsPanel::SettingsPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge), m_settings(new SettingsList(bridge, this)) {
  m_readOnly =
      new Label(theme, FontRole::Secondary, Token::Warn, tr("Read only: your key lacks admin."), this);
  m_readOnly->setVisible(!m_settings->mayChange());
  m_restart = new Label(theme, FontRole::Body, Token::Warn, {}, this);
  m_restart->setWordWrap(true);
  m_restart->hide();
  m_change = new ChangeBar(theme, this);
  auto* both = new QHBoxLayout;
  both->setSpacing(theme::grid::kCardGap);
  both->addWidget(buildGroups());
  both->addWidget(buildPage(), 1);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(8);
  all->addWidget(m_readOnly);
  all->addLayout(both, 1);
  all->addWidget(m_restart);
  all->addWidget(m_change);
  connect(m_settings, &SettingsList::loaded, this, &SettingsPanel::loaded);
  connect(m_settings, &SettingsList::changed, this, &SettingsPanel::changed);
  connect(m_settings, &SettingsList::refused, this, &SettingsPanel::refused);
  connect(m_change, &ChangeBar::ended, m_settings, &SettingsList::forgetChange);
  bindKeys();
  fillGroups();
  m_groups->selectId(kConsole);
}

QWidget* SettingsPanel::buildGroups() {
  auto* side = new QWidget(this);
  m_side = side;
  side->setFixedWidth(kGroupsWide);
  m_find = new QLineEdit(side);
  m_find->setPlaceholderText(tr("Find a setting   /"));
  m_find->setAccessibleName(tr("Find a setting"));
  m_find->setToolTip(tr("Key /"));
  m_find->setClearButtonEnabled(false);
  m_groups = new RowList(m_theme, std::bind_front(&SettingsPanel::paintGroup, this), side);
  m_groups->setAccessibleName(tr("Groups of settings"));
  auto* rows = new QVBoxLayout(side);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(8);
  rows->addWidget(m_find);
  rows->addWidget(m_groups, 1);
  connect(m_find, &QLineEdit::textChanged, this, [this] {
    fillGroups();
    showPage();
  });
  connect(m_groups, &RowList::currentIdChanged, this, &SettingsPanel::showPage);
  connect(m_groups, &RowList::opened, this, [this] {
    if (m_groups->currentId() == kKeys) return m_keys->name()->setFocus();
    moveInRows(1);
  });
  return side;
}

QWidget* SettingsPanel::buildPage() {
  m_page = new Card(m_theme, tr("Settings"), this);
  auto* inner = new QWidget(m_page);
  m_list = new QVBoxLayout(inner);
  m_list->setContentsMargins(0, 0, 0, 0);
  m_list->setSpacing(0);
  m_appearance = buildAppearance();
  m_keys = new KeyForm(m_theme, m_bridge, inner);
  m_empty = new Label(m_theme, FontRole::Body, Token::Text2, {}, inner);
  m_empty->setWordWrap(true);
  m_empty->setContentsMargins(8, 16, 8, 16);
  m_list->addWidget(m_appearance);
  m_list->addWidget(m_keys);
  m_list->addWidget(m_empty);
  m_list->addStretch(1);
  m_scroll = new ScrollPane(m_theme, m_page);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  m_scroll->setPage(inner);
  m_page->body()->addWidget(m_scroll, 1);
  return m_page;
}

QWidget* SettingsPanel::buildAppearance() {
  auto* page = new QWidget(this);
  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  auto* label = new Label(m_theme, FontRole::Body, Token::Text, tr("Appearance"), page);
  label->setFixedWidth(kLabelWidth + 12);
  row->addWidget(label);
  const std::pair<Appearance, QString> choices[] = {{Appearance::Desktop, tr("As the desktop")},
                                                    {Appearance::Dark, tr("Dark")},
                                                    {Appearance::Light, tr("Light")},
                                                    {Appearance::HighContrast, tr("High contrast")}};
  auto* group = new QButtonGroup(page);
  for (const auto& [appearance, text] : choices) {
    const auto place = appearance == Appearance::Desktop        ? Segment::Place::First
                       : appearance == Appearance::HighContrast ? Segment::Place::Last
                                                                : Segment::Place::Middle;
    auto* segment = new Segment(m_theme, text, place, page);
    segment->setAccessibleName(tr("Appearance: %1").arg(text));
    segment->setChecked(m_theme.appearance() == appearance);
    group->addButton(segment);
    row->addWidget(segment);
    m_schemes[appearance] = segment;
    connect(segment, &QAbstractButton::clicked, this,
            [this, chosen = appearance] { chooseAppearance(chosen); });
  }
  row->addStretch(1);
  auto* note = new Label(m_theme, FontRole::Secondary, Token::Text2,
                         tr("Of this console alone, on this machine. Takes effect at once."), page);
  auto* noteRow = new QHBoxLayout;
  noteRow->addSpacing(kLabelWidth + 12);
  noteRow->addWidget(note, 1);
  auto* rows = new QVBoxLayout(page);
  rows->setContentsMargins(8, 12, 8, 12);
  rows->addLayout(row);
  rows->addLayout(noteRow);
  return page;
}

void SettingsPanel::bindKeys() {
  bindKey(this, QKeySequence::Undo, [this] { m_change->undo(); });
  bindKey(this, QKeySequence::Find, [this] { toFind(); });
  bindPanes(this, {m_find, m_groups, m_page});
}

void SettingsPanel::toFind() {
  m_find->setFocus(Qt::ShortcutFocusReason);
  m_find->selectAll();
}

void SettingsPanel::activate(const QString& id) {
  m_settings->load();
  if (!id.isEmpty()) {
    m_find->setText(id);
    return m_find->setFocus();
  }
  m_groups->setFocus();
}

std::vector<KeyHelp> SettingsPanel::keyHelp() const {
  return {{tr("/"), tr("find a setting")},
          {tr("J K"), tr("next or previous row")},
          {tr("Right"), tr("from the groups to the settings")},
          {tr("Left"), tr("back to the groups")},
          {tr("Enter"), tr("edit")},
          {tr("Ctrl Z"), tr("take the last change back, for 10 s")},
          {tr("Esc"), tr("back one place")}};
}

void SettingsPanel::fillGroups() {
  const QString needle = m_find->text();
  std::vector<RowInfo> infos;
  m_groupRows.clear();
  const auto add = [&](const QString& id, const QString& name, const QString& count) {
    m_groupRows.emplace_back(name, count);
    infos.push_back(
        {id, count.isEmpty() ? name : tr("%1, %2 settings").arg(name, count), theme::grid::kRow + 4});
  };
  if (needle.isEmpty()) {
    add(kConsole, tr("This console"), {});
    add(kKeys, tr("API keys"), {});
  }
  for (const auto& group : m_settings->groups()) {
    const auto found = m_settings->matching(needle, group);
    if (!found.empty())
      add(kGroupPrefix + cellText(group, 96), cellText(group, 96), QString::number(found.size()));
  }
  m_groups->setRows(std::move(infos));
  if (m_groups->currentId().isEmpty()) m_groups->step(0);
}

void SettingsPanel::paintGroup(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  const auto& [name, count] = m_groupRows[static_cast<size_t>(row)];
  const QRectF box = QRectF(rect).adjusted(0, 1, 0, -1);
  if (state.current || state.hovered)
    paintBox(painter, box, m_theme.color(state.current ? Token::Selected : Token::Hover), Qt::transparent,
             theme::grid::kRadiusControl);
  if (state.focused) paintFocus(painter, box, m_theme, theme::grid::kRadiusControl);
  paintText(painter, box.adjusted(10, 0, -44, 0), name, m_theme, FontRole::BodyStrong,
            state.current ? Token::Text : Token::Text2);
  paintText(painter, box.adjusted(box.width() - 40, 0, -10, 0), count, m_theme, FontRole::Mono, Token::Text3,
            Qt::AlignRight);
}

void SettingsPanel::showPage() {
  const QString id = m_groups->currentId();
  const bool searching = !m_find->text().isEmpty();
  m_appearance->setVisible(!searching && id == kConsole);
  m_keys->setVisible(!searching && id == kKeys);
  std::vector<const model::SettingInfo*> shown;
  for (const auto& group : m_settings->groups()) {
    if (kGroupPrefix + cellText(group, 96) == id) shown = m_settings->matching(m_find->text(), group);
  }
  const int row = m_groups->currentIndex().row();
  m_page->setTitle(row >= 0 && static_cast<size_t>(row) < m_groupRows.size()
                       ? m_groupRows[static_cast<size_t>(row)].first
                       : tr("Settings"));
  m_page->setTrailing(shown.empty() ? QString() : tr("saved at once, Enter edits"));
  showRows(shown);
  const QString problem = cellText(m_settings->problem());
  m_empty->setVisible(shown.empty() && (searching || !problem.isEmpty()) && !m_keys->isVisibleTo(this));
  m_empty->setText(problem.isEmpty() ? tr("No setting holds \"%1\".").arg(m_find->text())
                                     : tr("The settings of the engine can't be shown. %1").arg(problem));
}

void SettingsPanel::showRows(const std::vector<const model::SettingInfo*>& settings) {
  const bool same =
      std::equal(settings.begin(), settings.end(), m_rows.begin(), m_rows.end(),
                 [](const auto* setting, const auto* row) { return setting->key == row->key(); });
  if (same) {
    for (size_t i = 0; i < settings.size(); ++i) m_rows[i]->setSetting(*settings[i], m_settings->mayChange());
    return;
  }
  for (auto* row : m_rows) row->deleteLater();
  m_rows.clear();
  for (const auto* setting : settings) {
    auto* row = new SettingRow(m_theme, *setting, m_settings->mayChange(), m_scroll->widget());
    connect(row, &SettingRow::changeAsked, this, [this](const std::string& key, const QString& value) {
      m_settings->change(key, value.toStdString());
    });
    connect(row, &SettingRow::resetAsked, this,
            [this](const std::string& key) { m_settings->change(key, std::nullopt); });
    row->installEventFilter(this);
    m_list->insertWidget(m_list->count() - 1, row);
    row->show();  // now, not with the next event: the focus may go to it at once
    m_rows.push_back(row);
  }
  m_scroll->verticalScrollBar()->setValue(0);
}

void SettingsPanel::loaded() {
  fillGroups();
  showPage();
  refreshRestart();
}

void SettingsPanel::changed(const QString&) {
  showPage();
  refreshRestart();
  const auto& last = m_settings->lastChange();
  if (!last) return;
  if (!last->undoable) return m_change->tell(last->words);
  m_change->offer(last->words, [this, change = *last] { m_settings->undo(change); });
}

void SettingsPanel::refused(const QString& key, const QString& why) {
  for (auto* row : m_rows) {
    if (cellText(row->key()) == key) return row->refuse(why);
  }
  m_change->tell(why);
}

void SettingsPanel::refreshRestart() {
  const auto pending = m_settings->pendingRestart();
  QStringList keys;
  for (const auto& key : pending) keys += cellText(key, 96);
  m_restart->setVisible(!keys.isEmpty());
  const QString count = pending.size() == 1 ? tr("1 change needs a restart")
                                            : tr("%1 changes need a restart").arg(pending.size());
  m_restart->setText(tr("%1 of the program: %2").arg(count, keys.join(QStringLiteral(", "))));
}

QString SettingsPanel::restartText() const {
  return m_restart->isVisibleTo(this) ? m_restart->text() : QString();
}

SettingRow* SettingsPanel::row(const std::string& key) const {
  const auto found =
      std::find_if(m_rows.begin(), m_rows.end(), [&](const auto* row) { return row->key() == key; });
  return found == m_rows.end() ? nullptr : *found;
}

SettingRow* SettingsPanel::focusedRow() const {
  const auto found =
      std::find_if(m_rows.begin(), m_rows.end(), [](const auto* row) { return row->hasFocus(); });
  return found == m_rows.end() ? nullptr : *found;
}

void SettingsPanel::focusRow(SettingRow* row) {
  row->setFocus(Qt::OtherFocusReason);
  m_scroll->ensureWidgetVisible(row, 0, 8);
}

void SettingsPanel::moveInRows(int by) {
  if (m_rows.empty()) {
    if (m_appearance->isVisible()) m_schemes[m_theme.appearance()]->setFocus();
    return;
  }
  const auto at = std::find(m_rows.begin(), m_rows.end(), focusedRow());
  const auto last = static_cast<std::ptrdiff_t>(m_rows.size()) - 1;
  const auto place = at == m_rows.end() ? 0 : std::clamp((at - m_rows.begin()) + by, std::ptrdiff_t{0}, last);
  focusRow(m_rows[static_cast<size_t>(place)]);
}

void SettingsPanel::chooseAppearance(Appearance appearance) {
  m_theme.setAppearance(appearance);
}

bool SettingsPanel::takeKey(int key) {
  SettingRow* row = focusedRow();
  switch (key) {
    case Qt::Key_Slash:
      toFind();
      return true;
    case Qt::Key_Escape:
      if (m_find->hasFocus()) m_find->clear();
      m_groups->setFocus();
      return true;
    case Qt::Key_Left:
      m_groups->setFocus();
      return true;
    case Qt::Key_Right:
      if (row == nullptr) moveInRows(0);
      return true;
    case Qt::Key_Down:
    case Qt::Key_J:
      moveInRows(1);
      return true;
    case Qt::Key_Up:
    case Qt::Key_K:
      moveInRows(-1);
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (row != nullptr) row->edit();
      if (row == nullptr && m_find->hasFocus()) moveInRows(0);
      return true;
    default:
      return false;
  }
}

void SettingsPanel::keyPressEvent(QKeyEvent* event) {
  if (!takeKey(event->key())) Panel::keyPressEvent(event);
}

// A row would hand arrows to the scroll area, which scrolls without moving the focus.
bool SettingsPanel::eventFilter(QObject* watched, QEvent* event) {
  const auto* row = qobject_cast<SettingRow*>(watched);
  const bool isKey = event->type() == QEvent::KeyPress && row != nullptr && row->hasFocus();
  return isKey ? takeKey(static_cast<QKeyEvent*>(event)->key()) : Panel::eventFilter(watched, event);
}

void SettingsPanel::resizeEvent(QResizeEvent*) {
  m_side->setFixedWidth(width() < kNarrowBelow ? kGroupsNarrow : kGroupsWide);
}

}  // namespace aiops::ui
