// Above the document: what state it is in, and what can be done with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/pattern_editor.h"
#include "widgets/painted.h"

namespace aiops::ui {

class ChipLabel;
class KeyButton;
class Label;

/// Buttons act on the editor; the panel binds their keys to the slots here. Why one is disabled stands beside
/// it.
class PatternHead final : public Painted {
  Q_OBJECT
 public:
  PatternHead(const theme::Theme& theme, PatternEditor& editor, QWidget* parent = nullptr);
  void save();
  void toggleEnabled();
  void showVersions();
  QString note() const;
  KeyButton* saveButton() { return m_save; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();
  QString caption() const;
  QString problemOrReason() const;

  PatternEditor& m_editor;
  ChipLabel* m_state;
  Label* m_caption;
  Label* m_note;
  KeyButton* m_versions;
  KeyButton* m_switch;
  KeyButton* m_discard;
  KeyButton* m_save;
};

}  // namespace aiops::ui
