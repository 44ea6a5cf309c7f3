// Decide one thing, fully informed, without scrolling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "models/engine_bridge.h"
#include "panels/approvals/reasons_view.h"
#include "theme/theme.h"
#include "widgets/panel.h"

namespace aiops::ui {

class Card;
class DecisionBar;
class HeadView;
class Label;
class PlanView;
class QueueView;

/// Keys: J K queue, A approve, Enter confirm, R reject, Y dry run, Esc back, F6 next part. While a fix runs
/// the page shows its progress.
class ApprovalsPanel : public Panel {
  Q_OBJECT
 public:
  ApprovalsPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  QString title() const override { return tr("Approvals"); }
  QString subject() const override { return m_subject; }
  void activate(const QString& id) override;
  std::vector<KeyHelp> keyHelp() const override;
  bool showsDecisions() const override { return true; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void bindKeys();
  void refresh();
  void show(const model::FixProposal* fix);
  void dryRun();
  void askForIncident(const model::FixProposal& fix);

  theme::Theme& m_theme;
  EngineBridge& m_bridge;
  QString m_subject;
  std::string m_incidentId, m_incidentAskedFor;
  std::optional<service::Investigation> m_incident;
  std::vector<model::Trust> m_trust;
  QueueView* m_queue;
  QWidget* m_page;
  QWidget* m_empty;
  HeadView* m_head;
  PlanView* m_plan;
  Card* m_reasonsCard;
  ReasonsView* m_reasons;
  DecisionBar* m_bar;
};

}  // namespace aiops::ui
