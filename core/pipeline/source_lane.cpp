// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/source_lane.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/bytes.h"
#include "config/container_path.h"
#include "pipeline/record_service.h"
#include "sources/descriptor_feed.h"
#include "sources/journal_feed.h"
#include "sources/stream_tail.h"
#include "sources/syslog_feed.h"

namespace aiops::pipeline {
namespace {

constexpr size_t kLineText = 4096;  // as LogLine::text says
constexpr size_t kMostOfFileName = 100;
constexpr int64_t kSlots = 60;
constexpr base::Duration kReadAtLeastEvery = std::chrono::seconds(3);  // else what comes is a backlog

constexpr base::Duration kZonesAhead = std::chrono::hours(15);
constexpr base::Duration kTellAheadEvery = std::chrono::hours(1);

sources::TailOptions tailOptions(const LaneOptions& options, const LaneSource& source) {
  auto tail = options.tail;
  tail.startAt = source.startAt;
  tail.history = source.history;
  return tail;
}

bool samePosition(const model::SourcePosition& a, const model::SourcePosition& b) {
  return a.inode == b.inode && a.offset == b.offset && a.line == b.line && a.headHash == b.headHash;
}

std::unique_ptr<sources::ByteFeed> makeFeed(const LaneSource& source, const LaneOptions& options) {
  const auto& path = source.path;
  if (path == "-") return std::make_unique<sources::DescriptorFeed>(options.inputFd);
  if (sources::isJournalAddress(path))
    return std::make_unique<sources::JournalFeed>(*sources::parseJournalAddress(path), source.history);
  return std::make_unique<sources::SyslogFeed>(*sources::parseSyslogAddress(path));
}

std::unique_ptr<sources::LogReader> makeReader(const LaneSource& source, const LaneOptions& options,
                                               std::optional<model::SourcePosition> stored) {
  if (!isStream(source.path)) {
    return std::make_unique<sources::FileTail>(source.path, tailOptions(options, source), std::move(stored));
  }
  sources::StreamOptions stream;
  stream.limits = options.tail.limits;
  stream.partialWait = options.tail.partialWait;
  return std::make_unique<sources::StreamTail>(makeFeed(source, options), keptFile(options, source.path),
                                               std::move(stored), stream);
}

parsing::ParserOptions parserOptions(const LaneOptions& options, const LaneSource& source) {
  auto parser = options.parser;
  parser.zone = source.zone.value_or(parser.zone);
  return parser;
}

/// Whether a valid text was made of `raw` by replacing bytes; what may be a character cut at the end is not
/// judged.
bool wasInvalid(std::string_view raw, std::string_view valid) {
  constexpr size_t kLongestCharacter = 4;
  const size_t sure = raw.size() < kLineText ? raw.size() : raw.size() - kLongestCharacter;
  return valid.substr(0, sure) != raw.substr(0, sure);
}

model::LogLine lineOf(const model::LogBatch& batch, const model::LogRecord& record) {
  model::LogLine line;
  line.time = record.eventTime;
  line.hasTime = record.hasEventTime;
  line.severity = record.severity;
  line.source = batch.source;
  line.service = batch.service;
  line.text = base::toValidUtf8(record.text.substr(0, kLineText));
  line.message = base::toValidUtf8(record.message.substr(0, kLineText));
  line.position = record.position;
  return line;
}

}  // namespace

bool isStream(const std::string& path) {
  return path == "-" || sources::isSyslogAddress(path) || sources::isJournalAddress(path);
}

base::Result<> checkAddress(const std::string& path) {
  if (sources::isSyslogAddress(path)) {
    if (const auto syslog = sources::parseSyslogAddress(path); !syslog)
      return std::unexpected(syslog.error());
  }
  if (sources::isJournalAddress(path)) {
    if (const auto journal = sources::parseJournalAddress(path); !journal)
      return std::unexpected(journal.error());
  }
  return {};
}

std::string keptFile(const LaneOptions& options, const std::string& path) {
  if (path == "-") return options.inputFile;
  // Two addresses of syslog can't differ in their options alone; journals do.
  const bool journal = sources::isJournalAddress(path);
  std::string name = journal ? path.substr(0, kMostOfFileName) : path.substr(0, path.find('?'));
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    if (!plain) c = '-';
  }
  if (journal) name += "-" + base::sha256Hex(path).substr(0, 8);
  return (std::filesystem::path(options.inputFile).parent_path() / (name + ".log")).string();
}

void RateMeter::add(base::Duration now, uint32_t lines, uint64_t bytes) {
  const auto slot = slotOf(now);
  if (!m_begin) m_begin = slot;
  if (m_slots.empty() || m_slots.back().number != slot) m_slots.push_back({slot, 0, 0});
  m_slots.back().lines += lines;
  m_slots.back().bytes += bytes;
  while (m_slots.front().number <= slot - kSlots) m_slots.pop_front();
}

