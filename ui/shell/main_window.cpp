// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/main_window.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QShortcut>
#include <algorithm>

#include "panels/firstrun/first_run_page.h"
#include "shell/attention_bar.h"
#include "shell/command_palette.h"
#include "shell/header_bar.h"
#include "shell/key_card.h"
#include "shell/rail.h"
#include "shell/status_line.h"

namespace aiops::ui {
namespace {

constexpr int kNarrowBelow = 1400, kLeastWidth = 1024, kLeastHeight = 640;
constexpr std::chrono::milliseconds kSettles{1500};

}  // namespace

MainWindow::MainWindow(theme::Theme& theme, service::Operations& operations, service::Caller caller,
                       QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_bridge(std::make_unique<EngineBridge>(operations, std::move(caller))),
      m_table(panelTable()) {
  setWindowTitle(tr("AI-Ops Core"));
  setMinimumSize(kLeastWidth, kLeastHeight);
  m_rail = new Rail(theme, m_table, m_bridge->caller(), this);
  m_header = new HeaderBar(theme, *m_bridge, this);
  m_attention = new AttentionBar(theme, *m_bridge, this);
  m_stack = new QStackedWidget(this);
  m_status = new StatusLine(theme, *m_bridge, this);
  m_palette = new CommandPalette(theme, *m_bridge, this);
  m_keys = new KeyCard(theme, this);

  auto* column = new QVBoxLayout;
  column->setSpacing(0);
  column->addWidget(m_header);
  column->addWidget(m_attention);
  column->addWidget(m_stack, 1);
  column->addWidget(m_status);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_rail);
  row->addLayout(column, 1);

  connect(m_rail, &Rail::chosen, this, [this](PanelId id) { open(id); });
  connect(m_status, &StatusLine::openPanel, this, [this](PanelId id) { open(id); });
  connect(m_attention, &AttentionBar::openFix, this,
          [this](const QString& id) { open(PanelId::Approvals, id); });
  connect(m_header, &HeaderBar::searchPressed, this, &MainWindow::openPalette);
  connect(m_palette, &CommandPalette::chosen, this, &MainWindow::goTo);
  connect(m_header, &HeaderBar::titlePressed, this, [this] { open(m_currentId); });
  connect(m_bridge.get(), &EngineBridge::fixesChanged, this, &MainWindow::refreshBadges);
  connect(m_bridge.get(), &EngineBridge::incidentsChanged, this, &MainWindow::refreshBadges);
  connect(m_bridge.get(), &EngineBridge::statusChanged, this, &MainWindow::firstStatus);
  connect(m_bridge.get(), &EngineBridge::statusChanged, this, &MainWindow::refreshBadges);
  connect(&theme, &theme::Theme::changed, this, [this] { update(); });
  bindKeys();
  open(PanelId::Overview);
}

// The panels use the bridge: they go first.
MainWindow::~MainWindow() {
  qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

void MainWindow::open(PanelId id, const QString& what) {
  endWalk();
  std::erase(m_used, id);
  m_used.insert(m_used.begin(), id);
  bring(id, what);
}

void MainWindow::bring(PanelId id, const QString& what) {
  Panel* shown = panel(id);
  if (shown == nullptr) return;
  if (m_firstRun != nullptr) m_firstRun->hide();
  m_palette->hide();
  m_keys->hide();
  m_currentId = id;
  m_stack->setCurrentWidget(shown);
  m_rail->setCurrent(id);
  m_attention->setCovered(shown->showsDecisions());
  shown->activate(what);
  refreshPlace();
}

/// One further back with each press; where Ctrl is let go becomes the last one used.
void MainWindow::lastUsed() {
  m_walked = (m_walked + 1) % m_used.size();
  bring(m_used[m_walked], {});
}

void MainWindow::endWalk() {
  const auto reached = m_used.begin() + static_cast<std::ptrdiff_t>(std::exchange(m_walked, 0));
  if (reached != m_used.end()) std::rotate(m_used.begin(), reached, reached + 1);
}

Panel* MainWindow::current() const {
  return qobject_cast<Panel*>(m_stack->currentWidget());
}

Panel* MainWindow::panel(PanelId id) {
  if (const auto known = m_panels.find(id); known != m_panels.end()) return known->second;
  const auto entry =
      std::find_if(m_table.begin(), m_table.end(), [id](const auto& row) { return row.id == id; });
  if (entry == m_table.end()) return nullptr;
  Panel* made = entry->make(m_theme, *m_bridge, m_stack);
  m_stack->addWidget(made);
  connect(made, &Panel::subjectChanged, this, &MainWindow::refreshPlace);
  connect(made, &Panel::openIncident, this,
          [this](const QString& what) { open(PanelId::Investigations, what); });
  connect(made, &Panel::openFix, this, [this](const QString& what) { open(PanelId::Approvals, what); });
  connect(made, &Panel::makePattern, this,
          [this](const QString& sample) { open(PanelId::Patterns, QStringLiteral("sample:") + sample); });
  connect(made, &Panel::silenceServices, this, [this](const QStringList& services) {
    open(PanelId::QuietTimes, QStringLiteral("silence:") + services.join(u'\n'));
  });
  connect(made, &Panel::addLogs, this, &MainWindow::showFirstRun);
  connect(made, &Panel::openLogLine, this, [this](const QString& source, quint64 line) {
    open(PanelId::Logs, QStringLiteral("%1:%2").arg(source).arg(line));
  });
  return m_panels[id] = made;
}

void MainWindow::firstStatus() {
  if (m_sawStatus || !m_bridge->hasStatus()) return;
  const auto& status = m_bridge->status();
  const bool configured = !status.sources.empty() || !status.services.empty();
  // Sources appear once the engine has looked at them: a moment after its start.
  if (!configured && base::SystemClock().now() - status.startedAt < kSettles) return;
  m_sawStatus = true;
  if (!configured) showFirstRun();
}

void MainWindow::showFirstRun() {
  if (m_firstRun == nullptr) {
    m_firstRun = new FirstRunPage(m_theme, *m_bridge, this);
    m_firstRun->offerDemo(m_startDemo);
    connect(m_firstRun, &FirstRunPage::left, this, [this] { leaveFirstRun(m_currentId); });
    connect(m_firstRun, &FirstRunPage::watched, this, [this] { leaveFirstRun(PanelId::Logs); });
  }
  m_firstRun->setGeometry(rect());
  m_firstRun->open();
}

void MainWindow::leaveFirstRun(PanelId next) {
  open(next);
}

void MainWindow::toggleKeys() {
  const bool firstRun = m_firstRun != nullptr && m_firstRun->isVisible();
  if (m_keys->isVisible()) return m_keys->leave();
  if (!firstRun && !m_palette->isVisible()) m_keys->open(*current());
}

void MainWindow::openPalette() {
  if (m_keys->isVisible()) m_keys->leave();
  buildPalette();
  m_palette->open();
}

void MainWindow::buildPalette() {
  std::vector<CommandPalette::Action> actions;
  for (size_t i = 0; i < m_table.size(); ++i) {
    const auto& row = m_table[i];
    const QString key = QKeySequence(Qt::ALT | panelDigit(i)).toString(QKeySequence::NativeText);
    actions.push_back({tr("Go to %1").arg(row.title), {}, key, row.icon, [this, id = row.id] { open(id); }});
  }
  actions.push_back({tr("Add logs"), tr("finds logs on this machine"), {}, QStringLiteral("source"), [this] {
                       showFirstRun();
                     }});
  if (m_bridge->caller().isAdmin) {
    actions.push_back({tr("New pattern"), {}, {}, QStringLiteral("plus"), [this] {
                         open(PanelId::Patterns, QStringLiteral("sample:"));
                       }});
  }
  if (m_bridge->caller().mayOperate) {
    actions.push_back(
        {tr("New silence"), tr("no incidents for a while"), {}, QStringLiteral("quiet"), [this] {
           open(PanelId::QuietTimes, QStringLiteral("silence"));
         }});
    actions.push_back({tr("New maintenance window"), {}, {}, QStringLiteral("quiet"), [this] {
                         open(PanelId::QuietTimes, QStringLiteral("window"));
                       }});
  }
  if (m_bridge->status().automation.stopped) {
    actions.push_back({tr("Resume automation..."), tr("asks first"), {}, QStringLiteral("play"), [this] {
                         m_header->offerResume();
                       }});
  } else {
    actions.push_back({tr("Stop automation"), tr("at once, without a question"), tr("Ctrl Shift Backspace"),
                       QStringLiteral("stop"), [this] { m_header->stop(); }});
  }
  actions.push_back(
      {tr("Wide or narrow rail"), {}, tr("Ctrl B"), QStringLiteral("rail"), [this] { toggleRail(); }});
  actions.push_back(
      {tr("Keys of this panel"), {}, tr("F1"), QStringLiteral("key"), [this] { toggleKeys(); }});
  m_palette->setActions(std::move(actions));
}

void MainWindow::goTo(const PaletteItem& item) {
  switch (item.group) {
    case PaletteGroup::Waiting:
      return open(PanelId::Approvals, item.id);
    case PaletteGroup::Incidents:
      return open(PanelId::Investigations, item.id);
    case PaletteGroup::Logs:
      return open(PanelId::Logs, item.id);
    case PaletteGroup::Services:
      return open(PanelId::Logs, QStringLiteral("service:") + item.id);
    case PaletteGroup::Patterns:
      return open(PanelId::Patterns, item.id);
    case PaletteGroup::Settings:
      return open(PanelId::Settings, item.id);
    case PaletteGroup::Actions:
      return;
  }
}

void MainWindow::offerDemo(std::function<base::Result<>()> start) {
  m_startDemo = std::move(start);
  if (m_firstRun != nullptr) m_firstRun->offerDemo(m_startDemo);
}

void MainWindow::bindKeys() {
  const auto bind = [this](const QKeySequence& keys, auto work) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, work);
  };
  for (size_t i = 0; i < m_table.size(); ++i) {
    const PanelId id = m_table[i].id;
    bind(QKeySequence(Qt::ALT | panelDigit(i)), [this, id] { open(id); });
    bind(QKeySequence(Qt::Key_G, m_table[i].letter), [this, id] { open(id); });
  }
  bind(QKeySequence(Qt::CTRL | Qt::Key_K), [this] { openPalette(); });
  bind(QKeySequence(Qt::CTRL | Qt::Key_Tab), [this] { lastUsed(); });
  bind(QKeySequence(Qt::Key_F1), [this] { toggleKeys(); });
  bind(QKeySequence(Qt::CTRL | Qt::Key_B), [this] { toggleRail(); });
  bind(QKeySequence(Qt::Key_F8), [this] { m_attention->review(); });
  bind(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backspace), [this] { m_header->stop(); });
}

