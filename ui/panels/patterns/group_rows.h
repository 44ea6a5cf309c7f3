// A list of maps, such as the steps of a sequence: one block of controls for each.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/patterns/key_field.h"

class QVBoxLayout;

namespace aiops::ui {

class KeyButton;
class KeyGrid;
class Label;

/// Blocks can be added, removed and moved up.
class GroupRows final : public KeyField {
  Q_OBJECT
 public:
  GroupRows(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent);
  void setNode(const PatternNode& node) override;
  size_t rowCount() const { return m_blocks.size(); }
  KeyGrid* grid(size_t index) const { return m_blocks[index].grid; }

 private:
  struct Block {
    QWidget* widget = nullptr;
    KeyGrid* grid = nullptr;
    KeyButton* up = nullptr;
  };
  void addBlock();
  void moveUp(size_t index);
  void tellAll(std::vector<PatternNode> items);

  const theme::Theme& m_theme;
  QVBoxLayout* m_layout;
  KeyButton* m_add;
  std::vector<Block> m_blocks;
  PatternNode m_node;  ///< as shown
};

}  // namespace aiops::ui
