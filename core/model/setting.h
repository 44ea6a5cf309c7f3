// A setting as people see it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

enum class SettingType : uint8_t { Text, Number, Integer, Switch, Choice, Duration, Path, List, Secret };
std::string_view toString(SettingType type);

struct SettingInfo {
  std::string key;       ///< as in config.yaml, with dots: "execution.max_execution_time"
  std::string variable;  ///< environment variable, or empty
  std::string group;     ///< heading it stands under
  std::string help;
  SettingType type = SettingType::Text;
  std::string value;         ///< in force; of a secret always empty
  std::string defaultValue;  ///< as written
  std::string
      origin;  ///< "default", "config.yaml:14", ".env:3", "BOOKMARKS_LOG_LEVEL", "--listen", "console"
  std::string allowed;               ///< in words: "1 to 86400 seconds", "json, text"
  std::vector<std::string> choices;  ///< of a Choice
  std::string fixedBy;               ///< variable or option that locks it here, or empty
  bool editable = false;             ///< can be changed while running (perhaps with a restart to take effect)
  bool reloadable = false;           ///< takes effect at once
  bool pendingRestart = false;       ///< changed; in force after a restart
  std::string pendingValue;          ///< ... and then this
  bool isSet = false;                ///< of a secret: there is one
  std::string keptIn;                ///< of a secret: "key ring", "environment", "file /path (0600)"
};

void to_json(nlohmann::json& json, const SettingType& value);
void from_json(const nlohmann::json& json, SettingType& value);
void to_json(nlohmann::json& json, const SettingInfo& value);
void from_json(const nlohmann::json& json, SettingInfo& value);

}  // namespace aiops::model
