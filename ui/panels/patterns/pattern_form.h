// The fields of a pattern document that people change most.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QLineEdit>

#include "models/pattern_editor.h"
#include "widgets/paint.h"
#include "widgets/painted.h"

namespace aiops::ui {

class CodeEdit;
class Label;
class PickBox;

/// A row of chips that wraps nothing and cuts what does not fit.
class ChipRow final : public Painted {
  Q_OBJECT
 public:
  using Painted::Painted;
  void setChips(std::vector<Chip> chips, const QString& accessible);
  QSize sizeHint() const override { return {100, 22}; }
  QSize minimumSizeHint() const override { return {60, 22}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<Chip> m_chips;
};

/// One side of the page. Changes go to the editor as Side::Form; the form follows the text whenever it is one
/// document in block style, and else says why it does not.
class PatternForm final : public Painted {
  Q_OBJECT
 public:
  PatternForm(const theme::Theme& theme, PatternEditor& editor, QWidget* parent = nullptr);

  QLineEdit* name() { return m_name; }
  CodeEdit* expression() { return m_expression; }
  QLineEdit* field(const QString& accessibleName) const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QLineEdit* addField(QGridLayout& grid, int row, int column, int span, const QString& name, const char* key,
                      const char* inner = nullptr);
  void addLabel(QGridLayout& grid, int row, int column, const QString& text);
  void buildKind(QGridLayout& grid, int row);
  void buildFires(QGridLayout& grid, int row);
  void connectParts();
  void change(const char* key, const char* inner, const QString& shown);
  void changeName(const QString& shown);
  void refresh(PatternEditor::Side by);
  void refreshPreview();
  void fillFields();
  void fillKinds();
  QString whyDisabled() const;

  struct Bound {
    QLineEdit* field;
    std::string key, inner;
  };

  PatternEditor& m_editor;
  QLineEdit* m_name = nullptr;
  PickBox* m_kind = nullptr;
  PickBox* m_severity = nullptr;
  CodeEdit* m_expression = nullptr;
  Label* m_verdict = nullptr;
  ChipRow* m_captures = nullptr;
  ChipRow* m_samples = nullptr;
  std::vector<Bound> m_bound;
  QStringList m_kinds;
  bool m_filling = false;  ///< the expression follows the document: not a change by hand
};

}  // namespace aiops::ui
