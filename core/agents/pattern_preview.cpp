// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/pattern_library.h"
#include "detection/detector.h"
#include "detection/judge.h"
#include "parsing/line_parser.h"

namespace aiops::agents {
namespace {

constexpr size_t kHits = 50;
constexpr size_t kNearMisses = 20;

model::PatternHit hitOf(const model::LogLine& line) {
  return {.source = line.source,
          .service = line.service,
          .line = line.position.line,
          .time = line.time,
          .text = line.text};
}

/// One document on one line after the other, oldest first.
class Trial {
 public:
  explicit Trial(std::shared_ptr<const detection::PatternSet> set)
      : m_set(std::move(set)), m_detector(m_set) {}

  void add(const model::LogLine& line, model::PatternPreview& out) {
    model::LogBatch batch;
    batch.source = line.source;
    batch.service = line.service;
    batch.bytes = std::make_unique<std::string>(line.text);
    auto record = m_parser.parse(*batch.bytes, line.time, batch);
    record.eventTime = line.time;
    record.severity = line.severity;
    ++out.linesLookedAt;
    if (auto found = detection::judge(*m_set, 0, batch, record); found.matches)
      note(line, std::move(found), out);
    batch.records.push_back(std::move(record));
    out.wouldFire += m_detector.feed(batch).size();
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

  std::shared_ptr<const detection::PatternSet> m_set;
  detection::Detector m_detector;
  parsing::LineParser m_parser;
};

}  // namespace

model::PatternPreview previewPattern(const std::string& text, const std::vector<model::LogLine>& lines,
                                     const base::Clock& clock) {
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
  const auto begun = clock.sinceBoot();
  for (const auto& line : lines) trial.add(line, out);
  const auto taken = static_cast<double>((clock.sinceBoot() - begun).count());
  if (!lines.empty()) out.microsecondsPerLine = taken / static_cast<double>(lines.size());
  return out;
}

}  // namespace aiops::agents
