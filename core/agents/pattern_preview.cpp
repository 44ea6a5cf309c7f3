// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "agents/pattern_library.h"
#include "detection/detector.h"
#include "detection/judge.h"
#include "detection/lint.h"
#include "parsing/line_parser.h"
#include "pipeline/lane.h"

namespace aiops::agents {
namespace {

constexpr size_t kHits = 50;
constexpr size_t kNearMisses = 20;
constexpr size_t kFirings = 20;
constexpr size_t kNearThresholds = 5;  ///< of them: the services and groups that came nearest

model::PatternHit hitOf(const model::LogLine& line) {
  return {.source = line.source,
          .service = line.service,
          .line = line.position.line,
          .time = line.time,
          .text = line.text};
}

/// How near the matches of each service and group came to the threshold, counted as the detector counts them.
/// The lines must outlive it.
class NearThresholds {
 public:
  explicit NearThresholds(const detection::PatternDocument& pattern) : m_pattern(pattern) {}

  void add(const model::LogLine& line, const detection::Judgement& found) {
    if (m_pattern.count < 2) return;
    auto& matches = m_matches[{line.service, found.group}];
    const bool late = !matches.empty() && line.time < matches.back().line->time - m_lateness;
    if (late) return;
    const auto after =
        std::ranges::upper_bound(matches, line.time, {}, [](const Match& match) { return match.line->time; });
    matches.insert(after, Match{&line, found.spans, found.value});
  }

  /// The nearest first. What reached the threshold is no miss.
  std::vector<model::PatternHit> nearest() const {
    std::vector<Run> runs;
    for (const auto& [key, matches] : m_matches) {
      auto run = longest(matches);
      run.group = &key.second;
      if (run.count < m_pattern.count) runs.push_back(run);
    }
    std::ranges::sort(runs, [](const Run& a, const Run& b) {
      return std::tuple(a.count, a.last->line->time) > std::tuple(b.count, b.last->line->time);
    });
    if (runs.size() > kNearThresholds) runs.resize(kNearThresholds);
    std::vector<model::PatternHit> out;
    for (const auto& run : runs) out.push_back(missOf(run));
    return out;
  }

 private:
  struct Match {
    const model::LogLine* line;
    std::vector<model::CaptureSpan> spans;
    std::string value;
  };
  /// The most matches, or different values, within less than the window, the newest such run.
  struct Run {
    size_t count = 0;
    const Match* last = nullptr;
    const std::string* group = nullptr;
  };

  Run longest(const std::vector<Match>& matches) const {
    Run run;
    for (size_t first = 0, last = 0; last < matches.size(); ++last) {
      while (matches[last].line->time - matches[first].line->time >= m_pattern.window) ++first;
      const auto count = m_pattern.distinct.empty() ? last - first + 1 : valuesOf(matches, first, last);
      if (count >= run.count) run = {.count = count, .last = &matches[last]};
    }
    return run;
  }

  static size_t valuesOf(const std::vector<Match>& matches, size_t first, size_t last) {
    std::set<std::string_view> values;
    for (auto i = first; i <= last; ++i) values.insert(matches[i].value);
    return values.size();
  }

  model::PatternHit missOf(const Run& run) const {
    auto miss = hitOf(*run.last->line);
    miss.spans = run.last->spans;
    miss.why = std::to_string(run.count) + " of " + std::to_string(m_pattern.count);
    if (!m_pattern.distinct.empty()) miss.why += " different values of " + m_pattern.distinct;
    miss.why += " within " + std::to_string(m_pattern.window.count()) + " s";
    if (!run.group->empty()) miss.why += " for " + m_pattern.groupBy + " '" + *run.group + "'";
    return miss;
  }

  const detection::PatternDocument& m_pattern;
  const base::Duration m_lateness = detection::DetectorOptions().lateness;
  std::map<std::pair<std::string, std::string>, std::vector<Match>> m_matches;  ///< each by time
};

/// One document on one line after the other, oldest first. The lines must outlive it.
class Trial {
 public:
  explicit Trial(std::shared_ptr<const detection::PatternSet> set)
      : m_set(std::move(set)),
        m_detector(m_set, pipeline::trialOptions()),
        m_lint(m_set),
        m_near(m_set->documents().front()) {}

