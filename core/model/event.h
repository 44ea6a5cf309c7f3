// One detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/ids.h"
#include "model/log_record.h"

namespace aiops::model {

/// A pointer to bytes in a source, with the text found there. Claims cite these; the engine re-reads them.
struct EvidenceRef {
  std::string id;      ///< derived from source, inode and offset: the same bytes give the same id
  std::string source;  ///< path as watched
  std::string service;
  BytePosition position;
  std::string text;    ///< the first 500 bytes as valid UTF-8 (U+FFFD for what is not)
  std::string sha256;  ///< of the raw bytes of the whole entry
  base::TimePoint time;
};

/// One value of what a pattern tallies: an address, and the users that it tried.
struct TallyRow {
  std::string value;
  uint64_t count = 0;   ///< records
  uint64_t marked = 0;  ///< those of them that the pattern marks: users that do not exist
  base::TimePoint first;
  base::TimePoint last;
  std::vector<std::string> with;  ///< what came with it, the most frequent first; at most 8
  uint64_t withCount = 0;         ///< how many different ones came; 32 is that many or more
};

/// Which pattern fired, on what key, when, how strongly, and on what evidence.
/// `captures` come from log text: tainted, never usable as a parameter without a validator.
struct Event {
  EventId id;
  std::string patternId;
  std::string patternName;
  std::string signal;  ///< what it means, for example "memory_exhausted"; analysts reason on this
  std::string service;
  std::string key;  ///< value of the pattern's group key, or empty
  Severity severity = Severity::Warning;
  base::TimePoint first;  ///< event time of the first matching record
  base::TimePoint last;
  uint64_t count = 1;  ///< matching records
  std::map<std::string, std::string> captures;
  std::vector<EvidenceRef> evidence;  ///< first matches, at most 5
  std::vector<TallyRow> tally;        ///< of the run so far, the most frequent 64; tainted as captures are
  uint64_t tallyOthers = 0;           ///< records of values that are not in it
};

void to_json(nlohmann::json& json, const BytePosition& value);
void from_json(const nlohmann::json& json, BytePosition& value);
void to_json(nlohmann::json& json, const EvidenceRef& value);
void from_json(const nlohmann::json& json, EvidenceRef& value);
void to_json(nlohmann::json& json, const TallyRow& value);
void from_json(const nlohmann::json& json, TallyRow& value);
void to_json(nlohmann::json& json, const Event& value);
void from_json(const nlohmann::json& json, Event& value);

}  // namespace aiops::model
