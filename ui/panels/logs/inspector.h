// The whole of one log line: where it is, when, and every byte of it as text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "models/log_model.h"
#include "theme/theme.h"

namespace aiops::ui {

class FieldList;
class Label;

/// Shows the line that the view has selected, or says that none is.
class LogInspector final : public QWidget {
  Q_OBJECT
 public:
  LogInspector(const theme::Theme& theme, const LogModel& model, QWidget* parent = nullptr);
  void show(std::optional<uint64_t> ordinal);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void fill(uint64_t ordinal);

  const theme::Theme& m_theme;
  const LogModel& m_model;
  std::optional<model::Severity> m_severity;
  Label* m_title;
  Label* m_note;
  FieldList* m_fields;
};

}  // namespace aiops::ui
