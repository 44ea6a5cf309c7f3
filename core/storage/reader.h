// The questions one can ask the store, over one connection. See Store for how to get one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/calibration.h"
#include "model/change.h"
#include "model/fix.h"
#include "model/found_log.h"
#include "model/incident.h"
#include "model/knowledge.h"
#include "model/past_incident.h"
#include "model/silence.h"
#include "security/api_keys.h"
#include "security/audit_chain.h"
#include "storage/types.h"

namespace aiops::storage {

class Connection;

/// Lives for the length of one Store::read() or Store::transact() callback, on the store's own thread; never
/// keep it. All that it reads belongs to one snapshot. A stored document that fails its check sum or does not
/// parse is the error Corrupt, never a missing row. Objects that do not exist are NotFound; lists are then
/// empty.
class Reader {
 public:
  explicit Reader(Connection& connection) : m_db(connection) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  base::Result<std::vector<model::SourcePosition>> positions();
  /// Empty when the lane has none.
  base::Result<std::string> detectorState(const std::string& lane);

  /// In order of event time.
  base::Result<std::vector<model::Event>> eventsOf(const model::IncidentId& incident);
  /// Events without an incident whose last sign is at or after `since`, in order of event time; the newest
  /// `limit` of them.
  base::Result<std::vector<model::Event>> unassignedEvents(base::TimePoint since = {},
                                                           uint32_t limit = 10000);

  /// By UUID, "INC-0231" or "231".
  base::Result<model::Incident> incident(const std::string& idOrNumber);
  base::Result<Page<model::Incident>> incidents(const PageQuery& query);
  base::Result<model::Diagnosis> diagnosis(const model::IncidentId& incident);
  /// In the order of appending.
  base::Result<std::vector<model::TimelineEntry>> timeline(const model::IncidentId& incident);

  /// By UUID, "FIX-0087" or "87".
  base::Result<model::FixProposal> fix(const std::string& idOrNumber);
  /// The newest with that plan.
  base::Result<model::FixProposal> fixByPlanHash(const std::string& planHash);
  /// `openOnly`: those that are not final.
  base::Result<Page<model::FixProposal>> fixes(const PageQuery& query);
  /// Oldest first.
  base::Result<std::vector<model::FixProposal>> fixesOf(const model::IncidentId& incident);

  base::Result<Page<model::Outcome>> outcomes(const PageQuery& query);
  base::Result<model::Outcome> outcomeOf(const model::FixId& fix);
  /// Oldest first; of every context when `context` is empty.
  base::Result<std::vector<model::Outcome>> outcomesOf(const std::string& playbook,
                                                       const std::string& context);

  base::Result<security::ApiKeyRecord> apiKey(const std::string& id8);
  base::Result<std::vector<security::ApiKeyRecord>> apiKeys();

  /// Of every agent for which one was made.
  base::Result<std::vector<model::AgentChoice>> agentChoices();
  /// By id, the newest version of each first. Defined in pattern_store.cpp, as the next.
  base::Result<std::vector<StoredPattern>> patternVersions();
  base::Result<std::vector<std::string>> patternsOff();
  /// By pattern, the newest day of each first; day 0 holds the sum of those that have left.
  base::Result<std::vector<model::PatternCount>> patternCounts();
  /// By pattern, those that took part in an incident.
  base::Result<std::vector<PatternResult>> patternResults();
  base::Result<std::vector<model::AddedSource>> addedSources();

  /// The oldest first, those that are over too. Defined in silence_store.cpp, as the next.
  base::Result<std::vector<model::Silence>> silences();
  base::Result<std::vector<model::MaintenanceWindow>> maintenanceWindows();

  /// The oldest first; at most 20,000 are kept. Defined in memory_store.cpp.
  base::Result<std::vector<model::PastIncident>> pastIncidents();
  base::Result<std::vector<model::JudgedDiagnosis>> judgedDiagnoses();

  /// By event time, the newest first. Defined in change_store.cpp, as the next.
  base::Result<std::vector<model::Change>> changes(const ChangeQuery& query);
  base::Result<std::vector<StoredBaseline>> baselines();

  /// In the order of their first saving. Defined in knowledge_store.cpp.
  base::Result<std::vector<model::StatedFact>> statedFacts();

  /// Nothing when no head was noted yet.
  base::Result<std::optional<security::AuditHead>> auditHead();

  /// Seconds from `from` up to and without `to`, ordered by service and second; all services when empty.
  base::Result<std::vector<model::LineCount>> lineCounts(const std::vector<std::string>& services,
                                                         base::TimePoint from, base::TimePoint to);
  /// Newest first; at most 200 are kept.
  base::Result<std::vector<model::HealthEvent>> healthEvents(uint32_t limit = 50);
  base::Result<Counters> counters();
  base::Result<Usage> usage();

 protected:
  Connection& m_db;
};

}  // namespace aiops::storage
