// One setting: key, control, where the value comes from, and help.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/setting.h"
#include "widgets/painted.h"

namespace aiops::ui {

class KeyButton;
class Label;
class MarkLabel;
class ValueField;

/// A value that is fixed from outside, or that needs another scope, is shown and locked, and says by what.
/// Row and control are two places of the focus: Enter goes from the row into the control, Enter or Esc back.
class SettingRow final : public Painted {
  Q_OBJECT
 public:
  SettingRow(const theme::Theme& theme, const model::SettingInfo& setting, bool mayChange,
             QWidget* parent = nullptr);

  void setSetting(const model::SettingInfo& setting, bool mayChange);
  void refuse(const QString& why);
  void edit();
  const std::string& key() const { return m_setting.key; }
  bool isLocked() const { return m_locked; }
  ValueField* field() { return m_field; }
  QString originText() const;
  QString noteText() const;

 Q_SIGNALS:
  void changeAsked(const std::string& key, const QString& value);
  void resetAsked(const std::string& key);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void build();
  void fillControl(bool mayChange);
  QString originWords() const;
  QString helpWords() const;

  model::SettingInfo m_setting;
  bool m_locked = false;
  ValueField* m_field = nullptr;
  Label* m_fixed = nullptr;
  MarkLabel* m_lock = nullptr;
  Label* m_origin = nullptr;
  Label* m_note = nullptr;
  KeyButton* m_reset = nullptr;
};

}  // namespace aiops::ui
