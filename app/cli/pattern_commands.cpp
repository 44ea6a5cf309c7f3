// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pattern_commands.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli/commands.h"
#include "app/cli/connection.h"
#include "app/cli/print.h"
#include "base/bytes.h"
#include "base/time.h"
#include "config/settings.h"
#include "detection/detector.h"
#include "detection/pattern.h"
#include "model/json.h"
#include "model/pattern.h"
#include "parsing/line_parser.h"
#include "parsing/record_assembler.h"

namespace aiops::app {
namespace {

using nlohmann::json;

constexpr size_t kLongestDocument = 64 * 1024;
constexpr size_t kChunk = 1 << 20;
constexpr size_t kLongestLine = 64 * 1024;
constexpr size_t kEventsShown = 20;

int printList(const json& answer) {
  const auto all = client::toModelKeys(answer).at("items").get<std::vector<model::PatternInfo>>();
  for (const auto& pattern : all) {
    std::printf("%-30s %-9s %-24s %-9s %-8s %8llu matches\n", safe(pattern.id).c_str(),
                std::string(toString(pattern.severity)).c_str(), safe(pattern.signal).c_str(),
                std::string(toString(pattern.origin)).c_str(), pattern.enabled ? "enabled" : "disabled",
                static_cast<unsigned long long>(pattern.matchCount));
  }
  return kDone;
}

int done(const base::Result<json>& answer, const std::string& text) {
  if (!answer) {
    const auto code = answer.error().code;
    return complain(answer.error(), code == base::ErrorCode::InvalidInput || code == base::ErrorCode::Conflict
                                        ? kNegative
                                        : kCouldNotRun);
  }
  std::printf("%s\n", safe(text).c_str());
  return kDone;
}

int show(const Connection& connection, const Invocation& invocation) {
  const auto answer = connection.client.get("/patterns/" + invocation.id);
  if (!answer) return complain(answer.error());
  if (invocation.json) return printJson(*answer);
  std::istringstream text(answer->at("text").get<std::string>());
  for (std::string line; std::getline(text, line);) std::printf("%s\n", safe(line).c_str());
  return kDone;
}

int add(const Connection& connection, const Invocation& invocation) {
  const auto text = base::readFile(invocation.id, kLongestDocument);
  if (!text) return complain(text.error());
  const auto answer = connection.client.post("/patterns", {{"text", *text}});
  if (!answer) return done(answer, "");
  const auto& info = answer->at("info");
  return done(answer, info.at("id").get<std::string>() + " is in force, version " +
                          std::to_string(info.at("version").get<uint32_t>()));
}

int askInstance(const Connection& connection, const Invocation& invocation) {
  const auto path = "/patterns/" + invocation.id;
  if (invocation.verb == "list") {
    const auto answer = connection.client.get("/patterns");
    if (!answer) return complain(answer.error());
    return invocation.json ? printJson(*answer) : printList(*answer);
  }
  if (invocation.verb == "show") return show(connection, invocation);
  if (invocation.verb == "add") return add(connection, invocation);
  if (invocation.verb == "remove") {
    return done(connection.client.post(path + "/remove", json::object()), invocation.id + " is removed");
  }
  const bool enable = invocation.verb == "enable";
  return done(connection.client.post(path + "/enable", {{"enabled", enable}}),
              invocation.id + (enable ? " is enabled" : " is disabled"));
}

/// The next lines of `in`; none at the end. A last line without its end is taken too.
parsing::RawChunk nextChunk(std::istream& in, uint64_t& offset, uint64_t& number) {
  parsing::RawChunk chunk;
  chunk.newGeneration = offset == 0;
  for (std::string line; chunk.bytes.size() < kChunk && std::getline(in, line);) {
    ++number;
    if (!line.empty()) {
      const auto kept = std::min<size_t>(line.size(), kLongestLine);
      chunk.lines.push_back({.at = chunk.bytes.size(),
                             .length = static_cast<uint32_t>(kept),
                             .offset = offset + chunk.bytes.size(),
                             .line = number,
                             .cut = kept < line.size()});
    }
    chunk.bytes += line + '\n';
  }
  offset += chunk.bytes.size();
  chunk.endOffset = offset;
  chunk.endLine = number;
  return chunk;
}

/// What the patterns find in the files.
struct Tally {
  uint64_t records = 0;
  std::map<std::string, model::PatternCount> counts;
  std::vector<model::Event> events;
};

void feed(detection::Detector& detector, const model::LogBatch& batch, Tally& tally) {
  tally.records += batch.records.size();
  auto events = detector.feed(batch);
  std::move(events.begin(), events.end(), std::back_inserter(tally.events));
}

base::Result<> readFile(const std::string& path, detection::Detector& detector, Tally& tally) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::fail(base::ErrorCode::NotFound, "can't read the file", path);
  const base::SystemClock clock;
  parsing::RecordAssembler assembler(path, config::serviceOfPath(path));
  uint64_t offset = 0, number = 0;
  for (auto chunk = nextChunk(in, offset, number); !chunk.bytes.empty();
       chunk = nextChunk(in, offset, number)) {
    feed(detector, assembler.add(std::move(chunk), clock.now(), clock.sinceBoot()), tally);
  }
  feed(detector, assembler.flush(clock.sinceBoot(), true), tally);
  return {};
}

void printTally(const detection::PatternSet& patterns, Tally& tally) {
  std::printf("%llu records read\n", static_cast<unsigned long long>(tally.records));
  for (const auto& pattern : patterns.documents()) {
    const auto& count = tally.counts[pattern.id];
    std::printf("%-30s %llu matches, %llu events\n", safe(pattern.id).c_str(),
                static_cast<unsigned long long>(count.matches),
                static_cast<unsigned long long>(count.events));
  }
  for (size_t i = 0; i < std::min(tally.events.size(), kEventsShown); ++i) {
    const auto& event = tally.events[i];
    std::printf("  %s %s %s x%llu: %s\n", base::toIso8601(event.first).c_str(), safe(event.service).c_str(),
                safe(event.patternId).c_str(), static_cast<unsigned long long>(event.count),
                event.evidence.empty() ? "" : safe(event.evidence.front().text).c_str());
  }
  if (tally.events.size() > kEventsShown)
    std::printf("  and %zu events more\n", tally.events.size() - kEventsShown);
}

model::LogRecord readSample(std::string_view line, model::LogBatch& batch) {
  parsing::LineParser parser;
  return parser.parse(line, base::TimePoint(), batch);
}

int tryOut(const Invocation& invocation) {
  const auto patterns = detection::loadPatterns({invocation.id});
  int status = kDone;
  for (const auto& problem : patterns->problems()) {
    status = complain({base::ErrorCode::InvalidInput, problem.text(), "", ""}, kNegative);
  }
  if (patterns->size() == 0) return kNegative;
  for (const auto& wrong : detection::checkSamples(*patterns, readSample)) {
    status = complain({base::ErrorCode::InvalidInput, wrong, "", ""}, kNegative);
  }
  detection::Detector detector(patterns);
  Tally tally;
  for (const auto& path : invocation.logs) {
    if (const auto read = readFile(path, detector, tally); !read) return complain(read.error());
  }
  for (auto& count : detector.takeCounts()) tally.counts[count.pattern] = count;
  printTally(*patterns, tally);
  return status;
}

}  // namespace

int runPatterns(const Invocation& invocation) {
  if (invocation.verb == "test") return tryOut(invocation);
  const auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  if (!*connection) {
    return complain({base::ErrorCode::Unavailable, "no instance of this home is running", "",
                     "start `ai-ops-core` or `ai-ops-core --server` first"});
  }
  try {
    return askInstance(**connection, invocation);
  } catch (const json::exception& error) {
    return complain({base::ErrorCode::Corrupt, std::string("the answer is not understood: ") + error.what(),
                     "", "are both programs of one version?"});
  }
}

}  // namespace aiops::app