void MainWindow::refreshBadges() {
  const auto& incidents = m_bridge->incidents();
  const auto open = std::count_if(incidents.begin(), incidents.end(),
                                  [](const auto& row) { return !model::isClosed(row.incident.state); });
  const auto& status = m_bridge->status();
  m_rail->setBadge(PanelId::Investigations, static_cast<int>(open), tr("open"));
  m_rail->setBadge(PanelId::Approvals, static_cast<int>(m_bridge->waiting().size()), tr("waiting"), true);
  m_rail->setBadge(PanelId::QuietTimes, static_cast<int>(status.activeSilences + status.activeMaintenance),
                   tr("in force"));
}

void MainWindow::refreshPlace() {
  if (const Panel* shown = current()) m_header->setPlace(shown->title(), shown->subject());
}

void MainWindow::toggleRail() {
  m_railToggled = !m_railToggled;
  m_rail->setNarrow((width() < kNarrowBelow) != m_railToggled);
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  const bool crossed = (event->oldSize().width() < kNarrowBelow) != (width() < kNarrowBelow);
  if (crossed) m_railToggled = false;
  m_rail->setNarrow((width() < kNarrowBelow) != m_railToggled);
  if (m_firstRun != nullptr) m_firstRun->setGeometry(rect());
  m_palette->setGeometry(rect());
  m_keys->setGeometry(rect());
}

void MainWindow::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Control) endWalk();
  QWidget::keyReleaseEvent(event);
}

void MainWindow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme.color(theme::Token::App));
}

}  // namespace aiops::ui
