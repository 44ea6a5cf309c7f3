// What a person may do to an incident beside seeing to it and dismissing it: checks it, notes it in the audit
// and asks the owner of incidents (root cause) for it. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "agents/bus.h"
#include "analysis/model_opinion.h"
#include "correlation/topology.h"
#include "storage/store.h"

namespace aiops::agents {

/// The incident that is returned is as it will be: the owner of incidents stores it at once after that,
/// unless what was checked here is no longer so. Thread safe; `id` as Store::incident() takes it. All parts
/// outlive it.
class IncidentDesk {
 public:
  struct Parts {
    storage::Store& store;
    const Bus& bus;
    const analysis::ModelCatalogue& catalogue;
    const correlation::Topology& topology;
    const base::Clock& clock;
    std::function<base::Result<>(model::AuditEntry)> audit;
  };
  explicit IncidentDesk(Parts parts) : m_parts(std::move(parts)) {}

  /// A person says what the cause was, while it is open or after its end; can be changed again. `service` and
  /// `kind` both empty: the best hypothesis is right. Conflict when there is none or it was dismissed;
  /// InvalidInput, with what there is, for an unknown service or kind.
  base::Result<model::Incident> stateCause(const std::string& who, const std::string& id,
                                           const std::string& service, const std::string& kind);

  /// Takes back the end of an incident, and what it counted for. Conflict when it has not ended, was merged,
  /// ended too long ago, or a newer one has taken over.
  base::Result<model::Incident> reopen(const std::string& who, const std::string& id);
  /// Gives all of one open incident to another open one, which is diagnosed anew; what comes later of the
  /// first joins the second. The first is dismissed and counts for nothing. Conflict when one has ended or a
  /// fix runs.
  base::Result<model::Incident> merge(const std::string& who, const std::string& id, const std::string& into);
  /// Makes an incident of its own of all events of `services`, or of `events`; both are diagnosed anew and
  /// stay apart. Returns the new one, which has no number yet. Conflict as above; InvalidInput for what it
  /// does not have, and for all or nothing of it.
  base::Result<model::Incident> split(const std::string& who, const std::string& id,
                                      const std::vector<std::string>& services,
                                      const std::vector<std::string>& events);

 private:
  base::Result<> mayBeRearranged(const model::Incident& incident) const;
  base::Result<> checkCause(const model::Incident& incident, const model::KnownCause& cause) const;

  const Parts m_parts;
};

}  // namespace aiops::agents
