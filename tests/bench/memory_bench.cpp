// What parsing and detection keep in memory while lines pass: as many statements and series as asked for, a
// hundred million lines by default.
//   aiops_bench_memory PATTERN_DIRECTORY [LINES [STATEMENTS [SERIES]]]
// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include "bench/bench_tools.h"
#include "detection/detector.h"
#include "detection/template_miner.h"
#include "parsing/line_parser.h"

using namespace aiops;

namespace {

constexpr size_t kBatch = 1'000;
constexpr int64_t kBegin = 1795379723;  // seconds since the epoch
constexpr const char* kMarks[] = {" ", ": ", " - ", " = ", "/", " (", ") ", ", ", " [", "] ", "; ", " > "};

/// Statements that are not alike: each with its own number of words and its own marks between them.
std::vector<std::string> statements(size_t count) {
  std::mt19937_64 random(7);
  std::vector<std::string> out(count);
  for (auto& statement : out) {
    for (size_t n = 6 + random() % 8; n-- > 0;) {
      for (size_t letters = 3 + random() % 6; letters-- > 0;)
        statement += static_cast<char>('a' + random() % 26);
      statement += kMarks[random() % std::size(kMarks)];
    }
  }
  return out;
}

std::shared_ptr<const detection::PatternSet> patterns(const std::string& directory) {
  auto documents = bench::manyPatterns(directory, 500);
  std::vector<detection::PatternProblem> problems;
  for (const auto* text :
       {"{id: m-value, type: anomaly, group_by: series, condition: {of: value, value: ms}}",
        "{id: m-new, type: anomaly, condition: {of: new_template}}",
        "{id: m-share, type: anomaly, condition: {of: template_share}}",
        "{id: m-growth, type: temporal, field: ms, group_by: series, condition: {condition_type: "
        "sustained_growth}}",
        "{id: m-count, match: 'status=5', group_by: series, threshold: {count: 50, window_seconds: 60}}"}) {
    for (auto& one : detection::parsePatterns(text, "bench", problems)) documents.push_back(std::move(one));
  }
  if (!problems.empty()) bench::die(problems.front().text());
  return detection::PatternSet::compile(std::move(documents));
}

size_t argument(int argc, char** argv, int at, size_t byDefault) {
  return argc > at ? std::strtoull(argv[at], nullptr, 10) : byDefault;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) bench::die("usage: aiops_bench_memory PATTERN_DIRECTORY [LINES [STATEMENTS [SERIES]]]");
  const auto lines = argument(argc, argv, 2, 100'000'000), series = argument(argc, argv, 4, 10'000);
  const auto forms = statements(argument(argc, argv, 3, 100'000));
  detection::Detector detector(patterns(argv[1]), {.mineTemplates = true});
  detector.prepare();
  parsing::LineParser parser;
  std::mt19937_64 random(11);
  size_t events = 0, tellAt = 1'000'000;
  const double begun = bench::threadSeconds();
  std::printf("lines, seconds, templates, events, resident MB (before: %.0f)\n",
              static_cast<double>(bench::resident()) / 1e6);
  for (size_t done = 0; done < lines;) {
    model::LogBatch batch;
    batch.service = "bench";
    batch.bytes = std::make_shared<std::string>();
    std::vector<std::pair<size_t, size_t>> places;
    const base::TimePoint now{std::chrono::seconds(kBegin + static_cast<int64_t>(done / 2'000))};
    for (size_t i = 0; i < kBatch; ++i, ++done) {
      const auto from = batch.bytes->size();
      *batch.bytes += "level=info series=s" + std::to_string(random() % series) +
                      " ms=" + std::to_string(random() % 97) +
                      " status=" + std::to_string(random() % 50 == 0 ? 503 : 200) + " msg=\"" +
                      forms[random() % forms.size()] + '"';
      places.emplace_back(from, batch.bytes->size() - from);
    }
    for (const auto& [from, length] : places) {
      auto record = parser.parse(std::string_view(*batch.bytes).substr(from, length), now, batch);
      record.eventTime = now;
      batch.records.push_back(std::move(record));
    }
    events += detector.feed(batch).size();
    if (done < tellAt && done < lines) continue;
    tellAt *= done >= 10'000'000 ? 2 : 10;
    std::printf("%zu, %.0f, %zu, %zu, %.0f\n", done, bench::threadSeconds() - begun,
                detector.templates().size(), events, static_cast<double>(bench::resident()) / 1e6);
    std::fflush(stdout);
  }
  return 0;
}
