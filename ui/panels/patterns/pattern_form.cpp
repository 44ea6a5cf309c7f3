// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/pattern_form.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>

#include "models/editable_text.h"
#include "models/pattern_retype.h"
#include "models/shown_text.h"
#include "panels/patterns/document_marks.h"
#include "panels/patterns/key_field.h"
#include "widgets/code_edit.h"
#include "widgets/label.h"
#include "widgets/pick_box.h"
#include "widgets/scroll_pane.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using model::Severity;
using theme::FontRole;
using theme::Token;

constexpr int kVerdict = 26, kTabsAfterMs = 10;
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

using Slots = std::vector<KeyGrid::Slot>;

const model::PatternKey* keyNamed(const model::PatternType& type, std::string_view name) {
  const auto found = std::ranges::find(type.keys, name, &model::PatternKey::name);
  return found == type.keys.end() ? nullptr : &*found;
}

/// What the type asks for, then the expression where it has one.
Slots typeSlots(const model::PatternType& type) {
  Slots slots;
  if (const auto* condition = keyNamed(type, "condition")) {
    for (const auto& key : condition->keys) slots.push_back({key, {"condition", key.name}});
  }
  if (const auto* match = keyNamed(type, "match")) slots.push_back({*match, {"match"}});
  return slots;
}

/// What the form has no place of its own for.
Slots otherSlots(const model::PatternType& type) {
  static constexpr std::array<std::string_view, 10> kPlaced{
      "id", "name", "type", "severity", "signal", "service", "match", "condition", "group_by", "samples"};
  Slots slots;
  for (const auto& key : type.keys) {
    if (key.name == "threshold") {
      for (const auto& inner : key.keys) {
        if (inner.name != "count" && inner.name != "window_seconds")
          slots.push_back({inner, {"threshold", inner.name}, true});
      }
    } else if (std::ranges::find(kPlaced, key.name) == kPlaced.end()) {
      slots.push_back({key, {key.name}, true});
    }
  }
  return slots;
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
  auto* scroll = new ScrollPane(theme, this);
  scroll->setFocusPolicy(Qt::NoFocus);
  m_page = new QWidget;
  auto* page = new QVBoxLayout(m_page);
  page->setContentsMargins(16, 10, 14, 8);
  page->setSpacing(7);
  m_topBox = new QWidget(m_page);
  auto* head = new QVBoxLayout(m_topBox);
  head->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_topBox);
  auto* top = addGrid(*head);
  addLabel(*top, 0, 0, tr("Name"));
  m_name = addField(*top, 0, 1, tr("Name"), {"name"});
  addLabel(*top, 1, 0, tr("Kind"));
  buildKind(*top, 1);
  m_typeBox = new QWidget(m_page);
  (new QVBoxLayout(m_typeBox))->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_typeBox);
  auto* rest = addGrid(*page);
  buildFires(*rest, 0);
  buildMeaning(*rest, 1);
  buildChips(*rest, 2);
  m_otherBox = new QWidget(m_page);
  (new QVBoxLayout(m_otherBox))->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_otherBox);
  page->addStretch(1);
  scroll->setPage(m_page);
  m_verdict = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_verdict->setElided(true);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(16, 0, 14, 0);
  foot->addStrut(kVerdict);
  foot->addWidget(m_verdict);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 1, 0);
  all->setSpacing(0);
  all->addWidget(scroll, 1);
  all->addLayout(foot);
  m_tabsDue.setSingleShot(true);
  m_tabsDue.setInterval(kTabsAfterMs);
  m_page->installEventFilter(this);
  connectParts();
  refresh(PatternEditor::Side::Engine);
}

QGridLayout* PatternForm::addGrid(QVBoxLayout& page) {
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(7);
  grid->setColumnMinimumWidth(0, kFormLabels);
  grid->setColumnStretch(1, 1);
  page.addLayout(grid);
  return grid;
}

void PatternForm::addLabel(QGridLayout& grid, int row, int column, const QString& text) {
  auto* label = new Label(theme(), FontRole::Secondary, Token::Text2, text, m_page);
  label->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  grid.addWidget(label, row, column);
}

QLineEdit* PatternForm::addField(QGridLayout& grid, int row, int column, const QString& name,
                                 PatternPath path) {
  auto* field = new QLineEdit(m_page);
  field->setAccessibleName(name);
  field->setMinimumWidth(40);
  grid.addWidget(field, row, column);
  connect(field, &QLineEdit::textEdited, this, [this, path](const QString& text) {
    auto value = fromEditable(text);
    change(path, value.empty() ? PatternNode{} : PatternNode::ofText(std::move(value)));
  });
  m_bound.push_back({field, std::move(path)});
  return field;
}

void PatternForm::buildKind(QGridLayout& grid, int row) {
  m_kind = new PickBox(theme(), m_page);
  m_kind->setAccessibleName(tr("Kind"));
  m_severity = new PickBox(theme(), m_page);
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
  pair->setColumnMinimumWidth(1, kMiddleLabels);
  pair->setColumnStretch(0, 1);
  pair->setColumnStretch(2, 1);
  grid.addLayout(pair, row, 1);
}

