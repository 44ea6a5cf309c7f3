// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/sequence.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "detection/detector.h"
#include "detection/evidence.h"
#include "detection/matcher.h"
#include "detection/window_json.h"

namespace aiops::detection {
namespace {

using nlohmann::json;

int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}
base::TimePoint timeAt(const json& value) {
  return base::TimePoint(base::Duration(value.get<int64_t>()));
}

/// What the records said; a later one has the last word.
template <class Hits>
std::map<std::string, std::string> capturesOf(const Hits& hits, const std::vector<size_t>& which) {
  std::map<std::string, std::string> all;
  for (const auto i : which) {
    for (const auto& [name, value] : hits[i].captures) all[name] = value;
  }
  return all;
}

}  // namespace

SequenceRecogniser::SequenceRecogniser(const PatternDocument& pattern, base::Duration lateness,
                                       size_t maxKeys)
    : m_pattern(pattern),
      m_sequence(std::get<SequenceKind>(pattern.kind)),
      m_lateness(lateness),
      m_maxKeys(maxKeys) {
  m_told = m_sequence.steps.size() - (m_sequence.steps.back().missing ? 1 : 0);
}

std::string SequenceRecogniser::joinOf(const Selected& selected) const {
  return m_sequence.join.empty() ? selected.group
                                 : captureOrField(m_sequence.join, selected.record, selected.captures);
}

/// Of a story whose records are joined by something else, its captures say which group it belongs to.
std::string SequenceRecogniser::groupOf(const Key& key,
                                        const std::map<std::string, std::string>& captures) const {
  if (m_sequence.join.empty() || m_pattern.groupBy == m_sequence.join) return key.group;
  if (m_pattern.groupBy == "service") return key.service;
  const auto found = captures.find(m_pattern.groupBy);
  return found == captures.end() ? std::string() : found->second;
}

void SequenceRecogniser::add(const Selected& selected, std::vector<Occurrence>& out) {
  const auto join = joinOf(selected);
  if (join.empty() && !m_sequence.join.empty()) return;  // it belongs to nothing
  const auto name = joinedKey({selected.batch.service, join});
  auto& key = m_keys.get(name, m_maxKeys, [&](const auto& old) {
    forget(old.first, old.second);
    ++m_evicted;
  });
  key.service = selected.batch.service;
  key.group = join;
  const auto time = selected.record.eventTime;
  if (!key.hits.empty() && time + m_lateness + m_sequence.within < key.hits.back().time) return;
  const auto place = std::ranges::upper_bound(key.hits, time, {}, &Hit::time);
  const auto at = static_cast<size_t>(place - key.hits.begin());
  auto captures = selected.captures;
  // Whom it is told of may stand in a field: the story has only captures.
  if (!m_sequence.join.empty() && m_pattern.groupBy != "service" && !selected.group.empty())
    captures.try_emplace(m_pattern.groupBy, selected.group);
  key.hits.insert(
      place, Hit{time, selected.step, makeEvidence(selected.batch, selected.record), std::move(captures)});
  if (isMissing(selected.step)) {
    settle(key, time);
  } else {
    Story story;
    if (find(key, at, story)) tell(name, key, story, out);
  }
  prune(key);
}

/// The latest story that ends with hit `last`.
bool SequenceRecogniser::findOrdered(const Key& key, size_t last, Story& story) const {
  if (key.hits[last].step + 1 != m_told) return false;
  story.hits.clear();
  size_t step = m_told - 1;
  uint32_t wanted = m_sequence.steps[step].least;
  const auto begin = key.hits[last].time - m_sequence.within;
  for (size_t at = last + 1; at-- > 0 && key.hits[at].time >= begin;) {
    if (key.hits[at].step != step) continue;
    story.hits.push_back(at);
    if (--wanted > 0) continue;
    if (step-- == 0) {
      std::ranges::reverse(story.hits);
      return withinLimits(key, story);
    }
    wanted = m_sequence.steps[step].least;
  }
  return false;
}

/// A story of all steps, whatever their order, that hit `added` belongs to.
bool SequenceRecogniser::findUnordered(const Key& key, size_t added, Story& story) const {
  const auto& hits = key.hits;
  for (size_t last = added; last < hits.size() && hits[last].time - hits[added].time <= m_sequence.within;
       ++last) {
    story.hits.clear();
    std::vector<uint32_t> wanted;
    for (size_t step = 0; step < m_told; ++step) wanted.push_back(m_sequence.steps[step].least);
    uint64_t left = 0;
    for (const auto count : wanted) left += count;
    for (size_t at = last + 1;
         at-- > 0 && hits[last].time - hits[at].time <= m_sequence.within && left > 0;) {
      if (isMissing(hits[at].step) || wanted[hits[at].step] == 0) continue;
      --wanted[hits[at].step];
      --left;
      story.hits.push_back(at);
    }
    if (left > 0) continue;
    std::ranges::reverse(story.hits);
    if (withinLimits(key, story)) return true;
  }
  return false;
}

bool SequenceRecogniser::withinLimits(const Key& key, const Story& story) const {
  for (size_t step = 0; step < m_told; ++step) {
    const auto most = m_sequence.steps[step].most;
    if (most == 0) continue;
    uint32_t count = 0;
    for (size_t at = story.hits.front(); at <= story.hits.back(); ++at) count += key.hits[at].step == step;
    if (count > most) return false;
  }
  return true;
}

/// A record that comes late may complete a story whose end is there already.
bool SequenceRecogniser::find(const Key& key, size_t added, Story& story) const {
  if (!m_sequence.inOrder) return findUnordered(key, added, story);
  for (size_t last = added; last < key.hits.size(); ++last) {
    if (key.hits[last].time - key.hits[added].time > m_sequence.within) return false;
    if (findOrdered(key, last, story) && std::ranges::find(story.hits, added) != story.hits.end())
      return true;
  }
  return false;
}

