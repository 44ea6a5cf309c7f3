// Patterns: what is looked for, and whether it matches what is meant.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/pattern_editor.h"
#include "theme/theme.h"
#include "widgets/panel.h"

class QSplitter;

namespace aiops::ui {

class ChangeBar;
class CodeEdit;
class PatternForm;
class PatternHead;
class PatternList;
class PreviewView;

/// The list, and one document as form and text with its preview. Keys: / or Ctrl+F filter, N new, F2 rename,
/// Ctrl+S save, Alt+Up and Alt+Down through the samples, F6 next part, Esc back to the list; in the list also
/// Space on or off, Del delete, Ctrl+Z undo of a deletion.
class PatternsPanel final : public Panel {
  Q_OBJECT
 public:
  PatternsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Patterns"); }
  QString subject() const override;
  /// `id` is a pattern's, or "sample:LINE" for a new one that must match the line, or empty.
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  PatternEditor& editor() { return m_editor; }
  PatternList& list() { return *m_list; }
  PatternForm& form() { return *m_form; }
  CodeEdit& text() { return *m_text; }
  PreviewView& preview() { return *m_preview; }
  PatternHead& head() { return *m_head; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void connectParts();
  void bindKeys();
  void bindListKeys();
  void followDocument(PatternEditor::Side by);
  void markProblem();
  void toSample(int step);
  void removeCurrent();
  void refreshUndo();

  const theme::Theme& m_theme;
  PatternEditor m_editor;
  PatternList* m_list;
  PatternHead* m_head;
  PatternForm* m_form;
  CodeEdit* m_text;
  PreviewView* m_preview;
  QSplitter* m_parts;  ///< the document above, its preview below
  ChangeBar* m_undo;
  QTimer m_poll;  ///< counts grow while one looks
  int m_sample = -1;
  bool m_filling = false;  ///< the text follows the document: not a change by hand
};

}  // namespace aiops::ui
