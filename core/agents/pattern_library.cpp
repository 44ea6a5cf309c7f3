// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/pattern_library.h"

#include <algorithm>

#include "learning/metrics.h"
#include "parsing/line_parser.h"

namespace aiops::agents {

using base::ErrorCode;
using base::fail;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr base::Duration kLookEvery = std::chrono::seconds(3);
constexpr size_t kDaysShown = 30;

std::vector<fs::path> existing(const std::vector<fs::path>& folders) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& folder : folders) {
    if (fs::is_directory(folder, error)) out.push_back(folder);
  }
  return out;
}

model::LogRecord readLine(std::string_view line, model::LogBatch& batch) {
  parsing::LineParser parser;
  return parser.parse(line, base::TimePoint(), batch);
}

std::vector<std::string> samplesOf(const detection::PatternDocument& document) {
  return detection::checkSamples(*detection::PatternSet::compile({document}), readLine);
}

std::unexpected<base::Error> unknown(const std::string& id) {
  return fail(ErrorCode::NotFound, "there is no such pattern", id);
}

}  // namespace

Result<detection::PatternDocument> PatternLibrary::check(const std::string& text) {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(text, "the document", problems);
  if (problems.empty() && documents.empty()) {
    return fail(ErrorCode::InvalidInput, "line 1: the document holds no pattern");
  }
  if (problems.empty() && documents.size() > 1) {
    return fail(ErrorCode::InvalidInput,
                "one pattern at a time, this holds " + std::to_string(documents.size()));
  }
  const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  if (set->problems().empty() && set->size() == 1) return set->documents().front();
  const auto& problem = set->problems().front();
  return fail(ErrorCode::InvalidInput, "line " + std::to_string(problem.line) + ": " + problem.reason,
              problem.pattern, "docs/PATTERNS.md shows what a pattern may say");
}

Result<std::vector<std::string>> PatternLibrary::load() {
  base::MutexLock lock(m_mutex);
  m_shipped = detection::loadPatterns({m_parts.shipped});
  m_ownPrint = fingerprint();
  m_own = detection::loadPatterns(existing(m_parts.own));
  if (auto read = readStored(); !read) return std::unexpected(read.error());
  compose();
  std::vector<std::string> problems;
  for (const auto* set : {m_shipped.get(), m_own.get(), m_inForce.get()}) {
    for (const auto& problem : set->problems()) problems.push_back(problem.text());
  }
  return problems;
}

/// Names, sizes and times of change of the operator's files.
std::string PatternLibrary::fingerprint() const {
  std::vector<std::string> rows;
  std::error_code error;
  for (const auto& folder : existing(m_parts.own)) {
    for (const auto& file : fs::directory_iterator(folder, error)) {
      const auto size = file.file_size(error);
      const auto time = file.last_write_time(error).time_since_epoch().count();
      rows.push_back(file.path().string() + '\n' + std::to_string(size) + '\n' + std::to_string(time) + '\n');
    }
  }
  std::ranges::sort(rows);
  std::string all;
  for (const auto& row : rows) all += row;
  return all;
}

void PatternLibrary::lookForChanges() {
  base::MutexLock lock(m_mutex);
  const auto now = m_clock.sinceBoot();
  if (!m_inForce || (m_lookedAt && now < *m_lookedAt + kLookEvery)) return;
  m_lookedAt = now;
  auto print = fingerprint();
  if (print == m_ownPrint) return;
  m_ownPrint = std::move(print);
  readOwn();
}

void PatternLibrary::readOwn() {
  m_own = detection::loadPatterns(existing(m_parts.own));
  for (const auto& problem : m_own->problems()) {
    m_health.report(model::Severity::Warning, "patterns", problem.text(),
                    "it is left out; mend the file, it is read again by itself");
  }
  compose();
}

Result<> PatternLibrary::readStored() {
  Result<std::vector<storage::StoredPattern>> versions;
  Result<std::vector<std::string>> off;
  auto read = m_parts.store.read([&](storage::Reader& reader) -> Result<> {
    versions = reader.patternVersions();
    off = reader.patternsOff();
    return {};
  });
  if (!read) return read;
  if (!versions) return std::unexpected(versions.error());
  if (!off) return std::unexpected(off.error());
  for (auto& version : *versions) m_written[version.id].push_back(std::move(version));
  m_off.insert(off->begin(), off->end());
  return {};
}

