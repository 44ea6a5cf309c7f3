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
  m_active = false;
  m_episode = {};
  m_matches.clear();
}

/// True when `count` matches that include number `at` lie within less than the window; the earliest such run.
bool Window::crossed(size_t at, const PatternDocument& pattern, size_t& runStart) const {
  const size_t count = pattern.count;
  for (size_t start = at + 1 >= count ? at + 1 - count : 0; start <= at && start + count <= m_matches.size();
       ++start) {
    if (m_matches[start + count - 1].time - m_matches[start].time >= pattern.window) continue;
    runStart = start;
    return true;
  }
  return false;
}

void Window::keep(Evidence refs) {
  for (auto& ref : refs) {
    if (m_episode.evidence.size() < kEvidence) m_episode.evidence.push_back(std::move(ref));
  }
}

void Window::begin(size_t runStart) {
  m_active = true;
  m_episode = {};
  m_episode.first = m_matches[runStart].time;
  m_episode.last = m_matches.back().time;
  m_episode.count = m_matches.size() - runStart;
  for (size_t i = runStart; i < m_matches.size(); ++i) keep(std::move(m_matches[i].evidence));
  for (auto& match : m_matches) match.evidence = {};
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
  const auto fresh = std::ranges::count_if(m_matches, [&](const auto& match) { return match.time > since; });
  return static_cast<uint64_t>(fresh) >= pattern.count;
}

Window::Verdict Window::insert(base::TimePoint time, Evidence refs, const PatternDocument& pattern,
                               const WindowLimits& limits) {
  const auto after =
      std::upper_bound(m_matches.begin(), m_matches.end(), time,
                       [](base::TimePoint t, const WindowMatch& match) { return t < match.time; });
  const auto at = static_cast<size_t>(after - m_matches.begin());
  if (m_active) keep(std::exchange(refs, {}));
  m_matches.insert(after, {time, std::move(refs)});
  size_t runStart = 0;
  const bool met = crossed(at, pattern, runStart);
  bool fired = false;
  if (m_active) {
    ++m_episode.count;
    m_episode.last = std::max(m_episode.last, time);
    fired = met && firesAgain(time, pattern, limits.confirmEvery);
  } else if (met) {
    begin(runStart);
    fired = true;
  }
  if (fired) m_episode.fired = m_episode.last;
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
