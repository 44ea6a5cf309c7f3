// The settings table: one row a setting. Everything about a setting stands in its row: the loader, the
// documentation, the console and the HTTP interface all read it from here. To add one, add a row in
// setting_table.cpp and a typed member in Settings, then renew docs/CONFIGURATION.md with
// `ai-ops-core settings --markdown`. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "model/setting.h"

namespace aiops::config {

struct Yaml;
struct FileDraft;

/// When a change counts.
enum class Effect : uint8_t {
  AtOnce,
  Restart,
  NotYet,  ///< read and checked, but no part of this version uses it; said wherever it is set
};

/// One value in all the forms that a row may want.
struct ParsedValue {
  std::string text;  ///< normalised: "true", the choice as the table spells it, "300s"
  double number = 0;
  bool on = false;
  size_t choice = 0;
};

struct SettingRow {
  const char* key;            ///< in config.yaml, with dots
  const char* variable = "";  ///< of the environment and .env, or empty
  const char* option = "";    ///< of the command line besides --set, or empty
  const char* group;
  model::SettingType type;
  const char* fallback = "";   ///< the default as written
  double least = 0, most = 0;  ///< Number, Integer and Duration (in seconds)
  const char* allowed = "";    ///< in words; made from range and choices when empty
  const char* choices = "";    ///< of a Choice: "json, text"
  Effect effect = Effect::Restart;
  bool fileOnly = false;  ///< only in config.yaml: lists, and what must not be widened over HTTP
  const char* help;
  /// Text and Secret: the words for what is allowed, or nothing when the value is good.
  std::optional<std::string> (*check)(const std::string& text) = nullptr;
  void (*set)(const ParsedValue& value, Settings& settings) = nullptr;
  base::Result<> (*read)(const Yaml& value, FileDraft& draft) = nullptr;  ///< of lists

  bool isSecret() const { return type == model::SettingType::Secret; }
  bool isEditable() const { return !fileOnly; }
};

/// In the order of docs/CONFIGURATION.md; rows of a group stand together.
std::span<const SettingRow> settingTable();
const SettingRow* findSetting(std::string_view key);
const SettingRow* findVariable(std::string_view name);
std::vector<std::string> choicesOf(const SettingRow& row);
/// "1 to 86400 seconds", "json, text"
std::string allowedFor(const SettingRow& row);

/// InvalidInput with `where` when the text is not what the row allows. The message never repeats a secret,
/// nor the user part of a URL.
base::Result<ParsedValue> parseValue(const SettingRow& row, const std::string& text,
                                     const std::string& where);

/// ", did you mean 'x'?" with the nearest of `known`, or nothing when none is near.
std::string didYouMean(const std::string& name, const std::vector<std::string>& known);

/// docs/CONFIGURATION.md.
std::string settingsMarkdown();

}  // namespace aiops::config