/// What is in force, out of the layers.
void PatternLibrary::compose() {
  m_entries.clear();
  std::vector<detection::PatternProblem> problems;
  for (const auto& document : m_shipped->documents()) m_entries[document.id] = {.document = document};
  for (const auto& document : m_own->documents()) {
    m_entries[document.id] = {.document = document,
                              .origin = model::PatternOrigin::Operator,
                              .shadowsShipped = m_shipped->find(document.id) != nullptr};
  }
  for (const auto& [id, versions] : m_written) {
    if (versions.front().removed) continue;
    auto document = check(versions.front().version.text);
    if (!document) {
      problems.push_back({"written by " + versions.front().version.by, 0, id, document.error().what});
      continue;
    }
    document->file.clear();
    document->text = versions.front().version.text;
    m_entries[id] = {.document = *std::move(document),
                     .origin = model::PatternOrigin::Edited,
                     .shadowsShipped = m_shipped->find(id) != nullptr};
  }
  std::vector<detection::PatternDocument> documents;
  for (auto& [id, entry] : m_entries) {
    entry.document.enabled = !m_off.contains(id);
    documents.push_back(entry.document);
  }
  m_inForce = detection::PatternSet::compile(std::move(documents), std::move(problems),
                                             {m_shipped.get(), m_own.get(), m_inForce.get()});
  if (m_parts.use) m_parts.use(m_inForce);
}

PatternLibrary::Set PatternLibrary::inForce() const {
  base::MutexLock lock(m_mutex);
  return m_inForce;
}

const PatternLibrary::Entry* PatternLibrary::entry(const std::string& id) const {
  const auto found = m_entries.find(id);
  return found == m_entries.end() ? nullptr : &found->second;
}

model::PatternInfo PatternLibrary::info(const Entry& entry) const {
  const auto& document = entry.document;
  const auto written = m_written.find(document.id);
  const auto* shipped = m_shipped->find(document.id);
  return {.id = document.id,
          .name = document.name,
          .description = document.description,
          .type = document.type,
          .group = shipped ? fs::path(shipped->file).stem().string() : "",
          .severity = document.severity,
          .signal = document.signal,
          .service = document.service,
          .enabled = document.enabled,
          .origin = entry.origin,
          .shadowsShipped = entry.shadowsShipped,
          .version = written == m_written.end() ? 1 : written->second.front().version.version,
          .file = document.file};
}

void PatternLibrary::addCounts(const std::vector<model::PatternCount>& counts,
                               const std::map<std::string, model::PatternInfo*>& byId) const {
  const auto today = std::chrono::floor<std::chrono::days>(m_clock.now()).time_since_epoch().count();
  for (const auto& count : counts) {
    const auto known = byId.find(count.pattern);
    if (known == byId.end()) continue;
    auto& info = *known->second;
    info.matchCount += count.matches;
    info.eventCount += count.events;
    info.lastMatchAt = std::max(info.lastMatchAt.value_or(count.last), count.last);
    const auto age = today - count.day;
    if (age < 0 || age >= static_cast<int64_t>(kDaysShown)) continue;
    if (info.matchesPerDay.empty()) info.matchesPerDay.resize(kDaysShown);
    info.matchesPerDay[kDaysShown - 1 - static_cast<size_t>(age)] = static_cast<uint32_t>(count.matches);
  }
}

