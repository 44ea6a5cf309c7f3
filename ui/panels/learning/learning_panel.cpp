// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/learning/learning_panel.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QPointer>
#include <QVBoxLayout>
#include <array>

#include "models/cell_text.h"
#include "models/learning_data.h"
#include "panels/learning/learning_lists.h"
#include "panels/learning/success_table.h"
#include "panels/learning/trend_cards.h"
#include "widgets/card.h"
#include "widgets/keys.h"
#include "widgets/segment.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr std::array<uint32_t, 3> kRanges{7, 30, 90};

}  // namespace

LearningPanel::LearningPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge), m_model(new TrustModel(this)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(theme::grid::kCardGap);
  all->addWidget(buildHead());
  auto* upper = new QHBoxLayout;
  upper->setSpacing(theme::grid::kCardGap);
  upper->addWidget(buildSuccess(), 1);
  m_trends = new TrendCards(theme, this);
  upper->addWidget(m_trends, 1);
  auto* lower = new QHBoxLayout;
  lower->setSpacing(theme::grid::kCardGap);
  lower->addWidget(buildInsights(), 1);
  lower->addWidget(buildLedger(), 1);
  all->addLayout(upper, 52);
  all->addLayout(lower, 48);
  bindPanes(this, {&m_success->table(), m_trends, m_insights, m_ledger});
  connect(&bridge, &EngineBridge::outcomesChanged, this, [this] {
    if (isVisible()) ask();
  });
}

QWidget* LearningPanel::buildHead() {
  auto* head = new QWidget(this);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  auto* group = new QButtonGroup(this);
  for (size_t i = 0; i < kRanges.size(); ++i) {
    const auto place = i == 0                    ? Segment::Place::First
                       : i + 1 == kRanges.size() ? Segment::Place::Last
                                                 : Segment::Place::Middle;
    auto* segment = new Segment(m_theme, tr("%1 days").arg(kRanges[i]), place, head);
    segment->setToolTip(tr("Key %1").arg(i + 1));
    segment->setChecked(kRanges[i] == m_days);
    group->addButton(segment);
    connect(segment, &QAbstractButton::clicked, this, [this, i] { choose(i); });
    m_ranges.push_back(segment);
    row->addWidget(segment);
  }
  m_problem = new Label(m_theme, FontRole::Secondary, Token::Warn, {}, head);
  m_problem->setElided(true);
  m_rates = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, head);
  m_summary = new Label(m_theme, FontRole::BodyStrong, Token::Text, {}, head);
  row->addSpacing(12);
  row->addWidget(m_problem, 1);
  row->addWidget(m_rates);
  row->addSpacing(16);
  row->addWidget(m_summary);
  return head;
}

Card* LearningPanel::buildSuccess() {
  auto* card = new Card(m_theme, tr("Success by playbook"), this);
  card->setCaption(tr("checked outcomes, since the first one"));
  card->setTrailing(tr("mean, 90 % interval"));
  m_success = new SuccessTable(m_theme, *m_model, card);
  card->body()->addWidget(m_success, 1);
  m_noSuccess = card->addNote(tr("No fix has ended yet. The first outcome appears here."));
  m_success->hide();
  return card;
}

Card* LearningPanel::buildInsights() {
  m_insightCard = new Card(m_theme, tr("Insights"), this);
  m_insightCard->setCaption(tr("what follows from outcomes"));
  m_insights = new InsightList(m_theme, m_insightCard);
  m_insightCard->body()->addWidget(m_insights, 1);
  m_noInsights = m_insightCard->addNote(tr("Nothing follows from the cases so far."));
  m_insights->hide();
  return m_insightCard;
}

