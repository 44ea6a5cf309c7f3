// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/live_settings.h"

#include <unistd.h>

#include <map>

#include "base/bytes.h"
#include "config/home.h"
#include "config/setting_table.h"
#include "config/yaml_fields.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr size_t kLargestFile = 1u << 20;
const char* const kHeader =
    "# Kept by ai-ops-core: what was set in the console or over HTTP. It outranks config.yaml.\n";

using Kept = std::map<std::string, std::string>;

void collect(const YAML::Node& node, const std::string& prefix, Kept& kept) {
  for (const auto& entry : node) {
    const std::string key = prefix + entry.first.Scalar();
    if (entry.second.IsMap()) {
      collect(entry.second, key + ".", kept);
    } else {
      kept[key] = entry.second.Scalar();
    }
  }
}

/// The file's values by dotted key; it has been loaded before, so that its form is known to be good.
Result<Kept> readKept(const std::string& file) {
  Kept kept;
  if (::access(file.c_str(), F_OK) != 0) return kept;
  auto bytes = base::readFile(file, kLargestFile);
  if (!bytes) return std::unexpected(bytes.error());
  auto yaml = parseYaml(file, *bytes);
  if (!yaml) return std::unexpected(yaml.error());
  collect(yaml->node, "", kept);
  return kept;
}

/// A tree of the dotted keys; every value quoted, so that YAML reads back exactly this text.
std::string written(const Kept& kept) {
  YAML::Node root(YAML::NodeType::Map);
  for (const auto& [key, value] : kept) {
    YAML::Node at = root;
    size_t from = 0;
    for (size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', from)) {
      at.reset(at[key.substr(from, dot - from)]);
      from = dot + 1;
    }
    at[key.substr(from)] = value;
  }
  YAML::Emitter out;
  out.SetStringFormat(YAML::DoubleQuoted);
  out << root;
  return kHeader + std::string(out.c_str()) + "\n";
}

Result<> writeKept(const std::string& file, const Kept& kept) {
  if (!kept.empty()) return base::writeFileAtomic(file, written(kept), 0600);
  if (::unlink(file.c_str()) == 0 || errno == ENOENT) return {};
  return base::failErrno(errno, "can't remove the file", file);
}

model::SettingInfo describe(const SettingRow& row, const Settings& inForce, const Settings& next) {
  const auto& now = inForce.states.at(row.key);
  const auto& later = next.states.at(row.key);
  const bool pending = now.text != later.text;
  model::SettingInfo info{.key = row.key,
                          .variable = row.variable,
                          .group = row.group,
                          .help = row.help,
                          .type = row.type,
                          .value = now.text,
                          .defaultValue = row.fallback,
                          .origin = pending ? now.origin : later.origin,
                          .allowed = allowedFor(row),
                          .choices = choicesOf(row),
                          .fixedBy = later.fixedBy,
                          .editable = row.isEditable() && later.fixedBy.empty(),
                          .reloadable = row.effect == Effect::AtOnce,
                          .pendingRestart = pending,
                          .pendingValue = pending ? later.text : ""};
  if (const auto secret = inForce.secrets.find(row.key); secret != inForce.secrets.end()) {
    info.isSet = true;
    info.keptIn = secret->second.keptIn;
  }
  return info;
}

}  // namespace

std::vector<model::SettingInfo> describeSettings(const Settings& inForce, const Settings& next) {
  std::vector<model::SettingInfo> out;
  for (const SettingRow& row : settingTable()) out.push_back(describe(row, inForce, next));
  return out;
}

LiveSettings::LiveSettings(LoadRequest request, Settings inForce)
    : m_request(std::move(request)), m_inForce(std::move(inForce)), m_next(m_inForce) {}

Settings LiveSettings::inForce() const {
  base::MutexLock lock(m_mutex);
  return m_inForce;
}

std::vector<model::SettingInfo> LiveSettings::list() const {
  base::MutexLock lock(m_mutex);
  return describeSettings(m_inForce, m_next);
}

Result<> LiveSettings::check(const std::string& key, const std::optional<std::string>& value) const {
  const SettingRow* row = findSetting(key);
  if (row == nullptr) {
    std::vector<std::string> known;
    for (const SettingRow& each : settingTable()) known.emplace_back(each.key);
    return fail(ErrorCode::NotFound, "no such setting" + didYouMean(key, known), key);
  }
  if (!row->isEditable()) {
    return fail(ErrorCode::Conflict, "this is set in config.yaml only", key,
                "change it there and start again");
  }
  {
    base::MutexLock lock(m_mutex);
    const auto& state = m_next.states.at(key);
    if (!state.fixedBy.empty()) {
      const std::string from = state.origin == state.fixedBy ? "" : " (" + state.origin + ")";
      return fail(ErrorCode::Conflict, "fixed by " + state.fixedBy + from, key, "drop that and start again");
    }
  }
  if (!value) return {};
  if (row->isSecret() && value->empty()) return fail(ErrorCode::InvalidInput, "the secret is empty", key);
  if (auto parsed = parseValue(*row, *value, key); !parsed) return std::unexpected(parsed.error());
  return {};
}

Result<> LiveSettings::change(const std::string& key, const std::optional<std::string>& value) {
  if (auto checked = check(key, value); !checked) return checked;
  {
    base::MutexLock lock(m_mutex);
    const std::string file = Home(m_inForce.home).consoleSettings().string();
    const auto before = readKept(file);
    if (!before) return std::unexpected(before.error());
    Kept after = *before;
    after.erase(key);
    if (value) after[key] = *value;
    if (auto kept = writeKept(file, after); !kept) return kept;
    auto next = loadSettings(m_request);
    if (!next) {
      // Some other file was broken since the start; the next start would say the same.
      (void)writeKept(file, *before);
      return std::unexpected(next.error());
    }
    next->secrets = m_next.secrets;
    for (const SettingRow& row : settingTable()) {
      if (row.isSecret()) next->states[row.key] = m_next.states[row.key];
    }
    m_next = *std::move(next);
    takeWhatCountsAtOnce();
  }
  tell();
  return {};
}

void LiveSettings::takeWhatCountsAtOnce() {
  for (const SettingRow& row : settingTable()) {
    if (row.effect == Effect::Restart || row.isSecret() || row.set == nullptr) continue;
    const auto& state = m_next.states.at(row.key);
    if (auto value = parseValue(row, state.text, row.key)) row.set(*value, m_inForce);
    m_inForce.states[row.key] = state;
  }
}

void LiveSettings::noteSecret(const std::string& key, const std::optional<SecretSetting>& secret) {
  std::optional<SecretSetting> now = secret;
  SettingState state{"", secret ? "console" : "default", ""};
  // Without one in the store, that of a file counts again.
  const auto files = secret ? base::Result<Settings>(Settings()) : loadSettings(m_request);
  if (files && files->secrets.contains(key)) {
    now = files->secrets.at(key);
    state = files->states.at(key);
  }
  {
    base::MutexLock lock(m_mutex);
    for (Settings* settings : {&m_inForce, &m_next}) {
      settings->secrets.erase(key);
      if (now) settings->secrets[key] = *now;
      settings->states[key] = state;
    }
  }
  tell();
}

void LiveSettings::tell() const {
  const Settings now = inForce();
  for (const auto& listener : m_listeners) listener(now);
}

}  // namespace aiops::config