/// What each found and what became of it, out of one snapshot.
Result<> PatternLibrary::addFigures(std::vector<model::PatternInfo>& infos) {
  Result<std::vector<model::PatternCount>> counts;
  Result<std::vector<storage::PatternResult>> results;
  auto read = m_parts.store.read([&](storage::Reader& reader) -> Result<> {
    counts = reader.patternCounts();
    results = reader.patternResults();
    return {};
  });
  if (!read) return read;
  if (!counts) return std::unexpected(counts.error());
  if (!results) return std::unexpected(results.error());
  std::map<std::string, model::PatternInfo*> byId;
  for (auto& info : infos) byId[info.id] = &info;
  addCounts(*counts, byId);
  for (const auto& result : *results) {
    const auto known = byId.find(result.pattern);
    if (known == byId.end()) continue;
    known->second->successRate = learning::shareOf(result.fixesWorked, result.fixesRun);
    known->second->falsePositiveRate =
        learning::shareOf(result.falseAlarms, result.resolved + result.falseAlarms);
  }
  return {};
}

Result<std::vector<model::PatternInfo>> PatternLibrary::list() {
  std::vector<model::PatternInfo> infos;
  {
    base::MutexLock lock(m_mutex);
    for (const auto& [id, entry] : m_entries) infos.push_back(info(entry));
  }
  if (auto added = addFigures(infos); !added) return std::unexpected(added.error());
  return infos;
}

Result<model::PatternDetail> PatternLibrary::detail(const std::string& id) {
  model::PatternDetail out;
  {
    base::MutexLock lock(m_mutex);
    const auto* found = entry(id);
    if (found == nullptr) return unknown(id);
    out.info = info(*found);
    out.text = found->document.text;
    out.sampleProblems = samplesOf(found->document);
    if (const auto written = m_written.find(id); written != m_written.end()) {
      for (const auto& stored : written->second) out.versions.push_back(stored.version);
    }
  }
  std::vector<model::PatternInfo> infos{out.info};
  if (auto added = addFigures(infos); !added) return std::unexpected(added.error());
  out.info = std::move(infos.front());
  return out;
}

uint32_t PatternLibrary::nextVersion(const std::string& id) const {
  const auto written = m_written.find(id);
  if (written != m_written.end()) return written->second.front().version.version + 1;
  return m_entries.contains(id) ? 2 : 1;
}

Result<> PatternLibrary::write(const storage::StoredPattern& version) {
  auto stored =
      m_parts.store.transact([&](storage::Writer& writer) { return writer.addPatternVersion(version); });
  if (!stored) return stored;
  auto& versions = m_written[version.id];
  versions.insert(versions.begin(), version);
  compose();
  return {};
}

Result<model::PatternDetail> PatternLibrary::save(const std::string& who, const std::string& text) {
  const auto document = check(text);
  if (!document) return std::unexpected(document.error());
  {
    base::MutexLock lock(m_mutex);
    auto written = write({document->id, {nextVersion(document->id), m_clock.now(), who, text}, false});
    if (!written) return std::unexpected(written.error());
  }
  return detail(document->id);
}

Result<std::string> PatternLibrary::remove(const std::string& who, const std::string& id) {
  base::MutexLock lock(m_mutex);
  const auto* found = entry(id);
  if (found == nullptr) return unknown(id);
  if (found->origin == model::PatternOrigin::Shipped) {
    return fail(ErrorCode::Conflict, "a shipped pattern can't be removed", id, "disable it");
  }
  if (found->origin == model::PatternOrigin::Operator) {
    return fail(ErrorCode::Conflict, "this pattern is a file", found->document.file, "remove the file");
  }
  auto written = write({id, {nextVersion(id), m_clock.now(), who, ""}, true});
  if (!written) return std::unexpected(written.error());
  const auto* left = entry(id);
  return left == nullptr ? "gone" : std::string(toString(left->origin));
}

Result<model::PatternInfo> PatternLibrary::enable(const std::string& id, bool enabled) {
  std::vector<model::PatternInfo> infos;
  {
    base::MutexLock lock(m_mutex);
    if (entry(id) == nullptr) return unknown(id);
    auto stored =
        m_parts.store.transact([&](storage::Writer& writer) { return writer.switchPattern(id, enabled); });
    if (!stored) return std::unexpected(stored.error());
    if (enabled) m_off.erase(id);
    if (!enabled) m_off.insert(id);
    compose();
    infos.push_back(info(*entry(id)));
  }
  if (auto added = addFigures(infos); !added) return std::unexpected(added.error());
  return infos.front();
}

}  // namespace aiops::agents
