// The sliding window of one (pattern, service, key), in event time. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "detection/pattern.h"
#include "model/event.h"

namespace aiops::detection {

/// What one occurrence rests on; more than one record only where a pattern needs several.
using Evidence = std::vector<model::EvidenceRef>;

/// One accepted occurrence. Only those of a window that has not fired carry evidence.
struct WindowMatch {
  base::TimePoint time;
  Evidence evidence;
};

/// The episode that a window is in once it has fired.
struct Episode {
  base::TimePoint first;
  base::TimePoint last;
  base::TimePoint fired;  ///< event time of the newest firing
  uint64_t count = 0;
  std::vector<model::EvidenceRef> evidence;
};

/// What DetectorOptions says of every window.
struct WindowLimits {
  base::Duration lateness{0};
  base::Duration confirmEvery{0};
};

/// The rules of Detector for one key. Not thread safe.
class Window {
 public:
  enum class Verdict { Late, Counted, Fired };

  /// `evidence` is called only when the reference is going to be kept.
  template <class MakeEvidence>
  Verdict add(base::TimePoint time, const PatternDocument& pattern, const WindowLimits& limits,
              const MakeEvidence& evidence) {
    if (!m_matches.empty() && time < m_matches.back().time - limits.lateness) return Verdict::Late;
    endEpisodeBefore(time, pattern);
    Evidence refs;
    if (m_active ? m_episode.evidence.size() < kEvidence : true) refs = evidence();
    return insert(time, std::move(refs), pattern, limits);
  }

  /// Of the episode; meaningful after Fired.
  const Episode& episode() const { return m_episode; }

  /// True when all lines that it keeps come from sources for which `watched` is true.
  template <class Watched>
  bool standsOn(const Watched& watched) const {
    const auto known = [&](const model::EvidenceRef& ref) {
      return ref.source.empty() || watched(ref.source);
    };
    return std::ranges::all_of(m_episode.evidence, known) &&
           std::ranges::all_of(m_matches, [&](const WindowMatch& match) {
             return std::ranges::all_of(match.evidence, known);
           });
  }

  std::string key;
  std::string service;
  std::string groupKey;

  static constexpr size_t kEvidence = 5;

 private:
  friend struct WindowJson;

  void endEpisodeBefore(base::TimePoint time, const PatternDocument& pattern);
  Verdict insert(base::TimePoint time, Evidence refs, const PatternDocument& pattern,
                 const WindowLimits& limits);
  bool firesAgain(base::TimePoint time, const PatternDocument& pattern, base::Duration confirmEvery) const;
  bool crossed(size_t at, const PatternDocument& pattern, size_t& runStart) const;
  void begin(size_t runStart);
  void keep(Evidence refs);
  void prune(const PatternDocument& pattern, base::Duration lateness);

  std::deque<WindowMatch> m_matches;  ///< by time
  bool m_active = false;
  Episode m_episode;
};

}  // namespace aiops::detection
