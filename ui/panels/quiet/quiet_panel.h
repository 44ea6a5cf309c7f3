// Quiet times: what no incident is wanted of, now and later.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/quiet_model.h"
#include "theme/theme.h"
#include "widgets/panel.h"

class QStackedWidget;

namespace aiops::ui {

class AddForm;
class Card;
class ChangeBar;
class DataTable;
class FieldList;
class KeyButton;
class Label;
class SilenceForm;
class WindowForm;

/// N begins a silence, W a maintenance window, Del ends or removes the chosen one, Ctrl+Z takes the last
/// change back for 10 s, Esc leaves a form and keeps what was typed. Asks once a second while it is shown.
class QuietPanel final : public Panel {
  Q_OBJECT
 public:
  QuietPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Quiet times"); }
  /// "silence" or "window" begins one; "silence:" and names, a line each, a silence of these services.
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  DataTable& table() { return *m_table; }
  SilenceForm& silenceForm() { return *m_silenceForm; }
  WindowForm& windowForm() { return *m_windowForm; }
  ChangeBar& changeBar() { return *m_undo; }
  bool isAdding() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void buildList();
  void buildSide();
  void layOut();
  QString blocked() const;
  void refreshed();
  void refreshRights();
  void askNames();
  void fillNames();
  void showForm(AddForm& form);
  void leaveForm();
  void focusList();
  void showChosen();
  void takeIn(const std::string& added);
  void addSilence(const model::Silence& silence);
  void addWindow(const model::MaintenanceWindow& window);
  void endChosen();
  void end(const model::Silence& silence, bool offerUndo);
  void end(const model::MaintenanceWindow& window, bool offerUndo);
  void restore(const model::Silence& silence);
  void restore(const model::MaintenanceWindow& window);
  void tell(const QString& refusal);

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  QuietModel* m_model;
  std::vector<model::PatternInfo> m_patterns;
  Card *m_card = nullptr, *m_side = nullptr;
  DataTable* m_table = nullptr;
  KeyButton *m_newSilence = nullptr, *m_newWindow = nullptr, *m_end = nullptr;
  Label *m_empty = nullptr, *m_problem = nullptr, *m_effect = nullptr;
  FieldList* m_facts = nullptr;
  QStackedWidget* m_pages = nullptr;
  QWidget* m_chosenPage = nullptr;
  SilenceForm* m_silenceForm = nullptr;
  WindowForm* m_windowForm = nullptr;
  ChangeBar* m_undo = nullptr;
  bool m_wantsFocus = false;  ///< as soon as it is known what there is
  QString m_added;            ///< is chosen as soon as it is listed
  QTimer m_poll;
};

}  // namespace aiops::ui
