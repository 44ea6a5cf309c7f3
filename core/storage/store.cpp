// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/store.h"

#include <future>

#include "base/worker.h"
#include "storage/ballast.h"
#include "storage/connection.h"
#include "storage/schema.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::Result;
namespace fs = std::filesystem;

namespace {

// Runs `work` on the worker's thread and waits. The promise is shared: the waiting side may be gone before
// set_value() returns.
template <class T>
Result<T> runOn(base::Worker& worker, const std::function<Result<T>()>& work) {
  auto promise = std::make_shared<std::promise<Result<T>>>();
  auto answer = promise->get_future();
  const bool posted = worker.postWaiting([promise, &work] {
    try {
      promise->set_value(work());
    } catch (const std::exception& exception) {
      promise->set_value(
          fail(ErrorCode::Internal, std::string("a database task threw: ") + exception.what()));
    }
  });
  if (!posted) return fail(ErrorCode::Unavailable, "the store is closing");
  return answer.get();
}

}  // namespace

struct Store::Impl {
  Impl(fs::path databaseFile, const base::Clock& worldClock, StoreOptions given)
      : file(std::move(databaseFile)),
        clock(worldClock),
        migrations(given.migrations.empty() ? builtInMigrations() : std::move(given.migrations)),
        ballast(file.string() + ".ballast", given.ballastBytes) {}

  Result<> open();
  void close();
  Result<> transact(const std::function<Result<>(Writer&)>& work, bool isIngest);
  Result<> transactHere(const std::function<Result<>(Writer&)>& work, bool isIngest);
  void giveUpBallast();
  Result<> readHere(const std::function<Result<>(Reader&)>& work);
  bool onOwnThread() const { return writing.isCurrentThread() || reading.isCurrentThread(); }

  const fs::path file;
  const base::Clock& clock;
  const std::vector<Migration> migrations;
  Ballast ballast;                     // writer thread
  std::unique_ptr<Connection> writer;  // writer thread
  std::unique_ptr<Connection> reader;  // reader thread
  base::Worker writing{"db-writer"};
  base::Worker reading{"db-reader"};
};

Result<> Store::Impl::open() {
  auto opened = runOn<void>(writing, [this]() -> Result<> {
    auto connection = openDatabase(file, migrations);
    if (!connection) return std::unexpected(connection.error());
    writer = *std::move(connection);
    ballast.ensure();
    return {};
  });
  if (!opened) return opened;
  return runOn<void>(reading, [this]() -> Result<> {
    auto connection = Connection::open(file, Connection::Mode::Read);
    if (!connection) return std::unexpected(connection.error());
    reader = *std::move(connection);
    return reader->plain("PRAGMA query_only = ON");
  });
}

// The reader leaves first: whoever closes last checkpoints, and that must be the writer.
void Store::Impl::close() {
  reading.postWaiting([this] { reader.reset(); });
  reading.stop();
  writing.postWaiting([this] { writer.reset(); });
  writing.stop();
}

Result<> Store::Impl::transactHere(const std::function<Result<>(Writer&)>& work, bool isIngest) {
  if (writer->syncFailed()) {
    return fail(ErrorCode::Io, "an earlier write could not be synced to disk", file.string(),
                "check the disk, then start again");
  }
  if (isIngest && !ballast.roomAgain()) {
    return fail(ErrorCode::LimitExceeded, "the disk is full", file.string(), "free some space");
  }
  if (auto begun = writer->begin(); !begun) return begun;
  Result<> done;
  try {
    Writer changes(*writer, clock.now());
    done = work(changes);
  } catch (const std::exception& exception) {
    done = fail(ErrorCode::Internal, std::string("a change threw: ") + exception.what());
  }
  if (done) done = writer->commit();
  if (!done) writer->rollback();
  if (writer->takeDiskFull()) giveUpBallast();
  return done;
}

// The log's space comes back too, but only when moving its pages into the database can't eat what was just
// freed.
void Store::Impl::giveUpBallast() {
  ballast.release();
  std::error_code error;
  const uint64_t logBytes = fs::file_size(file.string() + "-wal", error);
  if (error || logBytes > ballast.freeBytes()) return;
  static_cast<void>(writer->rows("PRAGMA wal_checkpoint(TRUNCATE)"));  // no harm if it fails
  static_cast<void>(writer->takeDiskFull());
}

Result<> Store::Impl::transact(const std::function<Result<>(Writer&)>& work, bool isIngest) {
  if (onOwnThread()) return fail(ErrorCode::Internal, "the store was called from inside its own callback");
  return runOn<void>(writing, [&] { return transactHere(work, isIngest); });
}

