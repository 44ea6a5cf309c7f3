// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_settings.h"

namespace aiops::test {

FakeSettings::FakeSettings() = default;

FakeSettings::~FakeSettings() = default;

void FakeSettings::listSettings(service::Reply<std::vector<model::SettingInfo>> reply) {
  calls.push_back("listSettings");
  reply(listSettingsAnswer);
}

void FakeSettings::changeSetting(service::Caller, std::string, std::optional<std::string>,
                                 service::Reply<model::SettingInfo> reply) {
  calls.push_back("changeSetting");
  reply(changeSettingAnswer);
}

}  // namespace aiops::test
