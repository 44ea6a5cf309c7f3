// SettingsOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/settings_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order; changes on a worker
/// of its own, because a key ring may take its time.
class EngineSettings final : public SettingsOperations {
 public:
  EngineSettings(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listSettings(Reply<std::vector<model::SettingInfo>> reply) override;
  void changeSetting(Caller caller, std::string key, std::optional<std::string> value,
                     Reply<model::SettingInfo> reply) override;

 private:
  base::Result<model::SettingInfo> change(const Caller& caller, const std::string& key,
                                          const std::optional<std::string>& value);
  /// The secret store takes or drops it.
  base::Result<> changeSecret(const std::string& key, const std::optional<std::string>& value);

  agents::Engine& m_engine;
  base::Worker& m_worker;
  base::Worker m_changes{"settings", 16};  ///< joined before what its tasks use
};

}  // namespace aiops::service
