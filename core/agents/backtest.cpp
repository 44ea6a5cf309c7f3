// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/backtest.h"

#include <set>

#include "agents/merged_files.h"
#include "config/settings.h"
#include "detection/detector.h"
#include "detection/judge.h"
#include "pipeline/lane.h"

namespace aiops::agents {
namespace {

/// One version of the patterns under trial.
class Trial {
 public:
  Trial(std::shared_ptr<const detection::PatternSet> set, base::CpuClock cpuTime)
      : m_cpuTime(std::move(cpuTime)), m_detector(std::move(set), pipeline::trialOptions()) {}

  void add(const model::LogBatch& batch, base::TimePoint now) {
    const auto begun = m_cpuTime();
    auto found = m_detector.feed(batch);
    auto due = m_detector.advance(now);
    m_time += m_cpuTime() - begun;
    std::ranges::move(found, std::back_inserter(events));
    std::ranges::move(due, std::back_inserter(events));
  }
  double microsecondsPer(uint64_t lines) const {
    return lines == 0 ? 0 : static_cast<double>(m_time.count()) / 1000 / static_cast<double>(lines);
  }
  detection::Detector& detector() { return m_detector; }

  std::vector<model::Event> events;

 private:
  const base::CpuClock m_cpuTime;
  detection::Detector m_detector;
  std::chrono::nanoseconds m_time{0};
};

std::vector<model::Event> without(const std::vector<model::Event>& events,
                                  const std::vector<model::Event>& others) {
  std::set<std::string> known;
  for (const auto& event : others) known.insert(event.id.str());
  std::vector<model::Event> out;
  for (const auto& event : events) {
    if (!known.contains(event.id.str())) out.push_back(event);
  }
  return out;
}

void showHits(const BacktestRequest& request, const model::LogBatch& batch, const model::LogRecord& record) {
  for (size_t i = 0; i < request.patterns->size(); ++i) {
    auto found = detection::judge(*request.patterns, i, batch, record);
    if (!found.matches || !found.why.empty()) continue;
    request.onHit({.source = batch.source,
                   .service = batch.service,
                   .line = record.position.line,
                   .time = record.eventTime,
                   .text = std::string(record.text),
                   .spans = std::move(found.spans),
                   .why = request.patterns->documents()[i].id});
  }
}

std::vector<BacktestPattern> figuresOf(const detection::PatternSet& set, Trial& trial, uint64_t lines) {
  std::map<std::string, BacktestPattern> byId;
  for (const auto& document : set.documents()) byId[document.id].id = document.id;
  for (const auto& count : trial.detector().takeCounts()) byId[count.pattern].matches = count.matches;
  for (const auto& cost : trial.detector().costs()) {
    byId[cost.patternId].microsecondsPerLine =
        static_cast<double>(cost.time.count()) / 1000 / static_cast<double>(std::max<uint64_t>(lines, 1));
  }
  for (const auto& event : trial.events) {
    auto& one = byId[event.patternId];
    ++one.events;
    ++one.services[event.service];
  }
  std::vector<BacktestPattern> out;
  for (auto& [id, one] : byId) out.push_back(std::move(one));
  return out;
}

}  // namespace

base::Result<BacktestReport> backtest(const BacktestRequest& request) {
  const auto paths = filesOf(request.paths);
  if (!paths) return std::unexpected(paths.error());
  std::vector<OfflineFile> files;
  for (const auto& path : *paths) files.push_back({path, config::serviceOfPath(path)});
  const auto zones = OfflineZones::find(files, {});
  if (!zones) return std::unexpected(zones.error());
  auto merged = MergedFiles::open(files, *zones);
  if (!merged) return std::unexpected(merged.error());
  request.patterns->prepare();
  if (request.against) request.against->prepare();
  Trial trial(request.patterns, request.cpuTime);
  std::optional<Trial> other;
  if (request.against) other.emplace(request.against, request.cpuTime);
  detection::Lint lint(request.patterns, request.cpuTime);
  BacktestReport report;
  report.from = base::TimePoint::max();
  report.to = base::TimePoint::min();
  while (const auto* batch = (*merged)->next()) {
    const auto& record = batch->records.front();
    ++report.records;
    report.from = std::min(report.from, record.eventTime);
    report.to = std::max(report.to, record.eventTime);
    if (request.onHit) showHits(request, *batch, record);
    trial.add(*batch, report.to);
    if (other) other->add(*batch, report.to);
    lint.add(*batch, record);
  }
  if (report.records == 0) report.from = report.to = {};
  report.files = files.size();
  report.lines = (*merged)->lines();
  report.bytes = (*merged)->bytes();
  report.microsecondsPerLine = trial.microsecondsPer(report.lines);
  report.patterns = figuresOf(*request.patterns, trial, report.lines);
  report.lint = lint.findings();
  for (const auto& [path, problem] : (*merged)->problems()) report.problems.push_back(path + ": " + problem);
  if (other) {
    report.onlyNew = without(trial.events, other->events);
    report.onlyOld = without(other->events, trial.events);
  }
  report.events = std::move(trial.events);
  return report;
}

}  // namespace aiops::agents
