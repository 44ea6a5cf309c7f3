// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/lane.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "base/fd.h"

#include "base/mutex.h"
#include "pipeline/clock_watch.h"
#include "pipeline/source_set.h"
#include "sources/watcher.h"

namespace aiops::pipeline {

namespace {

constexpr size_t kReadsOfLeaving = 16;  // some megabytes
constexpr size_t kLargeState = 256 * 1024;
constexpr base::Duration kLargeStateEvery = std::chrono::seconds(2);
constexpr base::Duration kLongTurn = std::chrono::milliseconds(400);
constexpr base::Duration kCostsEvery = std::chrono::seconds(1);

detection::DetectorOptions aheadOptions(detection::DetectorOptions options) {
  options.singleRecords = true;
  options.watchSilence = options.watchNovelty = false;
  return options;
}

}  // namespace

detection::DetectorOptions trialOptions() {
  auto options = LaneOptions().detector;
  options.watchSilence = options.watchNovelty = false;
  return options;
}

/// Members up to the mutex belong to the lane's thread once it runs.
class Lane::Impl {
 public:
  Impl(std::shared_ptr<const detection::PatternSet> patterns, const base::Clock& clock, LaneSink& sink,
       LaneOptions options)
      : m_options(options),
        m_clock(clock),
        m_sink(sink),
        m_detector(patterns, options.detector),
        m_aheadDetector(std::move(patterns), aheadOptions(options.detector)),
        m_set(m_options),
        m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Impl() { stop(); }

  /// Before start(): windows that stand on sources for which `watched` is false are left out.
  void restore(const std::string& state, const std::function<bool(const std::string&)>& watched);
  base::Result<> start();
  void stop();
  base::Result<> add(LaneSource source, std::vector<model::SourcePosition> positions);
  /// Before start(): what can't be watched is a health event.
  void addAtStart(LaneSource source, std::vector<model::SourcePosition> positions);
  base::Result<> remove(const std::string& path);
  void usePatterns(std::shared_ptr<const detection::PatternSet> patterns);
  std::vector<model::SourceStatus> statuses() const;
  std::string problem() const;
  std::optional<detection::LastMatch> lastMatch(std::string_view patternId, std::string_view service) const;
  detection::DetectorCounters counters() const;
  std::vector<detection::PatternCost> costs() const;

 private:
  /// Adds `source`, or takes away what is watched as `leaves`.
  struct Order {
    std::optional<LaneSource> source;
    std::vector<model::SourcePosition> positions;
    std::string leaves;
  };

  void run();
  void loop();
  void takeOrders();
  void takePatterns();
  void apply(Order order);
  void scan();
  void finish(std::vector<std::unique_ptr<SourceLane>> left);
  void watchAll();
  bool cycle();
  void paceTurns(base::Duration took);
  void feed(SourceLane& source, model::LogBatch batch);
  void take(std::vector<model::Event> events);
  void takeState(base::Duration now);
  void reportOverruns(base::TimePoint wall);
  bool commitPending();
  void committed();
  void publish();
  void setProblem(std::string problem);
  void wait(base::Duration most, bool forChanges);
  base::Duration untilDue() const;

  const LaneOptions m_options;
  const base::Clock& m_clock;
  LaneSink& m_sink;
  detection::Detector m_detector;
  detection::Detector m_aheadDetector;  ///< of lines that a Lookout saw
  uint64_t m_savedRevision = 0;
  uint64_t m_stateRevision = 0;  ///< of the last snapshot
  size_t m_stateBytes = 0;       ///< of the last snapshot
  base::Duration m_costsAt{0};   ///< when they were last published
  base::Duration m_stateAt{0};   ///< when it was taken
  SourceSet m_set;
  std::optional<base::Duration> m_scannedAt;
  int m_chunks = SourceLane::kMostChunks;  ///< of each source in one turn
  ClockWatch m_clockWatch;
  std::optional<sources::Watcher> m_watcher;
  LaneOutput m_output;
  const base::Fd m_wake;
  std::thread m_thread;
  std::atomic<bool> m_stopping = false;

