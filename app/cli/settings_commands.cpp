// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/settings_commands.h"

#include <termios.h>
#include <unistd.h>

#include <QCoreApplication>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "api/json_edge.h"
#include "app/cli/commands.h"
#include "app/cli/connection.h"
#include "app/cli/print.h"
#include "app/host.h"
#include "app/server_host.h"
#include "config/live_settings.h"
#include "config/setting_table.h"
#include "model/json.h"
#include "security/key_ring.h"

namespace aiops::app {
namespace {

using base::ErrorCode;
using nlohmann::json;

/// Long enough to unlock a key ring by hand.
constexpr std::chrono::seconds kPatience{60};
constexpr size_t kLongestSecret = 4096;

/// Without echo on a terminal; one line end at its end is not part of it.
base::Result<std::string> readSecret() {
  termios before{};
  const bool terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    std::fputs("Secret (not shown): ", stderr);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string value;
  char c = 0;
  while (value.size() <= kLongestSecret + 1 && ::read(STDIN_FILENO, &c, 1) == 1) {
    if (terminal && c == '\n') break;
    value += c;
  }
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputs("\n", stderr);
  }
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (!value.empty() && value.size() <= kLongestSecret) return value;
  return base::fail(ErrorCode::InvalidInput, "no secret of 1 to 4096 bytes", "standard input",
                    "for example: ai-ops-core secret set KEY < file");
}

/// By key or by variable.
base::Result<const config::SettingRow*> secretRow(const std::string& name) {
  const auto* row = config::findSetting(name);
  if (row == nullptr) row = config::findVariable(name);
  if (row != nullptr && row->isSecret()) return row;
  std::string known;
  for (const auto& each : config::settingTable()) {
    if (each.isSecret()) known += (known.empty() ? "" : ", ") + std::string(each.key);
  }
  return base::fail(ErrorCode::NotFound, row ? "this setting is no secret" : "no such secret", name,
                    "secrets: " + known);
}

/// The home and its lock, so that no instance runs beside; and an application for the key ring.
class OwnHome {
 public:
  base::Result<> open() {
    const auto path = config::homeFromEnvironment(config::processEnvironment());
    if (!path) return std::unexpected(path.error());
    auto home = config::Home::create(*path);
    if (!home) return std::unexpected(home.error());
    auto lock = storage::InstanceLock::acquire(home->path());
    if (!lock) return std::unexpected(lock.error());
    m_lock.emplace(*std::move(lock));
    m_application = std::make_unique<QCoreApplication>(m_argc, m_argv);
    m_store = std::make_unique<security::SecretStore>(home->path(), m_ring);
    return {};
  }
  security::SecretStore& store() { return *m_store; }

