// One incident: what happened when, which causes were weighed, and the proof.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "service/operations.h"
#include "theme/theme.h"

class QVBoxLayout;

namespace aiops::ui {

class Card;
class ConsensusView;
class EvidenceList;
class HypothesisList;
class IncidentHead;
class Label;
class Segment;
class TimelineView;

/// Keys: J K hypothesis, E evidence, Enter open the line, + - zoom, Left Right pan, 0 all, F6 next part.
/// Selection survives a refresh of the same incident. In a window below 1400 px Consensus is the second side
/// of the Evidence card.
class IncidentDetail final : public QWidget {
  Q_OBJECT
 public:
  explicit IncidentDetail(const theme::Theme& theme, QWidget* parent = nullptr);

  /// `trackRecord`: enough cases have ended to say what a confidence is worth.
  void setInvestigation(const service::Investigation& investigation, bool trackRecord, base::TimePoint now);

  HypothesisList& hypotheses() { return *m_hypotheses; }
  EvidenceList& evidence() { return *m_evidence; }
  TimelineView& timeline() { return *m_timeline; }

 Q_SIGNALS:
  void openLogLine(const QString& source, quint64 line);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildTimeline();
  void buildLower(QVBoxLayout* all);
  void bindKeys();
  void sideways(bool right);
  void refreshEvidence();
  void refreshCaption();
  QString verdictSentence() const;
  void placeConsensus();

  const theme::Theme& m_theme;
  service::Investigation m_data;
  IncidentHead* m_head;
  Card* m_timelineCard;
  TimelineView* m_timeline;
  Card* m_hypothesesCard;
  HypothesisList* m_hypotheses;
  Label* m_sentence;
  Card* m_evidenceCard;
  EvidenceList* m_evidence;
  Label* m_evidenceNote;
  QWidget* m_evidencePage;
  Card* m_consensusCard;
  ConsensusView* m_consensus;
  ConsensusView* m_consensusSide;
  Segment* m_showEvidence;
  Segment* m_showConsensus;
};

}  // namespace aiops::ui