  void add(const model::LogLine& line, model::PatternPreview& out) {
    model::LogBatch batch;
    batch.source = line.source;
    batch.service = line.service;
    batch.bytes = std::make_unique<std::string>(line.text);
    auto record = m_parser.parse(*batch.bytes, line.time, batch);
    record.eventTime = line.time;
    record.severity = line.severity;
    ++out.linesLookedAt;
    if (auto found = detection::judge(*m_set, 0, batch, record); found.matches) {
      if (found.why.empty()) m_near.add(line, found);
      note(line, std::move(found), out);
    }
    m_lint.add(batch, record);
    batch.records.push_back(std::move(record));
    noteFirings(m_detector.feed(batch), out);
    noteFirings(m_detector.advance(line.time), out);
  }

  /// After the last line.
  void finish(model::PatternPreview& out) const {
    auto nearest = m_near.nearest();
    auto& list = out.nearMisses;
    list.insert(list.begin(), std::make_move_iterator(nearest.begin()),
                std::make_move_iterator(nearest.end()));
    if (list.size() > kNearMisses) list.resize(kNearMisses);
    for (auto& finding : m_lint.findings()) out.notes.push_back(std::move(finding.text));
  }

 private:
  static void note(const model::LogLine& line, detection::Judgement found, model::PatternPreview& out) {
    auto hit = hitOf(line);
    hit.spans = std::move(found.spans);
    hit.why = std::move(found.why);
    auto& list = hit.why.empty() ? out.hits : out.nearMisses;
    const size_t most = hit.why.empty() ? kHits : kNearMisses;
    if (hit.why.empty()) ++out.linesMatched;
    list.insert(list.begin(), std::move(hit));
    if (list.size() > most) list.pop_back();
  }

  static void noteFirings(const std::vector<model::Event>& events, model::PatternPreview& out) {
    for (const auto& event : events) {
      ++out.wouldFire;
      model::PatternHit firing{.service = event.service, .time = event.last};
      if (!event.evidence.empty()) {
        firing.source = event.evidence.back().source;
        firing.line = event.evidence.back().position.line;
        firing.text = event.evidence.back().text;
      }
      for (const auto* name : {"explanation", "differs"}) {
        const auto said = event.captures.find(name);
        if (said != event.captures.end()) firing.why = said->second;
      }
      if (firing.why.empty() && event.count > 1) firing.why = std::to_string(event.count) + " times";
      out.firings.insert(out.firings.begin(), std::move(firing));
      if (out.firings.size() > kFirings) out.firings.pop_back();
    }
  }

  std::shared_ptr<const detection::PatternSet> m_set;
  detection::Detector m_detector;
  detection::Lint m_lint;
  NearThresholds m_near;
  parsing::LineParser m_parser;
};

}  // namespace

model::PatternPreview previewPattern(const std::string& text, const std::vector<model::LogLine>& lines,
                                     const base::CpuClock& cpuTime) {
  model::PatternPreview out;
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(text, "the document", problems);
  auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  if (!set->problems().empty()) {
    out.problem = set->problems().front().reason;
    out.problemLine = set->problems().front().line;
    return out;
  }
  if (set->size() != 1) {
    out.problem = "one pattern at a time, this holds " + std::to_string(set->size());
    return out;
  }
  out.sampleProblems = detection::checkSamples(*set, [](std::string_view line, model::LogBatch& batch) {
    parsing::LineParser parser;
    return parser.parse(line, base::TimePoint(), batch);
  });
  Trial trial(set);
  const auto begun = cpuTime();
  for (const auto& line : lines) trial.add(line, out);
  const auto taken = static_cast<double>((cpuTime() - begun).count()) / 1000;
  trial.finish(out);
  if (!lines.empty()) out.microsecondsPerLine = taken / static_cast<double>(lines.size());
  return out;
}

}  // namespace aiops::agents
