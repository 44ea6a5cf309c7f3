// The header: where one is, and the control that stops automation.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/status.h"
#include "models/engine_bridge.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/painted.h"

class QAbstractButton;

namespace aiops::ui {

/// 48 px. "Stop automation" acts on one click and asks nothing. While stopped the bar is hatched, says since
/// when, by whom and why, and offers [Resume...], which asks in place. Not stopping is said in place too.
class HeaderBar : public Painted {
  Q_OBJECT
 public:
  HeaderBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// "title", or "title > subject".
  void setPlace(const QString& title, const QString& subject);

 public Q_SLOTS:
  void stop();
  /// Asks in place whether to resume; does nothing unless stopped.
  void offerResume();

 Q_SIGNALS:
  /// The title before the chevron was pressed.
  void titlePressed();
  void searchPressed();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void automationChanged();
  void askToResume(bool asking);
  void resume();
  void showFailure(const QString& what);
  void relayout();
  QString stoppedText() const;

  EngineBridge& m_bridge;
  QString m_title, m_subject;
  bool m_stopped = false, m_asking = false, m_failed = false;
  QAbstractButton* m_search;
  Label* m_notice;
  KeyButton* m_stop;
  KeyButton* m_resume;
  KeyButton* m_confirm;
  KeyButton* m_keep;
};

}  // namespace aiops::ui
