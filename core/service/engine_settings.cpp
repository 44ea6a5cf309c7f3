// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_settings.h"

#include "agents/engine.h"
#include "config/setting_table.h"

namespace aiops::service {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kLongestKey = 100;

template <class T>
void busy(const Reply<T>& reply) {
  reply(fail(ErrorCode::Unavailable, "too many questions wait", "", "try again"));
}

/// For the audit: never a secret.
std::string resultText(const config::SettingRow& row, const std::optional<std::string>& value) {
  if (!value) return "back to the files' value";
  return row.isSecret() ? "a new secret" : "set to '" + *value + "'";
}

}  // namespace

void EngineSettings::listSettings(Reply<std::vector<model::SettingInfo>> reply) {
  const auto* live = m_engine.settingsParts().live;
  if (live == nullptr) return reply(fail(ErrorCode::Unavailable, "this instance has no settings"));
  if (!m_worker.post([reply, live] { reply(live->list()); })) busy(reply);
}

void EngineSettings::changeSetting(Caller caller, std::string key, std::optional<std::string> value,
                                   Reply<model::SettingInfo> reply) {
  if (!caller.isAdmin) return reply(fail(ErrorCode::PermissionDenied, "this needs the scope admin"));
  if (m_engine.settingsParts().live == nullptr)
    return reply(fail(ErrorCode::Unavailable, "this instance has no settings"));
  if (key.size() > kLongestKey) return reply(fail(ErrorCode::NotFound, "no such setting"));
  const bool taken = m_changes.post([this, caller = std::move(caller), key = std::move(key),
                                     value = std::move(value), reply] { reply(change(caller, key, value)); });
  if (!taken) busy(reply);
}

base::Result<model::SettingInfo> EngineSettings::change(const Caller& caller, const std::string& key,
                                                        const std::optional<std::string>& value) {
  auto& live = *m_engine.settingsParts().live;
  if (auto checked = live.check(key, value); !checked) return std::unexpected(checked.error());
  const auto& row = *config::findSetting(key);
  // What can't be written down is not done.
  const auto audited = m_engine.fixes().audit({.who = caller.name,
                                               .what = "setting.change",
                                               .target = key,
                                               .why = "",
                                               .result = resultText(row, value)});
  if (!audited) return std::unexpected(audited.error());
  const auto changed = row.isSecret() ? changeSecret(key, value) : live.change(key, value);
  if (!changed) {
    (void)m_engine.fixes().audit({.who = caller.name,
                                  .what = "setting.change",
                                  .target = key,
                                  .why = changed.error().what,
                                  .result = "failed: nothing changed"});
    return std::unexpected(changed.error());
  }
  for (auto& info : live.list()) {
    if (info.key == key) return info;
  }
  return fail(ErrorCode::Internal, "the setting is gone", key);
}

base::Result<> EngineSettings::changeSecret(const std::string& key, const std::optional<std::string>& value) {
  const auto& parts = m_engine.settingsParts();
  if (parts.secrets == nullptr) return fail(ErrorCode::Unavailable, "this instance keeps no secrets", key);
  if (value) {
    const auto keptIn = parts.secrets->write(key, *value);
    if (!keptIn) return std::unexpected(keptIn.error());
    parts.live->noteSecret(key, config::SecretSetting{*value, *keptIn});
    return {};
  }
  const auto removed = parts.secrets->remove(key);
  if (!removed && removed.error().code != ErrorCode::NotFound) return removed;
  parts.live->noteSecret(key, std::nullopt);
  return {};
}

}  // namespace aiops::service
