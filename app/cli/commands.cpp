// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/connection.h"
#include "app/cli/offline.h"
#include "app/cli/print.h"
#include "model/json.h"
#include "security/api_keys.h"

namespace aiops::app {
namespace {

using nlohmann::json;

/// Asks the instance at `connection`, prints with `print`.
template <class Print>
int ask(const Connection& connection, const std::string& path, Print print) {
  auto answer = connection.client.get(path);
  if (!answer) return complain(answer.error());
  return print(*answer);
}

int tell(const Connection& connection, const std::string& path, const json& body, const std::string& done) {
  auto answer = connection.client.post(path, body);
  if (!answer) {
    const auto code = answer.error().code;
    const bool refused = code == base::ErrorCode::Conflict || code == base::ErrorCode::Stale;
    return complain(answer.error(), refused ? kNegative : kCouldNotRun);
  }
  std::printf("%s\n", done.c_str());
  return kDone;
}

/// True when the person at the terminal says yes.
bool confirmed() {
  std::printf("Approve exactly this plan and run it? [y/N] ");
  std::fflush(stdout);
  std::string line;
  return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

/// Approves the plan named by --plan, else the one shown here, after a yes.
int approve(const Connection& connection, const Invocation& invocation) {
  std::string hash = invocation.planHash;
  if (hash.empty()) {
    auto shown = connection.client.get("/fixes/" + invocation.id);
    if (!shown) return complain(shown.error());
    const auto fix = client::toModelKeys(*shown).get<model::FixProposal>();
    printPlan(fix);
    hash = fix.planHash;
    if (::isatty(STDIN_FILENO) == 0) {
      return complain({base::ErrorCode::InvalidInput, "not asked on a terminal", "--plan",
                       "repeat with --plan " + hash + " to approve exactly this plan"},
                      kBadUsage);
    }
    if (!confirmed())
      return complain({base::ErrorCode::Cancelled, "not approved", invocation.id, ""}, kNegative);
  }
  return tell(connection, "/fixes/" + invocation.id + "/approve", {{"plan_hash", hash}},
              "approved plan " + hash.substr(0, 8) + "; follow it with `ai-ops-core fixes`");
}

int dryRun(const Connection& connection, const Invocation& invocation) {
  auto answer = connection.client.post("/fixes/" + invocation.id + "/dry-run", json::object());
  if (!answer) {
    const bool refused = answer.error().code == base::ErrorCode::Conflict;
    return complain(answer.error(), refused ? kNegative : kCouldNotRun);
  }
  if (!invocation.json) return printDryRun(*answer);
  printJson(*answer);
  return answer->at("ok").get<bool>() ? kDone : kNegative;
}

int verify(const Connection& connection, bool asJson) {
  return ask(connection, "/audit/verify", [&](const json& answer) {
    if (asJson) printJson(answer);
    return printVerification(client::toModelKeys(answer).get<model::AuditVerification>(), asJson);
  });
}

int newKey(const Connection& connection, const Invocation& invocation) {
  auto answer = connection.client.post("/api-keys", {{"name", invocation.name}, {"scope", invocation.scope}});
  if (!answer) return complain(answer.error());
  std::printf("%s\n", answer->at("key").get<std::string>().c_str());
  return kDone;
}

int overNetwork(const Connection& connection, const Invocation& invocation) {
  const json reason = invocation.reason.empty() ? json::object() : json{{"reason", invocation.reason}};
  switch (invocation.mode) {
    case Mode::Agents:
      return ask(connection, "/agents/status",
                 [&](const json& a) { return invocation.json ? printJson(a) : printAgents(a); });
    case Mode::Incidents:
      return ask(connection, "/investigations?limit=50",
                 [&](const json& a) { return invocation.json ? printJson(a) : printIncidents(a); });
    case Mode::Fixes:
      return ask(connection, "/fixes?limit=50",
                 [&](const json& a) { return invocation.json ? printJson(a) : printFixes(a); });
    case Mode::Approve:
      return approve(connection, invocation);
    case Mode::DryRun:
      return dryRun(connection, invocation);
    case Mode::Reject:
      return tell(connection, "/fixes/" + invocation.id + "/reject", reason, "rejected");
    case Mode::Stop:
      return tell(connection, "/automation/stop", reason, "automation is stopped");
    case Mode::Resume:
      return tell(connection, "/automation/resume", reason, "automation may run again");
    case Mode::AuditVerify:
      return verify(connection, invocation.json);
    case Mode::GenerateApiKey:
      return newKey(connection, invocation);
    default:
      return kBadUsage;
  }
}

}  // namespace

int complain(const base::Error& error, int status) {
  std::fprintf(stderr, "ai-ops-core: %s\n", safe(error.line()).c_str());
  return status;
}

int runCommand(const Invocation& invocation) {
  if (!security::scopeFromString(invocation.scope)) {
    return complain({base::ErrorCode::InvalidInput, "no such scope '" + invocation.scope + "'", "--scope",
                     "allowed: read, ingest, operate, approve, admin"},
                    kBadUsage);
  }
  auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  try {
    if (*connection && invocation.mode == Mode::Unlock) {
      return complain({base::ErrorCode::Conflict, "an instance of this home is running", "",
                       "end it first: a person unlocks a service while nothing can run"});
    }
    return *connection ? overNetwork(**connection, invocation) : runOffline(invocation);
  } catch (const nlohmann::json::exception& e) {
    return complain({base::ErrorCode::Corrupt, std::string("the answer is not understood: ") + e.what(), "",
                     "are both programs of one version?"});
  }
}

}  // namespace aiops::app
