// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_detail.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "models/shown_text.h"
#include "panels/investigations/consensus_view.h"
#include "panels/investigations/evidence_list.h"
#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_head.h"
#include "panels/investigations/timeline_legend.h"
#include "panels/investigations/timeline_view.h"
#include "widgets/card.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/segment.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kNarrowWindow = 1400;
constexpr double kZoomStep = 1.6;
constexpr double kPanStep = 0.2;

}  // namespace

IncidentDetail::IncidentDetail(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_head(new IncidentHead(theme, this)),
      m_timelineCard(new Card(theme, tr("Timeline"), this)),
      m_timeline(new TimelineView(theme, m_timelineCard)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(theme::grid::kCardGap);
  all->addWidget(m_head);
  buildTimeline();
  all->addWidget(m_timelineCard, 52);
  buildLower(all);
  bindKeys();
}

void IncidentDetail::buildTimeline() {
  auto* legend = new TimelineLegend(m_theme, m_timelineCard);
  auto* range = new Label(m_theme, FontRole::Mono, Token::Text2, {}, m_timelineCard);
  auto* out = new Segment(m_theme, QStringLiteral("−"), Segment::Place::Alone, m_timelineCard);
  auto* in = new Segment(m_theme, QStringLiteral("+"), Segment::Place::Alone, m_timelineCard);
  for (auto* button : {out, in}) {
    button->setCheckable(false);
    button->setFixedSize(24, 24);
    button->setFocusPolicy(Qt::TabFocus);
  }
  out->setAccessibleName(tr("Zoom out"));
  out->setToolTip(tr("Zoom out  −"));
  in->setAccessibleName(tr("Zoom in"));
  in->setToolTip(tr("Zoom in  +"));
  auto* head = m_timelineCard->head();
  head->insertWidget(2, legend, 1);
  head->addWidget(range);
  head->addWidget(out);
  head->addWidget(in);
  m_timelineCard->body()->addWidget(m_timeline, 1);
  connect(out, &QAbstractButton::clicked, m_timeline, [this] { m_timeline->zoom(1 / kZoomStep); });
  connect(in, &QAbstractButton::clicked, m_timeline, [this] { m_timeline->zoom(kZoomStep); });
  connect(m_timeline, &TimelineView::rangeChanged, range,
          [this, range] { range->setText(m_timeline->rangeText()); });
  connect(m_timeline, &TimelineView::readOut, range, [this, range](const QString& text) {
    range->setText(text.isEmpty() ? m_timeline->rangeText() : text);
  });
}

void IncidentDetail::buildLower(QVBoxLayout* all) {
  m_hypothesesCard = new Card(m_theme, tr("Hypotheses"), this);
  m_hypothesesCard->setTrailing(tr("J K to move"));
  m_sentence = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_hypothesesCard);
  m_sentence->setWordWrap(true);
  m_hypotheses = new HypothesisList(m_theme, m_hypothesesCard);
  m_hypothesesCard->body()->addWidget(m_sentence);
  m_hypothesesCard->body()->addWidget(m_hypotheses, 1);

  m_evidenceCard = new Card(m_theme, tr("Evidence"), this);
  m_evidencePage = new QWidget(m_evidenceCard);
  m_evidenceNote = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_evidencePage);
  m_evidenceNote->setWordWrap(true);
  m_evidence = new EvidenceList(m_theme, m_evidencePage);
  auto* page = new QVBoxLayout(m_evidencePage);
  page->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_evidenceNote);
  page->addWidget(m_evidence, 1);
  m_consensusSide = new ConsensusView(m_theme, m_evidenceCard);
  m_evidenceCard->body()->addWidget(m_evidencePage, 1);
  m_evidenceCard->body()->addWidget(m_consensusSide, 1);
  m_showEvidence = new Segment(m_theme, tr("Evidence"), Segment::Place::First, m_evidenceCard);
  m_showConsensus = new Segment(m_theme, tr("Consensus"), Segment::Place::Last, m_evidenceCard);
  auto* sides = new QButtonGroup(this);
  auto* choice = new QHBoxLayout;
  choice->setSpacing(0);
  for (auto* segment : {m_showEvidence, m_showConsensus}) {
    segment->setFixedHeight(24);
    sides->addButton(segment);
    choice->addWidget(segment);
  }
  m_showEvidence->setChecked(true);
  m_evidenceCard->head()->addLayout(choice);

  m_consensusCard = new Card(m_theme, tr("Consensus"), this);
  m_consensus = new ConsensusView(m_theme, m_consensusCard);
  m_consensusCard->body()->addWidget(m_consensus, 1);

  auto* lower = new QHBoxLayout;
  lower->setSpacing(theme::grid::kCardGap);
  lower->addWidget(m_hypothesesCard, 32);
  lower->addWidget(m_evidenceCard, 46);
  lower->addWidget(m_consensusCard, 22);
  all->addLayout(lower, 40);
  connect(m_hypotheses, &HypothesisList::currentChanged, this, &IncidentDetail::refreshEvidence);
  connect(m_evidence, &EvidenceList::openLogLine, this, &IncidentDetail::openLogLine);
  connect(m_showEvidence, &QAbstractButton::toggled, this, &IncidentDetail::placeConsensus);
}

