// The first run: finds the logs of this machine and asks what to watch.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "base/result.h"
#include "models/log_finder.h"
#include "widgets/painted.h"

class QHBoxLayout;
class QLineEdit;

namespace aiops::ui {

class Card;
class FoundList;
class KeyButton;
class Label;
class LogPreviewView;

/// Covers the whole window. Only Watch changes anything. Keys: Space tick, A all, Enter to the preview,
/// Ctrl+Enter watch, F5 find again, F6 next part, Esc or Back leaves without watching.
class FirstRunPage final : public Painted {
  Q_OBJECT
 public:
  FirstRunPage(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// Starts the demo; without it there is no such button. A failure is said in place.
  void offerDemo(std::function<base::Result<>()> start);
  /// Looks again and takes the focus.
  void open();

  LogFinder& finder() { return m_finder; }
  FoundList& list() { return *m_list; }
  LogPreviewView& preview() { return *m_preview; }
  KeyButton* watchButton() { return m_watch; }
  KeyButton* demoButton() { return m_demo; }
  QString note() const;

 Q_SIGNALS:
  void left();
  /// Something is watched now.
  void watched();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  Card* buildFound();
  Card* buildAutomation();
  QWidget* buildFoot();
  void refresh();
  QString foundTitle() const;
  QString stateText() const;
  void startDemo();
  void browse();
  void paintSteps(QPainter& painter) const;

  LogFinder m_finder;
  std::function<base::Result<>()> m_startDemo;
  QHBoxLayout* m_columns = nullptr;
  FoundList* m_list = nullptr;
  LogPreviewView* m_preview = nullptr;
  Label* m_title = nullptr;
  Label* m_state = nullptr;
  Label* m_chosen = nullptr;
  Label* m_note = nullptr;
  QLineEdit* m_path = nullptr;
  KeyButton* m_again = nullptr;
  KeyButton* m_watch = nullptr;
  KeyButton* m_demo = nullptr;
  QString m_demoNote;
  bool m_demoFailed = false;
};

}  // namespace aiops::ui
