// The keys of a map as a grid of labelled controls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "model/pattern_type.h"
#include "models/pattern_node.h"
#include "theme/theme.h"

class QGridLayout;

namespace aiops::ui {

class KeyButton;
class KeyField;
class Label;

/// Small controls stand two in a row, wide ones take a row. Rare keys are shown when they are in the document
/// or when somebody asks for them.
class KeyGrid final : public QWidget {
  Q_OBJECT
 public:
  struct Slot {
    model::PatternKey key;
    PatternPath path;  ///< to the key's value
    bool rare = false;
  };

  KeyGrid(const theme::Theme& theme, std::vector<Slot> slots, QWidget* parent);

  /// `root` is what the paths begin at.
  void setNode(const PatternNode& root);
  /// Null if there is none.
  KeyField* field(const PatternPath& path) const;
  bool isEmpty() const { return m_rows.empty(); }

 Q_SIGNALS:
  void edited(const aiops::ui::PatternPath& path, const aiops::ui::PatternNode& node);

 private:
  struct Row {
    Slot slot;
    KeyField* field = nullptr;
    Label* label = nullptr;
  };
  void add(QGridLayout& grid, const Slot& slot, int row, bool right);
  void refreshRare();

  const theme::Theme& m_theme;
  std::vector<Row> m_rows;
  std::vector<bool> m_used;  ///< by row: it is in the document
  KeyButton* m_more = nullptr;
  bool m_showsRare = false;
};

/// The least width of a label on the left and of one in the middle.
inline constexpr int kFormLabels = 82, kMiddleLabels = 60;

}  // namespace aiops::ui
