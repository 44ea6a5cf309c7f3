// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pattern_trial.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agents/backtest.h"
#include "api/json_edge.h"
#include "app/cli/commands.h"
#include "app/cli/connection.h"
#include "app/cli/print.h"
#include "app/host.h"
#include "detection/pattern_schema.h"
#include "model/json.h"
#include "parsing/line_parser.h"

namespace aiops::app {
namespace {

using nlohmann::json;
using Set = std::shared_ptr<const detection::PatternSet>;

constexpr size_t kShown = 20;

model::LogRecord readSample(std::string_view line, model::LogBatch& batch) {
  parsing::LineParser parser;
  return parser.parse(line, base::TimePoint(), batch);
}

/// The patterns of the file; what is wrong with it is complained about and changes `status`.
Set load(const Invocation& invocation, int& status) {
  auto patterns = detection::loadPatterns({invocation.id});
  for (const auto& problem : patterns->problems())
    status = complain({base::ErrorCode::InvalidInput, problem.text(), "", ""}, kNegative);
  return patterns;
}

// What is in force -----------------------------------------------------------------------------------------

/// Documents by id that stand now: of the running instance, else those shipped and the operator's.
class InForce {
 public:
  base::Result<> open(const Invocation& invocation) {
    auto connection = connect(invocation.url);
    if (!connection) return std::unexpected(connection.error());
    m_connection = *std::move(connection);
    if (m_connection) return {};
    const auto resources = findResources();
    if (!resources) return std::unexpected(resources.error());
    std::vector<std::filesystem::path> folders = {resources->patterns()};
    std::error_code error;
    for (const auto& own : resources->ownPatterns) {
      if (std::filesystem::is_directory(own, error)) folders.push_back(own);
    }
    m_files = detection::loadPatterns(folders);
    return {};
  }

  /// The text of `id`, or nothing when there is no such pattern. `version`: a number, or empty for the one in
  /// force.
  base::Result<std::optional<std::string>> text(const std::string& id, const std::string& version) const {
    if (!m_connection) return ofFiles(id, version);
    const auto answer = m_connection->client.get("/patterns/" + id);
    if (!answer) {
      if (answer.error().code == base::ErrorCode::NotFound) return std::nullopt;
      return std::unexpected(answer.error());
    }
    if (version.empty()) return answer->at("text").get<std::string>();
    for (const auto& one : answer->at("versions")) {
      if (std::to_string(one.at("version").get<uint32_t>()) == version)
        return one.at("text").get<std::string>();
    }
    return base::fail(base::ErrorCode::NotFound, "there is no version " + version + " of it", id,
                      "`ai-ops-core patterns show " + id + " --json` lists them");
  }

 private:
  base::Result<std::optional<std::string>> ofFiles(const std::string& id, const std::string& version) const {
    if (!version.empty())
      return base::fail(base::ErrorCode::Unavailable, "versions are kept by a running instance", "--against",
                        "start `ai-ops-core --server`, or leave it out");
    const auto* document = m_files->find(id);
    return document == nullptr ? std::nullopt : std::optional(document->text);
  }

