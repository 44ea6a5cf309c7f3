// The settings while the program runs: what is in force, what a restart will change, and changing one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "config/settings.h"
#include "model/setting.h"

namespace aiops::config {

/// The rows of the table with their values, as people see them. `next` is what a restart would load.
std::vector<model::SettingInfo> describeSettings(const Settings& inForce, const Settings& next);

/// Thread safe. Changes are kept in `<home>/settings.yaml`, whole or not at all. Secrets are kept elsewhere;
/// they are only noted here.
class LiveSettings {
 public:
  using Listener = std::function<void(const Settings&)>;

  LiveSettings(LoadRequest request, Settings inForce);

  Settings inForce() const AIOPS_EXCLUDES(m_mutex);
  std::vector<model::SettingInfo> list() const AIOPS_EXCLUDES(m_mutex);

  /// What change() would refuse: InvalidInput says what is allowed, Conflict what fixes the setting here,
  /// NotFound names the nearest setting.
  base::Result<> check(const std::string& key, const std::optional<std::string>& value) const
      AIOPS_EXCLUDES(m_mutex);
  /// Without a value: back to what the files say. What counts at once is in force when this returns.
  base::Result<> change(const std::string& key, const std::optional<std::string>& value)
      AIOPS_EXCLUDES(m_mutex);
  /// The secret store has it now, or no longer.
  void noteSecret(const std::string& key, const std::optional<SecretSetting>& secret) AIOPS_EXCLUDES(m_mutex);

  /// Called on the thread that changes something. Before the first change; the listener's world must outlive
  /// this.
  void onChange(Listener listener) { m_listeners.push_back(std::move(listener)); }

 private:
  void takeWhatCountsAtOnce() AIOPS_REQUIRES(m_mutex);
  void tell() const AIOPS_EXCLUDES(m_mutex);

  const LoadRequest m_request;
  mutable base::Mutex m_mutex;
  Settings m_inForce AIOPS_GUARDED_BY(m_mutex);
  Settings m_next AIOPS_GUARDED_BY(m_mutex);
  std::vector<Listener> m_listeners;
};

}  // namespace aiops::config
