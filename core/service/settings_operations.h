// The settings in force: value, where it comes from, and changing one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/setting.h"
#include "service/reply.h"

namespace aiops::service {

class SettingsOperations {
 public:
  virtual ~SettingsOperations() = default;
  /// In the order of the settings table, which is also that of docs/CONFIGURATION.md. Secrets never have a
  /// value, only whether they are set and where they are kept.
  virtual void listSettings(Reply<std::vector<model::SettingInfo>> reply) = 0;
  /// Without a value: back to what the files say. InvalidInput says what is allowed; Conflict when a variable
  /// or the command line fixes it.
  virtual void changeSetting(Caller caller, std::string key, std::optional<std::string> value,
                             Reply<model::SettingInfo> reply) = 0;
};

}  // namespace aiops::service
