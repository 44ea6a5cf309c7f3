// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_detail.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "models/engine_bridge.h"
#include "models/shown_text.h"
#include "panels/investigations/consensus_view.h"
#include "panels/investigations/evidence_list.h"
#include "panels/investigations/findings_view.h"
#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_bar.h"
#include "panels/investigations/incident_head.h"
#include "panels/investigations/timeline_legend.h"
#include "panels/investigations/timeline_view.h"
#include "widgets/card.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/segment.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kNarrowWindow = 1400;
constexpr double kZoomStep = 1.6;
constexpr double kPanStep = 0.2;

}  // namespace

IncidentDetail::IncidentDetail(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_bridge(bridge),
      m_head(new IncidentHead(theme, this)),
      m_related(new KeyButton(theme, KeyButton::Kind::Plain, {}, tr("O"), this)),
      m_bar(new IncidentBar(theme, bridge, this)),
      m_timelineCard(new Card(theme, tr("Timeline"), this)),
      m_timeline(new TimelineView(theme, m_timelineCard)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(theme::grid::kCardGap);
  all->addLayout(buildHead());
  all->addWidget(m_bar);
  buildTimeline();
  all->addWidget(m_timelineCard, 52);
  buildLower(all);
  bindKeys();
}

QLayout* IncidentDetail::buildHead() {
  m_related->setObjectName(QStringLiteral("related"));
  m_related->setMark(QStringLiteral("link"));
  m_related->setAccessibleDescription(tr("Opens that incident"));
  m_related->hide();
  connect(m_related, &QAbstractButton::clicked, this,
          [this] { Q_EMIT openIncident(QString::fromStdString(related().str())); });
  auto* both = new QGridLayout;
  both->setContentsMargins(0, 0, 0, 0);
  both->addWidget(m_head, 0, 0);
  both->addWidget(m_related, 0, 0, Qt::AlignTop | Qt::AlignRight);
  return both;
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
  m_advice = new Label(m_theme, FontRole::Secondary, Token::Text, {}, m_hypothesesCard);
  m_advice->setWordWrap(true);
  m_hypothesesCard->body()->addWidget(m_advice);

  m_evidenceCard = new Card(m_theme, tr("Evidence"), this);
  m_evidencePage = new QWidget(m_evidenceCard);
  m_evidenceNote = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_evidencePage);
  m_evidenceNote->setWordWrap(true);
  m_evidence = new EvidenceList(m_theme, m_evidencePage);
  auto* page = new QVBoxLayout(m_evidencePage);
  page->setContentsMargins(0, 0, 0, 0);
  page->addWidget(m_evidenceNote);
  page->addWidget(m_evidence, 1);
  m_evidenceCard->body()->addWidget(m_evidencePage, 1);
  buildSides();

  m_consensusCard = new Card(m_theme, tr("Consensus"), this);
  m_consensus = new ConsensusView(m_theme, m_consensusCard);
  m_consensusCard->body()->addWidget(m_consensus, 1);

  m_lower = new QWidget(this);
  auto* lower = new QHBoxLayout(m_lower);
  lower->setContentsMargins(0, 0, 0, 0);
  lower->setSpacing(theme::grid::kCardGap);
  lower->addWidget(m_hypothesesCard, 32);
  lower->addWidget(m_evidenceCard, 46);
  lower->addWidget(m_consensusCard, 22);
  all->addWidget(m_lower, 40);
  connect(m_hypotheses, &HypothesisList::currentChanged, this, &IncidentDetail::refreshEvidence);
  bindBar();
  connect(m_evidence, &EvidenceList::openLogLine, this, &IncidentDetail::openLogLine);
}

/// While it is chosen from a form, that takes the room of the hypotheses; the timeline stays in sight.
void IncidentDetail::bindBar() {
  connect(m_bar, &IncidentBar::choosingChanged, this, [this] { m_lower->setVisible(!m_bar->isChoosing()); });
  connect(m_bar, &IncidentBar::left, this, [this] { m_hypotheses->list()->setFocus(); });
  connect(m_bar, &IncidentBar::movedTo, this, &IncidentDetail::movedTo);
  connect(m_bar, &IncidentBar::silenceAsked, this, &IncidentDetail::silenceServices);
  connect(&m_bridge, &EngineBridge::incidentsChanged, this, &IncidentDetail::refreshRelation);
}