Result<> Store::Impl::readHere(const std::function<Result<>(Reader&)>& work) {
  if (auto begun = reader->beginRead(); !begun) return begun;
  Result<> done;
  try {
    Reader questions(*reader);
    done = work(questions);
  } catch (const std::exception& exception) {
    done = fail(ErrorCode::Internal, std::string("a query threw: ") + exception.what());
  }
  reader->rollback();
  return done;
}

Store::Store(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Store::~Store() {
  m_impl->close();
}

Result<std::unique_ptr<Store>> Store::open(const fs::path& databaseFile, const base::Clock& clock,
                                           StoreOptions options) {
  std::unique_ptr<Store> store(new Store(std::make_unique<Impl>(databaseFile, clock, std::move(options))));
  if (auto opened = store->m_impl->open(); !opened) return std::unexpected(opened.error());
  return store;
}

Result<> Store::transact(const std::function<Result<>(Writer&)>& work) {
  return m_impl->transact(work, false);
}

Result<> Store::read(const std::function<Result<>(Reader&)>& work) {
  if (m_impl->onOwnThread())
    return fail(ErrorCode::Internal, "the store was called from inside its own callback");
  return runOn<void>(m_impl->reading, [&] { return m_impl->readHere(work); });
}

uint64_t Store::sizeBytes() const {
  uint64_t total = 0;
  for (const char* suffix : {"", "-wal"}) {
    std::error_code error;
    const auto size = fs::file_size(m_impl->file.string() + suffix, error);
    if (!error) total += size;
  }
  return total;
}

template <class T>
Result<T> Store::query(const std::function<Result<T>(Reader&)>& work) {
  Result<T> answer = fail(ErrorCode::Internal, "the query did not run");
  auto done = read([&](Reader& reader) -> Result<> {
    answer = work(reader);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return answer;
}

template <class T>
Result<T> Store::change(const std::function<Result<T>(Writer&)>& work) {
  Result<T> answer = fail(ErrorCode::Internal, "the change did not run");
  auto done = transact([&](Writer& writer) -> Result<> {
    answer = work(writer);
    if (!answer) return std::unexpected(answer.error());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return answer;
}

Result<> Store::commitIngest(const IngestBatch& batch) {
  return m_impl->transact([&](Writer& writer) { return writer.commitIngest(batch); }, true);
}

Result<> Store::assignEvents(const model::IncidentId& incident, const std::vector<model::EventId>& events) {
  return transact([&](Writer& writer) { return writer.assignEvents(incident, events); });
}

Result<model::Incident> Store::saveIncident(const model::Incident& incident) {
  return change<model::Incident>([&](Writer& writer) { return writer.saveIncident(incident); });
}

Result<> Store::saveDiagnosis(const model::Diagnosis& diagnosis) {
  return transact([&](Writer& writer) { return writer.saveDiagnosis(diagnosis); });
}

Result<> Store::appendTimeline(const model::IncidentId& incident, const model::TimelineEntry& entry) {
  return transact([&](Writer& writer) { return writer.appendTimeline(incident, entry); });
}

Result<model::FixProposal> Store::saveFix(const model::FixProposal& fix) {
  return change<model::FixProposal>([&](Writer& writer) { return writer.saveFix(fix); });
}

Result<model::Outcome> Store::saveOutcome(const model::Outcome& outcome) {
  return change<model::Outcome>([&](Writer& writer) { return writer.saveOutcome(outcome); });
}

Result<> Store::saveApiKey(const security::ApiKeyRecord& key) {
  return transact([&](Writer& writer) { return writer.saveApiKey(key); });
}

Result<> Store::saveAgentChoice(const model::AgentChoice& choice) {
  return transact([&](Writer& writer) { return writer.saveAgentChoice(choice); });
}

Result<> Store::noteAuditHead(uint64_t sequence, const std::string& hash) {
  return transact([&](Writer& writer) { return writer.noteAuditHead(sequence, hash); });
}

Result<> Store::addHealthEvent(const model::HealthEvent& event) {
  return transact([&](Writer& writer) { return writer.addHealthEvent(event); });
}

Result<> Store::saveAddedSource(const model::AddedSource& source) {
  return transact([&](Writer& writer) { return writer.saveAddedSource(source); });
}

Result<> Store::removeAddedSource(const std::string& path) {
  return transact([&](Writer& writer) { return writer.removeAddedSource(path); });
}

Result<std::vector<model::SourcePosition>> Store::positions() {
  return query<std::vector<model::SourcePosition>>([](Reader& reader) { return reader.positions(); });
}

Result<std::string> Store::detectorState(const std::string& lane) {
  return query<std::string>([&](Reader& reader) { return reader.detectorState(lane); });
}

Result<std::vector<model::Event>> Store::eventsOf(const model::IncidentId& incident) {
  return query<std::vector<model::Event>>([&](Reader& reader) { return reader.eventsOf(incident); });
}

Result<std::vector<model::Event>> Store::unassignedEvents(base::TimePoint since, uint32_t limit) {
  return query<std::vector<model::Event>>(
      [&](Reader& reader) { return reader.unassignedEvents(since, limit); });
}

Result<model::Incident> Store::incident(const std::string& idOrNumber) {
  return query<model::Incident>([&](Reader& reader) { return reader.incident(idOrNumber); });
}

Result<Page<model::Incident>> Store::incidents(const PageQuery& page) {
  return query<Page<model::Incident>>([&](Reader& reader) { return reader.incidents(page); });
}

Result<model::Diagnosis> Store::diagnosis(const model::IncidentId& incident) {
  return query<model::Diagnosis>([&](Reader& reader) { return reader.diagnosis(incident); });
}

Result<std::vector<model::TimelineEntry>> Store::timeline(const model::IncidentId& incident) {
  return query<std::vector<model::TimelineEntry>>([&](Reader& reader) { return reader.timeline(incident); });
}

Result<model::FixProposal> Store::fix(const std::string& idOrNumber) {
  return query<model::FixProposal>([&](Reader& reader) { return reader.fix(idOrNumber); });
}

Result<model::FixProposal> Store::fixByPlanHash(const std::string& planHash) {
  return query<model::FixProposal>([&](Reader& reader) { return reader.fixByPlanHash(planHash); });
}

Result<Page<model::FixProposal>> Store::fixes(const PageQuery& page) {
  return query<Page<model::FixProposal>>([&](Reader& reader) { return reader.fixes(page); });
}

Result<std::vector<model::FixProposal>> Store::fixesOf(const model::IncidentId& incident) {
  return query<std::vector<model::FixProposal>>([&](Reader& reader) { return reader.fixesOf(incident); });
}

Result<Page<model::Outcome>> Store::outcomes(const PageQuery& page) {
  return query<Page<model::Outcome>>([&](Reader& reader) { return reader.outcomes(page); });
}

Result<model::Outcome> Store::outcomeOf(const model::FixId& fix) {
  return query<model::Outcome>([&](Reader& reader) { return reader.outcomeOf(fix); });
}

Result<std::vector<model::Outcome>> Store::outcomesOf(const std::string& playbook,
                                                      const std::string& context) {
  return query<std::vector<model::Outcome>>(
      [&](Reader& reader) { return reader.outcomesOf(playbook, context); });
}

Result<security::ApiKeyRecord> Store::apiKey(const std::string& id8) {
  return query<security::ApiKeyRecord>([&](Reader& reader) { return reader.apiKey(id8); });
}

Result<std::vector<security::ApiKeyRecord>> Store::apiKeys() {
  return query<std::vector<security::ApiKeyRecord>>([](Reader& reader) { return reader.apiKeys(); });
}

Result<std::vector<model::AgentChoice>> Store::agentChoices() {
  return query<std::vector<model::AgentChoice>>([](Reader& reader) { return reader.agentChoices(); });
}

Result<std::vector<model::AddedSource>> Store::addedSources() {
  return query<std::vector<model::AddedSource>>([](Reader& reader) { return reader.addedSources(); });
}

Result<std::optional<security::AuditHead>> Store::auditHead() {
  return query<std::optional<security::AuditHead>>([](Reader& reader) { return reader.auditHead(); });
}

Result<std::vector<model::LineCount>> Store::lineCounts(const std::vector<std::string>& services,
                                                        base::TimePoint from, base::TimePoint to) {
  return query<std::vector<model::LineCount>>(
      [&](Reader& reader) { return reader.lineCounts(services, from, to); });
}

Result<std::vector<model::HealthEvent>> Store::healthEvents(uint32_t limit) {
  return query<std::vector<model::HealthEvent>>([&](Reader& reader) { return reader.healthEvents(limit); });
}

Result<Usage> Store::usage() {
  return query<Usage>([](Reader& reader) { return reader.usage(); });
}

Result<Counters> Store::counters() {
  return query<Counters>([](Reader& reader) { return reader.counters(); });
}

}  // namespace aiops::storage
