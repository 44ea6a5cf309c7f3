// One incident: what happened when, which causes were weighed, and the proof.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "service/operations.h"
#include "theme/theme.h"

class QLayout;
class QVBoxLayout;

namespace aiops::ui {

class Card;
class ConsensusView;
class EngineBridge;
class EvidenceList;
class FindingsView;
class HypothesisList;
class IncidentBar;
class IncidentHead;
class KeyButton;
class Label;
class Segment;
class TimelineView;

/// Keys: A acknowledge, D dismiss, M merge, S split, Shift+S silence, O the incident it came from or went
/// to, J K hypothesis, E evidence, Enter open the line, + - zoom, Left Right pan,
/// 0 all, F findings, Y copy the first one's text, F6 next part. Selection survives a refresh of the same
/// incident. Findings, if there are any, are a side of the Evidence card, and in a window below 1400 px so is
/// Consensus.
class IncidentDetail final : public QWidget {
  Q_OBJECT
 public:
  IncidentDetail(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent = nullptr);

  /// `trackRecord`: enough cases have ended to say what a confidence is worth.
  void setInvestigation(const service::Investigation& investigation, bool trackRecord, base::TimePoint now);

  HypothesisList& hypotheses() { return *m_hypotheses; }
  EvidenceList& evidence() { return *m_evidence; }
  TimelineView& timeline() { return *m_timeline; }
  FindingsView& findings() { return *m_findings; }
  IncidentBar& bar() { return *m_bar; }

 Q_SIGNALS:
  void openIncident(const QString& id);
  /// As IncidentBar::movedTo().
  void movedTo(const QString& incident);
  void silenceServices(const QStringList& services);
  void openLogLine(const QString& source, quint64 line);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildTimeline();
  void buildLower(QVBoxLayout* all);
  void bindKeys();
  void bindBar();
  QLayout* buildHead();
  void refreshRelation();
  const model::IncidentId& related() const;
  void step(int by);
  void sideways(bool right);
  void refreshEvidence();
  void refreshCaption();
  QString verdictSentence() const;
  QString advice() const;
  void buildSides();
  void showSide(Segment* side);
  void refreshFindings();
  void placeSides();

  const theme::Theme& m_theme;
  EngineBridge& m_bridge;
  service::Investigation m_data;
  IncidentHead* m_head;
  KeyButton* m_related;  ///< where it came from, or where it went
  IncidentBar* m_bar;
  Card* m_timelineCard;
  TimelineView* m_timeline;
  QWidget* m_lower;  ///< what stands below the timeline
  Card* m_hypothesesCard;
  HypothesisList* m_hypotheses;
  Label* m_sentence;
  Label* m_advice;
  Card* m_evidenceCard;
  EvidenceList* m_evidence;
  Label* m_evidenceNote;
  QWidget* m_evidencePage;
  Card* m_consensusCard;
  ConsensusView* m_consensus;
  ConsensusView* m_consensusSide;
  Segment* m_showEvidence;
  Segment* m_showConsensus;
  FindingsView* m_findings;
  Segment* m_showFindings;
};

}  // namespace aiops::ui
