// The changes one can make to the store, inside one transaction.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "storage/reader.h"

namespace aiops::storage {

inline constexpr int64_t kMostStoredChanges = 20'000;

/// Lives for the length of one Store::transact() callback. Its reads see its own writes. After any failure
/// the callback returns that failure and the whole transaction is undone.
class Writer : public Reader {
 public:
  /// `now` is the wall time of this transaction.
  Writer(Connection& connection, base::TimePoint now) : Reader(connection), m_now(now) {}

  base::Result<> commitIngest(const IngestBatch& batch);
  /// Stored in the incident's event count by the caller; NotFound for an unknown incident or event.
  base::Result<> assignEvents(const model::IncidentId& incident, const std::vector<model::EventId>& events);

  /// Gives events of one incident to another, both stored; counts are the caller's. NotFound for an event
  /// that `from` does not have.
  base::Result<> moveEvents(const model::IncidentId& from, const model::IncidentId& to,
                            const std::vector<model::EventId>& events);
  /// Gives the whole timeline of `from` to `to`, in order of time among what is there.
  base::Result<> moveTimeline(const model::IncidentId& from, const model::IncidentId& to);

  /// Inserts or replaces by id. Gives the number on the first save; a number in `incident` is ignored.
  base::Result<model::Incident> saveIncident(model::Incident incident);
  /// Replaces the incident's diagnosis.
  base::Result<> saveDiagnosis(const model::Diagnosis& diagnosis);
  base::Result<> appendTimeline(const model::IncidentId& incident, const model::TimelineEntry& entry);

  /// As saveIncident. The incident must be stored.
  base::Result<model::FixProposal> saveFix(model::FixProposal fix);
  /// One outcome a fix: the first is kept. Returns the one that is stored.
  base::Result<model::Outcome> saveOutcome(const model::Outcome& outcome);

  /// Inserts or replaces by id.
  base::Result<> saveApiKey(const security::ApiKeyRecord& key);
  /// Remembers the newest head of the audit chain. Conflict when it is older than, or contradicts, the noted
  /// one.
  base::Result<> noteAuditHead(uint64_t sequence, const std::string& hash);
  /// Replaces the choice for that agent.
  base::Result<> saveAgentChoice(const model::AgentChoice& choice);
  base::Result<> addHealthEvent(const model::HealthEvent& event);

  /// Inserts or replaces by path.
  base::Result<> saveAddedSource(const model::AddedSource& source);
  /// NotFound.
  base::Result<> removeAddedSource(const std::string& path);

  /// Inserts or replaces by id. Defined in silence_store.cpp, as the next.
  base::Result<> saveSilence(const model::Silence& silence);
  base::Result<> dropSilence(const std::string& id);
  base::Result<> saveMaintenanceWindow(const model::MaintenanceWindow& window);
  base::Result<> dropMaintenanceWindow(const std::string& id);

  /// Inserts or replaces by incident; the oldest leaves for one too many. Defined in memory_store.cpp, as the
  /// next.
  base::Result<> savePastIncident(const model::PastIncident& past);
  base::Result<> dropPastIncident(const model::IncidentId& incident);
  /// As savePastIncident(), model::kMostJudged are kept.
  base::Result<> saveJudgedDiagnosis(const model::JudgedDiagnosis& judged);
  base::Result<> dropJudgedDiagnosis(const model::IncidentId& incident);

  /// Whether it is new: one with an id that is stored is left as it is. The oldest leave for more than
  /// kMostStoredChanges. Defined in change_store.cpp, as the next.
  base::Result<bool> addChange(const model::Change& change);
  /// Inserts or replaces by path and role.
  base::Result<> saveBaseline(const StoredBaseline& baseline);
  base::Result<> dropBaselines(const std::string& path);

  /// Inserts or replaces by factId(). Defined in knowledge_store.cpp, as the next.
  base::Result<> saveStatedFact(const model::StatedFact& fact);
  base::Result<> dropStatedFact(const std::string& id);

  /// Conflict when there is that version already. Defined in pattern_store.cpp, as the next.
  base::Result<> addPatternVersion(const StoredPattern& pattern);
  base::Result<> switchPattern(const std::string& id, bool enabled);

  /// Removes about `atOnce` rows that were written before `before` and that nothing needs; see Retention.
  /// Gives how many. Defined in retention.cpp, as the next.
  base::Result<uint64_t> removeOld(base::TimePoint before, uint32_t atOnce);
  /// Adds up to `atOnce` counts of days that ended before `before` to their pattern's day 0, so that totals
  /// stay true. Gives how many. Defined in pattern_store.cpp.
  base::Result<uint64_t> foldPatternCounts(base::TimePoint before, uint32_t atOnce);
  /// Returns up to `most` free pages to the disk; gives how many.
  base::Result<uint64_t> giveBackPages(uint32_t most);

 private:
  base::Result<bool> emptyIncident(const std::string& incident, int64_t& budget, uint64_t& removed);
  base::Result<uint64_t> dropIncident(const std::string& incident);
  base::Result<> addEvent(const model::Event& event);
  base::Result<> addLineCount(const model::LineCount& count);
  base::Result<> trimLineCounts();
  base::Result<> addPatternCount(const model::PatternCount& count);
  base::Result<> notePattern(const model::EventId& event);
  base::Result<uint64_t> numberFor(const std::string& table, const std::string& id);

  const base::TimePoint m_now;
};

}  // namespace aiops::storage
