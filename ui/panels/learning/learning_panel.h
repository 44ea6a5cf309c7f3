// Learning: which fixes work, how sure that is, and what should change.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/engine_bridge.h"
#include "models/trust_model.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class Card;
class InsightList;
class Label;
class LedgerList;
class Segment;
class SuccessTable;
class TrendCards;

/// 1 2 3 choose the span, T turns charts into a table, S sorts, Enter on an outcome opens its incident, F6
/// goes to the next part. Asks when it is shown and when outcomes change.
class LearningPanel final : public Panel {
  Q_OBJECT
 public:
  LearningPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Learning"); }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;

  uint32_t days() const { return m_days; }
  SuccessTable& success() { return *m_success; }
  TrendCards& trends() { return *m_trends; }
  InsightList& insights() { return *m_insights; }
  LedgerList& ledger() { return *m_ledger; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildHead();
  Card* buildSuccess();
  Card* buildInsights();
  Card* buildLedger();
  void choose(size_t range);
  void ask();
  void askMetrics();
  void refreshLedger();
  void showProblem(const QString& problem);

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  TrustModel* m_model;
  std::vector<model::Trust> m_trusts;
  std::vector<Segment*> m_ranges;
  Label* m_rates = nullptr;
  Label* m_summary = nullptr;
  Label* m_problem = nullptr;
  SuccessTable* m_success = nullptr;
  Label* m_noSuccess = nullptr;
  TrendCards* m_trends = nullptr;
  InsightList* m_insights = nullptr;
  Card* m_insightCard = nullptr;
  Label* m_noInsights = nullptr;
  LedgerList* m_ledger = nullptr;
  Label* m_noLedger = nullptr;
  uint32_t m_days = 30;
};

}  // namespace aiops::ui
