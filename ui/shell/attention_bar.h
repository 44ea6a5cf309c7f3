// The violet bar: a person must decide.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "models/engine_bridge.h"
#include "widgets/key_button.h"
#include "widgets/painted.h"

namespace aiops::ui {

/// Shows the most urgent decision and its time left. Can't be closed, only decided; hidden while nothing
/// waits or while the panel on screen shows decisions itself.
class AttentionBar : public Painted {
  Q_OBJECT
 public:
  AttentionBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);
  /// The panel on screen shows decisions itself.
  void setCovered(bool covered);
  /// Opens the most urgent decision, if any.
  void review();

 Q_SIGNALS:
  void openFix(const QString& id);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();

  EngineBridge& m_bridge;
  bool m_covered = false;
  QString m_head, m_text, m_left, m_id;
  KeyButton* m_review;
  QTimer m_tick;
};

}  // namespace aiops::ui
