// One value that a person may change: a text, a choice, on or off, or a secret that is written only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QStringList>

#include "theme/theme.h"

namespace aiops::ui {

class PickBox;
class Segment;

/// A choice and a switch are committed at once, a text by Enter or by leaving the field, a secret by Enter
/// only. Esc takes back what was typed. What is being typed is never overwritten by setValue().
class ValueField final : public QWidget {
  Q_OBJECT
 public:
  enum class Kind { Text, Choice, Switch, Secret };

  ValueField(const theme::Theme& theme, Kind kind, const QStringList& choices, QWidget* parent = nullptr);

  void setValue(const QString& value);
  QString value() const { return m_value; }
  /// Edge in the colour of what is wrong. The next change of the text clears it.
  void setBad(bool bad);
  bool isBad() const { return m_bad; }
  void setPlaceholder(const QString& text);
  void setName(const QString& name, const QString& description);
  /// Puts the focus into the control and selects the text.
  void edit();

 Q_SIGNALS:
  void committed(const QString& value);
  /// Enter or Esc ended the editing: where the focus goes next is the owner's.
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void makeControl(const QStringList& choices);
  void commitText();

  const theme::Theme& m_theme;
  const Kind m_kind;
  QString m_value;
  bool m_bad = false;
  bool m_dirty = false;
  QLineEdit* m_line = nullptr;
  PickBox* m_pick = nullptr;
  Segment* m_off = nullptr;
  Segment* m_on = nullptr;
};

}  // namespace aiops::ui
