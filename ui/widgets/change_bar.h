// The bar that offers to take a change back for 10 seconds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <functional>

#include "widgets/painted.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// Hidden until something is told. For what stays inside the program only: a change that reaches a service
/// has its journal. The panel binds Ctrl+Z to undo().
class ChangeBar final : public Painted {
  Q_OBJECT
 public:
  static constexpr int kSeconds = 10;

  explicit ChangeBar(const theme::Theme& theme, QWidget* parent = nullptr);

  void offer(const QString& words, std::function<void()> undo);
  /// Words without a way back; gone after the same time.
  void tell(const QString& words);
  /// False when there is nothing to take back.
  bool undo();
  void clear();
  QString words() const;

 Q_SIGNALS:
  /// The time is over, or it was taken back.
  void ended();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void begin(const QString& words);
  void tick();

  Label* m_words;
  KeyButton* m_button;
  QTimer m_clock;
  int m_left = 0;
  std::function<void()> m_undo;
};

}  // namespace aiops::ui