void IncidentDetail::bindKeys() {
  bindKey(this, Qt::Key_J, [this] { m_hypotheses->step(1); });
  bindKey(this, Qt::Key_K, [this] { m_hypotheses->step(-1); });
  bindKey(this, Qt::Key_E, [this] {
    m_showEvidence->setChecked(true);
    m_evidence->list()->setFocus();
  });
  bindKey(this, Qt::Key_Plus, [this] { m_timeline->zoom(kZoomStep); });
  bindKey(this, Qt::Key_Minus, [this] { m_timeline->zoom(1 / kZoomStep); });
  bindKey(this, Qt::Key_Left, [this] { sideways(false); });
  bindKey(this, Qt::Key_Right, [this] { sideways(true); });
  bindKey(this, Qt::Key_0, [this] { m_timeline->fit(); });
  bindPanes(this, {m_hypotheses->list(), m_evidenceCard});
}

// Arrows belong to the choice of Evidence or Consensus while it has the focus.
void IncidentDetail::sideways(bool right) {
  if (!m_showEvidence->hasFocus() && !m_showConsensus->hasFocus())
    return m_timeline->pan(right ? kPanStep : -kPanStep);
  Segment* side = right ? m_showConsensus : m_showEvidence;
  side->setChecked(true);
  side->setFocus();
}

QString IncidentDetail::verdictSentence() const {
  const auto count = m_data.diagnosis.hypotheses.size();
  const bool busy = m_data.incident.state == model::IncidentState::Open ||
                    m_data.incident.state == model::IncidentState::Investigating;
  if (count == 0)
    return busy ? tr("Analysts are at work. Hypotheses appear as they answer.") : tr("No cause was found.");
  switch (m_data.diagnosis.verdict) {
    case model::Verdict::Healthy:
      return tr("Nothing is wrong. Candidates refuted: %1.").arg(count);
    case model::Verdict::Inconclusive:
      return tr("Inconclusive: no cause is proved. Candidates: %1.").arg(count);
    default:
      return {};
  }
}

void IncidentDetail::setInvestigation(const service::Investigation& investigation, bool trackRecord,
                                      base::TimePoint now) {
  m_data = investigation;
  m_head->setIncident(m_data, now);
  m_timelineCard->setCaption(m_data.timeline.bucketSeconds == 1
                                 ? tr("lines per second")
                                 : tr("lines per %1 s").arg(m_data.timeline.bucketSeconds));
  m_timeline->setInvestigation(m_data, now);
  m_hypothesesCard->setCaption(QString::number(m_data.diagnosis.hypotheses.size()));
  m_sentence->setText(verdictSentence());
  m_sentence->setVisible(!m_sentence->text().isEmpty());
  m_hypotheses->setDiagnosis(m_data.diagnosis, trackRecord);
  m_consensus->setOpinions(m_data.diagnosis.opinions, trackRecord);
  m_consensusSide->setOpinions(m_data.diagnosis.opinions, trackRecord);
  refreshEvidence();
  placeConsensus();
}

void IncidentDetail::refreshEvidence() {
  const model::Hypothesis* current = m_hypotheses->current();
  m_evidence->setHypothesis(current);
  m_evidenceCard->setCaption(current ? m_evidence->summary() : QString());
  m_evidenceCard->setTrailing(m_evidence->readSummary());
  QString note;
  if (!current) {
    note = tr("Select a hypothesis to see the lines it rests on.");
  } else if (!current->note.empty()) {
    note = shownString(current->note, 1024);
  } else if (m_evidence->list()->rowCount() == 0) {
    note = tr("No line speaks for or against this cause.");
  }
  m_evidenceNote->setText(note);
  m_evidenceNote->setVisible(!note.isEmpty());
}

void IncidentDetail::placeConsensus() {
  const bool narrow = window()->width() < kNarrowWindow;
  m_consensusCard->setVisible(!narrow);
  m_showEvidence->setVisible(narrow);
  m_showConsensus->setVisible(narrow);
  const bool evidence = !narrow || m_showEvidence->isChecked();
  m_evidencePage->setVisible(evidence);
  m_consensusSide->setVisible(!evidence);
}

void IncidentDetail::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeConsensus();
}

}  // namespace aiops::ui
