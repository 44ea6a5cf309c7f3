// The settings that an agent offers: a table with one row a setting, and the values asked for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "model/status.h"

namespace aiops::agents {

/// What a ceiling of the configuration makes of a value, and why it is lower than asked for (empty: it is
/// not).
struct Limited {
  std::string value;
  std::string why;
};

struct AgentSettingRow {
  std::string key;
  std::string defaultValue;
  std::string allowed;  ///< in words
  std::string help;
  std::function<bool(const std::string&)> accepts;
  std::function<Limited(const std::string&)> limit = {};  ///< none: the value holds as it is
};

/// Rows for the usual kinds of value.
AgentSettingRow choiceSetting(std::string key, std::vector<std::string> choices, std::string defaultValue,
                              std::string help);
AgentSettingRow switchSetting(std::string key, bool defaultValue, std::string help);
/// Whole numbers from `low` to `high`; `unit` is for people.
AgentSettingRow numberSetting(std::string key, int64_t low, int64_t high, int64_t defaultValue,
                              std::string unit, std::string help);

/// Thread safe.
class AgentSettings {
 public:
  explicit AgentSettings(std::vector<AgentSettingRow> rows) : m_rows(std::move(rows)) {}

  /// InvalidInput names the first key that does not exist, or the first value that is not allowed.
  base::Result<> check(const std::map<std::string, std::string>& values) const;
  /// Takes over what check() accepts, leaves the rest as it is.
  void set(const std::map<std::string, std::string>& values) AIOPS_EXCLUDES(m_mutex);
  /// What was asked for, without defaults.
  std::map<std::string, std::string> asked() const AIOPS_EXCLUDES(m_mutex);

  /// Values in force. The key must exist.
  std::string text(const std::string& key) const AIOPS_EXCLUDES(m_mutex);
  int64_t number(const std::string& key) const { return std::stoll(text(key)); }
  bool isOn(const std::string& key) const { return text(key) == "true"; }
  std::vector<model::AgentSetting> shown() const AIOPS_EXCLUDES(m_mutex);

 private:
  const AgentSettingRow* find(const std::string& key) const;
  Limited inForce(const AgentSettingRow& row) const AIOPS_EXCLUDES(m_mutex);

  const std::vector<AgentSettingRow> m_rows;
  mutable base::Mutex m_mutex;
  std::map<std::string, std::string> m_asked AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::agents
