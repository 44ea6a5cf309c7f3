// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/detector.h"

#include <map>
#include <unordered_map>

#include "base/bytes.h"
#include "detection/cost_meter.h"
#include "detection/evidence.h"
#include "detection/key_map.h"
#include "detection/matcher.h"
#include "detection/novelty.h"
#include "detection/recogniser.h"
#include "detection/silence.h"
#include "detection/template_miner.h"
#include "detection/window.h"
#include "detection/window_json.h"

namespace aiops::detection {
namespace {

constexpr std::chrono::seconds kAskForSilence{1};
constexpr size_t kMostServices = 4096;  // whose filters and progress are remembered

int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}

model::EventId eventId(const model::Event& event) {
  auto content = joinedKey({event.patternId, event.service, event.key, std::to_string(event.count),
                            std::to_string(micros(event.last))});
  for (const auto& ref : event.evidence) content += joinedKey({ref.id});
  return model::EventId(uuidOf(content));
}

std::string windowKey(const std::string& service, const std::string& group, const std::string& manner) {
  return manner.empty() ? joinedKey({service, group}) : joinedKey({service, group, manner});
}

base::Duration budgetOf(const DetectorOptions& options) {
  if (options.budget > base::Duration(0)) return options.budget;
#ifdef __OPTIMIZE__
  return std::chrono::microseconds(50);
#else
  return std::chrono::milliseconds(2);
#endif
}

/// "5 different values of user within 600 s: a, b, ...".
std::string distinctText(const PatternDocument& pattern, const std::vector<std::string>& values) {
  std::string text = std::to_string(values.size()) + " different values of " + pattern.distinct + " within " +
                     std::to_string(pattern.window.count()) + " s";
  for (size_t i = 0; i < values.size(); ++i) text += (i == 0 ? ": " : ", ") + values[i];
  return base::validUtf8Prefix(text, 256);
}

/// Counts the record's value. A run lasts while its episode could go on.
void tallyRecord(const PatternDocument& pattern, const Occurrence& occurrence, const model::LogRecord& record,
                 Window& window) {
  const auto value = captureOrField(pattern.tallyBy, record, occurrence.captures);
  if (value.empty()) return;
  const auto of = [&](const std::string& name) {
    return name.empty() ? std::string() : captureOrField(name, record, occurrence.captures);
  };
  const base::Duration quiet = std::max(pattern.cooldown, pattern.window);
  window.tally.add(occurrence.time, quiet, value, of(pattern.tallyWith), !of(pattern.tallyMark).empty());
}

/// What one pattern remembers.
struct PatternState {
  KeyMap<Window> windows;
  std::unique_ptr<Recogniser> recogniser;  ///< none: each selected record is an occurrence
};

/// What the detector knows of one service.
struct ServiceState {
  Matcher::Wanted wanted;                           ///< by selector; empty: not worked out
  base::TimePoint newest = base::TimePoint::min();  ///< event time
  base::TimePoint readAt;                           ///< the ingest time of that record
  Silence silence;
  NewMessages newMessages;
};

}  // namespace

struct Detector::Impl {
  Impl(std::shared_ptr<const PatternSet> set, DetectorOptions detectorOptions);

  std::shared_ptr<const PatternSet> patterns;
  DetectorOptions options;
  std::vector<PatternState> states;  ///< by pattern
  std::vector<size_t> recognisers;   ///< patterns that have one
  std::unordered_map<std::string, ServiceState> services;
  std::map<std::string, model::PatternCount> found;
  std::map<std::pair<std::string, std::string>, LastMatch> last;
  CostMeter meter;
  DetectorCounters counters;
  uint64_t revision = 0;
  Matcher::Search search;
  std::vector<Occurrence> occurrences;
  base::TimePoint now;
  base::TimePoint silenceAt;                      ///< when it was last asked who is silent
  base::TimePoint read = base::TimePoint::max();  ///< the record under way, by the clock
  TemplateMiner miner;
  bool mines = false;
  uint64_t templateId = 0;  ///< of the record under way

