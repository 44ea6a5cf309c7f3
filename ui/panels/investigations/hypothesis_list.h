// The causes that were weighed, best first, with the rejected and the unverified ones in view.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/incident.h"
#include "theme/theme.h"
#include "widgets/row_list.h"

namespace aiops::ui {

/// One row each: verdict as shape and word, statement, what speaks for and against or why it was put aside,
/// and the confidence as bar and number. Without a track record (too few ended cases to know what a number is
/// worth) the words "no track record yet" stand in place of the number.
class HypothesisList final : public QWidget {
  Q_OBJECT
 public:
  explicit HypothesisList(const theme::Theme& theme, QWidget* parent = nullptr);

  void setDiagnosis(const model::Diagnosis& diagnosis, bool trackRecord);
  /// The selected one, or nullptr.
  const model::Hypothesis* current() const;
  void step(int by) { m_list->step(by); }
  RowList* list() { return m_list; }

 Q_SIGNALS:
  void currentChanged();

 private:
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  void paintConfidence(QPainter& painter, const QRect& box, const model::Hypothesis& hypothesis) const;
  QString detailOf(const model::Hypothesis& hypothesis) const;
  QString accessibleOf(const model::Hypothesis& hypothesis) const;
  static QString idOf(const model::Hypothesis& hypothesis);

  const theme::Theme& m_theme;
  RowList* m_list;
  std::vector<model::Hypothesis> m_hypotheses;
  bool m_trackRecord = false;
};

}  // namespace aiops::ui
