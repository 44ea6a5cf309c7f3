// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/test_rows.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QTimer>
#include <algorithm>
#include <array>
#include <utility>

#include "models/editable_text.h"
#include "models/pattern_words.h"
#include "models/shown_text.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/pick_box.h"

namespace aiops::ui {
namespace {

/// How a field is compared: the key of the document.
constexpr std::array<const char*, 4> kCompares{"match", "equals", "above", "below"};

struct Test {
  std::string field, compares, value;
};

/// A test that a row can show, `{status: '^5'}` or `{ms: {above: 2000}}`.
std::optional<Test> testIn(const PatternNode& node) {
  if (!node.isMap() || node.members.size() != 1) return std::nullopt;
  const auto& [field, value] = node.members.front();
  if (value.isText() || value.isNone()) return Test{field, kCompares.front(), value.text};
  if (!value.isMap() || value.members.size() != 1 || !value.members.front().value.isText())
    return std::nullopt;
  const auto& [compares, with] = value.members.front();
  if (std::ranges::find(kCompares, compares) == kCompares.end()) return std::nullopt;
  return Test{field, compares, with.text};
}

PatternNode nodeOf(const Test& test) {
  auto value = PatternNode::ofText(test.value);
  if (test.compares != kCompares.front()) value = PatternNode::ofMap({{test.compares, std::move(value)}});
  return PatternNode::ofMap({{test.field, std::move(value)}});
}

}  // namespace

TestRows::TestRows(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent)
    : KeyField(key, parent), m_theme(theme), m_layout(new QVBoxLayout(this)) {
  m_layout->setContentsMargins(0, 0, 0, 0);
  m_layout->setSpacing(6);
  m_add = new KeyButton(theme, KeyButton::Kind::Ghost, tr("Add a field"), {}, this);
  m_add->setMark(QStringLiteral("plus"));
  m_add->setAccessibleName(tr("%1: add a field").arg(keyWords(key)));
  m_add->setToolTip(QString::fromStdString(key.help));
  m_layout->addWidget(m_add, 0, Qt::AlignLeft);
  connect(m_add, &QPushButton::clicked, this, [this] {
    addRow(nodeOf(Test{{}, kCompares.front(), {}}));
    m_rows.back().field->setFocus();
  });
  setFocusProxy(m_add);
}

void TestRows::addRow(const PatternNode& node) {
  Row row;
  row.widget = new QWidget(this);
  auto* line = new QHBoxLayout(row.widget);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(6);
  if (const auto test = testIn(node)) {
    row.field = new QLineEdit(toEditable(test->field), row.widget);
    row.field->setPlaceholderText(tr("field"));
    row.field->setAccessibleName(tr("Field"));
    line->addWidget(row.field, 2);
    if (!isMap()) {
      row.compares = new PickBox(m_theme, row.widget);
      row.compares->setAccessibleName(tr("Compared how"));
      const QStringList words{tr("matches"), tr("is"), tr("above"), tr("below")};
      for (size_t i = 0; i < kCompares.size(); ++i)
        row.compares->addItem(words[static_cast<int>(i)], QString::fromLatin1(kCompares[i]));
      row.compares->setCurrentIndex(row.compares->findData(QString::fromStdString(test->compares)));
      line->addWidget(row.compares);
      connect(row.compares, &QComboBox::activated, this, [this] { tell(); });
    }
    row.value = new QLineEdit(toEditable(test->value), row.widget);
    row.value->setPlaceholderText(isMap() ? tr("expression") : tr("value"));
    row.value->setAccessibleName(tr("Value"));
    line->addWidget(row.value, 3);
    for (auto* edit : {row.field, row.value}) connect(edit, &QLineEdit::textEdited, this, [this] { tell(); });
  } else {
    row.whole = node;
    auto* label = new Label(m_theme, theme::FontRole::Mono, theme::Token::Text2,
                            shownString(flowText(node), 300), row.widget);
    label->setElided(true);
    label->setToolTip(tr("Tests inside a test: change them in the text"));
    line->addWidget(label, 1);
  }
  auto* remove = new KeyButton(m_theme, KeyButton::Kind::Ghost, {}, {}, row.widget);
  remove->setMark(QStringLiteral("cross"));
  remove->setAccessibleName(tr("Remove this field"));
  remove->setToolTip(remove->accessibleName());
  line->addWidget(remove);
  connect(remove, &QPushButton::clicked, this, [this, widget = row.widget] { removeRow(widget); });
  m_layout->insertWidget(static_cast<int>(m_rows.size()), row.widget);
  m_rows.push_back(row);
}

void TestRows::removeRow(const QWidget* widget) {
  const auto found = std::ranges::find(m_rows, widget, &Row::widget);
  if (found == m_rows.end()) return;
  found->widget->hide();
  found->widget->deleteLater();
  m_rows.erase(found);
  m_add->setFocus();
  tell();
}

PatternNode TestRows::testOf(const Row& row) const {
  if (!row.field) return row.whole;
  const auto compares = row.compares ? row.compares->currentData().toString().toStdString() : "match";
  return nodeOf({fromEditable(row.field->text()), compares, fromEditable(row.value->text())});
}

/// Rows that are still empty are not there yet.
PatternNode TestRows::written() const {
  auto map = PatternNode::ofMap({});
  auto list = PatternNode::ofList({});
  for (const auto& row : m_rows) {
    if (row.field && row.field->text().isEmpty() && row.value->text().isEmpty()) continue;
    auto test = testOf(row);
    for (const auto& member : test.members) map.members.push_back(member);
    list.items.push_back(std::move(test));
  }
  if (list.items.empty()) return {};
  return isMap() ? map : list;
}

void TestRows::tell() {
  Q_EMIT edited({}, written());
}

void TestRows::setNode(const PatternNode& node) {
  if (written() == node) return;
  for (const auto& row : std::exchange(m_rows, {})) {
    row.widget->hide();
    row.widget->deleteLater();
  }
  for (const auto& member : node.members) addRow(PatternNode::ofMap({member}));
  for (const auto& item : node.items) addRow(item);
}

}  // namespace aiops::ui
