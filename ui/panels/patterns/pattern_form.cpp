// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/pattern_form.h"

#include <QPainter>
#include <algorithm>

#include "models/editable_text.h"
#include "models/shown_text.h"
#include "panels/patterns/document_marks.h"
#include "widgets/code_edit.h"
#include "widgets/label.h"
#include "widgets/pick_box.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using model::Severity;
using theme::FontRole;
using theme::Token;

constexpr int kLabels = 82;
constexpr double kSlowMicroseconds = 20;  ///< a line; 50,000 lines a second take one core at that

/// "Disk is full!" as "disk-is-full".
std::string idFrom(const std::string& name) {
  std::string id;
  for (const char byte : name) {
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool kept = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
    if (upper) {
      id += static_cast<char>(byte - 'A' + 'a');
    } else if (kept) {
      id += byte;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id.substr(0, 64);
}

Chip verdictChip(const QString& text, Token ink, Token tint, const theme::Theme& theme) {
  return {text, ink, tint, theme.scheme() == theme::Scheme::HighContrast ? Token::Line : tint, {}};
}

}  // namespace

void ChipRow::setChips(std::vector<Chip> chips, const QString& accessible) {
  m_chips = std::move(chips);
  setAccessibleName(accessible);
  update();
}

void ChipRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  qreal x = 0;
  for (const auto& chip : m_chips) {
    if (x > 0 && x + chipWidth(chip, theme()) > width()) {
      paintText(painter, QRectF(x, 0, width() - x, height()), QStringLiteral("…"), theme(), FontRole::Caption,
                Token::Text2);
      break;
    }
    x += paintChip(painter, {x, 1}, chip, theme()) + 8;
  }
}

PatternForm::PatternForm(const theme::Theme& theme, PatternEditor& editor, QWidget* parent)
    : Painted(theme, parent), m_editor(editor) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(16, 10, 14, 8);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(7);
  grid->setColumnMinimumWidth(0, kLabels);
  grid->setColumnStretch(1, 1);
  addLabel(*grid, 0, 0, tr("Name"));
  m_name = addField(*grid, 0, 1, 1, tr("Name"), "name");
  addLabel(*grid, 1, 0, tr("Kind"));
  buildKind(*grid, 1);
  addLabel(*grid, 2, 0, tr("Expression"));
  m_expression = new CodeEdit(theme, CodeEdit::Gutter::None, this);
  m_expression->setAccessibleName(tr("Expression"));
  m_expression->setProperty("kind", QStringLiteral("field"));
  m_expression->setFixedHeight(58);
  grid->addWidget(m_expression, 2, 1);
  m_verdict = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_verdict->setElided(true);
  grid->addWidget(m_verdict, 3, 1);
  addLabel(*grid, 4, 0, tr("Fires at"));
  buildFires(*grid, 4);
  addLabel(*grid, 5, 0, tr("Means"));
  auto* meaning = new QGridLayout;
  meaning->setHorizontalSpacing(8);
  addField(*meaning, 0, 0, 1, tr("Signal"), "signal")
      ->setToolTip(tr("What it means: analysts reason on this name"));
  addLabel(*meaning, 0, 1, tr("only in"));
  addField(*meaning, 0, 2, 1, tr("Only this service"), "service")->setPlaceholderText(tr("any service"));
  grid->addLayout(meaning, 5, 1);
  addLabel(*grid, 6, 0, tr("Captures"));
  m_captures = new ChipRow(theme, this);
  grid->addWidget(m_captures, 6, 1);
  addLabel(*grid, 7, 0, tr("Samples"));
  m_samples = new ChipRow(theme, this);
  m_samples->setToolTip(tr("Alt+Up and Alt+Down go through the samples"));
  grid->addWidget(m_samples, 7, 1);
  grid->setRowStretch(8, 1);
  connectParts();
  refresh(PatternEditor::Side::Engine);
}

void PatternForm::addLabel(QGridLayout& grid, int row, int column, const QString& text) {
  auto* label = new Label(theme(), FontRole::Secondary, Token::Text2, text, this);
  label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  grid.addWidget(label, row, column, text == tr("Expression") ? Qt::AlignTop : Qt::Alignment());
  if (text == tr("Expression")) label->setFixedHeight(28);
}

QLineEdit* PatternForm::addField(QGridLayout& grid, int row, int column, int span, const QString& name,
                                 const char* key, const char* inner) {
  auto* field = new QLineEdit(this);
  field->setAccessibleName(name);
  field->setMinimumWidth(40);
  grid.addWidget(field, row, column, 1, span);
  m_bound.push_back({field, key, inner ? inner : ""});
  connect(field, &QLineEdit::textEdited, this,
          [this, key, inner](const QString& text) { change(key, inner, text); });
  return field;
}

