// Draws a lesson from every fix that ran: an outcome, and what it does to trust. Remembers every incident
// that ended, and how right its diagnosis was. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agents/agent.h"
#include "agents/bus.h"
#include "analysis/calibration.h"
#include "knowledge/graph.h"
#include "knowledge/incident_memory.h"
#include "storage/store.h"

namespace aiops::agents {

class LearningAgent final : public Agent {
 public:
  /// Hold what the store has of past incidents; all of them outlive this.
  struct Parts {
    storage::Store& store;
    Bus& bus;
    knowledge::IncidentMemory& memory;
    analysis::CalibrationBook& calibration;
    knowledge::Graph& knowledge;
  };
  LearningAgent(Parts parts, const base::Clock& clock, HealthSink& health);

 protected:
  /// Also draws the lessons that a crash prevented.
  void reload() override;

 private:
  void learn(const model::FixProposal& fix);
  void lookAgain(const model::IncidentId& id);
  void remember(const model::Incident& incident);
  void judge(const model::Incident& incident);
  bool knows(const model::IncidentId& id) const;

  const Parts m_parts;
};

}  // namespace aiops::agents
