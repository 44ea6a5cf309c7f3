// Detection alone, each figure beside its yardstick in the same run, in processor time of one thread.
//   aiops_bench_detection PATTERN_DIRECTORY LOG...
// SPDX-License-Identifier: GPL-3.0-or-later
#include <hs.h>

#include "bench/bench_tools.h"
#include "detection/detector.h"
#include "detection/matcher.h"
#include "detection/scanner.h"
#include "detection/template_miner.h"
#include "parsing/line_parser.h"

using namespace aiops;

namespace {

constexpr size_t kLines = 200'000;

/// Parsed records of all lines, in batches as a lane makes them.
std::vector<model::LogBatch> parsed(const std::vector<std::string>& lines) {
  parsing::LineParser parser;
  std::vector<model::LogBatch> batches;
  const auto now = base::SystemClock().now();
  for (size_t at = 0; at < lines.size(); at += 1000) {
    auto& batch = batches.emplace_back();
    batch.source = "/log";
    batch.service = "mixed";
    batch.bytes = std::make_unique<std::string>();
    const size_t end = std::min(lines.size(), at + 1000);
    for (size_t i = at; i < end; ++i) *batch.bytes += lines[i] + '\n';
    size_t offset = 0;
    for (size_t i = at; i < end; ++i) {
      const std::string_view text(batch.bytes->data() + offset, lines[i].size());
      batch.records.push_back(parser.parse(text, now, batch));
      batch.records.back().position = {1, offset, static_cast<uint32_t>(text.size()), i + 1};
      offset += text.size() + 1;
    }
  }
  return batches;
}

struct Stage {
  double seconds = 0;
  size_t matches = 0;
};

/// The least of three runs.
template <class Run>
Stage best(const Run& run) {
  Stage out{1e9, 0};
  for (int i = 0; i < 3; ++i) {
    const double before = bench::threadSeconds();
    const size_t matches = run();
    out = {std::min(out.seconds, bench::threadSeconds() - before), matches};
  }
  return out;
}

/// The search for patterns: candidates and RE2's word on each.
Stage patternStage(const detection::PatternSet& set, const std::vector<model::LogBatch>& batches) {
  const auto& matcher = set.matcher();
  const detection::Matcher::Wanted wanted(matcher.selectors().size(), 1);
  detection::Matcher::Search search;
  matcher.prepare();
  return best([&] {
    size_t matches = 0;
    for (const auto& batch : batches) {
      for (const auto& record : batch.records) {
        matcher.findCandidates(record, wanted, search);
        for (const auto selector : matcher.candidates(search))
          matches += matcher.takes(selector, record, &search);
      }
    }
    return matches;
  });
}

/// A bare scan with the same expressions, as far as Vectorscan takes them.
Stage bareScan(const detection::PatternSet& set, const std::vector<model::LogBatch>& batches) {
  std::vector<std::string> texts;
  for (const auto& document : set.documents()) {
    auto syntax = detection::scannerSyntax(document.select.match);
    hs_expr_info_t* info = nullptr;
    hs_compile_error_t* error = nullptr;
    if (!syntax.reason.empty()) continue;
    if (hs_expression_info(syntax.expression.c_str(), 0, &info, &error) == HS_SUCCESS)
      texts.push_back(syntax.expression);
    ::free(info);
    hs_free_compile_error(error);
  }
  std::vector<const char*> raw;
  std::vector<unsigned> ids, flags;
  for (size_t i = 0; i < texts.size(); ++i) {
    raw.push_back(texts[i].c_str());
    ids.push_back(static_cast<unsigned>(i));
    flags.push_back(HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY);
  }
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(raw.data(), flags.data(), ids.data(), static_cast<unsigned>(raw.size()), HS_MODE_BLOCK,
                       nullptr, &database, &error) != HS_SUCCESS)
    bench::die(error->message);
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(database, &scratch);
  const auto stage = best([&] {
    size_t matches = 0;
    for (const auto& batch : batches) {
      for (const auto& record : batch.records) {
        hs_scan(
            database, record.text.data(), static_cast<unsigned>(record.text.size()), 0, scratch,
            [](unsigned, unsigned long long, unsigned long long, unsigned, void* count) {
              ++*static_cast<size_t*>(count);
              return 0;
            },
            &matches);
      }
    }
    return matches;
  });
  hs_free_scratch(scratch);
  hs_free_database(database);
  return stage;
}

std::shared_ptr<const detection::PatternSet> setOf(const std::string& directory, size_t count) {
  const double before = bench::threadSeconds();
  auto set = detection::PatternSet::compile(bench::manyPatterns(directory, count));
  set->matcher().prepare();
  std::printf("%zu patterns: compiled in %.2f s, %zu looked for without Vectorscan\n", set->size(),
              bench::threadSeconds() - before, set->matcher().alone().size());
  return set;
}

double linesPerSecond(const Stage& stage) {
  return kLines / stage.seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) bench::die("usage: aiops_bench_detection PATTERN_DIRECTORY LOG...");
  const auto lines = bench::mixedLines({argv + 2, argv + argc}, kLines);
  const auto batches = parsed(lines);
  const auto few = setOf(argv[1], 50), many = setOf(argv[1], 500), most = setOf(argv[1], 5000);
  const auto stage50 = patternStage(*few, batches), stage500 = patternStage(*many, batches),
             stage5000 = patternStage(*most, batches), bare = bareScan(*many, batches);
  std::printf("| pattern stage | lines/s | matches |\n|---|---|---|\n");
  std::printf("| 50 patterns | %.0f | %zu |\n", linesPerSecond(stage50), stage50.matches);
  std::printf("| 500 patterns | %.0f | %zu |\n", linesPerSecond(stage500), stage500.matches);
  std::printf("| 5000 patterns | %.0f | %zu |\n", linesPerSecond(stage5000), stage5000.matches);
  std::printf("| bare Vectorscan, 500 | %.0f | %zu |\n", linesPerSecond(bare), bare.matches);
  std::printf("500 patterns to bare scan: %.2f (wanted: 0.6)\n", bare.seconds / stage500.seconds);
  std::printf("cost a line, 5000 to 50: %.2f (wanted: below 4)\n", stage5000.seconds / stage50.seconds);
  const auto whole = best([&] {
    detection::Detector detector(many, {.mineTemplates = true});
    size_t events = 0;
    for (const auto& batch : batches) events += detector.feed(batch).size();
    return events;
  });
  std::printf("detector with templates and 500 patterns: %.0f lines/s, %zu events\n", linesPerSecond(whole),
              whole.matches);
  const auto mined = best([&] {
    detection::TemplateMiner miner;
    for (const auto& line : lines) miner.add(line);
    return miner.size();
  });
  std::printf("template miner alone: %.0f lines/s, %zu templates (wanted: 1000000)\n", linesPerSecond(mined),
              mined.matches);
  return 0;
}
