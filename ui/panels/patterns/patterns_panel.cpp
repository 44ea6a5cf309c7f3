// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/patterns_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "models/editable_text.h"
#include "models/shown_text.h"
#include "panels/patterns/document_marks.h"
#include "panels/patterns/pattern_form.h"
#include "panels/patterns/pattern_head.h"
#include "panels/patterns/pattern_list.h"
#include "panels/patterns/preview_view.h"
#include "widgets/change_bar.h"
#include "widgets/code_edit.h"
#include "widgets/keys.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::Token;

constexpr int kDocumentHeight = 356, kLeastDocument = 160, kPollMs = 3000;

}  // namespace

PatternsPanel::PatternsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent),
      m_theme(theme),
      m_editor(bridge),
      m_list(new PatternList(theme, m_editor, this)),
      m_head(new PatternHead(theme, m_editor, this)),
      m_form(new PatternForm(theme, m_editor, this)),
      m_text(new CodeEdit(theme, CodeEdit::Gutter::LineNumbers, this)),
      m_preview(new PreviewView(theme, m_editor, this)),
      m_parts(new QSplitter(Qt::Vertical, this)),
      m_undo(new ChangeBar(theme, this)) {
  m_text->setAccessibleName(tr("The document as YAML"));
  m_text->setMarks(yamlMarks);
  m_text->setPasteFilter([](const QString& text) { return toEditable(text.toStdString()); });
  m_text->setMinimumHeight(kLeastDocument);
  auto* sides = new QWidget;
  auto* document = new QHBoxLayout(sides);
  document->setContentsMargins(0, 0, 0, 0);
  document->setSpacing(0);
  document->addWidget(m_form, 1);
  document->addWidget(m_text, 1);
  m_parts->setChildrenCollapsible(false);
  m_parts->setHandleWidth(3);
  m_parts->addWidget(sides);
  m_parts->addWidget(m_preview);
  m_parts->setStretchFactor(0, 0);
  m_parts->setStretchFactor(1, 1);
  m_parts->setSizes({kDocumentHeight, 400});
  auto* page = new QVBoxLayout;
  page->setSpacing(0);
  page->addWidget(m_head);
  page->addWidget(m_parts, 1);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(12, 4, 12, 8);
  foot->addWidget(m_undo);
  page->addLayout(foot);
  auto* all = new QHBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(0);
  all->addWidget(m_list);
  all->addLayout(page, 1);
  setFocusProxy(m_list->rows());
  connectParts();
  bindKeys();
  followDocument(PatternEditor::Side::Engine);
  m_editor.refresh();
}

void PatternsPanel::connectParts() {
  connect(&m_editor, &PatternEditor::documentChanged, this, &PatternsPanel::followDocument);
  connect(&m_editor, &PatternEditor::previewChanged, this, &PatternsPanel::markProblem);
  connect(&m_editor, &PatternEditor::undoChanged, this, &PatternsPanel::refreshUndo);
  connect(m_preview, &PreviewView::openLogLine, this, &Panel::openLogLine);
  connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
    if (!m_filling)
      m_editor.edit(PatternText(fromEditable(m_text->toPlainText())), PatternEditor::Side::Text);
  });
  connect(&m_theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, &m_editor, &PatternEditor::refresh);
}

void PatternsPanel::bindKeys() {
  bindKey(this, QKeySequence::Save, [this] { m_head->save(); });
  bindKey(this, QKeySequence::Find, [this] { m_list->filter()->setFocus(); });
  bindKey(this, QKeySequence(Qt::ALT | Qt::Key_Up), [this] { toSample(-1); });
  bindKey(this, QKeySequence(Qt::ALT | Qt::Key_Down), [this] { toSample(1); });
  bindKey(this, Qt::Key_F2, [this] {
    m_form->name()->setFocus();
    m_form->name()->selectAll();
  });
  bindPanes(this, {m_list->rows(), m_form->topPart(), m_form->typePart(), m_text, m_preview->rows()});
  bindListKeys();
}

