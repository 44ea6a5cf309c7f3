// The window of the console: rail, header, attention bar, panels, status line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>
#include <functional>
#include <map>

#include "models/engine_bridge.h"
#include "shell/panel_table.h"
#include "theme/theme.h"

namespace aiops::ui {

class AttentionBar;
class CommandPalette;
class FirstRunPage;
class HeaderBar;
class KeyCard;
class Rail;
class StatusLine;
struct PaletteItem;

/// Makes a panel on its first visit and keeps it. Theme and operations outlive the window. UI thread only.
///
///     theme::Theme theme(theme::Scheme::Dark);
///     theme.setAppearance(theme::Appearance::Desktop);
///     theme.apply(application);
///     MainWindow window(theme, operations, {"local operator", true, true});
///     window.show();
class MainWindow : public QWidget {
  Q_OBJECT
 public:
  MainWindow(theme::Theme& theme, service::Operations& operations, service::Caller caller,
             QWidget* parent = nullptr);
  ~MainWindow() override;

  /// Shows a panel and selects `id` in it, if not empty.
  void open(PanelId id, const QString& what = {});
  Panel* current() const;
  /// Covers the window with the page that finds logs. Comes by itself once when nothing is watched.
  void showFirstRun();
  FirstRunPage* firstRun() const { return m_firstRun; }
  /// Ctrl+K.
  void openPalette();
  CommandPalette* commandPalette() { return m_palette; }
  /// F1 shows and hides the keys of the panel.
  void toggleKeys();
  KeyCard* keyCard() { return m_keys; }
  /// How the first run starts the demo; without it there is no such button.
  void offerDemo(std::function<base::Result<>()> start);
  EngineBridge& bridge() { return *m_bridge; }

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;

 private:
  Panel* panel(PanelId id);
  void bring(PanelId id, const QString& what);
  void lastUsed();
  void endWalk();
  void bindKeys();
  void refreshBadges();
  void refreshPlace();
  void toggleRail();
  void firstStatus();
  void buildPalette();
  void goTo(const PaletteItem& item);
  void leaveFirstRun(PanelId next);

  theme::Theme& m_theme;
  std::unique_ptr<EngineBridge> m_bridge;
  std::vector<PanelEntry> m_table;
  std::map<PanelId, Panel*> m_panels;
  PanelId m_currentId = PanelId::Overview;
  std::vector<PanelId> m_used;  ///< panels shown so far, last one first
  size_t m_walked = 0;          ///< how far Ctrl+Tab has gone back in it while Ctrl is down
  bool m_railToggled = false;   ///< Ctrl+B reverses what the width asks for
  Rail* m_rail;
  HeaderBar* m_header;
  AttentionBar* m_attention;
  QStackedWidget* m_stack;
  StatusLine* m_status;
  CommandPalette* m_palette;
  KeyCard* m_keys;
  FirstRunPage* m_firstRun = nullptr;  ///< made when it is first needed
  bool m_sawStatus = false;
  std::function<base::Result<>()> m_startDemo;
};

}  // namespace aiops::ui
