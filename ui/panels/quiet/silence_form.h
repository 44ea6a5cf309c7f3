// A new silence: of what, for how long, why.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/silence.h"
#include "panels/quiet/add_form.h"
#include "widgets/check_list.h"

class QButtonGroup;
class QLineEdit;

namespace aiops::ui {

class NamePicker;

class SilenceForm final : public AddForm {
  Q_OBJECT
 public:
  SilenceForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  void setKnown(std::vector<CheckList::Choice> services, std::vector<CheckList::Choice> patterns);
  /// These services, instead of what was ticked.
  void fillIn(const std::vector<std::string>& services);
  void begin() override;
  void clear() override;

 Q_SIGNALS:
  void asked(const aiops::model::Silence& silence);

 protected:
  QString missing() const override;
  QString summary() const override;
  void send() override;

 private:
  QWidget* buildDuration();
  std::optional<base::TimePoint> until() const;

  NamePicker *m_services, *m_patterns;
  QButtonGroup* m_duration;
  QLineEdit *m_other, *m_reason;
};

}  // namespace aiops::ui
