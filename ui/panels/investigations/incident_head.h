// The first lines of an incident: title, severity, state, and when, how long, where.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "service/operations.h"
#include "widgets/accessible_rows.h"
#include "widgets/painted.h"

namespace aiops::ui {

class IncidentHead final : public Painted, public AccessibleRows {
  Q_OBJECT
 public:
  explicit IncidentHead(const theme::Theme& theme, QWidget* parent = nullptr);
  /// `now` gives the time that an open incident is open for.
  void setIncident(const service::Investigation& investigation, base::TimePoint now);

  /// So much of the title line at its right is left to another widget.
  void setTaken(int width);

  QSize sizeHint() const override { return {600, 60}; }
  QSize minimumSizeHint() const override { return {300, 60}; }

  int accessibleRowCount() const override { return static_cast<int>(m_facts.size()) + 1; }
  QString accessibleRowText(int row) const override;
  QRect accessibleRowRect(int row) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Fact {
    QString name;
    QString value;
    bool mono = false;
  };

  model::Incident m_incident;
  QString m_title;
  std::vector<Fact> m_facts;
  int m_taken = 0;
};

}  // namespace aiops::ui
