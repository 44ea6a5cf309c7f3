// The sliding window of one (pattern, service, key), in event time. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "detection/pattern.h"
#include "detection/tally.h"
#include "model/event.h"
#include "model/log_record.h"

namespace aiops::detection {

/// What one occurrence rests on; more than one record only where a pattern needs several.
using Evidence = std::vector<model::EvidenceRef>;

/// One accepted occurrence. Only those of a window that has not fired carry evidence.
struct WindowMatch {
  base::TimePoint time;
  Evidence evidence;
  std::string value{};                            ///< where different values count
  base::TimePoint next = base::TimePoint::max();  ///< of the next match with that value
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
  base::TimePoint read = base::TimePoint::max();  ///< when the newest record was read, by the clock
};

/// The rules of Detector for one key. Not thread safe.
///
/// Where different values count, of the matches with one value only those are kept that some window needs: of
/// three in a row the middle one goes when the outer ones are no more than the window apart, since whatever
/// window holds it holds one of them. So one value takes a handful of places however often it comes.
class Window {
 public:
  enum class Verdict { Late, Counted, Fired };

  /// `evidence` is called only when the reference is going to be kept. `value` is what `distinct` names.
  template <class MakeEvidence>
  Verdict add(base::TimePoint time, std::string value, const PatternDocument& pattern,
              const WindowLimits& limits, const MakeEvidence& evidence) {
    if (!m_matches.empty() && time < m_matches.back().time - limits.lateness) {
      if (!isAhead(time, limits.read)) return Verdict::Late;
      beginAnew();
    }
    endEpisodeBefore(time, pattern);
    Evidence refs;
    if (m_active ? m_episode.evidence.size() < kEvidence : true) refs = evidence();
    return insert({time, std::move(refs), std::move(value)}, pattern, limits);
  }

  /// Of the episode; meaningful after Fired.
  const Episode& episode() const { return m_episode; }
  /// The different values that met the threshold, by the time of their newest matches; after Fired.
  const std::vector<std::string>& values() const { return m_values; }

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

  std::string service;
  std::string groupKey;
  std::string manner;  ///< Occurrence::manner
  ValueTally tally;    ///< of all records that were not late, where the pattern asks for one

  static constexpr size_t kEvidence = 5;
  static constexpr size_t kDistinctEvidence = 16;  ///< of different values, the newest

 private:
  /// Matches by index, both ends included.
  struct Run {
    size_t start = 0, end = 0;
  };

  friend struct WindowJson;

  /// The clock was put back: what it keeps lies ahead of it, a record of `time` does not. Else all that comes
  /// would be late until the clock is there again.
  bool isAhead(base::TimePoint time, base::TimePoint read) const {
    return m_matches.back().time - model::kMostAhead > read && time - model::kMostAhead <= read;
  }
  void beginAnew();
  std::optional<Run> firstEver(size_t at, const PatternDocument& pattern);
  void endEpisodeBefore(base::TimePoint time, const PatternDocument& pattern);
  Verdict insert(WindowMatch match, const PatternDocument& pattern, const WindowLimits& limits);
  bool firesAgain(base::TimePoint time, const PatternDocument& pattern, base::Duration confirmEvery) const;
  std::optional<Run> crossed(size_t at, const PatternDocument& pattern) const;
  std::optional<Run> crossedByCount(size_t at, const PatternDocument& pattern) const;
  std::optional<Run> crossedByValues(size_t at, const PatternDocument& pattern) const;
  bool isNewestOfValue(size_t at, const Run& run) const;
  size_t lastOfSameTime(size_t at) const;
  void link();
  void link(size_t at);
  void thin(const std::string& value, const PatternDocument& pattern);
  void begin(const Run& run, const PatternDocument& pattern);
  void noteValues(const Run& run);
  void keep(Evidence refs);
  void prune(const PatternDocument& pattern, base::Duration lateness);

  std::deque<WindowMatch> m_matches;  ///< by time
  std::vector<std::string> m_values;
  bool m_active = false;
  bool m_seen = false;  ///< something came already; kept where `first` is asked for
  Episode m_episode;
};

}  // namespace aiops::detection
