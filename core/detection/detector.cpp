// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/detector.h"

#include <list>
#include <map>
#include <unordered_map>

#include "base/bytes.h"
#include "detection/matcher.h"
#include "detection/window.h"
#include "detection/window_json.h"

namespace aiops::detection {
namespace {

constexpr size_t kEvidenceText = 500;  // as EvidenceRef::text says

/// The hash as a UUID of version 8 (RFC 9562: vendor specific).
std::string uuidOf(std::string_view content) {
  auto hex = base::sha256Hex(content).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[(hex[16] < 'a' ? hex[16] - '0' : hex[16] - 'a' + 10) & 3];
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts) out.append(std::to_string(part.size())).append(":").append(part);
  return out;
}

int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}

model::EventId eventId(const model::Event& event) {
  auto content = joined({event.patternId, event.service, event.key, std::to_string(event.count),
                         std::to_string(micros(event.last))});
  for (const auto& ref : event.evidence) content += joined({ref.id});
  return model::EventId(uuidOf(content));
}

/// Windows of one pattern; the least recently matched leaves when there are too many.
class KeyTable {
 public:
  Window& get(std::string key, size_t maxKeys, uint64_t& evicted) {
    if (const auto known = m_index.find(key); known != m_index.end()) {
      m_windows.splice(m_windows.end(), m_windows, known->second);
      return m_windows.back();
    }
    if (m_windows.size() >= maxKeys) {
      m_index.erase(m_windows.front().key);
      m_windows.pop_front();
      ++evicted;
    }
    Window& window = m_windows.emplace_back();
    window.key = key;
    m_index.emplace(std::move(key), std::prev(m_windows.end()));
    return window;
  }
  const std::list<Window>& windows() const { return m_windows; }

 private:
  std::list<Window> m_windows;  ///< least recently matched first
  std::unordered_map<std::string, std::list<Window>::iterator> m_index;
};

}  // namespace

model::EvidenceRef makeEvidence(const model::LogBatch& batch, const model::LogRecord& record) {
  model::EvidenceRef ref;
  ref.source = batch.source;
  ref.service = batch.service;
  ref.position = record.position;
  ref.text = shown(record.text, kEvidenceText);
  ref.sha256 = base::sha256Hex(record.text);
  ref.time = record.eventTime;
  ref.id = uuidOf(joined(
      {ref.source, std::to_string(ref.position.inode), std::to_string(ref.position.offset), ref.sha256}));
  return ref;
}

struct Detector::Impl {
  Impl(std::shared_ptr<const PatternSet> set, DetectorOptions detectorOptions)
      : patterns(std::move(set)), options(detectorOptions), tables(patterns->size()) {}

  std::shared_ptr<const PatternSet> patterns;
  DetectorOptions options;
  std::vector<KeyTable> tables;  ///< by pattern
  std::map<std::string, model::PatternCount> found;
  std::map<std::pair<std::string, std::string>, LastMatch> last;
  DetectorCounters counters;
  uint64_t revision = 0;
  Matcher::Hits hits;

  void feedRecord(const model::LogBatch& batch, const model::LogRecord& record,
                  std::vector<model::Event>& events);
  void feedMatch(size_t index, const model::LogBatch& batch, const model::LogRecord& record,
                 std::vector<model::Event>& events);
  void remember(const PatternDocument& pattern, const std::string& service, const model::LogRecord& record);
};

void Detector::Impl::remember(const PatternDocument& pattern, const std::string& service,
                              const model::LogRecord& record) {
  auto& match = last[{pattern.id, service}];
  match.patternId = pattern.id;
  match.service = service;
  match.eventTime = std::max(match.eventTime, record.eventTime);
  match.ingestTime = std::max(match.ingestTime, record.ingestTime);
}

void Detector::Impl::feedMatch(size_t index, const model::LogBatch& batch, const model::LogRecord& record,
                               std::vector<model::Event>& events) {
  const auto& pattern = patterns->documents()[index];
  if (!pattern.enabled || !serviceFits(pattern.service, batch.service)) return;
  if (patterns->matcher().objection(index, record) != Matcher::Objection::None) return;
  ++counters.matches;
  ++revision;
  remember(pattern, batch.service, record);
  auto& count = found[pattern.id];
  ++count.matches;
  count.last = std::max(count.last, record.ingestTime);
  auto captures = patterns->matcher().captures(index, patterns->matcher().target(index, record));
  const auto group = groupKey(pattern, batch.service, record, captures);
  auto& window = tables[index].get(joined({batch.service, group}), options.maxKeys, counters.evictedKeys);
  window.service = batch.service;
  window.groupKey = group;
  const auto verdict = window.add(record.eventTime, pattern, {options.lateness, options.confirmEvery},
                                  [&] { return makeEvidence(batch, record); });
  if (verdict == Window::Verdict::Late) ++counters.late;
  if (verdict != Window::Verdict::Fired) return;
  const auto& episode = window.episode();
  model::Event event;
  event.patternId = pattern.id;
  event.patternName = pattern.name;
  event.signal = pattern.signal;
  event.service = batch.service;
  event.key = group;
  event.severity = pattern.severity;
  event.first = episode.first;
  event.last = episode.last;
  event.count = episode.count;
  event.captures = std::move(captures);
  event.evidence = episode.evidence;
  auto newest = makeEvidence(batch, record);
  if (std::ranges::none_of(event.evidence, [&](const auto& ref) { return ref.id == newest.id; })) {
    event.evidence.push_back(std::move(newest));
  }
  event.id = eventId(event);
  ++count.events;
  events.push_back(std::move(event));
}

