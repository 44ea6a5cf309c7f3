// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/lane.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <system_error>
#include <thread>

#include "base/fd.h"

#include "base/mutex.h"
#include "pipeline/source_lane.h"
#include "sources/watcher.h"

namespace aiops::pipeline {

/// Members up to the mutex belong to the lane's thread once it runs.
class Lane::Impl {
 public:
  Impl(std::shared_ptr<const detection::PatternSet> patterns, const base::Clock& clock, LaneSink& sink,
       LaneOptions options)
      : m_options(options),
        m_clock(clock),
        m_sink(sink),
        m_detector(std::move(patterns), options.detector),
        m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Impl() { stop(); }

  /// Before start(): windows that stand on sources other than `watched` are left out.
  void restore(const std::string& state, const std::set<std::string>& watched);
  base::Result<> start();
  void stop();
  base::Result<> add(LaneSource source, std::optional<model::SourcePosition> position);
  std::vector<model::SourceStatus> statuses() const;
  std::string problem() const;
  std::optional<detection::LastMatch> lastMatch(std::string_view patternId, std::string_view service) const;
  detection::DetectorCounters counters() const;

 private:
  void run();
  void loop();
  void takeAdded();
  void watchAll();
  bool cycle();
  void feed(SourceLane& source, model::LogBatch batch);
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
  uint64_t m_savedRevision = 0;
  std::vector<std::unique_ptr<SourceLane>> m_sources;
  std::optional<sources::Watcher> m_watcher;
  LaneOutput m_output;
  const base::Fd m_wake;
  std::thread m_thread;
  std::atomic<bool> m_stopping = false;

  mutable base::Mutex m_mutex;
  std::vector<std::unique_ptr<SourceLane>> m_added AIOPS_GUARDED_BY(m_mutex);
  std::vector<std::string> m_paths AIOPS_GUARDED_BY(m_mutex);
  std::vector<model::SourceStatus> m_statuses AIOPS_GUARDED_BY(m_mutex);
  std::vector<detection::LastMatch> m_lastMatches AIOPS_GUARDED_BY(m_mutex);
  detection::DetectorCounters m_counters AIOPS_GUARDED_BY(m_mutex);
  std::string m_problem AIOPS_GUARDED_BY(m_mutex);
};

void Lane::Impl::restore(const std::string& state, const std::set<std::string>& watched) {
  const auto isWatched = [&](const std::string& source) { return watched.contains(source); };
  if (const auto restored = m_detector.restore(state, isWatched); !restored) {
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

base::Result<> Lane::Impl::add(LaneSource source, std::optional<model::SourcePosition> position) {
  base::MutexLock lock(m_mutex);
  if (std::find(m_paths.begin(), m_paths.end(), source.path) != m_paths.end()) {
    return base::fail(base::ErrorCode::Conflict, "the file is watched already", source.path);
  }
  m_paths.push_back(source.path);
  m_added.push_back(std::make_unique<SourceLane>(source, m_options, std::move(position)));
  m_statuses.push_back(m_added.back()->status(m_clock.sinceBoot()));
  ::eventfd_write(m_wake.get(), 1);
  return {};
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
  auto retry = m_options.retryFirst;
  while (!m_stopping) {
    takeAdded();
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
}

void Lane::Impl::takeAdded() {
  {
    base::MutexLock lock(m_mutex);
    for (auto& source : m_added) m_sources.push_back(std::move(source));
    m_added.clear();
  }
  watchAll();
}

void Lane::Impl::watchAll() {
  if (!m_watcher) return;
  for (auto& source : m_sources) m_watcher->watch(source->path());
}

/// Reads every source once; true when there may be more. Reads nothing while an output waits to be stored.
bool Lane::Impl::cycle() {
  if (!problem().empty()) return false;
  const auto now = m_clock.sinceBoot();
  const auto wall = m_clock.now();
  bool more = false;
  for (auto& source : m_sources) {
    auto batches = source->read(now, wall);
    more = more || !batches.empty();
    for (auto& batch : batches) feed(*source, std::move(batch));
    if (auto batch = source->flush(now); !batch.records.empty()) feed(*source, std::move(batch));
    source->collect(m_output);
  }
  if (m_detector.revision() != m_savedRevision) m_output.detectorState = m_detector.snapshot();
  return more;
}

void Lane::Impl::feed(SourceLane& source, model::LogBatch batch) {
  auto events = m_detector.feed(batch);
  std::move(events.begin(), events.end(), std::back_inserter(m_output.events));
  source.account(batch, m_output);
}

/// False when the sink refused; the output stays for the next try.
bool Lane::Impl::commitPending() {
  const bool nothing = m_output.positions.empty() && m_output.lines.empty() && m_output.health.empty() &&
                       m_output.detectorState.empty();
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
  for (auto& source : m_sources) source->committed();
  m_savedRevision = m_detector.revision();
  m_output = {};
  setProblem({});
  base::MutexLock lock(m_mutex);
  m_lastMatches = m_detector.lastMatches();
}

void Lane::Impl::publish() {
  const auto now = m_clock.sinceBoot();
  std::vector<model::SourceStatus> statuses;
  for (auto& source : m_sources) statuses.push_back(source->status(now));
  base::MutexLock lock(m_mutex);
  for (auto& source : m_added) statuses.push_back(source->status(now));
  m_statuses = std::move(statuses);
  m_counters = m_detector.counters();
}

void Lane::Impl::setProblem(std::string problem) {
  base::MutexLock lock(m_mutex);
  m_problem = std::move(problem);
}

base::Duration Lane::Impl::untilDue() const {
  const auto now = m_clock.sinceBoot();
  auto most = m_options.pollEvery;
  for (const auto& source : m_sources) {
    if (const auto due = source->dueAt()) most = std::min(most, std::max(*due - now, base::Duration(1000)));
  }
  return most;
}

void Lane::Impl::wait(base::Duration most, bool forChanges) {
  if (m_stopping) return;
  pollfd fds[2] = {{m_wake.get(), POLLIN, 0}, {m_watcher ? m_watcher->fd() : -1, POLLIN, 0}};
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(most).count();
  ::poll(fds, forChanges ? 2 : 1, static_cast<int>(milliseconds));
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

detection::DetectorCounters Lane::Impl::counters() const {
  base::MutexLock lock(m_mutex);
  return m_counters;
}

Lane::Lane(std::vector<LaneSource> laneSources, std::vector<model::SourcePosition> positions,
           std::string detectorState, std::shared_ptr<const detection::PatternSet> patterns,
           const base::Clock& clock, LaneSink& sink, LaneOptions options)
    : m_impl(std::make_unique<Impl>(std::move(patterns), clock, sink, options)) {
  std::set<std::string> watched;
  for (const auto& source : laneSources) watched.insert(source.path);
  if (!detectorState.empty()) m_impl->restore(detectorState, watched);
  for (auto& source : laneSources) {
    const auto stored = std::find_if(positions.begin(), positions.end(),
                                     [&](const auto& position) { return position.source == source.path; });
    m_impl->add(std::move(source), stored == positions.end() ? std::nullopt : std::optional(*stored));
  }
}

Lane::~Lane() = default;
base::Result<> Lane::start() {
  return m_impl->start();
}
void Lane::stop() {
  m_impl->stop();
}
base::Result<> Lane::addSource(LaneSource source, std::optional<model::SourcePosition> position) {
  return m_impl->add(std::move(source), std::move(position));
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
detection::DetectorCounters Lane::counters() const {
  return m_impl->counters();
}

}  // namespace aiops::pipeline