void PatternForm::buildKind(QGridLayout& grid, int row) {
  m_kind = new PickBox(theme(), this);
  m_kind->setAccessibleName(tr("Kind"));
  m_severity = new PickBox(theme(), this);
  m_severity->setAccessibleName(tr("Severity"));
  for (const auto severity :
       {Severity::Debug, Severity::Info, Severity::Warning, Severity::Error, Severity::Critical}) {
    m_severity->addItem(severityWord(severity), QString::fromLatin1(model::toString(severity).data()));
  }
  auto* pair = new QGridLayout;
  pair->setHorizontalSpacing(8);
  pair->addWidget(m_kind, 0, 0);
  addLabel(*pair, 0, 1, tr("Severity"));
  pair->addWidget(m_severity, 0, 2);
  pair->setColumnStretch(0, 1);
  pair->setColumnStretch(2, 1);
  grid.addLayout(pair, row, 1);
}

void PatternForm::buildFires(QGridLayout& grid, int row) {
  auto* parts = new QGridLayout;
  parts->setHorizontalSpacing(8);
  addField(*parts, 0, 0, 1, tr("Matches to fire"), "threshold", "count")->setPlaceholderText(tr("1"));
  addLabel(*parts, 0, 1, tr("matches in"));
  addField(*parts, 0, 2, 1, tr("Window in seconds"), "threshold", "window_seconds")
      ->setPlaceholderText(tr("60"));
  addLabel(*parts, 0, 3, tr("s per"));
  addField(*parts, 0, 4, 1, tr("Group by"), "group_by")->setPlaceholderText(tr("everything"));
  parts->setColumnStretch(0, 2);
  parts->setColumnStretch(2, 2);
  parts->setColumnStretch(4, 4);
  grid.addLayout(parts, row, 1);
}

void PatternForm::connectParts() {
  const auto choose = [this](PickBox* box, const char* key) {
    connect(box, &QComboBox::activated, this,
            [this, box, key] { change(key, nullptr, box->currentData().toString()); });
  };
  choose(m_kind, "type");
  choose(m_severity, "severity");
  disconnect(m_name, &QLineEdit::textEdited, this, nullptr);
  connect(m_name, &QLineEdit::textEdited, this, &PatternForm::changeName);
  m_expression->setMarks(expressionMarks);
  m_expression->setPasteFilter([](const QString& text) {
    return toEditable(text.toStdString()).replace(QLatin1Char('\n'), QLatin1Char(' '));
  });
  connect(m_expression, &QPlainTextEdit::textChanged, this, [this] {
    if (!m_filling) change("match", nullptr, m_expression->toPlainText().remove(QLatin1Char('\n')));
  });
  connect(&m_editor, &PatternEditor::documentChanged, this, &PatternForm::refresh);
  connect(&m_editor, &PatternEditor::previewChanged, this, &PatternForm::refreshPreview);
  connect(&m_editor, &PatternEditor::listChanged, this, &PatternForm::fillKinds);
}

void PatternForm::change(const char* key, const char* inner, const QString& shown) {
  const std::string value = fromEditable(shown);
  const auto& document = m_editor.document();
  m_editor.edit(inner ? document.with(key, PatternText::Pairs{{inner, value}}) : document.with(key, value),
                PatternEditor::Side::Form);
}

void PatternForm::changeName(const QString& shown) {
  const auto& document = m_editor.document();
  const std::string id = document.value("id"), name = fromEditable(shown);
  // The id of a pattern that was never saved follows its name until somebody writes another one.
  const bool follows =
      m_editor.isNew() && (id == idFrom(document.value("name")) || id.starts_with("new-pattern"));
  auto next = document.with("name", name);
  if (follows && !idFrom(name).empty()) next = next.with("id", idFrom(name));
  m_editor.edit(std::move(next), PatternEditor::Side::Form);
}

QLineEdit* PatternForm::field(const QString& accessibleName) const {
  for (const auto& bound : m_bound) {
    if (bound.field->accessibleName() == accessibleName) return bound.field;
  }
  return nullptr;
}

QString PatternForm::whyDisabled() const {
  const auto& document = m_editor.document();
  if (!m_editor.isOpen()) return {};
  if (!document.problem().empty()) return tr("The form follows again once the text is YAML.");
  if (!document.canChange()) return tr("Written as JSON: change it in the text.");
  return {};
}

void PatternForm::fillKinds() {
  QStringList kinds{QStringLiteral("regex")};
  for (const auto& info : m_editor.patterns()) {
    const QString kind = shownString(info.type, 64);
    if (!kinds.contains(kind)) kinds << kind;
  }
  const QString own = shownString(m_editor.document().value("type"), 64);
  if (!own.isEmpty() && !kinds.contains(own)) kinds << own;
  if (kinds != m_kinds) {
    m_kinds = kinds;
    m_kind->clear();
    for (const auto& kind : kinds) m_kind->addItem(kind, kind);
  }
  m_kind->setCurrentIndex(own.isEmpty() ? 0 : static_cast<int>(kinds.indexOf(own)));
}

