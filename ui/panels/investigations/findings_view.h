// What was worked out beyond the cause: the index that would help, who attacks, when it comes again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/incident.h"
#include "widgets/row_pane.h"

namespace aiops::ui {

/// One finding below the other: title, names with values, the text to copy, and the lines it rests on; Enter
/// or a click on one asks to open it in Logs. What is the same after a refresh stays as it is, with focus and
/// place.
class FindingsView final : public RowPane {
  Q_OBJECT
 public:
  explicit FindingsView(const theme::Theme& theme, QWidget* parent = nullptr);

  void setFindings(const std::vector<model::Finding>& findings);
  /// Puts the first finding's text that there is on the clipboard.
  void copyText();
  int count() const { return static_cast<int>(m_findings.size()); }

 Q_SIGNALS:
  void openLogLine(const QString& source, quint64 line);

 private:
  void addFinding(const model::Finding& finding, bool first);
  void addText(const model::Finding& finding, bool first);
  void addLines(const model::Finding& finding);

  const theme::Theme& m_theme;
  std::vector<model::Finding> m_findings;
};

}  // namespace aiops::ui
