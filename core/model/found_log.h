// A log file that could be watched.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/log_line.h"

namespace aiops::model {

struct FoundLog {
  std::string path;
  std::string service;  ///< worked out from the path
  std::string format;   ///< found from its lines, for example "syslog (RFC 3164)"; empty if unreadable
  uint64_t bytes = 0;
  std::optional<base::TimePoint> changedAt;
  double linesPerHour = 0;  ///< from the time stamps of its newest lines; 0: not known
  bool readable = false;
  bool watched = false;
  bool worthWatching = false;  ///< preset tick: readable, recently written, text
  std::string problem;
  std::string howToAllow;  ///< an exact command for a person to run; never run by the program
};

/// The newest lines of a file as they would be seen.
struct LogPreview {
  std::string path;
  std::string format;
  std::vector<LogLine> lines;
  std::string problem;
};

/// What a person chose to watch. An empty service is worked out from the path.
struct SourceChoice {
  std::string path;
  std::string service;
};

/// A source that was added while running, as it is kept.
struct AddedSource {
  std::string path;
  std::string service;  ///< empty: worked out from each file
  std::string by;
  base::TimePoint at;
};

void to_json(nlohmann::json& json, const AddedSource& value);
void from_json(const nlohmann::json& json, AddedSource& value);
void to_json(nlohmann::json& json, const FoundLog& value);
void from_json(const nlohmann::json& json, FoundLog& value);
void to_json(nlohmann::json& json, const LogPreview& value);
void from_json(const nlohmann::json& json, LogPreview& value);
void to_json(nlohmann::json& json, const SourceChoice& value);
void from_json(const nlohmann::json& json, SourceChoice& value);

}  // namespace aiops::model