void PatternForm::fillFields() {
  const auto& document = m_editor.document();
  for (const auto& bound : m_bound) {
    const QString text = toEditable(document.value(bound.key, bound.inner));
    if (bound.field->text() != text) bound.field->setText(text);
  }
  const bool isText = document.isText("match");
  m_expression->setReadOnly(!isText);
  m_expression->setPlaceholderText(isText ? QString() : tr("A list of expressions: change it in the text"));
  m_filling = true;
  m_expression->replaceText(toEditable(document.value("match")));
  m_filling = false;
  m_severity->setCurrentIndex(std::max(0, m_severity->findData(shownString(document.value("severity"), 64))));
  if (document.value("severity").empty()) {
    m_severity->setCurrentIndex(m_severity->findData(QStringLiteral("warning")));
  }
  fillKinds();
}

void PatternForm::refresh(PatternEditor::Side by) {
  const auto& document = m_editor.document();
  const bool usable = m_editor.isOpen() && document.problem().empty();
  const bool changes = usable && document.canChange() && m_editor.mayChange();
  for (const auto& bound : m_bound) bound.field->setEnabled(changes);
  for (QWidget* part : {static_cast<QWidget*>(m_kind), static_cast<QWidget*>(m_severity),
                        static_cast<QWidget*>(m_expression)}) {
    part->setEnabled(changes);
  }
  if (by != PatternEditor::Side::Form && (usable || !m_editor.isOpen())) fillFields();
  std::vector<Chip> chips;
  QStringList names;
  const auto captures = document.captures();
  for (size_t i = 0; i < captures.size(); ++i) {
    names << shownString(captures[i], 64);
    const Token token = captureToken(i);
    Chip chip{names.back(), Token::Text, Token::Raised, Token::LineStrong, {}};
    chip.mark = [this, token](QPainter& painter, const QRectF& box) {
      paintBox(painter, QRectF(box.center() - QPointF(4, 4), QSizeF(8, 8)), color(token), Qt::transparent, 2);
    };
    chips.push_back(std::move(chip));
  }
  if (chips.empty() && m_editor.isOpen())
    chips.push_back({tr("none: name one as (?P<name>...)"), Token::Text3, Token::Panel, Token::Panel, {}});
  m_captures->setChips(std::move(chips), tr("Captures: %1").arg(names.join(QStringLiteral(", "))));
  refreshPreview();
}

void PatternForm::refreshPreview() {
  const auto& preview = m_editor.preview();
  const auto samples = m_editor.document().samples();
  const auto must = std::count_if(samples.begin(), samples.end(), [](const auto& s) { return s.mustMatch; });
  const auto mustNot = static_cast<qsizetype>(samples.size()) - must;
  std::vector<Chip> chips;
  const QString words =
      samples.empty() ? tr("none") : tr("%1 must match, %2 must not").arg(must).arg(mustNot);
  if (!m_editor.isOpen()) {
  } else if (samples.empty()) {
    chips.push_back(
        {tr("none: add lines that must and must not match"), Token::Text3, Token::Panel, Token::Panel, {}});
  } else if (preview && preview->problem.empty() && preview->sampleProblems.empty()) {
    chips.push_back(verdictChip(tr("%1 must match: pass").arg(must), Token::Ok, Token::OkTint, theme()));
    chips.push_back(verdictChip(tr("%1 must not: pass").arg(mustNot), Token::Ok, Token::OkTint, theme()));
  } else if (preview && preview->problem.empty()) {
    const auto failed = preview->sampleProblems.size();
    chips.push_back(verdictChip(tr("%1 of %2 fail").arg(failed).arg(samples.size()), Token::Crit,
                                Token::CritTint, theme()));
    chips.push_back(
        {safeLine(preview->sampleProblems.front(), 160), Token::Text2, Token::Panel, Token::Panel, {}});
  } else {
    chips.push_back({words, Token::Text2, Token::Panel, Token::Panel, {}});
  }
  m_samples->setChips(std::move(chips), tr("Samples: %1").arg(words));
  QString verdict = whyDisabled();
  Token ink = Token::Warn;
  const auto& document = m_editor.document();
  if (verdict.isEmpty() && preview && !preview->problem.empty()) {
    verdict = preview->problemLine > 0
                  ? tr("Line %1: %2").arg(preview->problemLine).arg(safeLine(preview->problem, 300))
                  : safeLine(preview->problem, 300);
    ink = Token::Crit;
  } else if (verdict.isEmpty() && preview && preview->microsecondsPerLine > kSlowMicroseconds) {
    verdict = tr("Too slow: %1 µs a line. Add a literal text.").arg(preview->microsecondsPerLine, 0, 'f', 0);
  } else if (verdict.isEmpty() && preview && preview->linesLookedAt > 0 && document.has("match")) {
    verdict = tr("Linear time, %1 µs a line").arg(preview->microsecondsPerLine, 0, 'f', 1);
    ink = Token::Text2;
  }
  m_verdict->setText(verdict);
  m_verdict->setAccessibleName(verdict);
  m_verdict->setToken(ink);
}

void PatternForm::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
}

}  // namespace aiops::ui