const model::IncidentId& IncidentDetail::related() const {
  const auto& incident = m_data.incident;
  return incident.mergedInto.empty() ? incident.splitFrom : incident.mergedInto;
}

/// By number, as far as that is known.
void IncidentDetail::refreshRelation() {
  const auto* known = m_bridge.incident(related().str());
  const QString name = known ? incidentName(known->incident.number) : tr("another incident");
  const bool merged = !m_data.incident.mergedInto.empty();
  m_related->setText(merged ? tr("Merged into %1").arg(name) : tr("Split from %1").arg(name));
  m_related->setAccessibleName(m_related->text());
  m_related->setVisible(!related().empty());
  m_related->updateGeometry();
  m_head->setTaken(related().empty() ? 0 : m_related->sizeHint().width() + 12);
}

/// What the Evidence card shows: one of these at a time.
void IncidentDetail::buildSides() {
  m_findings = new FindingsView(m_theme, m_evidenceCard);
  m_consensusSide = new ConsensusView(m_theme, m_evidenceCard);
  m_evidenceCard->body()->addWidget(m_findings, 1);
  m_evidenceCard->body()->addWidget(m_consensusSide, 1);
  m_showEvidence = new Segment(m_theme, tr("Evidence"), Segment::Place::First, m_evidenceCard);
  m_showFindings = new Segment(m_theme, tr("Findings"), Segment::Place::Middle, m_evidenceCard);
  m_showConsensus = new Segment(m_theme, tr("Consensus"), Segment::Place::Last, m_evidenceCard);
  auto* sides = new QButtonGroup(this);
  auto* choice = new QHBoxLayout;
  choice->setSpacing(0);
  for (auto* segment : {m_showEvidence, m_showFindings, m_showConsensus}) {
    segment->setFixedHeight(24);
    sides->addButton(segment);
    choice->addWidget(segment);
  }
  m_showEvidence->setChecked(true);
  for (auto* segment : {m_showEvidence, m_showFindings, m_showConsensus})
    connect(segment, &QAbstractButton::toggled, this, &IncidentDetail::placeSides);
  m_evidenceCard->head()->addLayout(choice);
  connect(m_findings, &FindingsView::openLogLine, this, &IncidentDetail::openLogLine);
}

void IncidentDetail::bindKeys() {
  bindKey(this, Qt::Key_A, [this] { m_bar->acknowledge(); });
  bindKey(this, Qt::Key_D, [this] { m_bar->askWhy(); });
  bindKey(this, Qt::Key_U, [this] { m_bar->reopen(); });
  bindKey(this, Qt::Key_C, [this] { m_bar->stateCause(); });
  bindKey(this, Qt::Key_M, [this] { m_bar->askMerge(); });
  bindKey(this, Qt::Key_S, [this] { m_bar->askSplit(); });
  bindKey(this, QKeySequence(Qt::SHIFT | Qt::Key_S), [this] { m_bar->silence(); });
  bindKey(this, Qt::Key_O, [this] {
    if (!m_related->isHidden()) m_related->click();
  });
  bindKey(this, Qt::Key_J, [this] { step(1); });
  bindKey(this, Qt::Key_K, [this] { step(-1); });
  bindKey(this, Qt::Key_E, [this] {
    m_showEvidence->setChecked(true);
    m_evidence->list()->setFocus();
  });
  bindKey(this, Qt::Key_F, [this] {
    if (m_findings->count() == 0) return;
    m_showFindings->setChecked(true);
    m_findings->setFocus();
  });
  bindKey(this, Qt::Key_Y, [this] { m_findings->copyText(); });
  bindKey(this, Qt::Key_Plus, [this] { m_timeline->zoom(kZoomStep); });
  bindKey(this, Qt::Key_Minus, [this] { m_timeline->zoom(1 / kZoomStep); });
  bindKey(this, Qt::Key_Left, [this] { sideways(false); });
  bindKey(this, Qt::Key_Right, [this] { sideways(true); });
  bindKey(this, Qt::Key_0, [this] { m_timeline->fit(); });
  bindPanes(this, {m_hypotheses->list(), m_evidenceCard, m_bar});
}

