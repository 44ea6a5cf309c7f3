// The embedded database: one file, one writer thread, one reader thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "storage/migrations.h"
#include "storage/writer.h"

namespace aiops::storage {

struct StoreOptions {
  /// Size of the file that is given up when the disk is full, so that rows can still be deleted; 0 for none.
  uint64_t ballastBytes = 8u << 20;
  /// Ascending versions from 1; empty means those compiled in.
  std::vector<Migration> migrations = {};
};

/// Thread safe; every call blocks until its answer is there, a write until it is committed and synced. Calls
/// from inside a read() or transact() callback are refused (Internal): use the Reader or Writer given there.
/// A QCoreApplication must exist. Never opens a home's database twice: hold the InstanceLock first.
///
/// Failures: LimitExceeded the disk is full (writes work again when space returns; commitIngest waits until
/// there is room for the ballast too); Timeout another program locks the file for 5 s; Corrupt stored data
/// fails its checks; Io the operating system refused (after a failed sync every further write is refused
/// until reopened); NotFound / Conflict as the methods say.
///
///     auto store = storage::Store::open(home.database(), clock);
///     store->transact([&](storage::Writer& w) -> base::Result<> {
///       auto saved = w.saveIncident(incident);
///       if (!saved) return std::unexpected(saved.error());
///       return w.saveDiagnosis(diagnosis);
///     });
class Store {
 public:
  /// Creates the file if there is none, migrates an older one after writing a backup beside it, and checks
  /// it. Refuses, with one clear line and the file as it was: a newer schema, another program's database, a
  /// corrupt or empty file, a missing file of which a journal or backup remains. `clock` must outlive the
  /// store.
  static base::Result<std::unique_ptr<Store>> open(const std::filesystem::path& databaseFile,
                                                   const base::Clock& clock, StoreOptions options = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Runs `work` in one transaction on the writer thread; commits if it succeeds, else undoes everything.
  base::Result<> transact(const std::function<base::Result<>(Writer&)>& work);
  /// Runs `work` on the reader thread over one snapshot.
  base::Result<> read(const std::function<base::Result<>(Reader&)>& work);

  // One transaction each; see Writer.
  base::Result<> commitIngest(const IngestBatch& batch);
  base::Result<> assignEvents(const model::IncidentId& incident, const std::vector<model::EventId>& events);
  base::Result<model::Incident> saveIncident(const model::Incident& incident);
  base::Result<> saveDiagnosis(const model::Diagnosis& diagnosis);
  base::Result<> appendTimeline(const model::IncidentId& incident, const model::TimelineEntry& entry);
  base::Result<model::FixProposal> saveFix(const model::FixProposal& fix);
  base::Result<model::Outcome> saveOutcome(const model::Outcome& outcome);
  base::Result<> saveApiKey(const security::ApiKeyRecord& key);
  base::Result<> saveAgentChoice(const model::AgentChoice& choice);
  base::Result<> noteAuditHead(uint64_t sequence, const std::string& hash);
  base::Result<> addHealthEvent(const model::HealthEvent& event);
  base::Result<> saveAddedSource(const model::AddedSource& source);
  base::Result<> removeAddedSource(const std::string& path);

  // One snapshot each; see Reader.
  base::Result<std::vector<model::SourcePosition>> positions();
  base::Result<std::string> detectorState(const std::string& lane);
  base::Result<std::vector<model::Event>> eventsOf(const model::IncidentId& incident);
  base::Result<std::vector<model::Event>> unassignedEvents(base::TimePoint since = {},
                                                           uint32_t limit = 10000);
  base::Result<model::Incident> incident(const std::string& idOrNumber);
  base::Result<Page<model::Incident>> incidents(const PageQuery& query = {});
  base::Result<model::Diagnosis> diagnosis(const model::IncidentId& incident);
  base::Result<std::vector<model::TimelineEntry>> timeline(const model::IncidentId& incident);
  base::Result<model::FixProposal> fix(const std::string& idOrNumber);
  base::Result<model::FixProposal> fixByPlanHash(const std::string& planHash);
  base::Result<Page<model::FixProposal>> fixes(const PageQuery& query = {});
  base::Result<std::vector<model::FixProposal>> fixesOf(const model::IncidentId& incident);
  base::Result<Page<model::Outcome>> outcomes(const PageQuery& query = {});
  base::Result<model::Outcome> outcomeOf(const model::FixId& fix);
  base::Result<std::vector<model::Outcome>> outcomesOf(const std::string& playbook,
                                                       const std::string& context);
  base::Result<security::ApiKeyRecord> apiKey(const std::string& id8);
  base::Result<std::vector<security::ApiKeyRecord>> apiKeys();
  base::Result<std::vector<model::AgentChoice>> agentChoices();
  base::Result<std::vector<model::AddedSource>> addedSources();
  base::Result<std::optional<security::AuditHead>> auditHead();
  base::Result<std::vector<model::LineCount>> lineCounts(const std::vector<std::string>& services,
                                                         base::TimePoint from, base::TimePoint to);
  base::Result<std::vector<model::HealthEvent>> healthEvents(uint32_t limit = 50);
  base::Result<Counters> counters();
  base::Result<Usage> usage();

  /// Bytes of the database file and its write-ahead log.
  uint64_t sizeBytes() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  template <class T>
  base::Result<T> query(const std::function<base::Result<T>(Reader&)>& work);
  template <class T>
  base::Result<T> change(const std::function<base::Result<T>(Writer&)>& work);

  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::storage
