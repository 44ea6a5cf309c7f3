// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/key_field.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "models/editable_text.h"
#include "models/pattern_words.h"
#include "models/shown_text.h"
#include "panels/patterns/document_marks.h"
#include "panels/patterns/group_rows.h"
#include "panels/patterns/test_rows.h"
#include "widgets/code_edit.h"
#include "widgets/label.h"
#include "widgets/pick_box.h"
#include "widgets/segment.h"

namespace aiops::ui {
namespace {

using model::PatternKeyKind;
using theme::FontRole;
using theme::Token;

constexpr int kMostLines = 6;
constexpr int kEdges = 20;  ///< of a field, left and right

PatternNode textOrNone(const QString& shown) {
  auto text = fromEditable(shown);
  return text.empty() ? PatternNode{} : PatternNode::ofText(std::move(text));
}

/// A word, a name or a number.
class LineField final : public KeyField {
 public:
  LineField(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
      : KeyField(key, parent), m_line(new QLineEdit(this)) {
    m_line->setPlaceholderText(QString::fromStdString(key.byDefault));
    m_line->setMinimumWidth(56);
    adopt(m_line, QString::fromStdString(key.unit), theme);
    connect(m_line, &QLineEdit::textEdited, this,
            [this](const QString& text) { Q_EMIT edited({}, textOrNone(text)); });
  }
  void setNode(const PatternNode& node) override {
    const bool isText = node.isText() || node.isNone();
    m_line->setReadOnly(!isText);
    const QString text = toEditable(isText ? node.text : flowText(node));
    if (m_line->text() != text) m_line->setText(text);
  }

 private:
  QLineEdit* m_line;
};

class ChoiceField final : public KeyField {
 public:
  ChoiceField(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
      : KeyField(key, parent), m_box(new PickBox(theme, this)) {
    // Without a default the choice may be left open.
    if (key.byDefault.empty() && !key.required) m_box->addItem(tr("any"), QString());
    for (const auto& choice : key.choices)
      m_box->addItem(choiceWords(choice), QString::fromStdString(choice));
    adopt(m_box, {}, theme);
    connect(m_box, &QComboBox::activated, this,
            [this] { Q_EMIT edited({}, textOrNone(m_box->currentData().toString())); });
  }
  void setNode(const PatternNode& node) override {
    const auto& wanted = node.text.empty() ? key().byDefault : node.text;
    const QString shown = shownString(wanted, 64);
    // What the schema does not know stands in the list as it is, so that it can be seen and left.
    if (m_box->findData(shown) < 0) m_box->addItem(shown, shown);
    m_box->setCurrentIndex(m_box->findData(shown));
  }

 private:
  PickBox* m_box;
};

class FlagField final : public KeyField {
 public:
  FlagField(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
      : KeyField(key, parent),
        m_no(new Segment(theme, tr("No"), Segment::Place::First, this)),
        m_yes(new Segment(theme, tr("Yes"), Segment::Place::Last, this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (auto* segment : {m_no, m_yes}) {
      segment->setAutoExclusive(true);
      segment->setAccessibleName(keyWords(key) + QStringLiteral(": ") + segment->text());
      row->addWidget(segment);
      connect(segment, &QAbstractButton::clicked, this, [this, segment] { choose(segment == m_yes); });
    }
    row->addStretch(1);
    setFocusProxy(m_no);
    setToolTip(QString::fromStdString(key.help));
  }
  void setNode(const PatternNode& node) override {
    const auto& value = node.text.empty() ? key().byDefault : node.text;
    auto* chosen = value == "true" ? m_yes : m_no;
    chosen->setChecked(true);
    setFocusProxy(chosen);
  }

 private:
  void choose(bool yes) {
    const std::string value = yes ? "true" : "false";
    Q_EMIT edited({}, value == key().byDefault ? PatternNode{} : PatternNode::ofText(value));
  }

  Segment* m_no;
  Segment* m_yes;
};

/// Text that may be long. Where any of several may match, each line is one of them.
class TextField final : public KeyField {
 public:
  TextField(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
      : KeyField(key, parent),
        m_edit(new CodeEdit(theme, CodeEdit::Gutter::None, this)),
        m_isList(key.kind != PatternKeyKind::LongText) {
    m_edit->setProperty("kind", QStringLiteral("field"));
    if (key.kind == PatternKeyKind::Expression) m_edit->setMarks(expressionMarks);
    m_edit->setPasteFilter([](const QString& text) { return toEditable(text.toStdString()).trimmed(); });
    adopt(m_edit, {}, theme);
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
      fit();
      if (!m_filling) Q_EMIT edited({}, written());
    });
    fit();
  }
  void setNode(const PatternNode& node) override {
    // A line break inside one of several has no place here.
    const bool shows = canShow(node);
    m_edit->setReadOnly(!shows);
    if (shows && written() == node) return;
    m_filling = true;
    m_edit->replaceText(shows ? shownOf(node) : toEditable(flowText(node)));
    m_filling = false;
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    KeyField::resizeEvent(event);
    QTimer::singleShot(0, this, [this] { fit(); });  // the layout sets the width of the control after this
  }

 private:
  bool canShow(const PatternNode& node) const {
    if (!m_isList) return !node.isList() && !node.isMap();
    const auto oneLine = [](const PatternNode& item) {
      return (item.isText() || item.isNone()) && item.text.find('\n') == std::string::npos;
    };
    return node.isList() ? std::ranges::all_of(node.items, oneLine) : !node.isMap() && oneLine(node);
  }
  static QString shownOf(const PatternNode& node) {
    if (!node.isList()) return toEditable(node.text);
    QStringList lines;
    for (const auto& item : node.items) lines << toEditable(item.text);
    return lines.join(u'\n');
  }
  PatternNode written() const {
    if (!m_isList) return textOrNone(m_edit->toPlainText());
    std::vector<PatternNode> items;
    for (const auto& line : m_edit->toPlainText().split(u'\n')) {
      if (!line.trimmed().isEmpty()) items.push_back(PatternNode::ofText(fromEditable(line)));
    }
    if (items.empty()) return {};
    const bool always = key().kind == PatternKeyKind::Lines;
    return items.size() == 1 && !always ? std::move(items.front()) : PatternNode::ofList(std::move(items));
  }
  /// As high as its text, which wraps anywhere, up to some lines.
  void fit() {
    const QFontMetrics metrics(m_edit->font());
    const int margin = static_cast<int>(m_edit->document()->documentMargin());
    const int units = std::max(1, (m_edit->width() - 2 * margin - kEdges) / metrics.horizontalAdvance(u'0'));
    int lines = 0;
    for (const auto& line : m_edit->toPlainText().split(u'\n'))
      lines += std::max(1, (static_cast<int>(line.size()) + units - 1) / units);
    m_edit->setVerticalScrollBarPolicy(lines > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    const int height = std::min(lines, kMostLines) * metrics.lineSpacing() + 2 * margin + 4;
    m_edit->setFixedHeight(std::max(height, theme::grid::kField));
  }

  CodeEdit* m_edit;
  const bool m_isList;
  bool m_filling = false;  ///< it follows the document: not a change by hand
};

}  // namespace

KeyField::KeyField(model::PatternKey key, QWidget* parent) : QWidget(parent), m_key(std::move(key)) {}

void KeyField::adopt(QWidget* control, const QString& unit, const theme::Theme& theme) {
  control->setAccessibleName(keyWords(m_key));
  control->setAccessibleDescription(QString::fromStdString(m_key.help));
  control->setToolTip(QString::fromStdString(m_key.help));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  row->addWidget(control, 1);
  if (!unit.isEmpty()) row->addWidget(new Label(theme, FontRole::Secondary, Token::Text2, unit, this));
  setFocusProxy(control);
}

KeyField* KeyField::make(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent) {
  switch (key.kind) {
    case PatternKeyKind::Choice:
      return new ChoiceField(theme, key, parent);
    case PatternKeyKind::Flag:
      return new FlagField(theme, key, parent);
    case PatternKeyKind::LongText:
    case PatternKeyKind::Expression:
    case PatternKeyKind::Lines:
      return new TextField(theme, key, parent);
    case PatternKeyKind::FieldTests:
    case PatternKeyKind::Conditions:
      return new TestRows(theme, key, parent);
    case PatternKeyKind::Groups:
      return new GroupRows(theme, key, parent);
    default:
      return new LineField(theme, key, parent);
  }
}

bool isWide(PatternKeyKind kind) {
  switch (kind) {
    case PatternKeyKind::Text:
    case PatternKeyKind::Integer:
    case PatternKeyKind::Number:
    case PatternKeyKind::Flag:
    case PatternKeyKind::Choice:
      return false;
    default:
      return true;
  }
}

}  // namespace aiops::ui