  const Matcher& matcher() const { return patterns->matcher(); }
  const PatternDocument& pattern(size_t index) const { return patterns->documents()[index]; }
  bool isAsked(size_t index) const;
  void use(std::shared_ptr<const PatternSet> set);
  ServiceState& service(const std::string& name);
  void forgetWanted();
  void clockPutBack();
  void mine(const model::LogRecord& record);
  void feedRecord(const model::LogBatch& batch, const model::LogRecord& record,
                  std::vector<model::Event>& events);
  void feedCandidate(size_t selector, const model::LogBatch& batch, const model::LogRecord& record,
                     std::vector<model::Event>& events);
  void advance(const std::string& of, base::TimePoint progress, std::vector<model::Event>& events);
  void tell(size_t index, std::vector<model::Event>& events);
  std::vector<std::pair<const std::string, ServiceState>*> servicesByName();
  template <class MakeEvidence, class Newest, class Captures>
  void occur(size_t index, Occurrence occurrence, const MakeEvidence& evidence, const Newest& newest,
             const Captures& captures, std::vector<model::Event>& events,
             const model::LogRecord* tallied = nullptr);
  void remember(size_t index, const model::LogBatch& batch, const model::LogRecord& record);
};

Detector::Impl::Impl(std::shared_ptr<const PatternSet> set, DetectorOptions detectorOptions)
    : options(std::move(detectorOptions)), meter(budgetOf(options), options.overruns) {
  use(std::move(set));
}

void Detector::Impl::use(std::shared_ptr<const PatternSet> set) {
  patterns = std::move(set);
  states = std::vector<PatternState>(patterns->size());
  recognisers.clear();
  mines = (options.mineTemplates || options.watchNovelty) && !options.singleRecords;
  for (size_t i = 0; i < states.size(); ++i) {
    states[i].recogniser = makeRecogniser(pattern(i), options);
    if (options.singleRecords) continue;
    if (states[i].recogniser) recognisers.push_back(i);
    mines = mines || (pattern(i).enabled && asksForTemplates(pattern(i)));
  }
  meter.resize(states.size());
  forgetWanted();
  search = {};
}

/// In an order that does not depend on hashes.
std::vector<std::pair<const std::string, ServiceState>*> Detector::Impl::servicesByName() {
  std::vector<std::pair<const std::string, ServiceState>*> all;
  for (auto& service : services) all.push_back(&service);
  std::ranges::sort(all, {}, [](const auto* service) -> const std::string& { return service->first; });
  return all;
}

bool Detector::Impl::isAsked(size_t index) const {
  const auto& document = pattern(index);
  return !options.singleRecords ||
         (!states[index].recogniser && document.count <= 1 && document.distinct.empty());
}

void Detector::Impl::forgetWanted() {
  for (auto& [name, state] : services) state.wanted.clear();
}

ServiceState& Detector::Impl::service(const std::string& name) {
  auto known = services.find(name);
  if (known == services.end()) {
    if (services.size() >= kMostServices) services.clear();
    known = services.try_emplace(name).first;
  }
  auto& state = known->second;
  if (!state.wanted.empty()) return state;
  for (const auto& selector : matcher().selectors()) {
    const auto& document = pattern(selector.pattern);
    state.wanted.push_back(document.enabled && isAsked(selector.pattern) && !meter.isOver(selector.pattern) &&
                           serviceFits(document.service, name));
  }
  return state;
}

/// What recognisers keep lies ahead of the clock: they would neither take what comes nor see time pass until
/// the clock is there again. So they begin anew.
void Detector::Impl::clockPutBack() {
  for (const auto index : recognisers) states[index].recogniser = makeRecogniser(pattern(index), options);
  for (auto& [name, state] : services) {
    state.newest = base::TimePoint::min();
    state.silence = {};
  }
  now = {};
  silenceAt = {};
  ++revision;
}

void Detector::Impl::remember(size_t index, const model::LogBatch& batch, const model::LogRecord& record) {
  ++counters.matches;
  ++revision;
  const auto& document = pattern(index);
  auto& match = last[{document.id, batch.service}];
  match.patternId = document.id;
  match.service = batch.service;
  const bool ahead = match.eventTime > read + model::kMostAhead;  // the clock was put back since
  match.eventTime = ahead ? record.eventTime : std::max(match.eventTime, record.eventTime);
  match.ingestTime = std::max(match.ingestTime, record.ingestTime);
  auto& count = found[document.id];
  ++count.matches;
  count.last = std::max(count.last, record.ingestTime);
}