 private:
  int m_argc = 1;
  std::string m_name = "ai-ops-core";
  char* m_argv[2] = {m_name.data(), nullptr};
  std::optional<storage::InstanceLock> m_lock;
  std::unique_ptr<QCoreApplication> m_application;
  security::KeyRing m_ring{kPatience};
  std::unique_ptr<security::SecretStore> m_store;
};

void printSetting(const model::SettingInfo& info) {
  const bool secret = info.type == model::SettingType::Secret;
  std::string value = secret ? (info.isSet ? "(set, " + info.keptIn + ")" : "(not set)") : info.value;
  if (info.type == model::SettingType::List) value = "(list)";
  std::string notes = info.origin;
  if (info.pendingRestart) notes += "; after a restart: " + info.pendingValue;
  std::printf("%-32s %-24s %s\n", info.key.c_str(), safe(value).c_str(), safe(notes).c_str());
}

int printSettings(const std::vector<model::SettingInfo>& settings, bool asJson) {
  if (asJson) {
    json items = json::array();
    for (const auto& info : settings) items.push_back(info);
    return printJson(api::snakeKeys(json{{"items", std::move(items)}, {"total", settings.size()}}));
  }
  for (const auto& info : settings) printSetting(info);
  return kDone;
}

int setOver(const Connection& connection, const config::SettingRow& row, const json& value) {
  auto answer = connection.client.post("/settings/" + std::string(row.key), {{"value", value}});
  if (!answer) return complain(answer.error());
  const auto info = client::toModelKeys(*answer).get<model::SettingInfo>();
  std::printf("%s %s\n", row.key, info.isSet ? ("is kept in: " + safe(info.keptIn)).c_str() : "is removed");
  return kDone;
}

int setHere(const config::SettingRow& row, const std::string& value, bool inFile) {
  using Place = security::SecretStore::Place;
  OwnHome home;
  if (auto opened = home.open(); !opened) return complain(opened.error());
  const auto kept = home.store().write(row.key, value, inFile ? Place::File : Place::Best);
  if (!kept) return complain(kept.error());
  std::printf("%s is kept in: %s\n", row.key, safe(*kept).c_str());
  return kDone;
}

int setSecret(const Invocation& invocation) {
  const auto row = secretRow(invocation.id);
  if (!row) return complain(row.error(), kBadUsage);
  const auto value = readSecret();
  if (!value) return complain(value.error(), kBadUsage);
  if (const auto parsed = config::parseValue(**row, *value, "standard input"); !parsed)
    return complain(parsed.error(), kBadUsage);
  auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  if (!*connection) return setHere(**row, *value, invocation.inFile);
  if (invocation.inFile) {
    return complain({ErrorCode::Conflict, "an instance runs and decides where secrets are kept", "--file",
                     "end it first, or leave --file out"});
  }
  return setOver(**connection, **row, *value);
}

int removeSecret(const Invocation& invocation) {
  const auto row = secretRow(invocation.id);
  if (!row) return complain(row.error(), kBadUsage);
  auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  if (*connection) return setOver(**connection, **row, nullptr);
  OwnHome home;
  if (auto opened = home.open(); !opened) return complain(opened.error());
  const auto removed = home.store().remove((*row)->key);
  if (!removed) return complain(removed.error(), kNegative);
  std::printf("%s is removed\n", (*row)->key);
  return kDone;
}

/// As an instance that was started here would have them.
base::Result<std::vector<model::SettingInfo>> settingsHere(const Invocation& invocation) {
  auto settings = config::loadSettings(loadRequest(invocation));
  if (!settings) return std::unexpected(settings.error());
  security::KeyRing ring(std::chrono::seconds(1));
  security::SecretStore store(settings->home, ring);
  const auto kept = store.list();
  if (!kept) return std::unexpected(kept.error());
  for (const auto& secret : *kept) {
    const auto state = settings->states.find(secret.name);
    if (state == settings->states.end() || !state->second.fixedBy.empty()) continue;
    settings->secrets[secret.name] = {"", secret.keptIn};
    state->second.origin = "console";
  }
  return config::describeSettings(*settings, *settings);
}

base::Result<std::vector<model::SettingInfo>> allSettings(const Invocation& invocation) {
  const bool asked = !invocation.configFile.empty() || !invocation.assigned.empty();
  if (asked && invocation.url.empty()) return settingsHere(invocation);
  auto connection = connect(invocation.url);
  if (!connection) return std::unexpected(connection.error());
  if (!*connection) return settingsHere(invocation);
  auto answer = (*connection)->client.get("/settings");
  if (!answer) return std::unexpected(answer.error());
  return client::toModelKeys(answer->at("items")).get<std::vector<model::SettingInfo>>();
}

}  // namespace

int runSettings(const Invocation& invocation) {
  if (invocation.markdown) {
    std::fputs(config::settingsMarkdown().c_str(), stdout);
    return kDone;
  }
  const auto settings = allSettings(invocation);
  if (!settings) return complain(settings.error());
  return printSettings(*settings, invocation.json);
}

int runSecret(const Invocation& invocation) {
  if (invocation.verb == "set") return setSecret(invocation);
  if (invocation.verb == "remove") return removeSecret(invocation);
  auto settings = allSettings(invocation);
  if (!settings) return complain(settings.error());
  std::erase_if(*settings, [](const auto& info) { return info.type != model::SettingType::Secret; });
  return printSettings(*settings, invocation.json);
}

}  // namespace aiops::app
