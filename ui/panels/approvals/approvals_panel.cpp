// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/approvals_panel.h"

#include <QHBoxLayout>
#include <QPointer>

#include "panels/approvals/decision_bar.h"
#include "panels/approvals/dry_run_view.h"
#include "panels/approvals/head_view.h"
#include "panels/approvals/plan_view.h"
#include "panels/approvals/queue_view.h"
#include "panels/approvals/reasons.h"
#include "widgets/card.h"
#include "widgets/keys.h"
#include "widgets/scroll_pane.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;
namespace grid = theme::grid;

namespace {

constexpr int kQueueWide = 232, kQueueNarrow = 208, kNarrowBelow = 1320, kTightBelow = 720;

}  // namespace

ApprovalsPanel::ApprovalsPanel(theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge) {
  build();
  bindKeys();
  connect(m_queue->list(), &RowList::currentIdChanged, this,
          [this](const QString& id) { show(m_bridge.fix(id.toStdString())); });
  connect(m_reasons, &ReasonsView::openLogLine, this, &ApprovalsPanel::openLogLine);
  connect(m_plan, &PlanView::lastStepSeenChanged, this,
          [this] { m_bar->setPlanSeen(m_plan->lastStepSeen()); });
  connect(&bridge, &EngineBridge::fixesChanged, this, &ApprovalsPanel::refresh);
  connect(&bridge, &EngineBridge::incidentsChanged, this, &ApprovalsPanel::refresh);
  refresh();
}

void ApprovalsPanel::build() {
  setFocusPolicy(Qt::NoFocus);
  m_queue = new QueueView(m_theme, m_bridge, this);
  m_page = new QWidget(this);
  m_head = new HeadView(m_theme, m_page);
  m_plan = new PlanView(m_theme, m_page);
  m_reasonsCard = new Card(m_theme, {}, m_page);
  m_reasonsCard->setAccessibleName(tr("Reasons"));
  auto* scroll = new ScrollPane(m_theme, m_reasonsCard);
  scroll->setAccessibleName(tr("Reasons"));
  m_reasons = new ReasonsView(m_theme);
  scroll->setPage(m_reasons);
  m_reasonsCard->body()->addWidget(scroll, 1);
  m_bar = new DecisionBar(m_theme, m_bridge, m_page);

  auto* cards = new QHBoxLayout;
  cards->setSpacing(grid::kCardGap);
  cards->addWidget(m_plan, 575);
  cards->addWidget(m_reasonsCard, 425);
  m_plan->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
  m_reasonsCard->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
  auto* column = new QVBoxLayout(m_page);
  column->setContentsMargins(grid::kPageMargin, 14, grid::kPageMargin, grid::kPageMargin);
  column->setSpacing(10);
  column->addWidget(m_head);
  column->addLayout(cards, 1);
  column->addWidget(m_bar);

  m_empty = new QWidget(this);
  auto* note = new QVBoxLayout(m_empty);
  auto* text =
      new Label(m_theme, FontRole::Body, Token::Text2,
                tr("No fix has been proposed yet. When one is, it waits here for your decision."), m_empty);
  text->setAlignment(Qt::AlignCenter);
  note->addWidget(text);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_queue);
  row->addWidget(m_page, 1);
  row->addWidget(m_empty, 1);
}

void ApprovalsPanel::bindKeys() {
  bindKey(this, Qt::Key_A, [this] { m_bar->pressApprove(); });
  bindKey(this, Qt::Key_R, [this] { m_bar->pressReject(); });
  bindKey(this, Qt::Key_Y, [this] { dryRun(); });
  bindKey(this, Qt::Key_J, [this] { m_queue->list()->step(1); });
  bindKey(this, Qt::Key_K, [this] { m_queue->list()->step(-1); });
  bindKey(this, Qt::Key_Return, [this] { m_bar->pressConfirm(); });
  bindKey(this, Qt::Key_Enter, [this] { m_bar->pressConfirm(); });
  bindKey(this, Qt::Key_Escape, [this] { m_bar->pressEscape(); });
  bindPanes(this, {m_queue, m_plan, m_reasonsCard, m_bar});
}

std::vector<KeyHelp> ApprovalsPanel::keyHelp() const {
  return {{tr("J K"), tr("next or previous in the queue")},
          {tr("A"), tr("approve; a higher risk asks for more")},
          {tr("Enter"), tr("confirm what was begun; alone it approves nothing")},
          {tr("R"), tr("reject, with a reason")},
          {tr("Y"), tr("dry run")},
          {tr("Esc"), tr("take back what was begun")}};
}

void ApprovalsPanel::activate(const QString& id) {
  if (!id.isEmpty()) {
    if (const auto* fix = m_bridge.fix(id.toStdString()))
      m_queue->list()->selectId(QString::fromStdString(fix->id.str()));
  }
  m_queue->list()->setFocus();
}

void ApprovalsPanel::refresh() {
  m_queue->refresh();
  show(m_bridge.fix(m_queue->list()->currentId().toStdString()));
}

void ApprovalsPanel::show(const model::FixProposal* fix) {
  m_page->setVisible(fix != nullptr);
  m_empty->setVisible(fix == nullptr);
  const QString subject = fix ? fixName(fix->number) : QString();
  if (subject != m_subject) {
    m_subject = subject;
    Q_EMIT subjectChanged();
  }
  if (fix == nullptr) return m_plan->clear();
  askForIncident(*fix);
  const auto* summary = m_bridge.incident(fix->incident.str());
  m_head->setFix(*fix, summary ? summary->incident.number : 0);
  m_plan->setFix(*fix, m_bridge.status().limits);
  const bool known = m_incident && m_incident->incident.id == fix->incident;
  m_reasons->setSections(reasonsFor(*fix, known ? &*m_incident : nullptr, m_trust));
  m_bar->setPlanSeen(m_plan->lastStepSeen());
  m_bar->setFix(*fix);
}

/// The answer goes to the view of the plan that was asked about: with another plan on screen it is gone.
void ApprovalsPanel::dryRun() {
  const auto* fix = m_bridge.fix(m_queue->list()->currentId().toStdString());
  QPointer<DryRunView> view = m_plan->dryRun();
  if (fix == nullptr || !view || !view->isVisible()) return;
  view->showRunning();
  m_bridge.dryRun(fix->id.str(), [view](const base::Result<model::DryRun>& result) {
    if (view) view->showResult(result);
  });
}

void ApprovalsPanel::askForIncident(const model::FixProposal& fix) {
  if (m_incidentAskedFor == fix.incident.str()) return;
  m_incidentAskedFor = fix.incident.str();
  m_bridge.investigation(m_incidentAskedFor,
                         [self = QPointer(this)](base::Result<service::Investigation> result) {
                           if (!self || !result) return;
                           self->m_incident = *std::move(result);
                           self->refresh();
                         });
  m_bridge.trust([self = QPointer(this)](base::Result<std::vector<model::Trust>> result) {
    if (!self || !result) return;
    self->m_trust = *std::move(result);
    self->refresh();
  });
}

void ApprovalsPanel::resizeEvent(QResizeEvent*) {
  m_queue->setFixedWidth(width() < kNarrowBelow && height() < kTightBelow ? kQueueNarrow : kQueueWide);
  const bool tight = height() < kTightBelow;
  m_plan->setTight(tight);
  m_reasons->setTight(tight);
  refresh();
}

}  // namespace aiops::ui