/// `newest` gives the newest record that the occurrence rests on, if there is one.
template <class MakeEvidence, class Newest, class Captures>
void Detector::Impl::occur(size_t index, Occurrence occurrence, const MakeEvidence& evidence,
                           const Newest& newest, const Captures& captures, std::vector<model::Event>& events,
                           const model::LogRecord* tallied) {
  const auto& document = pattern(index);
  // Without the value a record says nothing about how many there are.
  if (!document.distinct.empty() && occurrence.value.empty()) return;
  auto& window = states[index].windows.get(windowKey(occurrence.service, occurrence.group, occurrence.manner),
                                           options.maxKeys, [&](const auto&) { ++counters.evictedKeys; });
  window.service = occurrence.service;
  window.groupKey = occurrence.group;
  window.manner = occurrence.manner;
  const auto verdict = window.add(occurrence.time, std::move(occurrence.value), document,
                                  {options.lateness, options.confirmEvery, read}, evidence);
  if (verdict == Window::Verdict::Late) ++counters.late;
  if (verdict != Window::Verdict::Late && tallied != nullptr)
    tallyRecord(document, occurrence, *tallied, window);
  if (verdict != Window::Verdict::Fired) return;
  const auto& episode = window.episode();
  model::Event event;
  event.patternId = document.id;
  event.patternName = document.name;
  event.signal = document.signal;
  event.service = std::move(occurrence.service);
  event.key = std::move(occurrence.group);
  event.severity = document.severity;
  event.first = episode.first;
  event.last = episode.last;
  event.count = episode.count;
  event.captures = captures(std::move(occurrence.captures));
  if (!document.distinct.empty())
    event.captures.emplace("explanation", distinctText(document, window.values()));
  event.evidence = episode.evidence;
  event.tally = window.tally.rows();
  event.tallyOthers = window.tally.others();
  std::optional<model::EvidenceRef> ref = newest();
  if (ref && std::ranges::none_of(event.evidence, [&](const auto& known) { return known.id == ref->id; })) {
    event.evidence.push_back(*std::move(ref));
  }
  event.id = eventId(event);
  ++found[document.id].events;
  events.push_back(std::move(event));
}

/// Hands on what a recogniser has found.
void Detector::Impl::tell(size_t index, std::vector<model::Event>& events) {
  for (auto& occurrence : occurrences) {
    auto refs = std::move(occurrence.evidence);
    std::optional<model::EvidenceRef> newest;
    if (!refs.empty()) newest = refs.back();
    if (const auto value = occurrence.captures.find(pattern(index).distinct);
        value != occurrence.captures.end())
      occurrence.value = value->second;
    occur(
        index, std::move(occurrence), [&] { return std::move(refs); }, [&] { return std::move(newest); },
        std::identity(), events);
  }
  occurrences.clear();
  counters.evictedKeys += states[index].recogniser->takeEvicted();
}

void Detector::Impl::advance(const std::string& of, base::TimePoint progress,
                             std::vector<model::Event>& events) {
  for (const auto index : recognisers) {
    if (!pattern(index).enabled) continue;
    states[index].recogniser->advance(of, progress, occurrences);
    if (occurrences.empty()) continue;
    ++revision;
    tell(index, events);
  }
}

void Detector::Impl::feedCandidate(size_t selector, const model::LogBatch& batch,
                                   const model::LogRecord& record, std::vector<model::Event>& events) {
  if (!matcher().takes(selector, record, &search)) return;
  const auto [index, step, selection] = matcher().selectors()[selector];
  remember(index, batch, record);
  const auto& document = pattern(index);
  auto& recogniser = states[index].recogniser;
  // Most occurrences become no event, and finding the groups of an expression costs more than the match.
  const bool grouped = !document.groupBy.empty() && document.groupBy != "service";
  const bool tallied = !document.tallyBy.empty();
  const bool asked = recogniser != nullptr || grouped || tallied || !document.distinct.empty();
  std::map<std::string, std::string> captures;
  if (asked) captures = matcher().captures(selector, record);
  auto group = groupKey(document, batch.service, record, captures);
  if (recogniser) {
    recogniser->add({batch, record, step, captures, group, templateId, &miner}, occurrences);
    return tell(index, events);
  }
  const auto evidence = [&] { return makeEvidence(batch, record); };
  const auto complete = [&](std::map<std::string, std::string> known) {
    return asked ? std::move(known) : matcher().captures(selector, record);
  };
  auto value = distinctValue(document, record, captures);
  occur(
      index, {record.eventTime, batch.service, std::move(group), std::move(captures), {}, std::move(value)},
      [&] { return Evidence{evidence()}; }, evidence, complete, events, tallied ? &record : nullptr);
}