std::vector<uint32_t> RateMeter::values(base::Duration now) const {
  if (!m_begin) return {};
  const auto last = slotOf(now);
  const auto first = std::max(*m_begin, last - kSlots + 1);
  std::vector<uint32_t> values(static_cast<size_t>(std::max<int64_t>(last - first + 1, 0)));
  for (const auto& slot : m_slots) {
    if (slot.number >= first && slot.number <= last)
      values[static_cast<size_t>(slot.number - first)] = slot.lines;
  }
  return values;
}

RateMeter::Rate RateMeter::perSecond(base::Duration now) const {
  const auto slot = slotOf(now);
  Rate rate;
  for (const auto& entry : m_slots) {
    if (entry.number < slot - 1) continue;
    rate.lines += static_cast<double>(entry.lines);
    rate.bytes += static_cast<double>(entry.bytes);
  }
  const auto into = std::chrono::duration<double>(now - std::chrono::seconds(3) * slot).count();
  const bool young = !m_begin || *m_begin >= slot;
  const double span = young ? std::max(into, 1.0) : into + 3.0;
  return {rate.lines / span, rate.bytes / span};
}

SourceLane::SourceLane(LaneSource source, std::string watchedAs, const LaneOptions& options,
                       std::optional<model::SourcePosition> stored)
    : m_source(std::move(source)),
      m_watchedAs(std::move(watchedAs)),
      m_reader(makeReader(m_source, options, stored)),
      m_parser(parserOptions(options, m_source)),
      m_join(options.join),
      m_assembler(m_reader->path(), m_source.service, m_parser, m_join),
      m_byProgram(m_source.path != "-" && isStream(m_source.path)),
      m_stored(std::move(stored)) {
  if (const auto container = config::containerPath(m_source.path)) m_containerFields = container->fields();
  if (!m_source.zone) m_zone.emplace(options.parser.zone);
}

std::vector<model::LogBatch> SourceLane::read(base::Duration now, base::TimePoint wall, int most) {
  if (now - m_now > kReadAtLeastEvery) m_caughtUpSince.reset();
  m_now = now;
  std::vector<model::LogBatch> batches;
  m_behind = true;
  for (int i = 0; i < most; ++i) {
    auto chunk = m_reader->read(now, wall);
    if (!chunk) {
      m_behind = false;
      if (!m_caughtUpSince) m_caughtUpSince = wall;
      break;
    }
    m_bytes += chunk->bytes.size();
    m_rate.add(now, 0, chunk->bytes.size());
    auto batch = m_assembler.add(std::move(*chunk), wall, now);
    findZone(batch);
    holdBack(batch);
    addTo(batches, std::move(batch));
  }
  if (const auto& problem = m_reader->problem();
      !problem.empty() && problem != m_lastProblem && problem != sources::kNotOpened) {
    m_lastProblem = problem;
    m_lastProblemAt = wall;
  }
  return batches;
}

std::vector<model::LogBatch> SourceLane::lookAhead(base::Duration now, base::TimePoint wall) {
  std::vector<model::LogBatch> batches;
  if (!m_behind) {
    if (m_lookout) m_lookout->caughtUp();
    return batches;
  }
  const auto unread = m_reader->unread();
  if (!unread) return batches;
  if (!m_lookout) m_lookout = std::make_unique<Lookout>(path(), m_source.service, m_join);
  if (!m_lookout->isDue(now)) return batches;
  auto parser = m_parser;
  if (m_zone) parser.zone = m_zone->rule();
  for (auto& batch : m_lookout->look(*unread, parser, wall, now)) addTo(batches, std::move(batch));
  return batches;
}

std::vector<model::LogBatch> SourceLane::flush(base::Duration now, bool force) {
  auto batch = m_assembler.flush(now, force);
  std::vector<model::LogBatch> batches;
  if (batch.records.empty()) return batches;
  findZone(batch);
  holdBack(batch);
  addTo(batches, std::move(batch));
  return batches;
}

/// The stamps of `batch` that were read with the wrong zone are set right as well.
void SourceLane::findZone(model::LogBatch& batch) {
  if (!m_zone || !m_caughtUpSince) return;
  for (auto& record : batch.records) {
    const bool fresh = record.ingestTime > *m_caughtUpSince;
    if (!fresh || !record.hasEventTime || !record.zoneAssumed) continue;
    const auto shift = m_zone->observe(record.eventTime, record.ingestTime);
    if (!shift) continue;
    for (auto& wrong : batch.records) {
      if (wrong.hasEventTime && wrong.zoneAssumed) wrong.eventTime += *shift;
    }
    m_assembler.setZone(m_zone->rule());
    m_health.push_back({record.ingestTime, model::Severity::Info, "source",
                        path() + ": its times carry no zone and are taken as UTC" +
                            base::offsetText(m_zone->rule().offset) + ", which fits the clock",
                        "If that is wrong, give the source its `zone` in config.yaml."});
  }
}

