// What each analyst said, and who disagrees.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVBoxLayout>
#include <QWidget>

#include "model/incident.h"
#include "theme/theme.h"

namespace aiops::ui {

/// One line per analyst in the order given; each dissent stands below in a tint with its words.
class ConsensusView final : public QWidget {
  Q_OBJECT
 public:
  explicit ConsensusView(const theme::Theme& theme, QWidget* parent = nullptr);
  void setOpinions(const std::vector<model::Opinion>& opinions, bool trackRecord);

 private:
  void addLine(const model::Opinion& opinion, bool trackRecord);
  void addDissent(const model::Opinion& opinion);

  const theme::Theme& m_theme;
  QVBoxLayout* m_rows;
};

}  // namespace aiops::ui
