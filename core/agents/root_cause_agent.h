// Owns incidents: correlates events, asks the analysts, moves incidents through their life.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <set>

#include "agents/agent.h"
#include "agents/bus.h"
#include "agents/change_book.h"
#include "agents/silence_book.h"
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
    const SilenceBook& silences;
    ChangeBook& changes;
    /// Off this host, of these services.
    std::function<std::vector<model::Reading>(const std::set<std::string>& services)> readings;
  };
  RootCauseAgent(Parts parts, const base::Clock& clock, HealthSink& health);

 protected:
  void reload() override;
  void tick() override;

 private:
  void onEvents(const std::vector<model::Event>& events);
  void store(const correlation::Correlated& result, const model::Event& event, bool held);
  void tellOf(const std::vector<model::Change>& changes);
  std::vector<model::TimelineEntry> changesBefore(const model::Incident& incident) const;
  void onMove(const MoveIncident& move);
  void onAcknowledge(const AcknowledgeIncident& taken);
  void onCause(const StateCause& stated);
  void onReopen(const ReopenIncident& wanted);
  void onMerge(const MergeIncidents& wanted);
  void onSplit(const SplitIncident& wanted);
  void diagnoseAnew(const model::Incident& incident);
  void onModel(const ModelSpoke& spoke);
  model::Diagnosis pooled(const model::Diagnosis& built) const;
  void diagnose(const model::Incident& incident);
  analysis::CaseFile caseOf(const model::Incident& incident, const std::vector<model::Event>& events) const;
  void save(model::Incident incident, const model::TimelineEntry& entry);
  bool needsAttention(const model::Incident& incident);
  base::Duration quietFor(const model::IncidentId& id, base::TimePoint last);
  std::chrono::minutes quietNeeded(const model::Incident& incident);
  void resolveQuiet();
  void showState();

  const Parts m_parts;
  correlation::Correlator m_correlator;
  /// What a model says of an open incident, and what the built-in analysts alone do.
  struct SecondOpinion {
    model::Diagnosis built;
    std::optional<analysis::ModelOpinion> opinion;
    std::string why;  ///< there is none, or empty: not asked, or not answered yet
  };
  std::map<model::IncidentId, SecondOpinion> m_opinions;
  std::map<model::IncidentId, base::Duration> m_due;  ///< when to diagnose, time since boot
  /// The last sign of each open incident as it was when it was noticed, and the time since boot it is quiet
  /// from: whoever sets the clock does not end an incident.
  std::map<model::IncidentId, std::pair<base::TimePoint, base::Duration>> m_quietFrom;
  std::map<model::IncidentId, int> m_returned;  ///< how often the same service failed shortly before
};

}  // namespace aiops::agents