void PatternsPanel::bindListKeys() {
  auto* rows = m_list->rows();
  bindKey(rows, Qt::Key_Space, [this] { m_head->toggleEnabled(); });
  bindKey(rows, Qt::Key_Delete, [this] { removeCurrent(); });
  bindKey(rows, QKeySequence::Undo, [this] { m_undo->undo(); });
  connect(rows, &RowList::opened, this, [this] { m_form->name()->setFocus(); });
}

std::vector<KeyHelp> PatternsPanel::keyHelp() const {
  return {{tr("/"), tr("filter the list")},
          {tr("J K"), tr("next or previous pattern")},
          {tr("N"), tr("new pattern")},
          {tr("Space"), tr("switch the selected one on or off")},
          {tr("F2"), tr("rename it")},
          {tr("Del"), tr("delete it, Ctrl Z takes that back for 10 s")},
          {tr("Alt Up Down"), tr("next or previous sample")},
          {tr("Ctrl S"), tr("save as a new version")},
          {tr("Esc"), tr("back to the list")}};
}

QString PatternsPanel::subject() const {
  if (m_editor.isNew()) return tr("New pattern");
  return m_editor.detail() ? shownString(m_editor.detail()->info.name, 120) : QString();
}

void PatternsPanel::activate(const QString& id) {
  const QString sample = QStringLiteral("sample:");
  if (id.startsWith(sample)) {
    m_editor.createNew(fromEditable(id.mid(sample.size())));
    m_form->typePart()->setFocus();
    return;
  }
  m_editor.refresh();
  if (!id.isEmpty()) m_editor.open(id.toStdString());
  m_list->rows()->setFocus();
}

void PatternsPanel::followDocument(PatternEditor::Side by) {
  m_text->setReadOnly(!m_editor.isOpen() || !m_editor.mayChange());
  if (by != PatternEditor::Side::Text) {
    m_filling = true;
    const QString text = toEditable(m_editor.document().text());
    by == PatternEditor::Side::Form ? m_text->replaceText(text) : m_text->showText(text);
    m_filling = false;
  }
  m_sample = by == PatternEditor::Side::Engine ? -1 : m_sample;
  markProblem();
  Q_EMIT subjectChanged();
}

void PatternsPanel::markProblem() {
  const auto& document = m_editor.document();
  const auto& preview = m_editor.preview();
  if (!document.problem().empty()) {
    m_text->setProblem(document.problemLine(), shownString(document.problem(), 300));
  } else if (preview && !preview->problem.empty()) {
    m_text->setProblem(preview->problemLine, shownString(preview->problem, 300));
  } else {
    m_text->setProblem(0, {});
  }
}

void PatternsPanel::toSample(int step) {
  const auto samples = m_editor.document().samples();
  if (samples.empty()) return;
  const int last = static_cast<int>(samples.size()) - 1;
  m_sample = std::clamp(m_sample < 0 ? (step > 0 ? 0 : last) : m_sample + step, 0, last);
  m_text->goToLine(samples[static_cast<size_t>(m_sample)].line);
  m_text->setFocus();
}

void PatternsPanel::removeCurrent() {
  const auto& detail = m_editor.detail();
  if (m_editor.isNew()) return m_editor.discard();
  if (detail) m_editor.remove(detail->info.id);
}

void PatternsPanel::refreshUndo() {
  const auto& undo = m_editor.undoable();
  if (undo) {
    m_undo->offer(tr("Deleted %1").arg(shownString(undo->name, 120)), [this] { m_editor.undo(); });
  } else {
    m_undo->clear();
  }
}

void PatternsPanel::showEvent(QShowEvent* event) {
  Panel::showEvent(event);
  m_poll.start();
}

void PatternsPanel::hideEvent(QHideEvent* event) {
  Panel::hideEvent(event);
  m_poll.stop();
}

void PatternsPanel::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Slash:
      m_list->filter()->setFocus();
      break;
    case Qt::Key_N:
      if (m_editor.mayChange()) {
        m_editor.createNew();
        m_form->name()->setFocus();
        m_form->name()->selectAll();
      }
      break;
    case Qt::Key_Escape:
      if (m_list->filter()->hasFocus()) m_list->filter()->clear();
      m_list->rows()->setFocus();
      break;
    default:
      Panel::keyPressEvent(event);
  }
}

void PatternsPanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme.color(Token::App));
}

}  // namespace aiops::ui
