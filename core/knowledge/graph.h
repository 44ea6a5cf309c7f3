// The knowledge graph: services, hosts, templates, causes, fixes and outcomes, and what is known between
// them. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "model/knowledge_view.h"
#include "model/past_incident.h"

namespace aiops::knowledge {

struct GraphLimits {
  size_t nodes = 5'000;
  size_t edges = 20'000;
  size_t incidents = model::kMostPastIncidents;
};

/// A sign that counts once weighs half after this long.
inline constexpr std::chrono::hours kHalfLife{24 * 90};
/// Incidents in which a person or a checked fix said so, before a fact is used for diagnosis.
inline constexpr uint32_t kLeastProved = 2;
/// The most that one voice can give a fact by saying it again.
inline constexpr double kMostOfOneVoice = 2.0;

/// What the analyst "Knowledge" may believe: incidents where a person or a checked fix says so, and nothing
/// else.
struct Experience {
  std::string kind;
  uint32_t proved = 0;
  double weight = 0;  ///< faded
};

/// Holds for each fact every sign of it: the incidents that showed it, what was stated, the configuration.
/// Its weight is worked out from these when it is asked for, w * 2^(-age / half-life) each, below 0 for what
/// contradicts; so what an incident taught can be taken back to the last bit, and learning it again changes
/// nothing. A fact that an operator judged weighs 1 or 0, whatever is learnt of it.
///
/// For one fact too many the weakest leave that only incidents taught; for one incident too many, what the
/// oldest taught. Nothing here is on disk: Store has the remembered incidents and the stated facts. Thread
/// safe.
class Graph {
 public:
  explicit Graph(GraphLimits limits = {}) : m_limits(limits) {}

  /// What the configuration says, instead of what it said before; it does not fade.
  void configure(const std::vector<model::FactDraft>& facts) AIOPS_EXCLUDES(m_mutex);
  /// What is seen in logs and configuration files now, instead of what was seen there before.
  void observe(const std::vector<model::FactDraft>& facts) AIOPS_EXCLUDES(m_mutex);
  /// Replaces what this incident taught; the newest sign of a fact is its end.
  void learn(const model::PastIncident& past) AIOPS_EXCLUDES(m_mutex);
  void takeBack(const model::IncidentId& incident) AIOPS_EXCLUDES(m_mutex);

  /// Replaces what is stated of the fact.
  void put(model::StatedFact fact) AIOPS_EXCLUDES(m_mutex);
  void dropStated(const std::string& id) AIOPS_EXCLUDES(m_mutex);
  /// What is stated of a fact, empty for one that was only learnt; nothing when there is no such fact.
  std::optional<model::StatedFact> stated(const std::string& id) const AIOPS_EXCLUDES(m_mutex);
  size_t statedCount() const AIOPS_EXCLUDES(m_mutex);
  /// The weakest of those that only agents or files stated; empty: there is none.
  std::string weakestStated(base::TimePoint now) const AIOPS_EXCLUDES(m_mutex);

  // Defined in graph_queries.cpp. Weights are as of `now`.
  std::optional<model::KnowledgeEdge> edge(const std::string& id, base::TimePoint now) const
      AIOPS_EXCLUDES(m_mutex);
  model::KnowledgePage page(const model::KnowledgeQuery& query, base::TimePoint now) const
      AIOPS_EXCLUDES(m_mutex);
  /// NotFound.
  base::Result<model::KnowledgeView> around(const std::string& node, base::TimePoint now) const
      AIOPS_EXCLUDES(m_mutex);
  /// What the failures of a service turned out to be, the weightiest first.
  std::vector<model::PastCause> causesOf(const std::string& service, base::TimePoint now) const
      AIOPS_EXCLUDES(m_mutex);
  /// How fixes for a cause did: in incidents of `service`, or everywhere when that is empty.
  std::vector<model::PastCure> curesOf(const std::string& kind, const std::string& service) const
      AIOPS_EXCLUDES(m_mutex);
  /// What a service depends on, directly.
  std::vector<std::string> dependsOn(const std::string& service) const AIOPS_EXCLUDES(m_mutex);
  /// Causes of a service or a template, as far as they are proved; also those with too few incidents.
  std::vector<Experience> experienceOf(const model::NodeKey& node, base::TimePoint now) const
      AIOPS_EXCLUDES(m_mutex);
  /// All facts that hold and are not forgotten, the weightiest first, at most `most`.
  model::KnowledgeExport shared(base::TimePoint now, size_t most) const AIOPS_EXCLUDES(m_mutex);

 private:
  struct Sighting {
    uint64_t number = 0;  ///< of the incident
    base::TimePoint at;
    double weight = 0;
    bool proved = false;
  };
  struct Entry {
    std::string id;
    model::NodeKey source;
    model::Relation relation = model::Relation::DependsOn;
    model::NodeKey target;
    std::map<model::IncidentId, Sighting> seen;
    std::optional<model::StatedFact> stated;
    bool configured = false;
    std::optional<model::FactDraft> observed;
    bool isSetting() const { return configured || observed; }
    bool empty() const { return seen.empty() && !stated && !isSetting(); }
    bool forgotten() const { return stated && stated->forgotten; }
    model::Standing standing() const { return stated ? stated->standing : model::Standing::Open; }
  };
  struct Place {
    model::NodeKey key;
    std::set<std::string> edges;
  };
  struct Taught {
    base::TimePoint ended;
    std::vector<std::string> edges;
  };

  Entry& entryOf(const model::NodeKey& source, model::Relation relation, const model::NodeKey& target)
      AIOPS_REQUIRES(m_mutex);
  void removeIfEmpty(const std::string& id) AIOPS_REQUIRES(m_mutex);
  void removeEntry(const std::string& id) AIOPS_REQUIRES(m_mutex);
  void forgetLessons(const model::IncidentId& incident) AIOPS_REQUIRES(m_mutex);
  void keepLimits() AIOPS_REQUIRES(m_mutex);

  static double weightOf(const Entry& entry, base::TimePoint now);
  static bool isShown(const Entry& entry, bool forgotten);
  static uint32_t provedOf(const Entry& entry);
  static model::KnowledgeEdge shown(const Entry& entry, base::TimePoint now);
  std::set<std::string> factsOfService(const std::string& service) const AIOPS_REQUIRES(m_mutex);
  std::vector<const Entry*> matching(const model::KnowledgeQuery& query, base::TimePoint now) const
      AIOPS_REQUIRES(m_mutex);
  std::vector<const Entry*> around(const model::NodeKey& node, model::Relation relation) const
      AIOPS_REQUIRES(m_mutex);
  model::KnowledgeNode nodeOf(const Place& place, base::TimePoint now, bool forgotten) const
      AIOPS_REQUIRES(m_mutex);
  std::vector<model::PastCause> causes(const std::string& service, base::TimePoint now) const
      AIOPS_REQUIRES(m_mutex);
  std::vector<model::PastCure> cures(const std::string& kind, const std::string& service) const
      AIOPS_REQUIRES(m_mutex);
  std::vector<std::string> ends(const std::string& service, bool outgoing) const AIOPS_REQUIRES(m_mutex);

  const GraphLimits m_limits;
  mutable base::Mutex m_mutex;
  std::map<std::string, Entry> m_edges AIOPS_GUARDED_BY(m_mutex);  ///< by factId()
  std::map<std::string, Place> m_nodes AIOPS_GUARDED_BY(m_mutex);  ///< by nodeId()
  std::map<model::IncidentId, Taught> m_taught AIOPS_GUARDED_BY(m_mutex);
  base::TimePoint m_newest AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::knowledge
