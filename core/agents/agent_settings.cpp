// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/agent_settings.h"

#include <algorithm>
#include <charconv>

namespace aiops::agents {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::optional<int64_t> wholeNumber(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace

AgentSettingRow choiceSetting(std::string key, std::vector<std::string> choices, std::string defaultValue,
                              std::string help) {
  const std::string allowed = joined(choices);
  return {.key = std::move(key),
          .defaultValue = std::move(defaultValue),
          .allowed = allowed,
          .help = std::move(help),
          .accepts = [choices = std::move(choices)](const std::string& text) {
            return std::ranges::find(choices, text) != choices.end();
          }};
}

AgentSettingRow switchSetting(std::string key, bool defaultValue, std::string help) {
  return choiceSetting(std::move(key), {"true", "false"}, defaultValue ? "true" : "false", std::move(help));
}

AgentSettingRow numberSetting(std::string key, int64_t low, int64_t high, int64_t defaultValue,
                              std::string unit, std::string help) {
  return {.key = std::move(key),
          .defaultValue = std::to_string(defaultValue),
          .allowed = std::to_string(low) + " to " + std::to_string(high) + (unit.empty() ? "" : " " + unit),
          .help = std::move(help),
          .accepts = [low, high](const std::string& text) {
            const auto value = wholeNumber(text);
            return value && *value >= low && *value <= high;
          }};
}

const AgentSettingRow* AgentSettings::find(const std::string& key) const {
  const auto row = std::ranges::find(m_rows, key, &AgentSettingRow::key);
  return row == m_rows.end() ? nullptr : &*row;
}

base::Result<> AgentSettings::check(const std::map<std::string, std::string>& values) const {
  for (const auto& [key, value] : values) {
    const auto* row = find(key);
    if (row == nullptr) {
      std::vector<std::string> keys;
      for (const auto& known : m_rows) keys.push_back(known.key);
      return base::fail(base::ErrorCode::InvalidInput, "this agent has no setting '" + key + "'", key,
                        "its settings: " + joined(keys));
    }
    if (!row->accepts(value)) {
      return base::fail(base::ErrorCode::InvalidInput, "'" + value + "' is not allowed", key,
                        "allowed: " + row->allowed);
    }
  }
  return {};
}

void AgentSettings::set(const std::map<std::string, std::string>& values) {
  base::MutexLock lock(m_mutex);
  for (const auto& [key, value] : values) {
    const auto* row = find(key);
    if (row != nullptr && row->accepts(value)) m_asked[key] = value;
  }
}

std::map<std::string, std::string> AgentSettings::asked() const {
  base::MutexLock lock(m_mutex);
  return m_asked;
}

Limited AgentSettings::inForce(const AgentSettingRow& row) const {
  std::string value = row.defaultValue;
  {
    base::MutexLock lock(m_mutex);
    if (const auto asked = m_asked.find(row.key); asked != m_asked.end()) value = asked->second;
  }
  return row.limit ? row.limit(value) : Limited{std::move(value), {}};
}

std::string AgentSettings::text(const std::string& key) const {
  return inForce(*find(key)).value;
}

std::vector<model::AgentSetting> AgentSettings::shown() const {
  std::vector<model::AgentSetting> out;
  for (const auto& row : m_rows) {
    auto limited = inForce(row);
    out.push_back({.key = row.key,
                   .value = std::move(limited.value),
                   .allowed = row.allowed,
                   .help = row.help,
                   .limitedBy = std::move(limited.why)});
  }
  return out;
}

}  // namespace aiops::agents
