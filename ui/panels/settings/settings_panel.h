// Settings: find one, understand it, change it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <map>

#include "models/settings_list.h"
#include "theme/theme.h"
#include "widgets/panel.h"

class QVBoxLayout;

namespace aiops::ui {

class Card;
class ChangeBar;
class KeyForm;
class Label;
class RowList;
class ScrollPane;
class Segment;
class SettingRow;
struct RowState;

/// / or Ctrl+F finds, arrows or J K move, Right goes from the groups to the settings and Left back, Enter
/// edits, Esc goes back one place, Ctrl+Z takes the last change back for 10 s, F6 goes to the next part.
/// Saved at once.
class SettingsPanel final : public Panel {
  Q_OBJECT
 public:
  SettingsPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Settings"); }
  /// `id` is the key of a setting, or empty.
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  QLineEdit* find() { return m_find; }
  RowList& groups() { return *m_groups; }
  KeyForm& keys() { return *m_keys; }
  ChangeBar& changeBar() { return *m_change; }
  SettingRow* row(const std::string& key) const;
  std::vector<SettingRow*> rows() const { return m_rows; }
  QString restartText() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* buildGroups();
  QWidget* buildPage();
  QWidget* buildAppearance();
  void bindKeys();
  void toFind();
  void fillGroups();
  void showPage();
  void showRows(const std::vector<const model::SettingInfo*>& settings);
  void loaded();
  void changed(const QString& key);
  void refused(const QString& key, const QString& why);
  void refreshRestart();
  bool takeKey(int key);
  void moveInRows(int by);
  void focusRow(SettingRow* row);
  SettingRow* focusedRow() const;
  void chooseAppearance(theme::Appearance appearance);
  void paintGroup(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  theme::Theme& m_theme;
  EngineBridge& m_bridge;
  SettingsList* m_settings;
  QWidget* m_side = nullptr;
  QLineEdit* m_find = nullptr;
  RowList* m_groups = nullptr;
  std::vector<std::pair<QString, QString>> m_groupRows;  ///< name, count
  Card* m_page = nullptr;
  Label* m_readOnly = nullptr;
  Label* m_empty = nullptr;
  ScrollPane* m_scroll = nullptr;
  QVBoxLayout* m_list = nullptr;
  std::vector<SettingRow*> m_rows;
  QWidget* m_appearance = nullptr;
  std::map<theme::Appearance, Segment*> m_schemes;
  KeyForm* m_keys = nullptr;
  Label* m_restart = nullptr;
  ChangeBar* m_change = nullptr;
};

}  // namespace aiops::ui
