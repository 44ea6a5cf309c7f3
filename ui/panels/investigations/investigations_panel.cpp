// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/investigations_panel.h"

#include <QKeyEvent>
#include <QPointer>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "models/shown_text.h"
#include "panels/investigations/evidence_list.h"
#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_detail.h"
#include "panels/investigations/incident_table.h"
#include "widgets/card.h"
#include "widgets/key_button.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

/// Fewer ended cases say nothing about what a confidence is worth.
constexpr uint64_t kCasesForTrackRecord = 3;

}  // namespace

InvestigationsPanel::InvestigationsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent),
      m_theme(theme),
      m_bridge(bridge),
      m_pages(new QStackedWidget(this)),
      m_model(new IncidentModel(this)),
      m_table(new IncidentTable(theme, *m_model, this)),
      m_detail(new IncidentDetail(theme, bridge, this)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_pages);
  m_pages->addWidget(buildList());
  m_pages->addWidget(m_detail);
  m_pages->addWidget(buildProblem());
  connect(m_table, &IncidentTable::opened, this, &InvestigationsPanel::open);
  connect(m_detail, &IncidentDetail::openLogLine, this, &Panel::openLogLine);
  connect(m_detail, &IncidentDetail::openIncident, this, &InvestigationsPanel::open);
  connect(m_detail, &IncidentDetail::movedTo, this, &InvestigationsPanel::openWhenKnown);
  connect(m_detail, &IncidentDetail::silenceServices, this, &Panel::silenceServices);
  connect(&m_bridge, &EngineBridge::incidentsChanged, this, [this] {
    refreshList();
    if (!m_awaited.isEmpty()) openWhenKnown(m_awaited);
    if (!m_openId.isEmpty()) load();
  });
  connect(&m_bridge, &EngineBridge::fixesChanged, this, [this] {
    if (!m_openId.isEmpty()) load();
  });
  connect(&m_bridge, &EngineBridge::statusChanged, this, [this] {
    if (!showsDetail()) refreshList();
  });
  refreshList();
}

QWidget* InvestigationsPanel::buildList() {
  auto* page = new QWidget(this);
  m_listCard = new Card(m_theme, tr("Incidents"), page);
  m_listCard->setTrailing(tr("Enter opens"));
  m_listCard->body()->addWidget(m_table, 1);
  m_empty = m_listCard->addNote();
  auto* rows = new QVBoxLayout(page);
  rows->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  rows->addWidget(m_listCard);
  return page;
}

QWidget* InvestigationsPanel::buildProblem() {
  m_problemPage = new QWidget(this);
  m_problemText = new Label(m_theme, FontRole::Body, Token::Text, {}, m_problemPage);
  m_problemText->setWordWrap(true);
  m_problemText->setAlignment(Qt::AlignCenter);
  auto* again = new KeyButton(m_theme, KeyButton::Kind::Primary, tr("Try again"), {}, m_problemPage);
  auto* back =
      new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Back to the list"), tr("Esc"), m_problemPage);
  auto* rows = new QVBoxLayout(m_problemPage);
  rows->addStretch(1);
  rows->addWidget(m_problemText);
  rows->addWidget(again, 0, Qt::AlignCenter);
  rows->addWidget(back, 0, Qt::AlignCenter);
  rows->addStretch(1);
  connect(again, &QAbstractButton::clicked, this, &InvestigationsPanel::load);
  connect(back, &QAbstractButton::clicked, this, &InvestigationsPanel::backToList);
  return m_problemPage;
}

bool InvestigationsPanel::showsDetail() const {
  return m_pages->currentWidget() == m_detail;
}

bool InvestigationsPanel::hasTrackRecord() const {
  return m_bridge.status().outcomes >= kCasesForTrackRecord;
}

