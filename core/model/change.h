// Something that was changed on purpose: most failures follow one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/time.h"
#include "model/event.h"

namespace aiops::model {

enum class ChangeKind : uint8_t {
  ConfigFile,  ///< a configuration file has other bytes, or a service read its configuration anew
  Package,
  Unit,  ///< the file that tells a service manager how to run it
  Version,
  Restart,  ///< also a stop or a start alone
  Deployment,
  Certificate,
  ScheduledJob,
};
std::string_view toString(ChangeKind kind);

/// Seen in a line of a log, or at a file. Texts are shown: secrets have been taken out of them where it was
/// made.
struct Change {
  std::string id;       ///< of what was seen: seen again it is the same
  base::TimePoint at;   ///< event time
  std::string service;  ///< empty: of the whole host, as a library
  std::string host;     ///< empty: not known
  ChangeKind kind = ChangeKind::ConfigFile;
  std::string what;        ///< in the engine's words; a part of a sentence behind the service
  std::string from;        ///< version or state before, or empty
  std::string to;          ///< ... and after
  std::string source;      ///< path of the file that changed, or of the log that tells it
  std::string difference;  ///< to what was there before, as a unified diff; or empty
  std::string drift;       ///< ... to the last known good, where that is another; or empty
  std::optional<base::TimePoint> goodSince;  ///< since when the last known good had been in force
  std::optional<EvidenceRef> evidence;       ///< the line that tells it
  bool foretold = false;                     ///< nothing changed yet: a certificate ends soon
  uint32_t routineDays = 0;                  ///< on how many of the days before the same went without trouble
};

/// What is known of a configuration file: when the bytes of the baseline were in force first.
struct Baseline {
  std::string path;
  std::string service;
  std::string digest;  ///< SHA-256
  base::TimePoint at;
  bool same = false;  ///< as the file is now
  std::string by;     ///< the person who set it, or empty: it was in force without trouble
};

void to_json(nlohmann::json& json, const ChangeKind& value);
void from_json(const nlohmann::json& json, ChangeKind& value);
void to_json(nlohmann::json& json, const Change& value);
void from_json(const nlohmann::json& json, Change& value);
void to_json(nlohmann::json& json, const Baseline& value);
void from_json(const nlohmann::json& json, Baseline& value);

}  // namespace aiops::model
