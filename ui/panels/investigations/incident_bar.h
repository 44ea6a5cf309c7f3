// Who sees to an incident, and what a person can say of it: "I see to it", "nothing was wrong", "it belongs
// to that one". SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include "model/incident.h"
#include "models/engine_bridge.h"
#include "theme/theme.h"

class QAction;
class QLineEdit;

namespace aiops::ui {

class KeyButton;
class Label;
class MergeForm;
class SplitForm;

/// A acknowledges, D asks why nothing was wrong; there Enter dismisses and Esc goes back. Nothing is sent
/// without a reason. C says that the chosen hypothesis is the cause, also of one that has ended. U reopens
/// one that has ended; for ten seconds after a dismissal it is offered as undo. "More" holds what is done
/// rarely: M asks what to merge it into, S what to split off, Shift+S goes to a silence of its services. What
/// can't be done now is disabled and says why.
class IncidentBar final : public QWidget {
  Q_OBJECT
 public:
  IncidentBar(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// Another incident drops what was begun.
  void setIncident(const model::Incident& incident, const std::vector<model::Event>& events);
  /// What C would call the cause; an empty or unknown kind is none.
  void setChosen(const std::string& service, const std::string& kind);
  bool isAsking() const { return m_asking != Asking::Nothing; }
  /// A form stands below that is chosen from, and needs room.
  bool isChoosing() const { return m_asking == Asking::Merge || m_asking == Asking::Split; }
  /// One down or up in that form.
  void step(int by);
  /// Between services and events, where both can be chosen.
  void turn();
  MergeForm& mergeForm() { return *m_merge; }
  SplitForm& splitForm() { return *m_split; }

 public Q_SLOTS:
  void acknowledge();
  void askWhy();
  void dismiss();
  void reopen();
  void stateCause();
  void askMerge();
  void askSplit();
  void silence();
  void goBack();

 Q_SIGNALS:
  void choosingChanged();
  void left();  ///< nothing is asked for any more: the focus has to go somewhere
  /// Its events are in another incident now, which may not be known yet.
  void movedTo(const QString& incident);
  void silenceAsked(const QStringList& services);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  enum class Asking { Nothing, Why, Merge, Split };

  void build();
  void buildMore();
  void buildForms();
  QAction* addMore(const QString& text, const QString& key, void (IncidentBar::*act)());
  void take(const model::Incident& incident);
  void refresh();
  void refreshMore(const QString& why, bool open, bool runs);
  void ask(Asking what);
  void merge(const std::string& into);
  void split(const service::IncidentPart& part);
  void endAsking();
  void answered(const base::Result<model::Incident>& result);
  bool refused(const base::Result<model::Incident>& result);
  QString blocked() const;
  QString whyNotReopened() const;
  QString ownerText() const;
  QString endText() const;
  QString causeText() const;

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  model::Incident m_incident;
  std::vector<model::Event> m_events;
  std::string m_service, m_kind;  ///< of the chosen hypothesis
  Asking m_asking = Asking::Nothing;
  bool m_sending = false;
  QString m_problem;  ///< or what was done
  QWidget* m_row;
  Label* m_text;
  QWidget* m_why;
  QLineEdit* m_reason;
  KeyButton *m_acknowledge, *m_ask, *m_dismiss, *m_back, *m_reopen, *m_cause, *m_more;
  QAction *m_mergeAction = nullptr, *m_splitAction = nullptr, *m_silenceAction = nullptr;
  MergeForm* m_merge;
  SplitForm* m_split;
  QTimer m_undo;  ///< while it runs, the incident shown was dismissed just now
};

}  // namespace aiops::ui