void SequenceRecogniser::tell(const std::string& name, Key& key, const Story& story,
                              std::vector<Occurrence>& out) {
  Waiting told{key.hits[story.hits.front()].time,
               key.hits[story.hits.back()].time,
               {},
               capturesOf(key.hits, story.hits)};
  for (const auto at : story.hits) told.evidence.push_back(key.hits[at].evidence);
  spend(key, story.hits.back());
  if (m_told < m_sequence.steps.size()) return wait(name, key, std::move(told));
  auto group = groupOf(key, told.captures);
  out.push_back(
      {told.end, key.service, std::move(group), std::move(told.captures), std::move(told.evidence), {}});
}

/// Drops the records up to `last`. Those that settle a story, or are kept, stay.
void SequenceRecogniser::spend(Key& key, size_t last) const {
  std::erase_if(key.hits, [&, at = size_t(0)](const Hit& hit) mutable {
    return at++ <= last && !isMissing(hit.step) && !m_sequence.steps[hit.step].keep;
  });
}

void SequenceRecogniser::wait(const std::string& name, Key& key, Waiting waiting) {
  const auto settled = std::ranges::any_of(key.hits, [&](const Hit& hit) {
    return isMissing(hit.step) && hit.time >= waiting.end && hit.time <= waiting.begin + m_sequence.within;
  });
  if (settled) return;
  if (key.waiting.size() >= kMostHits) key.waiting.pop_front();
  m_deadlines.emplace(key.service, waiting.begin + m_sequence.within, name);
  key.waiting.push_back(std::move(waiting));
}

void SequenceRecogniser::settle(Key& key, base::TimePoint time) const {
  std::erase_if(key.waiting, [&](const Waiting& waiting) {
    return waiting.end <= time && time <= waiting.begin + m_sequence.within;
  });
}

void SequenceRecogniser::prune(Key& key) const {
  if (key.hits.empty()) return;
  const auto oldest = key.hits.back().time - m_sequence.within - m_lateness;
  while (key.hits.front().time < oldest || key.hits.size() > kMostHits) key.hits.pop_front();
}

void SequenceRecogniser::forget(const std::string& name, const Key& key) {
  for (const auto& waiting : key.waiting)
    m_deadlines.erase({key.service, waiting.begin + m_sequence.within, name});
}

/// Deadlines of stories that were settled meanwhile are passed over here.
void SequenceRecogniser::advance(const std::string& service, base::TimePoint progress,
                                 std::vector<Occurrence>& out) {
  const auto passed = progress - m_lateness;
  auto at = service.empty() ? m_deadlines.begin() : m_deadlines.lower_bound({service, {}, {}});
  while (at != m_deadlines.end() && (service.empty() || std::get<0>(*at) == service)) {
    const auto [of, when, name] = *at;
    if (when >= passed) {
      if (!service.empty()) return;
      at = m_deadlines.lower_bound({of + '\0', {}, {}});
      continue;
    }
    at = m_deadlines.erase(at);
    auto* key = m_keys.find(name);
    if (key == nullptr) continue;
    const auto isOver = [&, due = when](const Waiting& one) { return one.begin + m_sequence.within == due; };
    for (auto& one : key->waiting) {
      if (!isOver(one)) continue;
      auto group = groupOf(*key, one.captures);
      out.push_back(
          {when, key->service, std::move(group), std::move(one.captures), std::move(one.evidence), {}});
    }
    std::erase_if(key->waiting, isOver);
  }
}

json SequenceRecogniser::snapshot() const {
  json keys = json::array();
  for (const auto& [name, key] : m_keys.entries()) {
    json hits = json::array(), waiting = json::array();
    for (const auto& hit : key.hits)
      hits.push_back({micros(hit.time), hit.step, writeEvidence(hit.evidence), hit.captures});
    for (const auto& one : key.waiting)
      waiting.push_back({micros(one.begin), micros(one.end), writeEvidence(one.evidence), one.captures});
    if (hits.empty() && waiting.empty()) continue;
    keys.push_back({key.service, key.group, std::move(hits), std::move(waiting)});
  }
  return keys;
}

void SequenceRecogniser::restore(const json& state,
                                 const std::function<bool(const std::string& source)>& watched) {
  const auto gone = [&](const model::EvidenceRef& ref) { return watched && !watched(ref.source); };
  for (const auto& stored : state) {
    const std::string service = stored.at(0), group = stored.at(1);
    const auto name = joinedKey({service, group});
    auto& key = m_keys.get(name, m_maxKeys, [&](const auto& old) { forget(old.first, old.second); });
    key.service = service;
    key.group = group;
    for (const auto& hit : stored.at(2)) {
      Hit one{timeAt(hit.at(0)), hit.at(1), readEvidence(hit.at(2)), hit.at(3)};
      if (one.step < m_sequence.steps.size() && !gone(one.evidence)) key.hits.push_back(std::move(one));
    }
    std::ranges::stable_sort(key.hits, {}, &Hit::time);
    for (const auto& entry : stored.at(3)) {
      Waiting one{timeAt(entry.at(0)), timeAt(entry.at(1)), readEvidenceList(entry.at(2)), entry.at(3)};
      if (std::ranges::any_of(one.evidence, gone)) continue;
      m_deadlines.emplace(service, one.begin + m_sequence.within, name);
      key.waiting.push_back(std::move(one));
    }
  }
}

}  // namespace aiops::detection