void IncidentDetail::step(int by) {
  if (m_bar->isChoosing()) return m_bar->step(by);
  m_hypotheses->step(by);
}

// Arrows belong to the choice of the card's side while it has the focus.
void IncidentDetail::sideways(bool right) {
  if (m_bar->isChoosing()) return m_bar->turn();
  std::vector<Segment*> sides;
  for (auto* side : {m_showEvidence, m_showFindings, m_showConsensus}) {
    if (side->isVisible()) sides.push_back(side);
  }
  const auto at = std::find_if(sides.begin(), sides.end(), [](const auto* side) { return side->hasFocus(); });
  if (at == sides.end()) return m_timeline->pan(right ? kPanStep : -kPanStep);
  const auto last = sides.end() - 1;
  showSide(right ? *(at == last ? last : at + 1) : *(at == sides.begin() ? at : at - 1));
}

void IncidentDetail::showSide(Segment* side) {
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

/// What is to be done by hand, a line each, or empty.
QString IncidentDetail::advice() const {
  if (m_data.diagnosis.hypotheses.empty()) return {};
  const auto& service = m_data.diagnosis.hypotheses.front().service;
  const auto& entries = m_data.timeline.entries;
  const auto told = std::find_if(entries.rbegin(), entries.rend(), [&](const auto& entry) {
    return entry.kind == "advice" && entry.service == service;
  });
  if (told == entries.rend() || model::isClosed(m_data.incident.state)) return {};
  static const QRegularExpression number(QStringLiteral(" (?=\\d\\) )"));
  return tr("By hand: %1").arg(shownString(told->text, 2048).replace(number, QStringLiteral("\n")));
}

void IncidentDetail::setInvestigation(const service::Investigation& investigation, bool trackRecord,
                                      base::TimePoint now) {
  m_data = investigation;
  m_head->setIncident(m_data, now);
  m_bar->setIncident(m_data.incident, m_data.events);
  refreshRelation();
  m_timelineCard->setCaption(m_data.timeline.bucketSeconds == 1
                                 ? tr("lines per second")
                                 : tr("lines per %1 s").arg(m_data.timeline.bucketSeconds));
  m_timeline->setInvestigation(m_data, now);
  m_hypothesesCard->setCaption(QString::number(m_data.diagnosis.hypotheses.size()));
  m_sentence->setText(verdictSentence());
  m_sentence->setVisible(!m_sentence->text().isEmpty());
  m_advice->setText(advice());
  m_advice->setVisible(!m_advice->text().isEmpty());
  m_hypotheses->setDiagnosis(m_data.diagnosis, trackRecord);
  m_consensus->setDiagnosis(m_data.diagnosis, m_data.similar, trackRecord);
  m_consensusSide->setDiagnosis(m_data.diagnosis, m_data.similar, trackRecord);
  refreshEvidence();
  refreshFindings();
}

void IncidentDetail::refreshFindings() {
  m_findings->setFindings(m_data.diagnosis.findings);
  m_showFindings->setText(tr("Findings %1").arg(m_findings->count()));
  m_showFindings->updateGeometry();
  placeSides();
}

void IncidentDetail::refreshEvidence() {
  const model::Hypothesis* current = m_hypotheses->current();
  m_evidence->setHypothesis(current);
  m_bar->setChosen(current ? current->service : std::string(), current ? current->kind : std::string());
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

void IncidentDetail::placeSides() {
  const bool narrow = window()->width() < kNarrowWindow;
  const bool any = m_findings->count() > 0;
  m_consensusCard->setVisible(!narrow);
  m_showEvidence->setVisible(narrow || any);
  m_showFindings->setVisible(any);
  m_showConsensus->setVisible(narrow);
  const bool findings = any && m_showFindings->isChecked();
  const bool consensus = narrow && m_showConsensus->isChecked();
  m_evidencePage->setVisible(!findings && !consensus);
  m_findings->setVisible(findings);
  m_consensusSide->setVisible(consensus);
  const bool gone = (m_showFindings->isChecked() && !any) || (m_showConsensus->isChecked() && !narrow && any);
  if (gone) m_showEvidence->setChecked(true);
}

void IncidentDetail::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  placeSides();
}

}  // namespace aiops::ui
