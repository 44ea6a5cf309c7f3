// Records to events: matching, sliding windows, cool-down.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu_time.h"
#include "base/result.h"
#include "base/time.h"
#include "detection/pattern.h"
#include "model/event.h"
#include "model/log_record.h"
#include "model/pattern.h"

namespace aiops::detection {

class TemplateMiner;

struct DetectorOptions {
  base::Duration lateness = std::chrono::seconds(5);  ///< how far out of order event times may come
  /// An episode that goes on fires after this long already while it is young, so that whoever waits to see
  /// whether trouble lasts need not wait for the cool-down. 0: never.
  base::Duration confirmEvery{0};
  size_t maxKeys = 10'000;                   ///< per pattern; the least recently matched key leaves first
  std::chrono::seconds temporalWindow{300};  ///< where a temporal pattern names none
  double sensitivity = 1.5;                  ///< where an anomaly pattern names none
  bool mineTemplates = false;                ///< also when no pattern asks for templates
  bool watchSilence = false;  ///< also tell which services fell silent, see detection/silence.h
  bool watchNovelty = false;  ///< also tell what a service has never written before; see NewMessages
  /// Only patterns for which one record is an event: those of what counts, develops or is missing would draw
  /// wrong conclusions from a stream of which only some lines are shown.
  bool singleRecords = false;
  base::CpuClock cpuTime = base::threadCpuTime;
  /// What a pattern may take for a record on the average of a thousand, and as much again for each further
  /// KiB of a record; one that takes more three times in a row is switched off. 0: 50 microseconds, in builds
  /// without optimisation forty times that.
  base::Duration budget{0};
  uint32_t overruns = 3;
};

/// The processor time that a pattern took, worked out from a share of the records that it was asked about.
struct PatternCost {
  std::string patternId;
  uint64_t candidates = 0;  ///< records that it was asked about
  std::chrono::nanoseconds time{0};
  bool isOff = false;  ///< it went over its budget
};

/// A pattern that was switched off because it went over its budget.
struct Overrun {
  std::string patternId;
  std::chrono::nanoseconds each{0};  ///< what it took for a record on average
};

/// When a pattern last matched a line of a service, whether or not its threshold was reached.
struct LastMatch {
  std::string patternId;
  std::string service;
  base::TimePoint eventTime;   ///< the greatest seen
  base::TimePoint ingestTime;  ///< of the newest matching record
};

struct DetectorCounters {
  uint64_t records = 0;
  uint64_t matches = 0;
  uint64_t late = 0;  ///< matches that came too late for their window; they still count as LastMatch
  uint64_t evictedKeys = 0;
};

/// Feeds records through a pattern set. Not thread safe: each lane owns one.
///
/// A type of pattern says what an occurrence is: a record that the pattern selects (regex, fuzzy), or what a
/// recogniser makes of several (sequence.h and the like). Windows of occurrences are kept per (pattern,
/// service, group key) in event time. One that is more than `lateness` older than the newest of its window is
/// late and not counted.
/// * An event fires when `count` occurrences lie within less than `window` of each other (count 1: at once).
///   Its `first`, `count` and `evidence` (the first five) are those that crossed the threshold.
/// * While it goes on, the same episode fires again with the same pattern, key, `first` and evidence, and a
///   grown `count` and `last`: at an occurrence that is at least `cooldown` later than the last firing and
///   that meets the threshold again. So one failure gives one event at once and then at most one each
///   cool-down. Its evidence ends with the newest record, so that a long failure can still be shown when its
///   first lines are gone.
/// * With `distinct` what lies within the window are `count` occurrences with different values of what it
/// names,
///   `first`, `count` and `evidence` (the newest 16) those of the newest occurrence of each value, and the
///   capture `explanation` says which values. Occurrences without the value are not counted.
/// * The episode ends when nothing occurred for the cool-down, or for the window if that is longer and there
///   is a threshold; the next occurrence begins a new one.
///
/// Event times are believed up to a minute ahead of the clock at which records were read. When the clock is
/// put back further, windows begin anew with the next record, and so do recognisers: what they keep lies
/// ahead.
///
/// What becomes true by the absence of lines is told when the event time of the service's records has passed
/// it by `lateness`, or when advance() says that time has.
///
/// Deterministic: the same records in the same order give the same events. An event's id is a UUID derived
/// from pattern, service, key, evidence ids, count and last time. `captures` and `key` are cut to 256 bytes
/// and made valid UTF-8; so is EvidenceRef::text (500 bytes), while EvidenceRef::sha256 covers the raw bytes
/// of the whole entry.
class Detector {
 public:
  explicit Detector(std::shared_ptr<const PatternSet> patterns, DetectorOptions options = {});
  ~Detector();
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;

  /// Builds what searching needs, which the first record would wait for else.
  void prepare() const;
  /// Events in order of the records that fired them.
  std::vector<model::Event> feed(const model::LogBatch& batch);
  /// Event time has come to `now` for all services: their sources are read to the end. Earlier times than
  /// before change nothing.
  std::vector<model::Event> advance(base::TimePoint now);
  /// It is `wall` now and all sources are read to the end: the event time of each service has gone on by as
  /// much as the clock has since its newest record was read.
  std::vector<model::Event> elapse(base::TimePoint wall);
  /// The clock was put forward: by that time nothing has elapsed.
  void clockPutForward(base::Duration by);

  /// The templates of the messages, as far as they are mined.
  const TemplateMiner& templates() const;

  std::optional<LastMatch> lastMatch(std::string_view patternId, std::string_view service) const;
  std::vector<LastMatch> lastMatches() const;
  const DetectorCounters& counters() const;
  /// Grows with every match: a snapshot is worth taking only when it has changed.
  uint64_t revision() const;

  /// Of all patterns that were asked about a record, by id; since the detector was made.
  std::vector<PatternCost> costs() const;
  /// Patterns switched off since this was last asked. They stay off until other patterns come that detect
  /// something else under the same id.
  std::vector<Overrun> takeOverruns();

  /// What each pattern found since this was last asked, without those that found nothing.
  std::vector<model::PatternCount> takeCounts();
  /// Goes on with other patterns. Those that detect the same as before keep their windows; so do those that
  /// are switched off meanwhile.
  void usePatterns(std::shared_ptr<const PatternSet> patterns);

  /// Windows, episodes and last matches as JSON text (valid UTF-8).
  std::string snapshot() const;
  /// Takes over a snapshot. Windows of patterns that are gone or changed are left out, and those that stand
  /// on lines of a source for which `watched` is false. On failure (Corrupt) the detector is as new.
  base::Result<> restore(std::string_view json,
                         const std::function<bool(const std::string& source)>& watched = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::detection
