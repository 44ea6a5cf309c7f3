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
};

void to_json(nlohmann::json& json, const BytePosition& value);
void from_json(const nlohmann::json& json, BytePosition& value);
void to_json(nlohmann::json& json, const EvidenceRef& value);
void from_json(const nlohmann::json& json, EvidenceRef& value);
void to_json(nlohmann::json& json, const Event& value);
void from_json(const nlohmann::json& json, Event& value);

}  // namespace aiops::model