  mutable base::Mutex m_mutex;
  std::vector<Order> m_orders AIOPS_GUARDED_BY(m_mutex);
  std::shared_ptr<const detection::PatternSet> m_nextPatterns AIOPS_GUARDED_BY(m_mutex);
  std::vector<std::string> m_paths AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::SourceStatus> m_statuses AIOPS_GUARDED_BY(m_mutex);
  std::vector<detection::LastMatch> m_lastMatches AIOPS_GUARDED_BY(m_mutex);
  detection::DetectorCounters m_counters AIOPS_GUARDED_BY(m_mutex);
  std::vector<detection::PatternCost> m_costs AIOPS_GUARDED_BY(m_mutex);
  std::string m_problem AIOPS_GUARDED_BY(m_mutex);
};

void Lane::Impl::restore(const std::string& state, const std::function<bool(const std::string&)>& watched) {
  if (const auto restored = m_detector.restore(state, watched); !restored) {
    m_output.health.push_back(
        {m_clock.now(), model::Severity::Warning, "patterns",
         "the counts of patterns under way could not be restored: " + restored.error().line(),
         "They begin again from zero; nothing has to be done."});
  }
  m_savedRevision = m_detector.revision();
  base::MutexLock lock(m_mutex);
  m_lastMatches = m_detector.lastMatches();
}

base::Result<> Lane::Impl::start() {
  if (m_thread.joinable()) return base::fail(base::ErrorCode::Conflict, "the lane runs already");
  if (!m_wake.valid()) return base::fail(base::ErrorCode::Unavailable, "no event descriptor for a lane");
  try {
    m_thread = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return base::fail(base::ErrorCode::Unavailable, std::string("no thread for a lane: ") + error.what());
  }
  return {};
}

void Lane::Impl::stop() {
  m_stopping = true;
  ::eventfd_write(m_wake.get(), 1);
  if (m_thread.joinable()) m_thread.join();
}

base::Result<> Lane::Impl::add(LaneSource source, std::vector<model::SourcePosition> positions) {
  if (isStream(source.path) && m_options.inputFile.empty()) {
    return base::fail(base::ErrorCode::InvalidInput, "no stream can be watched here", source.path);
  }
  if (auto good = checkAddress(source.path); !good) return good;
  base::MutexLock lock(m_mutex);
  if (std::find(m_paths.begin(), m_paths.end(), source.path) != m_paths.end()) {
    return base::fail(base::ErrorCode::Conflict, "the file is watched already", source.path);
  }
  m_paths.push_back(source.path);
  m_statuses.push_back({.source = source.path,
                        .service = source.service,
                        .problem = std::string(sources::kNotOpened),
                        .watchedAs = source.path,
                        .removable = source.added});
  m_orders.push_back({std::move(source), std::move(positions), {}});
  ::eventfd_write(m_wake.get(), 1);
  return {};
}

void Lane::Impl::addAtStart(LaneSource source, std::vector<model::SourcePosition> positions) {
  const auto path = source.path;
  const auto added = add(std::move(source), std::move(positions));
  if (added) return;
  m_output.health.push_back({m_clock.now(), model::Severity::Error, "source",
                             path + " is not watched: " + added.error().line(), "Mend it in config.yaml."});
}

base::Result<> Lane::Impl::remove(const std::string& path) {
  base::MutexLock lock(m_mutex);
  if (std::erase(m_paths, path) == 0) {
    return base::fail(base::ErrorCode::NotFound, "this is not watched", path);
  }
  std::erase_if(m_statuses, [&](const auto& status) { return status.watchedAs == path; });
  m_orders.push_back({{}, {}, path});
  ::eventfd_write(m_wake.get(), 1);
  return {};
}

void Lane::Impl::usePatterns(std::shared_ptr<const detection::PatternSet> patterns) {
  patterns->prepare();  // on the caller's thread: reading goes on meanwhile
  base::MutexLock lock(m_mutex);
  m_nextPatterns = std::move(patterns);
  ::eventfd_write(m_wake.get(), 1);
}

void Lane::Impl::takePatterns() {
  std::shared_ptr<const detection::PatternSet> next;
  {
    base::MutexLock lock(m_mutex);
    next = std::exchange(m_nextPatterns, nullptr);
  }
  if (!next) return;
  m_detector.usePatterns(next);
  m_aheadDetector.usePatterns(std::move(next));
}

void Lane::Impl::run() {
  try {
    loop();
  } catch (const std::exception& error) {
    setProblem(std::string("the lane ended: ") + error.what());
  }
}

void Lane::Impl::loop() {
  if (auto watcher = sources::Watcher::create()) m_watcher = std::move(*watcher);
  takeOrders();
  scan();                // senders find open ports while the expressions are compiled
  m_detector.prepare();  // now, so that the first line need not wait
  auto retry = m_options.retryFirst;
  while (!m_stopping) {
    if (problem().empty()) {  // else an output waits whose detector state is already taken
      takeOrders();
      takePatterns();
      scan();
    }
    const bool more = cycle();
    if (!commitPending()) {
      publish();
      wait(retry, false);
      retry = std::min(retry * 2, m_options.retryMost);
      continue;
    }
    retry = m_options.retryFirst;
    publish();
    if (more || m_stopping) continue;
    wait(m_options.batchPause, false);
    wait(untilDue(), true);
  }
  for (auto& source : m_set.files()) source->end(m_clock.sinceBoot(), m_clock.now());
  if (problem().empty() && m_detector.revision() != m_savedRevision) {
    takeState(m_clock.sinceBoot());
    commitPending();
  }
}

void Lane::Impl::takeOrders() {
  std::vector<Order> orders;
  {
    base::MutexLock lock(m_mutex);
    orders.swap(m_orders);
  }
  for (auto& order : orders) apply(std::move(order));
  if (!orders.empty()) watchAll();
}

void Lane::Impl::apply(Order order) {
  if (order.source) {
    m_set.add(*std::move(order.source), order.positions, m_clock.sinceBoot(), m_clock.now());
  } else {
    finish(m_set.remove(order.leaves));
  }
}

/// Once in `pollEvery`: new files of globs, and a second look at what inotify may have missed.
void Lane::Impl::scan() {
  const auto now = m_clock.sinceBoot();
  if (m_scannedAt && now - *m_scannedAt < m_options.pollEvery) return;
  m_scannedAt = now;
  std::vector<std::unique_ptr<SourceLane>> left;
  m_set.scan(now, m_clock.now(), left);
  finish(std::move(left));
  watchAll();
}

/// What was read of files that leave is still delivered, and what was sent to streams.
void Lane::Impl::finish(std::vector<std::unique_ptr<SourceLane>> left) {
  for (auto& source : left) {
    const auto now = m_clock.sinceBoot();
    source->end(now, m_clock.now());
    for (size_t i = 0; i < kReadsOfLeaving && isStream(source->asked()); ++i) {
      for (auto& batch : source->read(now, m_clock.now())) feed(*source, std::move(batch));
    }
    for (auto& batch : source->flush(m_clock.sinceBoot(), true)) feed(*source, std::move(batch));
    source->collect(m_output);
  }
}

void Lane::Impl::watchAll() {
  if (!m_watcher) return;
  for (auto& source : m_set.files()) m_watcher->watch(source->path());
}

/// Reads every source once; true when there may be more. Reads nothing while an output waits to be stored.
bool Lane::Impl::cycle() {
  if (!problem().empty()) return false;
  const auto now = m_clock.sinceBoot();
  const auto wall = m_clock.now();
  if (const auto step = m_clockWatch.look(now, wall)) {
    if (*step > base::Duration(0)) m_detector.clockPutForward(*step);
    m_output.health.push_back(clockEvent(*step, wall));
  }
  bool more = false;
  for (auto& source : m_set.files()) {
    auto batches = source->read(now, wall, m_chunks);
    more = more || !batches.empty();
    for (auto& batch : batches) feed(*source, std::move(batch));
    for (auto& batch : source->flush(now)) feed(*source, std::move(batch));
    if (m_options.looksAhead) {
      for (const auto& batch : source->lookAhead(now, wall)) take(m_aheadDetector.feed(batch));
    }
    source->collect(m_output);
  }
  m_set.collect(wall, m_output);
  paceTurns(m_clock.sinceBoot() - now);
  if (!more) take(m_detector.elapse(wall));
  reportOverruns(wall);
  if (m_detector.revision() != m_savedRevision) takeState(now);
  auto found = m_detector.takeCounts();
  std::move(found.begin(), found.end(), std::back_inserter(m_output.found));
  return more;
}

/// A line of a source with few waits for one turn of all the others: many that are flooded take less each.
void Lane::Impl::paceTurns(base::Duration took) {
  if (took > kLongTurn) m_chunks = std::max(1, m_chunks / 2);
  if (took < kLongTurn / 4) m_chunks = std::min(SourceLane::kMostChunks, m_chunks * 2);
}

void Lane::Impl::feed(SourceLane& source, model::LogBatch batch) {
  take(m_detector.feed(batch));
  source.account(batch, m_output);
}

/// The state belongs to the positions of the same output. One of thousands of series is too large to be
/// written with each of them: then it may be some seconds older than they are, and after a crash what the
/// lines between told is missing from counts and baselines, but no line is.
void Lane::Impl::takeState(base::Duration now) {
  const auto pause = kLargeStateEvery * static_cast<int64_t>(m_stateBytes / kLargeState);  // in proportion
  if (!m_stopping && now - m_stateAt < pause) return;
  m_output.detectorState = m_detector.snapshot();
  m_stateBytes = m_output.detectorState.size();
  m_stateAt = now;
  m_stateRevision = m_detector.revision();
}

void Lane::Impl::take(std::vector<model::Event> events) {
  std::move(events.begin(), events.end(), std::back_inserter(m_output.events));
}

void Lane::Impl::reportOverruns(base::TimePoint wall) {
  for (const auto& overrun : m_detector.takeOverruns()) {
    m_output.health.push_back(
        {wall, model::Severity::Warning, "patterns",
         "the pattern '" + overrun.patternId + "' took " +
             std::to_string(overrun.each / std::chrono::microseconds(1)) +
             " us for a record on average, for thousands of them: it is switched off, so that reading keeps "
             "up",
         "Make its expression cheaper, or disable it and enable it again to try once more."});
  }
}

/// False when the sink refused; the output stays for the next try.
bool Lane::Impl::commitPending() {
  const bool nothing = m_output.positions.empty() && m_output.lines.empty() && m_output.events.empty() &&
                       m_output.health.empty() && m_output.detectorState.empty();
  if (nothing) return true;
  if (const auto result = m_sink.commit(m_output); !result) {
    if (problem().empty()) {
      m_output.health.push_back({m_clock.now(), model::Severity::Error, "database",
                                 "log lines could not be stored, reading stopped: " + result.error().line(),
                                 "Reading goes on by itself once storing works; nothing is lost meanwhile."});
    }
    setProblem(result.error().line());
    return false;
  }
  committed();
  return true;
}

void Lane::Impl::committed() {
  for (auto& source : m_set.files()) source->committed();
  if (!m_output.detectorState.empty()) m_savedRevision = m_stateRevision;
  m_output = {};
  setProblem({});
  base::MutexLock lock(m_mutex);
  m_lastMatches = m_detector.lastMatches();
}

void Lane::Impl::publish() {
  const auto now = m_clock.sinceBoot();
  auto statuses = m_set.statuses(now);
  std::optional<std::vector<detection::PatternCost>> costs;
  if (now - m_costsAt >= kCostsEvery) {
    costs = m_detector.costs();
    m_costsAt = now;
  }
  base::MutexLock lock(m_mutex);
  m_counters = m_detector.counters();
  if (costs) m_costs = *std::move(costs);
  if (m_orders.empty()) m_statuses = std::move(statuses);  // else they are published by who gave them
}

void Lane::Impl::setProblem(std::string problem) {
  base::MutexLock lock(m_mutex);
  m_problem = std::move(problem);
}

base::Duration Lane::Impl::untilDue() const {
  const auto now = m_clock.sinceBoot();
  auto most = m_options.pollEvery;
  for (const auto& source : m_set.files()) {
    if (const auto due = source->dueAt()) most = std::min(most, std::max(*due - now, base::Duration(1000)));
  }
  return most;
}

void Lane::Impl::wait(base::Duration most, bool forChanges) {
  if (m_stopping) return;
  std::vector<pollfd> fds = {{m_wake.get(), POLLIN, 0}};
  if (forChanges) {
    fds.push_back({m_watcher ? m_watcher->fd() : -1, POLLIN, 0});
    for (const auto& source : m_set.files()) {
      if (source->pollFd() >= 0) fds.push_back({source->pollFd(), POLLIN, 0});
    }
  }
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(most).count();
  ::poll(fds.data(), fds.size(), static_cast<int>(milliseconds));
  eventfd_t count = 0;
  ::eventfd_read(m_wake.get(), &count);
  if (forChanges && m_watcher) m_watcher->drain();
}

std::vector<model::SourceStatus> Lane::Impl::statuses() const {
  base::MutexLock lock(m_mutex);
  return m_statuses;
}

std::string Lane::Impl::problem() const {
  base::MutexLock lock(m_mutex);
  return m_problem;
}

std::optional<detection::LastMatch> Lane::Impl::lastMatch(std::string_view patternId,
                                                          std::string_view service) const {
  base::MutexLock lock(m_mutex);
  const auto found = std::find_if(m_lastMatches.begin(), m_lastMatches.end(), [&](const auto& match) {
    return match.patternId == patternId && match.service == service;
  });
  return found == m_lastMatches.end() ? std::nullopt : std::optional(*found);
}

std::vector<detection::PatternCost> Lane::Impl::costs() const {
  base::MutexLock lock(m_mutex);
  return m_costs;
}

detection::DetectorCounters Lane::Impl::counters() const {
  base::MutexLock lock(m_mutex);
  return m_counters;
}

Lane::Lane(std::vector<LaneSource> laneSources, std::vector<model::SourcePosition> positions,
           std::string detectorState, std::shared_ptr<const detection::PatternSet> patterns,
           const base::Clock& clock, LaneSink& sink, LaneOptions options)
    : m_impl(std::make_unique<Impl>(std::move(patterns), clock, sink, options)) {
  std::vector<std::string> paths;
  for (const auto& source : laneSources) paths.push_back(source.path);
  const auto watched = [&](const std::string& file) {
    return std::ranges::any_of(paths, [&](const std::string& path) {
      return path == file || (isStream(path) && file == keptFile(options, path)) ||
             sources::matchesPattern(path, file);
    });
  };
  if (!detectorState.empty()) m_impl->restore(detectorState, watched);
  for (auto& source : laneSources) m_impl->addAtStart(std::move(source), positions);
}

Lane::~Lane() = default;
base::Result<> Lane::start() {
  return m_impl->start();
}
void Lane::stop() {
  m_impl->stop();
}
base::Result<> Lane::addSource(LaneSource source, std::optional<model::SourcePosition> position) {
  std::vector<model::SourcePosition> positions;
  if (position) positions.push_back(*std::move(position));
  return m_impl->add(std::move(source), std::move(positions));
}
void Lane::usePatterns(std::shared_ptr<const detection::PatternSet> patterns) {
  m_impl->usePatterns(std::move(patterns));
}
base::Result<> Lane::removeSource(const std::string& path) {
  return m_impl->remove(path);
}
std::vector<model::SourceStatus> Lane::statuses() const {
  return m_impl->statuses();
}
std::string Lane::problem() const {
  return m_impl->problem();
}
std::optional<detection::LastMatch> Lane::lastMatch(std::string_view patternId,
                                                    std::string_view service) const {
  return m_impl->lastMatch(patternId, service);
}
std::vector<detection::PatternCost> Lane::costs() const {
  return m_impl->costs();
}

detection::DetectorCounters Lane::counters() const {
  return m_impl->counters();
}

}  // namespace aiops::pipeline