void PatternForm::buildFires(QGridLayout& grid, int row) {
  addLabel(grid, row, 0, tr("Fires at"));
  auto* parts = new QGridLayout;
  parts->setHorizontalSpacing(8);
  addField(*parts, 0, 0, tr("Matches to fire"), {"threshold", "count"})->setPlaceholderText(tr("1"));
  addLabel(*parts, 0, 1, tr("matches in"));
  addField(*parts, 0, 2, tr("Window in seconds"), {"threshold", "window_seconds"})
      ->setPlaceholderText(tr("60"));
  addLabel(*parts, 0, 3, tr("s per"));
  addField(*parts, 0, 4, tr("Group by"), {"group_by"})->setPlaceholderText(tr("everything"));
  parts->setColumnStretch(0, 2);
  parts->setColumnStretch(2, 2);
  parts->setColumnStretch(4, 4);
  grid.addLayout(parts, row, 1);
}

void PatternForm::buildMeaning(QGridLayout& grid, int row) {
  addLabel(grid, row, 0, tr("Means"));
  auto* meaning = new QGridLayout;
  meaning->setHorizontalSpacing(8);
  auto* signal = addField(*meaning, 0, 0, tr("Signal"), {"signal"});
  signal->setPlaceholderText(tr("its own"));
  signal->setToolTip(tr("What it means: analysts reason on this name"));
  addLabel(*meaning, 0, 1, tr("only in"));
  addField(*meaning, 0, 2, tr("Only this service"), {"service"})->setPlaceholderText(tr("any service"));
  grid.addLayout(meaning, row, 1);
}

void PatternForm::buildChips(QGridLayout& grid, int row) {
  addLabel(grid, row, 0, tr("Captures"));
  m_captures = new ChipRow(theme(), m_page);
  grid.addWidget(m_captures, row, 1);
  addLabel(grid, row + 1, 0, tr("Samples"));
  m_samples = new ChipRow(theme(), m_page);
  m_samples->setToolTip(tr("Alt+Up and Alt+Down go through the samples"));
  grid.addWidget(m_samples, row + 1, 1);
}

void PatternForm::connectParts() {
  connect(m_kind, &QComboBox::activated, this,
          [this] { m_editor.setType(m_kind->currentData().toString().toStdString()); });
  connect(m_severity, &QComboBox::activated, this, [this] {
    change({"severity"}, PatternNode::ofText(m_severity->currentData().toString().toStdString()));
  });
  disconnect(m_name, &QLineEdit::textEdited, this, nullptr);
  connect(m_name, &QLineEdit::textEdited, this, &PatternForm::changeName);
  connect(&m_editor, &PatternEditor::documentChanged, this, &PatternForm::refresh);
  connect(&m_editor, &PatternEditor::previewChanged, this, &PatternForm::refreshPreview);
  connect(&m_editor, &PatternEditor::listChanged, this, [this] {
    fillKinds();
    fillType();
  });
  connect(&m_tabsDue, &QTimer::timeout, this, &PatternForm::orderTabs);
}

void PatternForm::change(const PatternPath& path, PatternNode node) {
  m_editor.edit(m_editor.document().with(path, std::move(node)), PatternEditor::Side::Form);
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

KeyField* PatternForm::keyField(const PatternPath& path) const {
  for (const auto* keys : {m_typeKeys, m_otherKeys}) {
    if (auto* found = keys ? keys->field(path) : nullptr) return found;
  }
  return nullptr;
}

CodeEdit* PatternForm::expression() const {
  const auto* found = keyField({"match"});
  return found ? found->findChild<CodeEdit*>() : nullptr;
}

std::string PatternForm::type() const {
  const auto& named = m_editor.document().value("type");
  return named.empty() ? "regex" : named;
}

QString PatternForm::whyDisabled() const {
  const auto& document = m_editor.document();
  if (!m_editor.isOpen()) return {};
  if (!document.problem().empty()) return tr("The form follows again once the text is YAML.");
  if (!document.canChange()) return tr("Written as JSON: change it in the text.");
  return {};
}

void PatternForm::fillKinds() {
  const QString own = shownString(type(), 64);
  QStringList kinds;
  for (const auto& known : m_editor.types()) kinds << shownString(known.type, 64);
  if (!kinds.contains(own)) kinds << own;
  QStringList shown;
  for (int i = 0; i < m_kind->count(); ++i) shown << m_kind->itemData(i).toString();
  if (shown != kinds) {
    m_kind->clear();
    for (const auto& kind : kinds) {
      const auto* known = typeNamed(m_editor.types(), kind.toStdString());
      m_kind->addItem(known ? shownString(known->title, 64) : kind, kind);
      if (known) m_kind->setItemData(m_kind->count() - 1, shownString(known->help, 300), Qt::ToolTipRole);
    }
  }
  m_kind->setCurrentIndex(static_cast<int>(kinds.indexOf(own)));
}

/// Makes the controls of the type when it is another one than before.
void PatternForm::fillType() {
  const auto* known = typeNamed(m_editor.types(), type());
  const std::string wanted = known && m_editor.isOpen() ? known->type : std::string();
  if (wanted != m_shownType) {
    m_shownType = wanted;
    replaceKeys(m_typeKeys, *m_typeBox, known && !wanted.empty() ? typeSlots(*known) : Slots{});
    replaceKeys(m_otherKeys, *m_otherBox, known && !wanted.empty() ? otherSlots(*known) : Slots{});
    m_typeBox->setFocusProxy(m_typeKeys);
  }
  for (auto* keys : {m_typeKeys, m_otherKeys}) {
    if (keys) keys->setNode(m_editor.document().root());
  }
}

bool PatternForm::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_page && event->type() == QEvent::LayoutRequest) m_tabsDue.start();
  return Painted::eventFilter(watched, event);
}

