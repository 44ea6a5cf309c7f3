// A lane: one thread that owns some sources and takes their bytes to events.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"
#include "detection/detector.h"
#include "detection/pattern.h"
#include "model/event.h"
#include "model/log_line.h"
#include "model/status.h"
#include "parsing/record_assembler.h"
#include "sources/file_tail.h"

namespace aiops::pipeline {

struct LaneSource {
  /// Of a file, a glob, a directory (its *.log), "-" for standard input, or an address for syslog or the
  /// journal (syslog_feed.h, journal_feed.h).
  std::string path;
  std::string service;  ///< empty: LaneOptions::serviceOf each file
  sources::StartAt startAt = sources::StartAt::End;
  bool added = false;    ///< while running, not by the configuration
  bool history = false;  ///< what was written before it was first watched is read too, the oldest first
  std::optional<base::ZoneRule> zone;  ///< of stamps without one; empty: worked out while lines come
};

struct LaneOptions {
  sources::TailOptions tail;  ///< `startAt` is taken from the source
  parsing::ParserOptions parser{.zone = {.host = true}};
  parsing::JoinLimits join;
  detection::DetectorOptions detector{.confirmEvery = std::chrono::seconds(5),
                                      .mineTemplates = true,
                                      .watchSilence = true,
                                      .watchNovelty = true};
  base::Duration pollEvery = std::chrono::seconds(1);         ///< behind inotify
  base::Duration batchPause = std::chrono::milliseconds(20);  ///< least time between two commits of a trickle
  base::Duration retryFirst =
      std::chrono::milliseconds(100);  ///< after a failed commit; doubles up to retryMost
  base::Duration retryMost = std::chrono::seconds(5);
  size_t maxFiles = 500;  ///< of all globs and directories together; more is a health event
  base::Duration forgetAfter = std::chrono::minutes(1);  ///< a file of a glob that is gone for so long
  /// Where a file grows faster than it is read, errors of its newest part are told of before their turn, see
  /// Lookout.
  bool looksAhead = false;
  std::function<std::string(const std::string& path)> serviceOf;  ///< needed for a source without a service
  /// Where standard input is kept, and other streams beside it; empty: they can't be watched.
  std::string inputFile;
  int inputFd = 0;
};

/// The detector as it is live, for trying patterns: without what is told of services beside them.
detection::DetectorOptions trialOptions();

/// Whether the path is no file but something that is listened to.
bool isStream(const std::string& path);
/// InvalidInput when the path is the address of a stream, and wrong.
base::Result<> checkAddress(const std::string& path);
/// The file in which a stream is kept.
std::string keptFile(const LaneOptions& options, const std::string& path);

/// What came of some bytes. All of it belongs into one transaction.
struct LaneOutput {
  std::vector<model::Event> events;
  std::vector<model::SourcePosition> positions;  ///< of the sources that moved; replace those stored
  std::string detectorState;                     ///< replace what is stored; empty: unchanged
  std::vector<model::LineCount> counts;          ///< to be added to what is stored
  std::vector<model::LogLine> lines;  ///< `sequence` is 0: the receiver numbers them; text is valid UTF-8
  std::vector<model::HealthEvent> health;
  std::vector<model::PatternCount> found;  ///< to be added to what is stored
};

/// Where a lane's output goes. Called on the lane's thread, one call at a time.
class LaneSink {
 public:
  virtual ~LaneSink() = default;
  /// Returns once the output is durable, or with the reason why it is not; then it is offered again, so a
  /// failed call must leave nothing behind. Must not call back into the lane's stop().
  virtual base::Result<> commit(const LaneOutput& output) = 0;
};

/// Exactly once in effect: positions leave together with the events of the same bytes, and never pass bytes
/// that are still held (an unfinished line, a record that may grow). After a crash a new lane, given the
/// stored positions and detector state, goes on as if nothing had happened. Back-pressure: while a commit
/// fails nothing more is read; problem() says so and retries go on with back-off. Public functions are thread
/// safe. The sink must outlive the lane.
class Lane {
 public:
  Lane(std::vector<LaneSource> laneSources, std::vector<model::SourcePosition> positions,
       std::string detectorState, std::shared_ptr<const detection::PatternSet> patterns,
       const base::Clock& clock, LaneSink& sink, LaneOptions options = {});
  /// Stops.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Starts the thread. Unavailable when the system refuses.
  base::Result<> start();
  /// Ends the thread; what was not committed is read again next time. Idempotent; never from the sink.
  void stop();

  /// Adds a source while running, or before. `position` if one is stored. A path that is there already is a
  /// Conflict. What is under way in the detector stays.
  base::Result<> addSource(LaneSource source, std::optional<model::SourcePosition> position = {});
  /// Takes a source away, by the path it was added with; what was read of it is still stored. NotFound.
  base::Result<> removeSource(const std::string& path);

  /// From the next batch on, these are looked for; see Detector::usePatterns().
  void usePatterns(std::shared_ptr<const detection::PatternSet> patterns);

  std::vector<model::SourceStatus> statuses() const;
  /// Why nothing is being stored just now, or empty.
  std::string problem() const;
  /// When the pattern last matched a committed line of the service.
  std::optional<detection::LastMatch> lastMatch(std::string_view patternId, std::string_view service) const;
  detection::DetectorCounters counters() const;
  /// What each pattern takes; at most a second old.
  std::vector<detection::PatternCost> costs() const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::pipeline
