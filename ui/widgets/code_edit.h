// A plain text editor for documents: line numbers, one marked line, and marked ranges.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <functional>
#include <vector>

#include "theme/theme.h"

namespace aiops::ui {

/// Fixed pitch, no wrapping (or wrapping without line numbers), never rich text: pasted text goes through the
/// filter that the owner sets. Tab leaves the field: a document indents with spaces.
class CodeEdit : public QPlainTextEdit {
  Q_OBJECT
 public:
  enum class Gutter { None, LineNumbers };
  /// UTF-16 units [first, last) of one line in the colour of a token.
  struct Mark {
    int first = 0;
    int last = 0;
    theme::Token token = theme::Token::Text;
    bool strong = false;
  };
  using Marks = std::function<std::vector<Mark>(const QString& line)>;

  CodeEdit(const theme::Theme& theme, Gutter gutter, QWidget* parent = nullptr);

  /// How to colour a line. Called for changed lines only.
  void setMarks(Marks marks);
  /// What pasted and dropped text becomes; none by default.
  void setPasteFilter(std::function<QString(const QString&)> filter) { m_filter = std::move(filter); }
  /// Changes what differs, as one step that can be undone; cursor and scroll position stay where they can.
  void replaceText(const QString& text);
  /// Another document: nothing of the one before can be had back by undo.
  void showText(const QString& text);
  /// The line (from 1) with something wrong, or 0. `words` are read out and shown as its tip.
  void setProblem(int line, const QString& words);
  int problemLine() const { return m_problemLine; }
  /// Puts the cursor to the start of a line (from 1) and shows it.
  void goToLine(int line);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void insertFromMimeData(const QMimeData* source) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  class Numbers;
  class Colours;
  void restyle();
  void placeGutter();
  void paintGutter(QPainter& painter, const QRect& box);
  void highlightLine();

  const theme::Theme& m_theme;
  Numbers* m_numbers = nullptr;
  Colours* m_colours;
  Marks m_marks;
  std::function<QString(const QString&)> m_filter;
  int m_problemLine = 0;
};

}  // namespace aiops::ui
