// Tests of fields, one a row: field, how it is compared, with what.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/patterns/key_field.h"

class QLineEdit;
class QVBoxLayout;

namespace aiops::ui {

class KeyButton;
class PickBox;

/// For `fields` (a map of expressions) and for `all`, `any` and `not` (lists of tests). A test that holds
/// others is shown as it is and changed in the text.
class TestRows final : public KeyField {
  Q_OBJECT
 public:
  TestRows(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent);
  void setNode(const PatternNode& node) override;
  size_t rowCount() const { return m_rows.size(); }

 private:
  struct Row {
    QWidget* widget = nullptr;
    QLineEdit* field = nullptr;
    PickBox* compares = nullptr;  ///< null where only expressions are allowed
    QLineEdit* value = nullptr;
    PatternNode whole;  ///< of a test that has no row of its own: it stays as it is
  };
  bool isMap() const { return key().kind == model::PatternKeyKind::FieldTests; }
  void addRow(const PatternNode& test);
  void removeRow(const QWidget* widget);
  void tell();
  PatternNode testOf(const Row& row) const;
  PatternNode written() const;

  const theme::Theme& m_theme;
  QVBoxLayout* m_layout;
  KeyButton* m_add;
  std::vector<Row> m_rows;
};

}  // namespace aiops::ui
