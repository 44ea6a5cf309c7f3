// The settings of one run: defaults < config.yaml < what the console keeps < .env < environment < command
// line. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/logger.h"
#include "base/result.h"
#include "model/inventory.h"
#include "model/severity.h"

namespace aiops::config {

/// A file to watch, a glob, a directory, "-" for standard input, or the address of a stream. `service` writes
/// it.
struct SourceSetting {
  std::string path;
  std::string service;
  std::string zone;      ///< of time stamps without one, as zoneFromText() reads it; empty: worked out
  bool history = false;  ///< what is there already is read too
};

// The choices of the table in setting_table.cpp, in its order.
enum class AiProvider : uint8_t { None, OpenAi, Anthropic, Local };
enum class LearningMode : uint8_t { Active, Passive, Off };

struct AiSettings {
  AiProvider provider = AiProvider::None;
  std::string endpoint;
  std::string model;
  double temperature = 0;
  uint32_t maxTokens = 0;
  uint32_t callsPerIncident = 0;
  uint64_t tokensPerDay = 0;
  double costPerDay = 0;  ///< in the currency of the prices; 0: no limit of its own
  double inputPrice = 0;  ///< of a million tokens
  double outputPrice = 0;
};

/// The most that may happen without a person; each agent's own settings stay below it.
struct AutomationSettings {
  bool enableAutoFix = false;
  model::Risk maxRiskLevel = model::Risk::Low;
};

struct DetectionSettings {
  double patternSensitivity = 0;
  std::chrono::seconds temporalWindow{0};
};

/// How long the past is kept in the database.
struct RetentionSettings {
  std::chrono::days maxAge{90};
  uint64_t maxBytes = 2ull << 30;
};

struct LogSettings {
  base::LogLevel level = base::LogLevel::Info;
  base::LogFormat format = base::LogFormat::Text;
};

/// A secret with where it came from; `keptIn` as in model::SettingInfo.
struct SecretSetting {
  std::string value;
  std::string keptIn;
};

/// How a row of the table got its value.
struct SettingState {
  std::string text;  ///< as written; of a secret and of lists of mappings empty
  std::string
      origin;  ///< "default", "config.yaml:14", ".env:3", "BOOKMARKS_LOG_LEVEL", "--listen", "console"
  std::string fixedBy;  ///< the variable or option that outranks the console, or empty
  bool operator==(const SettingState&) const = default;
};

/// A plain value; copy it freely. Numbers without a default here get theirs from the table.
struct Settings {
  std::string home;
  std::string database;  ///< absolute path of the SQLite file
  std::string listenAddress = "127.0.0.1";
  uint16_t listenPort = 8500;  ///< 0: any free port
  std::vector<SourceSetting>
      sources;  ///< of `sources:`, then the logs of `services:`, then the watched paths
  model::Inventory inventory;
  model::ExecutionPolicy execution;
  LogSettings log;
  AutomationSettings automation;
  DetectionSettings detection;
  RetentionSettings retention;
  LearningMode learningMode = LearningMode::Active;
  AiSettings ai;
  std::map<std::string, SecretSetting> secrets;  ///< by key: "notify.slack_webhook"; set ones only
  std::map<std::string, SettingState> states;    ///< by key, one for each row of the table
  std::vector<std::string>
      notices;  ///< what the operator should know: a value without effect, a readable secret
};

/// What the world gives. All of it is passed in, so that a test or the demo can supply its own.
struct LoadRequest {
  /// Must exist when given; without it, config.yaml of the home is read if there is one.
  std::optional<std::filesystem::path> configFile;
  std::map<std::string, std::string> environment;
  std::optional<std::string> listen;  ///< "ADDRESS:PORT"
  std::vector<std::string> watch;     ///< absolute paths, globs or "-"; added to the configured sources
  std::vector<std::string> assigned;  ///< --set: "KEY=VALUE"
  /// Where .env is looked for besides the home; empty: nowhere.
  std::filesystem::path workingDirectory;
};

/// InvalidInput names file:line (or the variable or option), what is wrong and what is allowed. Unknown keys,
/// unknown BOOKMARKS_ variables and repeated names are errors, so that a misspelling is never a setting
/// without effect. Secrets of the secret store are not in the answer: they need a running event loop.
base::Result<Settings> loadSettings(const LoadRequest& request);

/// A service name for a log file: its base name up to the first '-' or '.' ("web" of
/// "/var/log/web-error.log"), or, when that could be anybody's ("access", "error"), its directory's: "nginx"
/// of "/var/log/nginx/access.log".
std::string serviceOfPath(const std::string& path);

/// The configured service whose name starts the file's, up to '-' or '.', the longest one; else
/// serviceOfPath.
std::string serviceFor(const std::string& path, const model::Inventory& inventory);

/// All variables of this process.
std::map<std::string, std::string> processEnvironment();

}  // namespace aiops::config