/// A stamp ahead of the clock is wrong, whoever's clock it is. One line from next year would make all that
/// come after it late for a year. What may be a matter of the zone is left to findZone().
void SourceLane::holdBack(model::LogBatch& batch) {
  for (auto& record : batch.records) {
    const auto most = model::kMostAhead + (m_zone && record.zoneAssumed ? kZonesAhead : base::Duration(0));
    if (!record.hasEventTime || record.eventTime - most <= record.ingestTime) continue;
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(record.eventTime - record.ingestTime);
    record.eventTime = record.ingestTime;
    if (m_aheadTold && m_now - *m_aheadTold < kTellAheadEvery) continue;
    m_aheadTold = m_now;
    m_health.push_back({record.ingestTime, model::Severity::Warning, "source",
                        path() + ": line " + std::to_string(record.position.line) + " is stamped " +
                            std::to_string(ahead.count()) +
                            " s ahead of the clock; such lines count from when they were read",
                        "Set the clock of who writes it right, or the one of this machine."});
  }
}

/// What the path says of a container are fields of its records; the records of syslog and of the journal
/// belong to the programs that wrote them.
void SourceLane::addTo(std::vector<model::LogBatch>& batches, model::LogBatch batch) const {
  for (auto& record : batch.records) {
    for (const auto& [name, value] : m_containerFields) record.fields.emplace_back(name, value);
  }
  if (!m_byProgram) {
    batches.push_back(std::move(batch));
    return;
  }
  const bool journal = sources::isJournalAddress(m_source.path);
  std::map<std::string, std::vector<model::LogRecord>> byService;
  for (auto& record : batch.records) {
    auto service = serviceOfRecord(record, journal);
    byService[service.empty() ? batch.service : std::move(service)].push_back(std::move(record));
  }
  for (auto& [service, records] : byService) {
    auto& part = batches.emplace_back();
    part.source = batch.source;
    part.service = service;
    part.bytes = batch.bytes;
    part.records = std::move(records);
  }
  // What the records point into lives as long as the last of them, which is fed last.
  if (!byService.empty()) batches.back().scratch = std::move(batch.scratch);
}

void SourceLane::account(const model::LogBatch& batch, LaneOutput& output) {
  std::map<int64_t, model::LineCount> seconds;
  for (const auto& record : batch.records) {
    output.lines.push_back(lineOf(batch, record));
    m_invalid += wasInvalid(record.text.substr(0, kLineText), output.lines.back().text) ? 1 : 0;
    const auto second = std::chrono::floor<std::chrono::seconds>(record.eventTime).time_since_epoch().count();
    seconds[second].add(record);
  }
  for (auto& [second, count] : seconds) {
    count.service = batch.service;
    count.second = second;
    output.counts.push_back(count);
  }
  if (batch.records.empty()) return;
  const auto& last = batch.records.back();
  m_records += batch.records.size();
  m_rate.add(m_now, static_cast<uint32_t>(batch.records.size()), 0);
  m_lastLineAt = last.ingestTime;
  m_lag = std::chrono::duration_cast<std::chrono::milliseconds>(last.ingestTime - last.eventTime);
}

std::optional<model::SourcePosition> SourceLane::position() const {
  if (const auto consumed = m_assembler.consumed()) {
    return m_reader->positionAt(consumed->inode, consumed->offset, consumed->line);
  }
  return m_reader->position();
}

void SourceLane::collect(LaneOutput& output) {
  auto position = this->position();
  if (position && (!m_stored || !samePosition(*position, *m_stored))) {
    output.positions.push_back(*position);
    m_collected = std::move(position);
  }
  std::ranges::move(std::exchange(m_health, {}), std::back_inserter(output.health));
  auto health = m_reader->takeHealth();
  std::move(health.begin(), health.end(), std::back_inserter(output.health));
}

void SourceLane::committed() {
  if (m_collected) m_stored = std::exchange(m_collected, std::nullopt);
}

model::SourceStatus SourceLane::status(base::Duration now) const {
  model::SourceStatus status;
  status.source = m_source.path;
  status.service = m_source.service;
  status.readable = m_reader->readable();
  status.problem = m_reader->problem();
  status.lines = m_records;
  status.bytes = m_bytes;
  for (const auto& [reason, count] : m_reader->drops()) {
    if (count > 0) status.drops[reason] = count;
    status.dropped += count;
  }
  status.cutLines = m_reader->cutLines();
  status.invalidLines = m_invalid;
  status.lastProblem = m_lastProblem;
  status.lastProblemAt = m_lastProblemAt;
  status.watchedAs = m_watchedAs;
  status.removable = m_source.added;
  const auto rate = m_rate.perSecond(now);
  status.linesPerSecond = rate.lines;
  status.bytesPerSecond = rate.bytes;
  status.lag = m_lag;
  status.lastLineAt = m_lastLineAt;
  status.recentRates = m_rate.values(now);
  return status;
}

std::optional<base::Duration> SourceLane::dueAt() const {
  const auto held = m_assembler.dueAt();
  const auto tail = m_reader->dueAt();
  if (!held || !tail) return held ? held : tail;
  return std::min(*held, *tail);
}

}  // namespace aiops::pipeline
