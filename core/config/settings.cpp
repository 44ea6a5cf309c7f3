// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "config/env_file.h"
#include "config/file_draft.h"
#include "config/home.h"
#include "config/setting_table.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr size_t kLargestConfig = 1u << 20;
constexpr std::string_view kPrefix = "BOOKMARKS_";
const char* const kConsoleOrigin = "console";

/// Who gives a value.
struct Giver {
  std::string origin;   ///< as people see it
  std::string where;    ///< for errors
  std::string fixedBy;  ///< what locks it against the console
  std::string keptIn;   ///< of a secret
};

bool othersCanRead(const fs::path& file) {
  struct stat info = {};
  return ::stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

/// Takes the values layer by layer, each over the one before.
class Loader {
 public:
  explicit Loader(const LoadRequest& request) : m_request(request) {}

  Result<Settings> load() {
    auto home = homeFromEnvironment(m_request.environment);
    if (!home) return std::unexpected(home.error());
    m_home = *home;
    m_draft.settings.home = home->string();
    auto done = takeDefaults();
    if (done) done = takeConfigFile();
    if (done) done = takeConsoleFile();
    if (done) done = takeEnvFile(m_home / ".env", (m_home / ".env").string());
    if (done && !m_request.workingDirectory.empty() && !isSameDirectory(m_request.workingDirectory, m_home)) {
      done = takeEnvFile(m_request.workingDirectory / ".env", ".env");
    }
    if (done) done = takeEnvironment();
    if (done) done = takeOptions();
    if (done) done = completeLists(m_draft, m_request.watch);
    if (!done) return std::unexpected(done.error());
    finish();
    return std::move(m_draft.settings);
  }

 private:
  static bool isSameDirectory(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return fs::equivalent(a, b, error);
  }

  Settings& settings() { return m_draft.settings; }

  Result<> take(const SettingRow& row, const std::string& text, const Giver& giver) {
    // Empty is "not set" for what may be empty; a default that is empty says so.
    auto value = parseValue(row, text, giver.where);
    if (!value) return std::unexpected(value.error());
    if (row.isSecret()) {
      settings().secrets.erase(row.key);
      if (!text.empty()) settings().secrets[row.key] = {text, giver.keptIn};
    } else if (row.set != nullptr) {
      row.set(*value, settings());
    }
    settings().states[row.key] = {row.isSecret() ? std::string() : value->text, giver.origin, giver.fixedBy};
    return {};
  }

  Result<> takeDefaults() {
    for (const SettingRow& row : settingTable()) {
      settings().states[row.key] = {row.fallback, "default", ""};
      if (row.type == model::SettingType::List || row.isSecret()) continue;
      if (auto taken = take(row, row.fallback, {"default", "default", "", ""}); !taken) return taken;
    }
    return {};
  }

  Result<> takeConfigFile() {
    if (m_request.configFile) return takeYamlFile(*m_request.configFile, "");
    std::error_code error;
    const fs::path usual = m_home / "config.yaml";
    return fs::exists(usual, error) ? takeYamlFile(usual, "") : Result<>();
  }

  Result<> takeConsoleFile() {
    std::error_code error;
    const fs::path file = Home(m_home).consoleSettings();
    return fs::exists(file, error) ? takeYamlFile(file, kConsoleOrigin) : Result<>();
  }

  Result<> takeYamlFile(const fs::path& file, const std::string& origin) {
    auto bytes = base::readFile(file, kLargestConfig);
    if (!bytes) {
      return fail(bytes.error().code, "can't read the configuration: " + bytes.error().what, file.string());
    }
    auto yaml = parseYaml(file.string(), *bytes);
    if (!yaml) return std::unexpected(yaml.error());
    m_openToOthers = othersCanRead(file);
    return takeMapping(*yaml, "", origin);
  }

  /// Walks down the dotted keys: `log: {level: debug}` is log.level.
  Result<> takeMapping(const Yaml& mapping, const std::string& prefix, const std::string& origin) {
    auto entries = entriesOf(mapping);
    if (!entries) return std::unexpected(entries.error());
    for (const auto& [name, value] : *entries) {
      const std::string key = prefix + name;
      Result<> taken;
      if (const SettingRow* row = findSetting(key)) {
        taken = takeNode(*row, value, origin);
      } else if (isGroup(key)) {
        taken = takeMapping(value, key + ".", origin);
      } else {
        taken = unknownKey(value, name, prefix);
      }
      if (!taken) return taken;
    }
    return {};
  }

  static bool isGroup(const std::string& key) {
    for (const SettingRow& row : settingTable()) {
      if (std::string_view(row.key).starts_with(key + ".")) return true;
    }
    return false;
  }

  static Result<> unknownKey(const Yaml& value, const std::string& name, const std::string& prefix) {
    std::vector<std::string> known;
    for (const SettingRow& row : settingTable()) {
      const std::string_view key = row.key;
      if (!key.starts_with(prefix)) continue;
      const std::string child(key.substr(prefix.size(), key.find('.', prefix.size()) - prefix.size()));
      if (known.empty() || known.back() != child) known.push_back(child);
    }
    std::string allowed;
    for (const auto& child : known) allowed += (allowed.empty() ? "allowed here: " : ", ") + child;
    return value.wrong("unknown key '" + name + "'" + didYouMean(name, known), allowed);
  }

  Result<> takeNode(const SettingRow& row, const Yaml& value, const std::string& origin) {
    const bool ofConsole = !origin.empty();
    if (ofConsole && row.fileOnly) {
      return value.wrong("'" + std::string(row.key) + "' is not kept by the console",
                         "set it in config.yaml");
    }
    if (row.read != nullptr) {
      settings().states[row.key] = {"", value.where(), ""};
      return row.read(value, m_draft);
    }
    auto text = value.text();
    if (!text) return std::unexpected(text.error());
    if (row.isSecret() && m_openToOthers && !text->empty()) {
      settings().notices.push_back(value.where() +
                                   " holds a secret and others can read the file: chmod 600 it");
    }
    return take(row, *text, {ofConsole ? origin : value.where(), value.where(), "", "file " + value.file});
  }

  Result<> takeEnvFile(const fs::path& path, const std::string& label) {
    auto file = readEnvFile(path, label);
    if (!file) return std::unexpected(file.error());
    if (!*file) return {};
    std::map<std::string, int> seen;
    for (const EnvEntry& entry : (*file)->entries) {
      const std::string where = label + ":" + std::to_string(entry.line);
      const auto [first, isNew] = seen.emplace(entry.name, entry.line);
      if (!isNew && (findVariable(entry.name) || entry.name.starts_with(kPrefix))) {
        return fail(ErrorCode::InvalidInput, entry.name + " is given twice", where,
                    "keep one; the other stands in line " + std::to_string(first->second));
      }
      if (entry.name == "AIOPS_HOME") {
        return fail(ErrorCode::InvalidInput, "AIOPS_HOME has no effect in a .env file", where,
                    "set it in the environment");
      }
      if (auto taken = takeVariable(entry.name, entry.value, {where, where, entry.name, "file " + label});
          !taken)
        return taken;
      const SettingRow* row = findVariable(entry.name);
      if ((*file)->othersCanRead && row && row->isSecret() && !entry.value.empty()) {
        settings().notices.push_back(where + " holds a secret and others can read the file: chmod 600 it");
      }
    }
    return {};
  }

  Result<> takeEnvironment() {
    for (const auto& [name, value] : m_request.environment) {
      if (auto taken = takeVariable(name, value, {name, "environment", name, "environment"}); !taken)
        return taken;
    }
    return {};
  }

  /// An empty variable is one that is not set, as `NAME= program` and compose files mean it.
  Result<> takeVariable(const std::string& name, const std::string& value, const Giver& giver) {
    const SettingRow* row = findVariable(name);
    if (row && value.empty()) return {};
    if (row) {
      Giver named = giver;
      if (giver.where == "environment") named.where = name;
      return take(*row, value, named);
    }
    if (!name.starts_with(kPrefix)) return {};
    std::vector<std::string> known;
    std::string all;
    for (const SettingRow& each : settingTable()) {
      if (*each.variable == '\0') continue;
      known.emplace_back(each.variable);
      all += (all.empty() ? "known: " : ", ") + known.back();
    }
    return fail(ErrorCode::InvalidInput, "unknown variable " + name + didYouMean(name, known), giver.where,
                all);
  }

  Result<> takeOptions() {
    for (const std::string& assigned : m_request.assigned) {
      if (auto taken = takeAssigned(assigned); !taken) return taken;
    }
    if (!m_request.watch.empty()) settings().states["sources"] = {"", "--watch", ""};
    if (!m_request.listen) return {};
    return take(*findSetting("listen"), *m_request.listen, {"--listen", "--listen", "--listen", ""});
  }

  Result<> takeAssigned(const std::string& assigned) {
    const size_t equals = assigned.find('=');
    const std::string key = assigned.substr(0, equals);
    const SettingRow* row = findSetting(key);
    if (!row || equals == std::string::npos) {
      std::vector<std::string> known;
      for (const SettingRow& each : settingTable()) known.emplace_back(each.key);
      return fail(ErrorCode::InvalidInput,
                  row ? "a value is missing for '" + key + "'"
                      : "unknown setting '" + key + "'" + didYouMean(key, known),
                  "--set", "give KEY=VALUE with a key of `ai-ops-core settings`");
    }
    if (row->isSecret()) {
      return fail(ErrorCode::InvalidInput, "'" + key + "' is a secret, and others can see the command line",
                  "--set", "use `ai-ops-core secret set " + key + "`");
    }
    if (row->type == model::SettingType::List || (row->fileOnly && row->read)) {
      return fail(ErrorCode::InvalidInput, "'" + key + "' is a list", "--set", "set it in config.yaml");
    }
    const std::string option = "--set " + key;
    return take(*row, assigned.substr(equals + 1), {option, option, option, ""});
  }

  void finish() {
    if (settings().database.empty()) settings().database = Home(m_home).database().string();
    for (const SettingRow& row : settingTable()) {
      const auto& state = settings().states[row.key];
      const bool isSet = row.isSecret() ? settings().secrets.contains(row.key) : state.text != row.fallback;
      if (row.effect != Effect::NotYet || !isSet) continue;
      settings().notices.push_back("'" + std::string(row.key) + "' is set (" + state.origin +
                                   "), but nothing in this version uses it");
    }
  }

  const LoadRequest& m_request;
  fs::path m_home;
  FileDraft m_draft;
  bool m_openToOthers = false;  ///< of the file that is being read
};

}  // namespace

Result<Settings> loadSettings(const LoadRequest& request) {
  return Loader(request).load();
}

std::map<std::string, std::string> processEnvironment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

}  // namespace aiops::config
