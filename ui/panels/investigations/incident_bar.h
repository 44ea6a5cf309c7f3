// Who sees to an incident, and what a person can say of it: "I see to it", "nothing was wrong", "it is not
// over". SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include "model/incident.h"
#include "models/engine_bridge.h"
#include "theme/theme.h"

class QLineEdit;

namespace aiops::ui {

class KeyButton;
class Label;

/// A acknowledges, D asks why nothing was wrong; there Enter dismisses and Esc goes back. Nothing is sent
/// without a reason. C says that the chosen hypothesis is the cause, also of one that has ended. U reopens
/// one that has ended; for ten seconds after a dismissal it is offered as undo. What can't be done now is
/// disabled and says why.
class IncidentBar final : public QWidget {
  Q_OBJECT
 public:
  IncidentBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// Another incident drops what was begun.
  void setIncident(const model::Incident& incident);
  /// What C would call the cause; an empty or unknown kind is none.
  void setChosen(const std::string& service, const std::string& kind);
  bool isAsking() const { return m_asking; }

 public Q_SLOTS:
  void acknowledge();
  void askWhy();
  void dismiss();
  void reopen();
  void stateCause();
  void goBack();

 Q_SIGNALS:
  void left();  ///< the reason is no longer asked for: the focus has to go somewhere

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void build();
  void refresh();
  void endAsking();
  void answered(const base::Result<model::Incident>& result);
  QString blocked() const;
  QString whyNotReopened() const;
  QString ownerText() const;
  QString endText() const;
  QString causeText() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  model::Incident m_incident;
  std::string m_service, m_kind;  ///< of the chosen hypothesis
  bool m_asking = false;
  bool m_sending = false;
  QString m_problem;
  Label* m_text;
  QWidget* m_why;
  QLineEdit* m_reason;
  KeyButton *m_acknowledge, *m_ask, *m_dismiss, *m_back, *m_reopen, *m_cause;
  QTimer m_undo;  ///< while it runs, the incident shown was dismissed just now
};

}  // namespace aiops::ui
