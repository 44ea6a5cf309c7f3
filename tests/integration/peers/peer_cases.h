// Cases of other projects' test suites, which lie beside the checkout and are no part of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "detection/detector.h"
#include "parsing/line_parser.h"
#include "support/eval_data.h"

namespace aiops::test {

/// All lines of the *.jsonl files of a suite's folder, in order of file name; empty when it is not there.
inline std::vector<nlohmann::json> casesOf(const std::string& suite) {
  std::vector<nlohmann::json> cases;
  const auto folder = evalData("peers/" + suite);
  if (!folder) return cases;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      if (!line.empty()) cases.push_back(nlohmann::json::parse(line));
    }
  }
  return cases;
}

/// A file of the shipped patterns, compiled.
inline std::shared_ptr<const detection::PatternSet> shippedPack(const std::string& file) {
  return detection::loadPatterns({std::filesystem::path(AIOPS_SOURCE_DIR) / "resources/patterns" / file});
}

/// What a detector that has seen nothing yet makes of one entry.
inline std::vector<model::Event> eventsOf(const std::shared_ptr<const detection::PatternSet>& patterns,
                                          const std::string& text) {
  model::LogBatch batch;
  batch.source = "/log";
  batch.service = "peer";
  batch.bytes = std::make_unique<std::string>(text);
  parsing::LineParser parser;
  const auto now = std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
  batch.records.push_back(parser.parse(*batch.bytes, now, batch));
  return detection::Detector(patterns).feed(batch);
}

}  // namespace aiops::test
