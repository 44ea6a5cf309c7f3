// Which part of an incident becomes one of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "service/operations.h"
#include "widgets/painted.h"

namespace aiops::ui {

class CheckList;
class KeyButton;
class Label;
class Segment;

/// Services or single events to tick; Space ticks, Enter splits off what is ticked, Esc goes back. All or
/// nothing can't be split off, and that is said. Sends nothing itself.
class SplitForm final : public Painted {
  Q_OBJECT
 public:
  explicit SplitForm(const theme::Theme& theme, QWidget* parent = nullptr);

  void begin(const model::Incident& incident, const std::vector<model::Event>& events);
  /// Those of the same incident, which may have grown; ticks stay.
  void setEvents(const std::vector<model::Event>& events);
  void setSending(bool sending);
  void refuse(const QString& why);
  /// The list that is shown.
  CheckList* list() const;
  /// From services to events and back.
  void turn();

 public Q_SLOTS:
  void submit();

 Q_SIGNALS:
  void chosen(const aiops::service::IncidentPart& part);
  void left();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void build();
  void showSide();
  void refresh();
  service::IncidentPart part() const;
  bool isIn(const service::IncidentPart& part, const model::Event& event) const;
  QString words(qsizetype going) const;

  std::vector<model::Event> m_events;
  bool m_sending = false;
  QString m_refusal;
  Label *m_question, *m_note;
  Segment *m_byService, *m_byEvent;
  CheckList *m_services, *m_single;
  KeyButton *m_back, *m_split;
};

}  // namespace aiops::ui