void Detector::Impl::feedRecord(const model::LogBatch& batch, const model::LogRecord& record,
                                std::vector<model::Event>& events) {
  ++counters.records;
  patterns->matcher().match(record, hits);
  for (const int hit : hits) feedMatch(static_cast<size_t>(hit), batch, record, events);
}

Detector::Detector(std::shared_ptr<const PatternSet> patterns, DetectorOptions options)
    : m_impl(std::make_unique<Impl>(std::move(patterns), options)) {}

Detector::~Detector() = default;

std::vector<model::Event> Detector::feed(const model::LogBatch& batch) {
  std::vector<model::Event> events;
  for (const auto& record : batch.records) m_impl->feedRecord(batch, record, events);
  return events;
}

std::optional<LastMatch> Detector::lastMatch(std::string_view patternId, std::string_view service) const {
  const auto found = m_impl->last.find({std::string(patternId), std::string(service)});
  return found == m_impl->last.end() ? std::nullopt : std::optional(found->second);
}

std::vector<LastMatch> Detector::lastMatches() const {
  std::vector<LastMatch> all;
  for (const auto& [key, match] : m_impl->last) all.push_back(match);
  return all;
}

const DetectorCounters& Detector::counters() const {
  return m_impl->counters;
}
uint64_t Detector::revision() const {
  return m_impl->revision;
}

std::vector<model::PatternCount> Detector::takeCounts() {
  std::vector<model::PatternCount> counts;
  for (auto& [id, count] : m_impl->found) {
    count.pattern = id;
    count.day = std::chrono::floor<std::chrono::days>(count.last).time_since_epoch().count();
    counts.push_back(std::move(count));
  }
  m_impl->found.clear();
  return counts;
}

void Detector::usePatterns(std::shared_ptr<const PatternSet> patterns) {
  auto fresh = std::make_unique<Impl>(std::move(patterns), m_impl->options);
  const auto& before = *m_impl->patterns;
  for (size_t i = 0; i < fresh->tables.size(); ++i) {
    const auto* same = before.find(fresh->patterns->documents()[i].id);
    if (same == nullptr) continue;
    const auto old = static_cast<size_t>(same - before.documents().data());
    if (before.matcher().digest(old) != fresh->patterns->matcher().digest(i)) continue;
    fresh->tables[i] = std::move(m_impl->tables[old]);
  }
  fresh->last = std::move(m_impl->last);
  fresh->found = std::move(m_impl->found);
  fresh->counters = m_impl->counters;
  fresh->revision = m_impl->revision + 1;
  m_impl = std::move(fresh);
}

std::string Detector::snapshot() const {
  nlohmann::json patterns = nlohmann::json::array();
  for (size_t i = 0; i < m_impl->tables.size(); ++i) {
    nlohmann::json windows = nlohmann::json::array();
    for (const auto& window : m_impl->tables[i].windows()) windows.push_back(WindowJson::write(window));
    if (windows.empty()) continue;
    patterns.push_back({{"pattern", m_impl->patterns->documents()[i].id},
                        {"digest", m_impl->patterns->matcher().digest(i)},
                        {"windows", std::move(windows)}});
  }
  nlohmann::json last = nlohmann::json::array();
  for (const auto& [key, match] : m_impl->last) {
    last.push_back({match.patternId, match.service, micros(match.eventTime), micros(match.ingestTime)});
  }
  const nlohmann::json all = {{"version", 1}, {"patterns", std::move(patterns)}, {"last", std::move(last)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

base::Result<> Detector::restore(std::string_view json,
                                 const std::function<bool(const std::string& source)>& watched) {
  auto fresh = std::make_unique<Impl>(m_impl->patterns, m_impl->options);
  const auto& documents = fresh->patterns->documents();
  try {
    const auto all = nlohmann::json::parse(json);
    if (all.at("version").get<int>() != 1)
      return base::fail(base::ErrorCode::Corrupt, "unknown detector state");
    for (const auto& entry : all.at("patterns")) {
      const auto* document = fresh->patterns->find(entry.at("pattern").get_ref<const std::string&>());
      if (document == nullptr) continue;
      const auto index = static_cast<size_t>(document - documents.data());
      if (entry.at("digest") != fresh->patterns->matcher().digest(index)) continue;
      for (const auto& stored : entry.at("windows")) {
        auto window = WindowJson::read(stored);
        if (watched && !window.standsOn(watched)) continue;
        auto key = joined({window.service, window.groupKey});
        auto& slot = fresh->tables[index].get(key, fresh->options.maxKeys, fresh->counters.evictedKeys);
        slot = std::move(window);
        slot.key = std::move(key);
      }
    }
    for (const auto& match : all.at("last")) {
      LastMatch value{match.at(0), match.at(1), base::TimePoint(base::Duration(match.at(2).get<int64_t>())),
                      base::TimePoint(base::Duration(match.at(3).get<int64_t>()))};
      fresh->last[{value.patternId, value.service}] = value;
    }
  } catch (const nlohmann::json::exception& error) {
    return base::fail(base::ErrorCode::Corrupt, std::string("detector state: ") + error.what());
  }
  m_impl = std::move(fresh);
  return {};
}

}  // namespace aiops::detection