Card* LearningPanel::buildLedger() {
  auto* card = new Card(m_theme, tr("Trust ledger"), this);
  card->setCaption(tr("what each outcome counted for"));
  card->setTrailing(tr("newest first, Enter opens"));
  m_ledger = new LedgerList(m_theme, card);
  card->body()->addWidget(m_ledger, 1);
  m_noLedger = card->addNote(tr("No outcome yet."));
  m_ledger->hide();
  connect(m_ledger, &RowList::opened, this, [this] {
    const QString incident = m_ledger->currentIncident();
    if (!incident.isEmpty()) Q_EMIT openIncident(incident);
  });
  return card;
}

void LearningPanel::activate(const QString&) {
  ask();
  m_success->table().takeFocus();
}

std::vector<KeyHelp> LearningPanel::keyHelp() const {
  return {{tr("1 2 3"), tr("7, 30 or 90 days")},
          {tr("J K"), tr("next or previous row")},
          {tr("S"), tr("sort by the next column, with Shift the other way round")},
          {tr("T"), tr("charts or the same as a table")},
          {tr("Enter"), tr("open the incident of an outcome")}};
}

void LearningPanel::choose(size_t range) {
  m_days = kRanges[range];
  m_ranges[range]->setChecked(true);
  askMetrics();
}

void LearningPanel::ask() {
  showProblem({});
  askMetrics();
  m_bridge.trust([self = QPointer(this)](auto answer) {
    if (!self) return;
    if (!answer) return self->showProblem(cellText(answer.error().line()));
    self->m_trusts = *answer;
    const QString kept = self->m_success->table().currentId();
    self->m_model->setTrusts(std::move(*answer));
    self->m_success->table().selectId(kept);
    self->m_success->setVisible(!self->m_trusts.empty());
    self->m_noSuccess->setVisible(self->m_trusts.empty());
    self->refreshLedger();
  });
  m_bridge.operations().learning().insights(
      m_bridge.onUiThread<std::vector<model::Insight>>([self = QPointer(this)](auto answer) {
        if (!self) return;
        if (!answer) return self->showProblem(cellText(answer.error().line()));
        self->m_insightCard->setTrailing(QString::number(answer->size()));
        self->m_insights->setVisible(!answer->empty());
        self->m_noInsights->setVisible(answer->empty());
        self->m_insights->setInsights(std::move(*answer), base::SystemClock().now());
      }));
  m_bridge.operations().learning().calibration(
      m_bridge.onUiThread<model::CalibrationReport>([self = QPointer(this)](auto answer) {
        if (!self) return;
        if (!answer) return self->showProblem(cellText(answer.error().line()));
        self->m_trends->setCalibration(*answer);
      }));
  refreshLedger();
}

void LearningPanel::askMetrics() {
  m_bridge.operations().learning().metrics(
      m_days, m_bridge.onUiThread<model::Metrics>([self = QPointer(this), days = m_days](auto answer) {
        if (!self || self->m_days != days) return;
        if (!answer) return self->showProblem(cellText(answer.error().line()));
        self->m_summary->setText(fixesText(*answer));
        self->m_rates->setText(ratesText(*answer));
        self->m_trends->setMetrics(*answer);
      }));
}

void LearningPanel::refreshLedger() {
  const auto& outcomes = m_bridge.outcomes();
  m_ledger->setLedger(ledgerOf(outcomes, m_trusts), base::SystemClock().now());
  m_ledger->setVisible(!outcomes.empty());
  m_noLedger->setVisible(outcomes.empty());
}

void LearningPanel::showProblem(const QString& problem) {
  m_problem->setText(problem);
}

void LearningPanel::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_1:
    case Qt::Key_2:
    case Qt::Key_3:
      return choose(static_cast<size_t>(event->key() - Qt::Key_1));
    case Qt::Key_T:
      return m_trends->turn();
    case Qt::Key_S:
      return event->modifiers().testFlag(Qt::ShiftModifier) ? m_success->turnOrder()
                                                            : m_success->sortByNext();
    default:
      return Panel::keyPressEvent(event);
  }
}

}  // namespace aiops::ui
