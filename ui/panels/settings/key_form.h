// Making an API key, and showing it once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include "base/result.h"
#include "models/engine_bridge.h"
#include "theme/theme.h"

class QVBoxLayout;

namespace aiops::ui {

class KeyButton;
class Label;
class PickBox;

/// The text of a new key is in this widget alone until it is dismissed or the page is left; it is never put
/// into an accessible name, a log or a file.
class KeyForm final : public QWidget {
  Q_OBJECT
 public:
  KeyForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// Forgets a key that is on screen.
  void forget();
  QLineEdit* name() { return m_name; }
  PickBox* scope() { return m_scope; }
  QLineEdit* shown() { return m_shown; }

 protected:
  void hideEvent(QHideEvent* event) override;

 private:
  void buildResult(QVBoxLayout* rows);
  void create();
  void take(const base::Result<service::NewKey>& answer);

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  QLineEdit* m_name = nullptr;
  PickBox* m_scope = nullptr;
  KeyButton* m_create = nullptr;
  Label* m_note = nullptr;
  QWidget* m_result = nullptr;
  Label* m_made = nullptr;
  QLineEdit* m_shown = nullptr;
  KeyButton* m_copy = nullptr;
};

}  // namespace aiops::ui
