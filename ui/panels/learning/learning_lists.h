// Insights with what they stand on, and the trust ledger: two lists of painted rows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/learning_data.h"
#include "widgets/row_list.h"

namespace aiops::ui {

/// One row an insight: what was seen, what a person could do, how many cases it stands on.
class InsightList final : public RowList {
  Q_OBJECT
 public:
  explicit InsightList(const theme::Theme& theme, QWidget* parent = nullptr);
  void setInsights(std::vector<model::Insight> insights, base::TimePoint now);

 private:
  void paintInsight(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const theme::Theme& m_theme;
  std::vector<model::Insight> m_insights;
  base::TimePoint m_now;
};

/// One row an outcome, newest first. Its id is the outcome's.
class LedgerList final : public RowList {
  Q_OBJECT
 public:
  explicit LedgerList(const theme::Theme& theme, QWidget* parent = nullptr);
  void setLedger(std::vector<LedgerRow> rows, base::TimePoint now);
  /// The incident of the current row, or empty.
  QString currentIncident() const;

 private:
  void paintOutcome(QPainter& painter, const QRect& rect, int row, const RowState& state) const;

  const theme::Theme& m_theme;
  std::vector<LedgerRow> m_ledger;
  base::TimePoint m_now;
};

}  // namespace aiops::ui
