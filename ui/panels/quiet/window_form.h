// A new maintenance window: of what, when, by the clocks of which place.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/silence.h"
#include "panels/quiet/add_form.h"
#include "widgets/check_list.h"

class QLineEdit;

namespace aiops::ui {

class Label;
class NamePicker;
class Segment;

/// Shows the next two times that it would open, there and here.
class WindowForm final : public AddForm {
  Q_OBJECT
 public:
  WindowForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  void setKnown(std::vector<CheckList::Choice> services);
  void begin() override;
  void clear() override;

 Q_SIGNALS:
  void asked(const aiops::model::MaintenanceWindow& window);

 protected:
  QString missing() const override;
  QString summary() const override;
  void send() override;

 private:
  QLineEdit* line(const char* name, const QString& words, const QString& example);
  QWidget* buildRepeats();
  QWidget* buildTimes();
  model::MaintenanceWindow window() const;
  bool isOnce() const;
  void showRepeats();

  NamePicker* m_services;
  QLineEdit *m_name, *m_date, *m_start, *m_length, *m_zone;
  Segment *m_weekly, *m_once;
  QWidget* m_dayBox = nullptr;
  std::vector<Segment*> m_days;  ///< Monday first
};

}  // namespace aiops::ui
