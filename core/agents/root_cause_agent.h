// Owns incidents: correlates events, asks the analysts, moves incidents through their life.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "agents/agent.h"
#include "agents/bus.h"
#include "analysis/diagnose.h"
#include "correlation/correlator.h"
#include "storage/store.h"

namespace aiops::agents {

/// While disabled it still moves incidents on when another agent asks; new events wait in the store.
class RootCauseAgent final : public Agent {
 public:
  struct Parts {
    storage::Store& store;
    Bus& bus;
    const analysis::Diagnostician& diagnostician;
    const correlation::Topology& topology;
  };
  RootCauseAgent(Parts parts, const base::Clock& clock, HealthSink& health);

 protected:
  void reload() override;
  void tick() override;

 private:
  void onEvents(const std::vector<model::Event>& events);
  void store(const correlation::Correlated& result, const model::Event& event);
  void onMove(const MoveIncident& move);
  void diagnose(const model::Incident& incident);
  void save(model::Incident incident, const model::TimelineEntry& entry);
  bool needsAttention(const model::Incident& incident);
  void resolveQuiet();
  void showState();

  const Parts m_parts;
  correlation::Correlator m_correlator;
  std::map<model::IncidentId, base::Duration> m_due;  ///< when to diagnose, time since boot
};

}  // namespace aiops::agents