/// Of a record of several lines the first one counts: the others are its details.
void Detector::Impl::mine(const model::LogRecord& record) {
  const auto mined = miner.add(record.message.substr(0, record.message.find('\n')), record.eventTime);
  templateId = mined.id;
  if (!mined.isNew && !mined.changed) return;
  ++revision;
  for (const auto& change : miner.takeChanges()) {
    for (const auto index : recognisers) {
      auto& recogniser = *states[index].recogniser;
      change.isSplit ? recogniser.split(change.from, change.into, change.share)
                     : recogniser.merge(change.from, change.into);
    }
    for (auto& [name, state] : services) {
      change.isSplit ? state.newMessages.split(change.from, change.into)
                     : state.newMessages.merge(change.from, change.into);
    }
  }
}

void Detector::Impl::feedRecord(const model::LogBatch& batch, const model::LogRecord& record,
                                std::vector<model::Event>& events) {
  ++counters.records;
  read = record.ingestTime;
  auto& of = service(batch.service);
  if (of.newest > read + model::kMostAhead && record.eventTime <= read + model::kMostAhead) clockPutBack();
  if (record.eventTime > of.newest) {
    of.newest = record.eventTime;
    of.readAt = record.ingestTime;
    if (!recognisers.empty()) advance(batch.service, record.eventTime, events);
  }
  if (options.watchSilence) of.silence.add(batch, record);
  if (mines) mine(record);
  if (options.watchNovelty) {
    if (auto event = of.newMessages.add(batch, record, templateId, miner))
      events.push_back(*std::move(event));
  }
  matcher().findCandidates(record, of.wanted, search);
  for (const auto selector : matcher().candidates(search)) {
    const auto index = matcher().selectors()[selector].pattern;
    if (!meter.begin(index)) {
      feedCandidate(selector, batch, record, events);
      continue;
    }
    const auto begun = options.cpuTime();
    feedCandidate(selector, batch, record, events);
    meter.add(index, options.cpuTime() - begun);
  }
  if (meter.end(record.text.size())) forgetWanted();
}

Detector::Detector(std::shared_ptr<const PatternSet> patterns, DetectorOptions options)
    : m_impl(std::make_unique<Impl>(std::move(patterns), std::move(options))) {}

Detector::~Detector() = default;

void Detector::prepare() const {
  m_impl->patterns->prepare();
}

std::vector<model::Event> Detector::feed(const model::LogBatch& batch) {
  std::vector<model::Event> events;
  for (const auto& record : batch.records) m_impl->feedRecord(batch, record, events);
  return events;
}

std::vector<model::Event> Detector::advance(base::TimePoint now) {
  std::vector<model::Event> events;
  if (now <= m_impl->now) return events;
  m_impl->now = now;
  m_impl->advance({}, now, events);
  if (!m_impl->options.watchSilence || now < m_impl->silenceAt + kAskForSilence) return events;
  m_impl->silenceAt = now;
  for (auto* service : m_impl->servicesByName()) {
    if (auto event = service->second.silence.advance(now)) events.push_back(*std::move(event));
  }
  return events;
}

void Detector::clockPutForward(base::Duration by) {
  for (auto& [name, state] : m_impl->services) {
    state.readAt += by;
    state.silence.clockPutForward(by);
  }
}