void PatternForm::replaceKeys(KeyGrid*& keys, QWidget& box, std::vector<KeyGrid::Slot> given) {
  if (keys) {
    keys->hide();
    keys->deleteLater();
    keys = nullptr;
  }
  box.setVisible(!given.empty());
  if (given.empty()) return;
  keys = new KeyGrid(theme(), std::move(given), &box);
  box.layout()->addWidget(keys);
  connect(keys, &KeyGrid::edited, this,
          [this](const PatternPath& path, const PatternNode& node) { change(path, node); });
}

/// Controls come and go: Tab goes through them as they stand, not as they were made.
void PatternForm::orderTabs() {
  std::vector<std::pair<QPoint, QWidget*>> stops;
  for (auto* widget : m_page->findChildren<QWidget*>()) {
    const bool stops_here = (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy();
    if (stops_here && widget->isVisibleTo(m_page))
      stops.emplace_back(widget->mapTo(m_page, QPoint()), widget);
  }
  std::ranges::sort(stops, {}, [](const auto& stop) { return std::pair(stop.first.y(), stop.first.x()); });
  for (auto row = stops.begin(); row != stops.end();) {
    const auto end = std::find_if(row, stops.end(), [&](const auto& stop) {
      return stop.first.y() - row->first.y() > theme::grid::kField / 2;
    });
    std::sort(row, end, [](const auto& a, const auto& b) { return a.first.x() < b.first.x(); });
    row = end;
  }
  for (size_t i = 1; i < stops.size(); ++i) setTabOrder(stops[i - 1].second, stops[i].second);
}

void PatternForm::fillFields() {
  const auto& document = m_editor.document();
  for (const auto& bound : m_bound) {
    const auto& node = document.node(bound.path);
    const QString text = toEditable(node.isText() || node.isNone() ? node.text : flowText(node));
    if (bound.field->text() != text) bound.field->setText(text);
  }
  const auto& severity = document.value("severity");
  m_severity->setCurrentIndex(m_severity->findData(shownString(severity.empty() ? "warning" : severity, 64)));
  fillKinds();
  fillType();
}

void PatternForm::refresh(PatternEditor::Side) {
  const auto& document = m_editor.document();
  const bool usable = m_editor.isOpen() && document.problem().empty();
  m_page->setEnabled(usable && document.canChange() && m_editor.mayChange());
  if (usable || !m_editor.isOpen()) fillFields();
  refreshCaptures();
  refreshPreview();
}

void PatternForm::refreshCaptures() {
  std::vector<Chip> chips;
  QStringList names;
  const auto captures = m_editor.document().captures();
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
}

void PatternForm::refreshPreview() {
  refreshSamples();
  refreshVerdict();
}

void PatternForm::refreshSamples() {
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
}

void PatternForm::refreshVerdict() {
  const auto& preview = m_editor.preview();
  QString verdict = whyDisabled();
  Token ink = Token::Warn;
  if (verdict.isEmpty() && preview && !preview->problem.empty()) {
    verdict = preview->problemLine > 0
                  ? tr("Line %1: %2").arg(preview->problemLine).arg(safeLine(preview->problem, 300))
                  : safeLine(preview->problem, 300);
    ink = Token::Crit;
  } else if (verdict.isEmpty() && preview && preview->microsecondsPerLine > kSlowMicroseconds) {
    verdict = tr("Too slow: %1 µs a line. Add a literal text.").arg(preview->microsecondsPerLine, 0, 'f', 0);
  } else if (verdict.isEmpty() && preview && preview->linesLookedAt > 0) {
    verdict = tr("%1 µs a line").arg(preview->microsecondsPerLine, 0, 'f', 1);
    ink = Token::Text2;
  }
  m_verdict->setText(verdict);
  m_verdict->setAccessibleName(verdict);
  m_verdict->setToken(ink);
}

void PatternForm::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRect(width() - 1, 0, 1, height()), color(Token::Line));
  painter.fillRect(QRect(0, height() - kVerdict, width(), 1), color(Token::Line));
}

}  // namespace aiops::ui
