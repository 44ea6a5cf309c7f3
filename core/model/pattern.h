// A pattern as people see it: what it is, whether it is on, what it found.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/severity.h"

namespace aiops::model {

enum class PatternOrigin : uint8_t {
  Shipped,   ///< with the program
  Operator,  ///< a file in the operator's folder
  Edited,    ///< written over HTTP, on the command line or in the console; kept in the database
};
std::string_view toString(PatternOrigin origin);

struct PatternInfo {
  std::string id;
  std::string name;
  std::string description;
  std::string type;   ///< regex, fuzzy, sequence, temporal or anomaly
  std::string group;  ///< what it is about, for lists: "nginx", "kernel"; of the shipped file's name or empty
  Severity severity = Severity::Warning;
  std::string signal;
  std::string service;  ///< only this service, or empty
  bool enabled = true;
  PatternOrigin origin = PatternOrigin::Shipped;
  bool shadowsShipped = false;  ///< a shipped pattern of this id exists beneath
  uint32_t version = 1;         ///< grows with each saved edit
  std::string file;             ///< where it was read, or empty
  uint64_t matchCount = 0;      ///< matching records since the database was made
  uint64_t eventCount = 0;      ///< events it raised since then
  std::optional<base::TimePoint> lastMatchAt;
  /// Of the fixes that ran for incidents in which its events took part, the share that worked: was validated.
  std::optional<double> successRate;
  /// Of those incidents, as far as they ended (resolved, or dismissed by a person as false), the share that
  /// was false.
  std::optional<double> falsePositiveRate;
  std::vector<uint32_t> matchesPerDay;        ///< newest last, at most 30 days
  std::optional<double> microsecondsPerLine;  ///< of processor time, since the start; none yet
  bool overBudget = false;  ///< it took too long for a record, again and again, and is switched off for that
};

struct PatternVersion {
  uint32_t version = 1;
  base::TimePoint at;
  std::string by;
  std::string text;  ///< the document as YAML
};

struct PatternDetail {
  PatternInfo info;
  std::string text;                      ///< the document in force as YAML
  std::vector<PatternVersion> versions;  ///< newest first; those kept in the database
  std::vector<std::string> sampleProblems;
};

/// What a pattern found on one day.
struct PatternCount {
  std::string pattern;
  int64_t day = 0;  ///< since the epoch, of wall time
  uint64_t matches = 0;
  uint64_t events = 0;
  base::TimePoint last;  ///< when the newest match was read
};

/// Where in a matched text a group lies. Bytes.
struct CaptureSpan {
  std::string name;  ///< empty: the whole match
  uint32_t start = 0;
  uint32_t length = 0;
};

/// One line that a pattern matches or almost matches. `text` is foreign.
struct PatternHit {
  std::string source;
  std::string service;
  uint64_t line = 0;
  base::TimePoint time;
  std::string text;
  std::vector<CaptureSpan> spans;
  std::string why;  ///< of a near miss: what stood in the way
};

/// What an unsaved document does on the newest lines.
struct PatternPreview {
  std::string problem;  ///< why the document can't be used, or empty
  int problemLine = 0;  ///< from 1; 0: not known
  uint64_t linesLookedAt = 0;
  uint64_t linesMatched = 0;
  uint64_t wouldFire = 0;              ///< events over these lines
  std::vector<PatternHit> firings;     ///< those events, newest first, at most 20; `why`: with which figures
  std::vector<PatternHit> hits;        ///< newest first, at most 50
  std::vector<PatternHit> nearMisses;  ///< at most 20
  std::vector<std::string> sampleProblems;
  std::vector<std::string> notes;  ///< what is not good about it: too broad, too dear ...
  double microsecondsPerLine = 0;  ///< of processor time
};

void to_json(nlohmann::json& json, const PatternOrigin& value);
void from_json(const nlohmann::json& json, PatternOrigin& value);
void to_json(nlohmann::json& json, const PatternInfo& value);
void from_json(const nlohmann::json& json, PatternInfo& value);
void to_json(nlohmann::json& json, const PatternVersion& value);
void from_json(const nlohmann::json& json, PatternVersion& value);
void to_json(nlohmann::json& json, const PatternDetail& value);
void from_json(const nlohmann::json& json, PatternDetail& value);
void to_json(nlohmann::json& json, const CaptureSpan& value);
void from_json(const nlohmann::json& json, CaptureSpan& value);
void to_json(nlohmann::json& json, const PatternHit& value);
void from_json(const nlohmann::json& json, PatternHit& value);
void to_json(nlohmann::json& json, const PatternPreview& value);
void from_json(const nlohmann::json& json, PatternPreview& value);

}  // namespace aiops::model
