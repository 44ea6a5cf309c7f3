// Controls for the keys of a pattern's schema: one row of the schema gives one control.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "model/pattern_type.h"
#include "models/pattern_node.h"
#include "theme/theme.h"

namespace aiops::ui {

/// Shows the value of one key and tells what a person makes of it. It judges nothing: a value that can't be
/// used goes into the document, and the engine says there what is wrong with it.
class KeyField : public QWidget {
  Q_OBJECT
 public:
  KeyField(model::PatternKey key, QWidget* parent);

  /// The control for `key`.
  static KeyField* make(const theme::Theme& theme, const model::PatternKey& key, QWidget* parent);

  const model::PatternKey& key() const { return m_key; }
  /// Emits nothing. What shows this value already keeps its cursor and its undo.
  virtual void setNode(const PatternNode& node) = 0;

 Q_SIGNALS:
  /// The value at `path` below the key is to be `node`; none takes it out.
  void edited(const aiops::ui::PatternPath& path, const aiops::ui::PatternNode& node);

 protected:
  /// Puts `control` into this, with the words of the key for those who can't see them.
  void adopt(QWidget* control, const QString& unit, const theme::Theme& theme);

 private:
  const model::PatternKey m_key;
};

/// Whether its control needs the whole width.
bool isWide(model::PatternKeyKind kind);

}  // namespace aiops::ui
