// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/code_edit.h"

#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>

#include "widgets/paint.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kGutter = 44;

}  // namespace

/// The strip with the line numbers.
class CodeEdit::Numbers final : public QWidget {
 public:
  explicit Numbers(CodeEdit& owner) : QWidget(&owner), m_owner(owner) {}

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    m_owner.paintGutter(painter, rect());
  }

 private:
  CodeEdit& m_owner;
};

class CodeEdit::Colours final : public QSyntaxHighlighter {
 public:
  Colours(CodeEdit& owner, QTextDocument* document) : QSyntaxHighlighter(document), m_owner(owner) {}

 protected:
  void highlightBlock(const QString& line) override {
    if (!m_owner.m_marks) return;
    for (const auto& mark : m_owner.m_marks(line)) {
      QTextCharFormat format;
      format.setForeground(m_owner.m_theme.color(mark.token));
      if (mark.strong) format.setFontWeight(QFont::Medium);
      setFormat(mark.first, mark.last - mark.first, format);
    }
  }

 private:
  CodeEdit& m_owner;
};

CodeEdit::CodeEdit(const theme::Theme& theme, Gutter gutter, QWidget* parent)
    : QPlainTextEdit(parent), m_theme(theme), m_colours(new Colours(*this, document())) {
  setTabChangesFocus(true);
  setFrameShape(QFrame::NoFrame);
  setLineWrapMode(gutter == Gutter::None ? WidgetWidth : NoWrap);
  setWordWrapMode(gutter == Gutter::None ? QTextOption::WrapAnywhere : QTextOption::NoWrap);
  QTextOption option = document()->defaultTextOption();
  option.setTextDirection(Qt::LeftToRight);
  document()->setDefaultTextOption(option);
  document()->setDocumentMargin(gutter == Gutter::None ? 5 : 6);
  if (gutter == Gutter::LineNumbers) {
    m_numbers = new Numbers(*this);
    setViewportMargins(kGutter, 0, 0, 0);
    connect(this, &QPlainTextEdit::updateRequest, m_numbers, [this] { m_numbers->update(); });
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &CodeEdit::highlightLine);
  }
  connect(&theme, &theme::Theme::changed, this, &CodeEdit::restyle);
  restyle();
}

void CodeEdit::restyle() {
  setFont(m_theme.font(FontRole::Mono));
  QPalette colours = palette();
  colours.setColor(QPalette::Base, m_theme.color(Token::Inset));
  colours.setColor(QPalette::Text, m_theme.color(Token::Text));
  colours.setColor(QPalette::Highlight, m_theme.color(Token::Selected));
  colours.setColor(QPalette::HighlightedText, m_theme.color(Token::Text));
  setPalette(colours);
  m_colours->rehighlight();
  highlightLine();
  update();
}

void CodeEdit::setMarks(Marks marks) {
  m_marks = std::move(marks);
  m_colours->rehighlight();
}

void CodeEdit::replaceText(const QString& text) {
  const QString old = toPlainText();
  if (old == text) return;
  const auto shorter = std::min(old.size(), text.size());
  qsizetype first = 0, last = 0;
  while (first < shorter && old[first] == text[first]) ++first;
  while (last < shorter - first && old[old.size() - 1 - last] == text[text.size() - 1 - last]) ++last;
  // Half a surrogate pair is no text.
  if (first > 0 && old[first - 1].isHighSurrogate()) --first;
  if (last > 0 && old[old.size() - last].isLowSurrogate()) --last;
  const int scroll = verticalScrollBar()->value();
  QTextCursor change(document());
  change.setPosition(static_cast<int>(first));
  change.setPosition(static_cast<int>(old.size() - last), QTextCursor::KeepAnchor);
  change.insertText(text.mid(first, text.size() - first - last));
  verticalScrollBar()->setValue(scroll);
}

void CodeEdit::showText(const QString& text) {
  if (toPlainText() != text) setPlainText(text);
  document()->clearUndoRedoStacks();
}

void CodeEdit::setProblem(int line, const QString& words) {
  setAccessibleDescription(words);
  if (line == m_problemLine) return;
  m_problemLine = line;
  highlightLine();
  if (m_numbers) m_numbers->update();
}

void CodeEdit::goToLine(int line) {
  const QTextBlock block = document()->findBlockByNumber(line - 1);
  if (!block.isValid()) return;
  setTextCursor(QTextCursor(block));
  centerCursor();
}

void CodeEdit::highlightLine() {
  if (!m_numbers) return;
  QList<QTextEdit::ExtraSelection> selections;
  const auto add = [&](const QTextCursor& at, Token ground) {
    QTextEdit::ExtraSelection selection;
    selection.format.setBackground(m_theme.color(ground));
    selection.format.setProperty(QTextFormat::FullWidthSelection, true);
    selection.cursor = at;
    selection.cursor.clearSelection();
    selections << selection;
  };
  if (hasFocus()) add(textCursor(), Token::Hover);
  const QTextBlock wrong = document()->findBlockByNumber(m_problemLine - 1);
  if (m_problemLine > 0 && wrong.isValid()) add(QTextCursor(wrong), Token::CritTint);
  setExtraSelections(selections);
}

void CodeEdit::insertFromMimeData(const QMimeData* source) {
  const QString text = source->text();
  if (!text.isEmpty()) insertPlainText(m_filter ? m_filter(text) : text);
}

void CodeEdit::focusInEvent(QFocusEvent* event) {
  QPlainTextEdit::focusInEvent(event);
  highlightLine();
}

void CodeEdit::focusOutEvent(QFocusEvent* event) {
  QPlainTextEdit::focusOutEvent(event);
  highlightLine();
}

void CodeEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  placeGutter();
}

void CodeEdit::placeGutter() {
  if (!m_numbers) return;
  const QRect inside = contentsRect();
  m_numbers->setGeometry(inside.left(), inside.top(), kGutter, inside.height());
}

void CodeEdit::paintGutter(QPainter& painter, const QRect& box) {
  painter.fillRect(box, m_theme.color(Token::Inset));
  QTextBlock block = firstVisibleBlock();
  qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
  for (; block.isValid() && top < box.bottom(); block = block.next()) {
    const qreal height = blockBoundingRect(block).height();
    const bool wrong = block.blockNumber() + 1 == m_problemLine;
    if (wrong) {
      painter.fillRect(QRectF(0, top, box.width(), height), m_theme.color(Token::CritTint));
      painter.fillRect(QRectF(0, top, 3, height), m_theme.color(Token::Crit));
    }
    paintText(painter, QRectF(0, top, box.width() - 12, height), QString::number(block.blockNumber() + 1),
              m_theme, FontRole::Mono, wrong ? Token::Crit : Token::Text3, Qt::AlignRight);
    top += height;
  }
}

void CodeEdit::paintEvent(QPaintEvent* event) {
  QPlainTextEdit::paintEvent(event);
  const bool styled = property("kind").isValid();  // the style sheet paints its edge
  if (!hasFocus() || m_numbers || styled) return;
  QPainter painter(viewport());
  paintFocus(painter, viewport()->rect(), m_theme, theme::grid::kRadiusControl);
}

}  // namespace aiops::ui
