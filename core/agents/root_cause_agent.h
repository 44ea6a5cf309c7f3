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

class RootCauseAgent final : public Agent {
 public:
  struct Parts {
    storage::Store& store;
    Bus& bus;
    const analysis::Diagnostician& diagnostician;
    const correlation::Topology& topology;
  };
  struct Options {
    std::chrono::milliseconds settle{800};   ///< after a sign, before the analysts look: others may follow
    std::chrono::minutes quietResolves{10};  ///< an incident without a sign for so long is over
  };

  RootCauseAgent(Parts parts, Options options, const base::Clock& clock, HealthSink& health);

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
  const Options m_options;
  correlation::Correlator m_correlator;
  std::map<model::IncidentId, base::Duration> m_due;  ///< when to diagnose, time since boot
};

}  // namespace aiops::agents
