// A pattern document as a form.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QLineEdit>
#include <QTimer>

#include "models/pattern_editor.h"
#include "panels/patterns/key_grid.h"
#include "widgets/paint.h"
#include "widgets/painted.h"

class QVBoxLayout;

namespace aiops::ui {

class CodeEdit;
class KeyField;
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

/// One side of the page: the controls of the document's type, made of the engine's schema, between those that
/// all patterns have. Changes go to the editor as Side::Form; the form follows the text whenever it is one
/// document in block style, and else says why it does not.
class PatternForm final : public Painted {
  Q_OBJECT
 public:
  PatternForm(const theme::Theme& theme, PatternEditor& editor, QWidget* parent = nullptr);

  QLineEdit* name() { return m_name; }
  PickBox* kind() { return m_kind; }
  /// Name, kind and severity.
  QWidget* topPart() { return m_topBox; }
  /// What the type asks for; takes the focus for its first control.
  QWidget* typePart() { return m_typeBox; }
  /// The control for the value at `path`, or null.
  KeyField* keyField(const PatternPath& path) const;
  /// Null where a type has none.
  CodeEdit* expression() const;
  QSize minimumSizeHint() const override { return {300, 140}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QLineEdit* addField(QGridLayout& grid, int row, int column, const QString& name, PatternPath path);
  void addLabel(QGridLayout& grid, int row, int column, const QString& text);
  QGridLayout* addGrid(QVBoxLayout& page);
  void buildKind(QGridLayout& grid, int row);
  void buildFires(QGridLayout& grid, int row);
  void buildMeaning(QGridLayout& grid, int row);
  void buildChips(QGridLayout& grid, int row);
  void connectParts();
  void change(const PatternPath& path, PatternNode node);
  void changeName(const QString& shown);
  void refresh(PatternEditor::Side by);
  void refreshCaptures();
  void refreshPreview();
  void refreshSamples();
  void refreshVerdict();
  void fillFields();
  void fillKinds();
  void fillType();
  void replaceKeys(KeyGrid*& keys, QWidget& box, std::vector<KeyGrid::Slot> slots);
  void orderTabs();
  std::string type() const;
  QString whyDisabled() const;

  struct Bound {
    QLineEdit* field;
    PatternPath path;
  };

  PatternEditor& m_editor;
  QWidget* m_page;
  QLineEdit* m_name = nullptr;
  PickBox* m_kind = nullptr;
  PickBox* m_severity = nullptr;
  QWidget* m_topBox = nullptr;
  QWidget* m_typeBox = nullptr;
  KeyGrid* m_typeKeys = nullptr;  ///< of the type that is shown; null: not known
  KeyGrid* m_otherKeys = nullptr;
  QWidget* m_otherBox = nullptr;
  Label* m_verdict = nullptr;
  ChipRow* m_captures = nullptr;
  ChipRow* m_samples = nullptr;
  std::vector<Bound> m_bound;
  std::string m_shownType;
  QTimer m_tabsDue;
};

}  // namespace aiops::ui
