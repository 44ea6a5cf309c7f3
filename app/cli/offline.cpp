// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/offline.h"

#include <QCoreApplication>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "api/json_edge.h"
#include "app/cli/commands.h"
#include "app/cli/own_redactor.h"
#include "app/cli/print.h"
#include "app/host.h"
#include "model/json.h"
#include "security/audit_chain.h"

namespace aiops::app {
namespace {

using nlohmann::json;

constexpr uint32_t kShown = 50;

/// The home with its lock, and on demand its executor and its store. Members end in reverse order.
struct Offline {
  base::SystemClock clock;
  config::Home home;
  storage::InstanceLock lock;
  std::unique_ptr<remediation::ExecutorClient> executor;
  std::unique_ptr<QCoreApplication> application;
  std::unique_ptr<storage::Store> store;
  int argc = 1;
  std::string name = "ai-ops-core";
  char* argv[2] = {name.data(), nullptr};
};

base::Result<> openExecutor(Offline& offline) {
  auto resources = findResources();
  if (!resources) return std::unexpected(resources.error());
  config::Settings settings;
  settings.home = offline.home.path();
  offline.executor = std::make_unique<remediation::ExecutorClient>(
      agents::executorConfig(settings, *resources), "/proc/self/exe");
  if (auto spawned = offline.executor->spawn(); !spawned) return spawned;
  auto connected = offline.executor->connect({.onEvent = [](const auto&) {}, .onLost = [](const auto&) {}});
  if (!connected) return std::unexpected(connected.error());
  return {};
}

base::Result<> openStore(Offline& offline) {
  offline.application = std::make_unique<QCoreApplication>(offline.argc, offline.argv);
  auto store = storage::Store::open(lastDatabase(offline.home), offline.clock);
  if (!store) return std::unexpected(store.error());
  offline.store = *std::move(store);
  return {};
}

/// As the same question over HTTP prints it.
template <class T>
int list(const storage::Page<T>& page, json items, bool asJson, int (*print)(const json&)) {
  const bool full = page.items.size() >= kShown;
  json answer{{"items", std::move(items)}, {"total", page.total}, {"next", nullptr}};
  if (full) answer["next"] = page.items.back().number;
  api::redactTexts(answer, ownRedactor());
  answer = api::snakeKeys(std::move(answer));
  return asJson ? printJson(answer) : print(answer);
}

int listIncidents(Offline& offline, bool asJson) {
  const auto page = offline.store->incidents({.limit = kShown});
  if (!page) return complain(page.error());
  json items = json::array();
  for (const auto& incident : page->items) {
    json row = incident;
    row.update({{"verdict", model::Verdict::Inconclusive}, {"confidence", 0.0}, {"cause", ""}});
    if (const auto diagnosis = offline.store->diagnosis(incident.id);
        diagnosis && !diagnosis->hypotheses.empty()) {
      const auto& best = diagnosis->hypotheses.front();
      row.update(
          {{"verdict", diagnosis->verdict}, {"confidence", best.confidence}, {"cause", best.statement}});
    }
    items.push_back(std::move(row));
  }
  return list(*page, std::move(items), asJson, printIncidents);
}

int listFixes(Offline& offline, bool asJson) {
  const auto page = offline.store->fixes({.limit = kShown});
  if (!page) return complain(page.error());
  return list(*page, page->items, asJson, printFixes);
}

int verify(Offline& offline, bool asJson) {
  const auto head = offline.store->auditHead();
  if (!head) return complain(head.error());
  const auto directory = remediation::executorDirectory(offline.home.path());
  std::error_code error;
  if (!*head && (!std::filesystem::exists(directory, error) || std::filesystem::is_empty(directory, error))) {
    return complain({base::ErrorCode::NotFound, "there is no audit chain yet", directory.string(),
                     "nothing has run with this home; is AIOPS_HOME the one you mean?"});
  }
  const auto found = security::verifyAudit(directory, *head);
  if (asJson) printJson(api::snakeKeys(json(found)));
  return printVerification(found, asJson);
}

int makeKey(Offline& offline, const Invocation& invocation) {
  const auto key = security::generateApiKey(invocation.name, *security::scopeFromString(invocation.scope),
                                            offline.clock.now());
  const auto audited = offline.executor->audit({.at = offline.clock.now(),
                                                .who = "local operator",
                                                .what = "key.create",
                                                .target = "key " + key.record.id,
                                                .why = invocation.name,
                                                .result = "scope " + invocation.scope});
  if (!audited) return complain(audited.error());
  if (auto saved = offline.store->saveApiKey(key.record); !saved) return complain(saved.error());
  std::printf("%s\n", key.text.c_str());
  return kDone;
}

int unlock(Offline& offline, const Invocation& invocation) {
  const auto done = offline.executor->unlockTarget(invocation.id, "local operator", invocation.reason);
  if (!done) return complain(done.error());
  std::printf("%s is open to automation again\n", safe(invocation.id).c_str());
  return kDone;
}

int control(Offline& offline, const Invocation& invocation) {
  if (invocation.mode == Mode::Unlock) return unlock(offline, invocation);
  const bool stop = invocation.mode == Mode::Stop;
  const auto done = stop ? offline.executor->stop("local operator", invocation.reason)
                         : offline.executor->resume("local operator", invocation.reason);
  if (!done) return complain(done.error());
  std::printf("%s\n", stop ? "automation is stopped; no instance is running" : "automation may run again");
  return kDone;
}

}  // namespace

int runOffline(const Invocation& invocation) {
  if (invocation.mode == Mode::Approve || invocation.mode == Mode::Reject ||
      invocation.mode == Mode::DryRun || invocation.mode == Mode::Agents) {
    return complain({base::ErrorCode::Unavailable, "no instance of this home is running", "",
                     "start `ai-ops-core` or `ai-ops-core --server` first"});
  }
  const auto path = config::homeFromEnvironment(config::processEnvironment());
  if (!path) return complain(path.error());
  auto home = config::Home::create(*path);
  if (!home) return complain(home.error());
  auto lock = storage::InstanceLock::acquire(home->path());
  if (!lock) return complain(lock.error());
  Offline offline{.home = *std::move(home), .lock = *std::move(lock)};
  const bool controls =
      invocation.mode == Mode::Stop || invocation.mode == Mode::Resume || invocation.mode == Mode::Unlock;
  if (controls || invocation.mode == Mode::GenerateApiKey) {
    if (auto opened = openExecutor(offline); !opened) return complain(opened.error());
  }
  if (controls) return control(offline, invocation);
  if (auto opened = openStore(offline); !opened) return complain(opened.error());
  switch (invocation.mode) {
    case Mode::Incidents:
      return listIncidents(offline, invocation.json);
    case Mode::Fixes:
      return listFixes(offline, invocation.json);
    case Mode::AuditVerify:
      return verify(offline, invocation.json);
    default:
      return makeKey(offline, invocation);
  }
}

}  // namespace aiops::app
