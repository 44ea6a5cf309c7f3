// What each analyst said, who disagrees, and which past incidents were like this one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/incident.h"
#include "model/past_incident.h"
#include "widgets/row_pane.h"

namespace aiops::ui {

/// One line per analyst in the order given; each dissent stands below in a tint with its words. Then why a
/// model said nothing, and past incidents with what turned out to be their cause.
class ConsensusView final : public RowPane {
  Q_OBJECT
 public:
  explicit ConsensusView(const theme::Theme& theme, QWidget* parent = nullptr);
  void setDiagnosis(const model::Diagnosis& diagnosis, const std::vector<model::SimilarIncident>& similar,
                    bool trackRecord);

 private:
  void addLine(const model::Opinion& opinion, bool trackRecord);
  void addDissent(const model::Opinion& opinion);
  void addSimilar(const model::SimilarIncident& similar);
  void addNote(const QString& text);

  const theme::Theme& m_theme;
};

}  // namespace aiops::ui