  std::optional<Connection> m_connection;
  Set m_files;
};

/// The other versions of the patterns in `set`; null when there are none.
base::Result<Set> othersOf(const detection::PatternSet& set, const Invocation& invocation) {
  InForce inForce;
  if (auto opened = inForce.open(invocation); !opened) return std::unexpected(opened.error());
  std::vector<detection::PatternDocument> documents;
  std::vector<detection::PatternProblem> problems;
  for (const auto& document : set.documents()) {
    const auto text = inForce.text(document.id, invocation.against);
    if (!text) return std::unexpected(text.error());
    if (!*text) continue;
    for (auto& other : detection::parsePatterns(**text, document.id, problems))
      documents.push_back(std::move(other));
  }
  if (documents.empty()) return Set();
  return detection::PatternSet::compile(std::move(documents), std::move(problems));
}

// Printing
// ---------------------------------------------------------------------------------------------------

/// The first line with its match marked; `<name:...>` for captures where there are no colours.
std::string marked(const model::PatternHit& hit) {
  static const bool kColours = ::isatty(STDOUT_FILENO) == 1;
  auto text = hit.text.substr(0, hit.text.find('\n'));
  std::vector<model::CaptureSpan> spans;
  for (const auto& span : hit.spans) {
    if (!span.name.empty() && span.start + span.length <= text.size()) spans.push_back(span);
  }
  std::ranges::sort(spans, std::ranges::greater(), &model::CaptureSpan::start);
  std::vector<std::string> parts;
  size_t end = text.size();
  for (const auto& span : spans) {
    if (span.start + span.length > end) continue;  // inside another one
    parts.push_back(safe(text.substr(span.start + span.length, end - span.start - span.length)));
    const auto value = safe(text.substr(span.start, span.length));
    parts.push_back(kColours ? "\033[1;32m" + value + "\033[0m" : '<' + safe(span.name) + ':' + value + '>');
    end = span.start;
  }
  std::string out = safe(text.substr(0, end));
  for (size_t i = parts.size(); i-- > 0;) out += parts[i];
  return out;
}

void printHit(const model::PatternHit& hit) {
  std::printf("%s:%llu: %s: %s\n", safe(hit.source).c_str(), static_cast<unsigned long long>(hit.line),
              hit.why.c_str(), marked(hit).c_str());
}

void printEvent(const char* before, const model::Event& event) {
  std::printf("  %s%s %s %s x%llu", before, base::toIso8601(event.last).c_str(), safe(event.service).c_str(),
              safe(event.patternId).c_str(), static_cast<unsigned long long>(event.count));
  if (!event.key.empty()) std::printf(" [%s]", safe(event.key).c_str());
  if (!event.evidence.empty()) {
    const auto& ref = event.evidence.back();
    std::printf(": %s:%llu: %s", safe(ref.source).c_str(), static_cast<unsigned long long>(ref.position.line),
                safe(ref.text.substr(0, ref.text.find('\n'))).c_str());
  }
  std::printf("\n");
}

void printEvents(const char* before, const std::vector<model::Event>& events) {
  for (size_t i = 0; i < std::min(events.size(), kShown); ++i) printEvent(before, events[i]);
  if (events.size() > kShown) std::printf("  and %zu more\n", events.size() - kShown);
}

void printFigures(const agents::BacktestReport& report) {
  std::printf("%llu files, %llu lines, %.1f MB, %s to %s, %.2f us a line\n",
              static_cast<unsigned long long>(report.files), static_cast<unsigned long long>(report.lines),
              static_cast<double>(report.bytes) / 1e6, base::toIso8601(report.from).c_str(),
              base::toIso8601(report.to).c_str(), report.microsecondsPerLine);
  for (const auto& pattern : report.patterns) {
    std::string where;
    for (const auto& [service, count] : pattern.services)
      where += (where.empty() ? " in " : ", ") + safe(service) + " (" + std::to_string(count) + ')';
    std::printf("%-30s %llu matches, %llu events%s, %.3f us a line\n", safe(pattern.id).c_str(),
                static_cast<unsigned long long>(pattern.matches),
                static_cast<unsigned long long>(pattern.events), where.c_str(), pattern.microsecondsPerLine);
  }
}

void printDifference(const agents::BacktestReport& report, const Invocation& invocation) {
  const auto what =
      invocation.against.empty() ? std::string("the version in force") : "version " + invocation.against;
  if (report.onlyNew.empty() && report.onlyOld.empty()) {
    std::printf("no difference to %s\n", what.c_str());
    return;
  }
  std::printf("difference to %s: %zu events more, %zu fewer\n", what.c_str(), report.onlyNew.size(),
              report.onlyOld.size());
  printEvents("+ ", report.onlyNew);
  printEvents("- ", report.onlyOld);
}

json toJson(const agents::BacktestReport& report, bool compared) {
  json patterns = json::array(), lint = json::array();
  for (const auto& one : report.patterns) {
    patterns.push_back({{"id", one.id},
                        {"matches", one.matches},
                        {"events", one.events},
                        {"services", one.services},
                        {"microsecondsPerLine", one.microsecondsPerLine}});
  }
  for (const auto& finding : report.lint)
    lint.push_back({{"pattern", finding.pattern}, {"kind", toString(finding.kind)}, {"text", finding.text}});
  json out = {{"files", report.files},
              {"lines", report.lines},
              {"records", report.records},
              {"bytes", report.bytes},
              {"from", base::toIso8601(report.from)},
              {"to", base::toIso8601(report.to)},
              {"microsecondsPerLine", report.microsecondsPerLine},
              {"patterns", std::move(patterns)},
              {"events", report.events},
              {"lint", std::move(lint)},
              {"problems", report.problems}};
  if (compared) out["onlyNew"] = report.onlyNew;
  if (compared) out["onlyOld"] = report.onlyOld;
  return api::snakeKeys(std::move(out));
}

int run(agents::BacktestRequest& request, const Invocation& invocation, agents::BacktestReport& report) {
  for (const auto& path : invocation.logs) request.paths.emplace_back(path);
  auto result = agents::backtest(request);
  if (!result) return complain(result.error());
  report = *std::move(result);
  for (const auto& problem : report.problems)
    complain({base::ErrorCode::Unavailable, "not read to its end: " + problem, "", ""});
  return kDone;
}

}  // namespace

int testPatterns(const Invocation& invocation) {
  int status = kDone;
  const auto patterns = load(invocation, status);
  if (patterns->size() == 0) return kNegative;
  for (const auto& wrong : detection::checkSamples(*patterns, readSample))
    status = complain({base::ErrorCode::InvalidInput, wrong, "", ""}, kNegative);
  agents::BacktestRequest request{.patterns = patterns};
  size_t hits = 0;
  if (!invocation.json) {
    request.onHit = [&](const model::PatternHit& hit) {
      if (hits++ < kShown) printHit(hit);
    };
  }
  agents::BacktestReport report;
  if (const int failed = run(request, invocation, report); failed != kDone) return failed;
  if (invocation.json) {
    printJson(toJson(report, false));
    return status;
  }
  if (hits > kShown) std::printf("and %zu matches more\n", hits - kShown);
  printFigures(report);
  printEvents("", report.events);
  return status;
}

int backtestPatterns(const Invocation& invocation) {
  int status = kDone;
  const auto patterns = load(invocation, status);
  if (patterns->size() == 0) return kNegative;
  const auto others = othersOf(*patterns, invocation);
  if (!others) return complain(others.error());
  agents::BacktestRequest request{.patterns = patterns, .against = *others};
  agents::BacktestReport report;
  if (const int failed = run(request, invocation, report); failed != kDone) return failed;
  if (invocation.json) {
    printJson(toJson(report, *others != nullptr));
    return status;
  }
  printFigures(report);
  printEvents("", report.events);
  if (*others) printDifference(report, invocation);
  if (!*others) std::printf("no pattern of this id is in force, so there is nothing to compare with\n");
  return status;
}

int lintPatterns(const Invocation& invocation) {
  int status = kDone;
  const auto patterns = load(invocation, status);
  if (patterns->size() == 0) return kNegative;
  agents::BacktestRequest request{.patterns = patterns};
  agents::BacktestReport report;
  if (const int failed = run(request, invocation, report); failed != kDone) return failed;
  if (invocation.json) {
    printJson(toJson(report, false).at("lint"));
  } else {
    for (const auto& finding : report.lint)
      std::printf("%s: %s: %s\n", safe(finding.pattern).c_str(), std::string(toString(finding.kind)).c_str(),
                  safe(finding.text).c_str());
    if (report.lint.empty())
      std::printf("%zu patterns over %llu records: nothing to say\n", patterns->size(),
                  static_cast<unsigned long long>(report.records));
  }
  return report.lint.empty() ? status : kNegative;
}

}  // namespace aiops::app