void InvestigationsPanel::refreshList() {
  const QString kept = m_table->currentId();
  const auto& incidents = m_bridge.incidents();
  m_model->setSummaries(incidents, hasTrackRecord(), base::SystemClock().now());
  if (m_table->currentId() != kept || kept.isEmpty()) m_table->selectId(kept);
  const auto open = std::count_if(incidents.begin(), incidents.end(), [](const auto& summary) {
    return !model::isClosed(summary.incident.state);
  });
  m_listCard->setCaption(tr("%1 open, %2 in all").arg(open).arg(incidents.size()));
  m_table->setVisible(!incidents.empty());
  m_empty->setVisible(incidents.empty());
  const auto sources = m_bridge.status().sources.size();
  m_empty->setText(
      sources == 0
          ? tr("No incident, and no log is watched. Start with --watch PATH, or name logs in config.yaml.")
          : tr("No incident yet. Logs watched: %1.").arg(sources));
}

void InvestigationsPanel::activate(const QString& id) {
  if (!id.isEmpty()) return open(id);
  if (showsDetail()) {
    m_detail->hypotheses().list()->setFocus();
  } else {
    m_table->setFocus();
  }
}

std::vector<KeyHelp> InvestigationsPanel::keyHelp() const {
  if (!showsDetail()) return {{tr("J K"), tr("next or previous incident")}, {tr("Enter"), tr("open it")}};
  return {{tr("J K"), tr("next or previous hypothesis")},
          {tr("E"), tr("its evidence")},
          {tr("F"), tr("findings, if there are any")},
          {tr("Y"), tr("copy the text of the first one")},
          {tr("Enter"), tr("open the line in Logs")},
          {tr("A"), tr("acknowledge: you see to it")},
          {tr("D"), tr("dismiss: nothing was wrong")},
          {tr("C"), tr("the chosen hypothesis is the cause")},
          {tr("U"), tr("undo the dismissal, reopen what has ended")},
          {tr("M"), tr("merge it into another open one")},
          {tr("S"), tr("split a part off")},
          {tr("Shift S"), tr("silence its services")},
          {tr("O"), tr("the one it was merged into or split from")},
          {tr("+ -"), tr("zoom the timeline")},
          {tr("Left Right"), tr("move along it")},
          {tr("0"), tr("show all of it")},
          {tr("Esc"), tr("back to the list")}};
}

void InvestigationsPanel::open(const QString& id) {
  if (id.isEmpty()) return;
  m_openId = id;
  m_awaited.clear();
  load();
}

/// What was just split off is not in the store yet.
void InvestigationsPanel::openWhenKnown(const QString& id) {
  if (m_bridge.incident(id.toStdString()) != nullptr) return open(id);
  m_awaited = id;
}

void InvestigationsPanel::load() {
  // One question at a time; what changes meanwhile is asked for once more.
  m_again = m_loading;
  if (m_loading) return;
  m_loading = true;
  m_bridge.investigation(m_openId.toStdString(), [panel = QPointer(this), id = m_openId](
                                                     base::Result<service::Investigation> result) {
    if (panel) panel->take(id, std::move(result));
  });
}

void InvestigationsPanel::take(const QString& id, base::Result<service::Investigation> result) {
  m_loading = false;
  if (m_openId.isEmpty()) return;
  if (id != m_openId || std::exchange(m_again, false)) load();
  if (id != m_openId) return;
  if (!result) {
    m_problemText->setText(tr("This incident can't be shown. %1").arg(shownString(result.error().line())));
    m_pages->setCurrentWidget(m_problemPage);
    return;
  }
  m_detail->setInvestigation(*result, hasTrackRecord(), base::SystemClock().now());
  m_subject = incidentName(result->incident.number);
  Q_EMIT subjectChanged();
  if (showsDetail()) return;
  m_pages->setCurrentWidget(m_detail);
  m_detail->hypotheses().list()->setFocus();
}

void InvestigationsPanel::backToList() {
  const QString last = m_openId;
  m_openId.clear();
  m_awaited.clear();
  m_subject.clear();
  m_pages->setCurrentIndex(0);
  refreshList();
  m_table->selectId(m_model->idOf(last));
  m_table->setFocus();
  Q_EMIT subjectChanged();
}

void InvestigationsPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && m_pages->currentIndex() != 0) return backToList();
  Panel::keyPressEvent(event);
}

}  // namespace aiops::ui