std::vector<model::Event> Detector::elapse(base::TimePoint wall) {
  std::vector<model::Event> events;
  if (m_impl->recognisers.empty() && !m_impl->options.watchSilence) return events;
  m_impl->read = base::TimePoint::max();
  for (auto* service : m_impl->servicesByName()) {
    auto& [name, state] = *service;
    if (state.newest == base::TimePoint::min() || wall <= state.readAt) continue;
    const auto progress = state.newest + (wall - state.readAt);
    m_impl->advance(name, progress, events);
    if (!m_impl->options.watchSilence) continue;
    if (auto event = state.silence.advance(progress)) events.push_back(*std::move(event));
  }
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

const TemplateMiner& Detector::templates() const {
  return m_impl->miner;
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

std::vector<PatternCost> Detector::costs() const {
  std::vector<PatternCost> all;
  for (size_t i = 0; i < m_impl->states.size(); ++i) {
    const auto [candidates, time] = m_impl->meter.cost(i);
    if (candidates > 0) all.push_back({m_impl->pattern(i).id, candidates, time, m_impl->meter.isOver(i)});
  }
  return all;
}

std::vector<Overrun> Detector::takeOverruns() {
  std::vector<Overrun> all;
  for (const auto& [index, each] : m_impl->meter.takeOverruns())
    all.push_back({m_impl->pattern(index).id, each});
  return all;
}

void Detector::usePatterns(std::shared_ptr<const PatternSet> patterns) {
  auto& impl = *m_impl;
  const auto before = impl.patterns;
  auto states = std::move(impl.states);
  const auto meter = impl.meter;
  impl.use(std::move(patterns));
  impl.meter = CostMeter(budgetOf(impl.options), impl.options.overruns);
  impl.meter.resize(impl.states.size());
  ++impl.revision;
  for (size_t i = 0; i < impl.states.size(); ++i) {
    const auto* same = before->find(impl.pattern(i).id);
    if (same == nullptr) continue;
    const auto old = static_cast<size_t>(same - before->documents().data());
    if (before->matcher().digest(old) != impl.matcher().digest(i)) continue;
    // Who switches a pattern on again gives it another chance.
    if (same->enabled || !impl.pattern(i).enabled) impl.meter.take(i, meter, old);
    impl.states[i].windows = std::move(states[old].windows);
    if (!impl.states[i].recogniser) continue;
    // A recogniser refers to its document, which is the new set's from now on.
    impl.states[i].recogniser->restore(states[old].recogniser->snapshot(), {});
  }
}

std::string Detector::snapshot() const {
  nlohmann::json patterns = nlohmann::json::array();
  for (size_t i = 0; i < m_impl->states.size(); ++i) {
    const auto& state = m_impl->states[i];
    nlohmann::json windows = nlohmann::json::array();
    for (const auto& [key, window] : state.windows.entries()) windows.push_back(WindowJson::write(window));
    auto kept = state.recogniser ? state.recogniser->snapshot() : nlohmann::json();
    if (windows.empty() && kept.empty()) continue;
    nlohmann::json entry = {{"pattern", m_impl->pattern(i).id},
                            {"digest", m_impl->matcher().digest(i)},
                            {"windows", std::move(windows)}};
    if (!kept.empty()) entry["state"] = std::move(kept);
    patterns.push_back(std::move(entry));
  }
  nlohmann::json last = nlohmann::json::array();
  for (const auto& [key, match] : m_impl->last) {
    last.push_back({match.patternId, match.service, micros(match.eventTime), micros(match.ingestTime)});
  }
  nlohmann::json all = {{"version", 1}, {"patterns", std::move(patterns)}, {"last", std::move(last)}};
  if (m_impl->miner.size() > 0) all["templates"] = base::toHex(m_impl->miner.snapshot());
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
      if (entry.at("digest") != fresh->matcher().digest(index)) continue;
      auto& state = fresh->states[index];
      for (const auto& stored : entry.at("windows")) {
        auto window = WindowJson::read(stored);
        if (watched && !window.standsOn(watched)) continue;
        const auto key = windowKey(window.service, window.groupKey, window.manner);
        state.windows.get(key, fresh->options.maxKeys, [&](const auto&) { ++fresh->counters.evictedKeys; }) =
            std::move(window);
      }
      if (state.recogniser && entry.contains("state")) state.recogniser->restore(entry.at("state"), watched);
    }
    if (all.contains("templates")) {
      const auto bytes = base::fromHex(all.at("templates").get_ref<const std::string&>());
      if (!bytes) return base::fail(base::ErrorCode::Corrupt, "the templates can't be read");
      if (auto restored = fresh->miner.restore(*bytes); !restored) return restored;
    }
    for (const auto& match : all.at("last")) {
      LastMatch value{match.at(0), match.at(1), base::TimePoint(base::Duration(match.at(2).get<int64_t>())),
                      base::TimePoint(base::Duration(match.at(3).get<int64_t>()))};
      // What waits for time to pass goes on waiting, also when the service has fallen silent.
      auto& of = fresh->services[value.service];
      of.newest = std::max(of.newest, value.eventTime);
      of.readAt = std::max(of.readAt, value.ingestTime);
      fresh->last[{value.patternId, value.service}] = value;
    }
  } catch (const nlohmann::json::exception& error) {
    return base::fail(base::ErrorCode::Corrupt, std::string("detector state: ") + error.what());
  }
  m_impl = std::move(fresh);
  return {};
}

}  // namespace aiops::detection
