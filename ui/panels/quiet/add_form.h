// What the forms of this page share: rows, what would be sent in words, what stands in the way, the buttons.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>
#include <QWidget>

#include "models/engine_bridge.h"
#include "theme/theme.h"

namespace aiops::ui {

class KeyButton;
class Label;

/// Ctrl+Enter sends, Esc leaves and keeps what was typed. Nothing is sent while something is missing; what it
/// is stands beside the button.
class AddForm : public QWidget {
  Q_OBJECT
 public:
  AddForm(const theme::Theme& theme, EngineBridge& bridge, const QString& intro, const QString& send,
          QWidget* parent);

  /// The engine took it, or says why not.
  void answered(const QString& refusal);
  /// Times that are told relative to now are told anew.
  void refresh();
  /// Puts the focus where one begins.
  virtual void begin() = 0;
  /// Forgets what was typed.
  virtual void clear() = 0;

 public Q_SLOTS:
  void submit();

 Q_SIGNALS:
  void left();

 protected:
  /// Of lists, which take what room there is up to their most rows.
  static constexpr int kListStretch = 8;
  QVBoxLayout& rows() { return *m_rows; }
  void addRow(const QString& name, QWidget* control, QWidget* second = nullptr);
  /// Buttons below; after the last row.
  void finish();
  /// What stands in the way of sending, or empty.
  virtual QString missing() const = 0;
  /// What would happen, in words.
  virtual QString summary() const = 0;
  virtual void send() = 0;
  const theme::Theme& theme() const { return m_theme; }

 private:
  QString blocked() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  bool m_sending = false;
  QString m_refusal;
  QVBoxLayout* m_rows;
  Label *m_summary, *m_missing;
  KeyButton *m_back, *m_send;
};

}  // namespace aiops::ui
