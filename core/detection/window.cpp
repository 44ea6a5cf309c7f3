// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/window.h"

#include <algorithm>
#include <utility>

namespace aiops::detection {
namespace {

constexpr int kYoung = 4;  // an episode is young for this many confirmations

}  // namespace

void Window::endEpisodeBefore(base::TimePoint time, const PatternDocument& pattern) {
  // Without a threshold the window says nothing: then a quiet cool-down ends it.
  const auto quiet = pattern.count > 1 ? std::max(pattern.cooldown, pattern.window) : pattern.cooldown;
  if (!m_active || time <= m_episode.last + quiet) return;
  beginAnew();
}

void Window::beginAnew() {
  m_active = false;
  m_episode = {};
  m_matches.clear();
}

/// Once for each window: what this key never had before.
std::optional<Window::Run> Window::firstEver(size_t at, const PatternDocument& pattern) {
  if (!pattern.first || std::exchange(m_seen, true)) return std::nullopt;
  return Run{at, m_matches.size() - 1};
}

std::optional<Window::Run> Window::crossed(size_t at, const PatternDocument& pattern) const {
  return pattern.distinct.empty() ? crossedByCount(at, pattern) : crossedByValues(at, pattern);
}

/// `count` matches that include number `at` and lie within less than the window; the earliest such run.
std::optional<Window::Run> Window::crossedByCount(size_t at, const PatternDocument& pattern) const {
  const size_t count = pattern.count;
  for (size_t start = at + 1 >= count ? at + 1 - count : 0; start <= at && start + count <= m_matches.size();
       ++start) {
    if (m_matches[start + count - 1].time - m_matches[start].time < pattern.window)
      return Run{start, m_matches.size() - 1};
  }
  return std::nullopt;
}

/// The run with the earliest end that includes number `at`, lies within less than the window and holds
/// `count` different values; as short as it can be.
std::optional<Window::Run> Window::crossedByValues(size_t at, const PatternDocument& pattern) const {
  for (size_t end = lastOfSameTime(at);
       end < m_matches.size() && m_matches[end].time - m_matches[at].time < pattern.window;
       end = lastOfSameTime(end + 1)) {
    size_t values = 0;
    for (size_t start = end + 1;
         start-- > 0 && m_matches[end].time - m_matches[start].time < pattern.window;) {
      values += isNewestOfValue(start, {start, end}) ? 1 : 0;
      if (values >= pattern.count) return Run{std::min(start, at), end};
    }
  }
  return std::nullopt;
}

bool Window::isNewestOfValue(size_t at, const Run& run) const {
  return m_matches[at].next > m_matches[run.end].time;
}

size_t Window::lastOfSameTime(size_t at) const {
  while (at + 1 < m_matches.size() && m_matches[at + 1].time == m_matches[at].time) ++at;
  return at;
}

/// Works out `next` of all, newest first.
void Window::link() {
  std::map<std::string_view, base::TimePoint> next;
  for (auto match = m_matches.rbegin(); match != m_matches.rend(); ++match) {
    const auto known = next.find(match->value);
    match->next = known == next.end() ? base::TimePoint::max() : known->second;
    next.insert_or_assign(match->value, match->time);
  }
}

/// Works out `next` of a match that has come in, and of the one before it with the same value.
void Window::link(size_t at) {
  const auto& added = m_matches[at];
  const auto isSame = [&](const WindowMatch& other) { return other.value == added.value; };
  const auto place = m_matches.begin() + static_cast<ptrdiff_t>(at);
  const auto later = std::find_if(place + 1, m_matches.end(), isSame);
  if (later != m_matches.end()) place->next = later->time;
  const auto before = std::find_if(std::make_reverse_iterator(place), m_matches.rend(), isSame);
  if (before != m_matches.rend()) before->next = added.time;
}

/// Drops the matches with this value that no window needs, and works out `next` of the others.
void Window::thin(const std::string& value, const PatternDocument& pattern) {
  std::vector<size_t> kept, gone;
  for (size_t i = 0; i < m_matches.size(); ++i) {
    if (m_matches[i].value != value) continue;
    if (kept.size() >= 2 && m_matches[i].time - m_matches[kept[kept.size() - 2]].time <= pattern.window) {
      gone.push_back(kept.back());
      kept.back() = i;
    } else if (!kept.empty() && m_matches[i].time == m_matches[kept.back()].time) {
      gone.push_back(kept.back());
      kept.back() = i;
    } else {
      kept.push_back(i);
    }
  }
  for (size_t k = 0; k < kept.size(); ++k)
    m_matches[kept[k]].next = k + 1 < kept.size() ? m_matches[kept[k + 1]].time : base::TimePoint::max();
  for (auto index = gone.rbegin(); index != gone.rend(); ++index)
    m_matches.erase(m_matches.begin() + static_cast<ptrdiff_t>(*index));
}

void Window::keep(Evidence refs) {
  for (auto& ref : refs) {
    if (m_episode.evidence.size() < kEvidence) m_episode.evidence.push_back(std::move(ref));
  }
}

void Window::begin(const Run& run, const PatternDocument& pattern) {
  m_active = true;
  m_episode = {};
  m_episode.first = m_matches[run.start].time;
  m_episode.last = m_matches.back().time;
  m_episode.count = pattern.distinct.empty() ? m_matches.size() - run.start : m_values.size();
  for (size_t i = run.start; i <= run.end; ++i) {
    if (pattern.distinct.empty()) {
      keep(std::move(m_matches[i].evidence));
    } else if (isNewestOfValue(i, run)) {
      std::ranges::move(m_matches[i].evidence, std::back_inserter(m_episode.evidence));
    }
  }
  if (!pattern.distinct.empty() && m_episode.evidence.size() > kDistinctEvidence)
    m_episode.evidence.erase(m_episode.evidence.begin(), m_episode.evidence.end() - kDistinctEvidence);
  for (auto& match : m_matches) match.evidence = {};
}

void Window::noteValues(const Run& run) {
  m_values.clear();
  for (size_t i = run.start; i <= run.end; ++i) {
    if (isNewestOfValue(i, run)) m_values.push_back(m_matches[i].value);
  }
}

/// While an episode is young it is worth knowing soon whether it goes on: then it fires after `confirmEvery`
/// already, if the threshold is met by matches that came well after the last firing. A burst and a straggler
/// are no lasting trouble.
bool Window::firesAgain(base::TimePoint time, const PatternDocument& pattern,
                        base::Duration confirmEvery) const {
  if (time >= m_episode.fired + pattern.cooldown) return true;
  if (confirmEvery == base::Duration(0) || time < m_episode.fired + confirmEvery) return false;
  if (time > m_episode.first + kYoung * confirmEvery) return false;
  const auto since = m_episode.fired + confirmEvery / 2;
  const auto fresh = std::ranges::count_if(m_matches, [&](const auto& match) {
    return match.time > since && match.next == base::TimePoint::max();
  });
  return static_cast<uint64_t>(fresh) >= pattern.count;
}

Window::Verdict Window::insert(WindowMatch match, const PatternDocument& pattern,
                               const WindowLimits& limits) {
  const auto time = match.time;
  const auto value = match.value;
  const auto after =
      std::upper_bound(m_matches.begin(), m_matches.end(), time,
                       [](base::TimePoint t, const WindowMatch& other) { return t < other.time; });
  const auto at = static_cast<size_t>(after - m_matches.begin());
  if (m_active) keep(std::exchange(match.evidence, {}));
  m_matches.insert(after, std::move(match));
  if (!pattern.distinct.empty()) link(at);
  const auto first = firstEver(at, pattern);
  const auto run = first ? first : crossed(at, pattern);
  bool fired = false;
  if (m_active) {
    ++m_episode.count;
    m_episode.last = std::max(m_episode.last, time);
    fired = run && firesAgain(time, pattern, limits.confirmEvery);
  }
  if (run && !pattern.distinct.empty() && (fired || !m_active)) noteValues(*run);
  if (run && !m_active) {
    begin(*run, pattern);
    fired = true;
  }
  if (fired) m_episode.fired = m_episode.last;
  if (!pattern.distinct.empty()) thin(value, pattern);
  prune(pattern, limits.lateness);
  return fired ? Verdict::Fired : Verdict::Counted;
}

void Window::prune(const PatternDocument& pattern, base::Duration lateness) {
  const auto oldest = m_matches.back().time - lateness - pattern.window;
  while (m_matches.front().time < oldest) m_matches.pop_front();
  // An episode under way needs no more than tells whether the threshold is still met.
  const size_t most = pattern.count == 1 ? 1 : std::max<size_t>(4 * pattern.count, 256);
  while (m_active && m_matches.size() > most) m_matches.pop_front();
}

}  // namespace aiops::detection
