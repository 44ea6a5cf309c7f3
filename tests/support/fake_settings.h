// SettingsOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeSettings : public service::SettingsOperations {
 public:
  FakeSettings();
  ~FakeSettings() override;

  base::Result<std::vector<model::SettingInfo>> listSettingsAnswer;
  void listSettings(service::Reply<std::vector<model::SettingInfo>> reply) override;

  base::Result<model::SettingInfo> changeSettingAnswer;
  void changeSetting(service::Caller, std::string, std::optional<std::string>,
                     service::Reply<model::SettingInfo> reply) override;

  std::vector<std::string> calls;
};

}  // namespace aiops::test
