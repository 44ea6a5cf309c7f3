// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pattern_commands.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli/commands.h"
#include "app/cli/connection.h"
#include "app/cli/pattern_trial.h"
#include "app/cli/print.h"
#include "base/bytes.h"
#include "model/json.h"
#include "model/pattern.h"

namespace aiops::app {
namespace {

using nlohmann::json;

constexpr size_t kLongestDocument = 64 * 1024;

int printList(const json& answer) {
  const auto all = client::toModelKeys(answer).at("items").get<std::vector<model::PatternInfo>>();
  for (const auto& pattern : all) {
    std::printf("%-30s %-9s %-24s %-9s %-8s %8llu matches\n", safe(pattern.id).c_str(),
                std::string(toString(pattern.severity)).c_str(), safe(pattern.signal).c_str(),
                std::string(toString(pattern.origin)).c_str(), pattern.enabled ? "enabled" : "disabled",
                static_cast<unsigned long long>(pattern.matchCount));
  }
  return kDone;
}

int done(const base::Result<json>& answer, const std::string& text) {
  if (!answer) {
    const auto code = answer.error().code;
    return complain(answer.error(), code == base::ErrorCode::InvalidInput || code == base::ErrorCode::Conflict
                                        ? kNegative
                                        : kCouldNotRun);
  }
  std::printf("%s\n", safe(text).c_str());
  return kDone;
}

int show(const Connection& connection, const Invocation& invocation) {
  const auto answer = connection.client.get("/patterns/" + invocation.id);
  if (!answer) return complain(answer.error());
  if (invocation.json) return printJson(*answer);
  std::istringstream text(answer->at("text").get<std::string>());
  for (std::string line; std::getline(text, line);) std::printf("%s\n", safe(line).c_str());
  return kDone;
}

int add(const Connection& connection, const Invocation& invocation) {
  const auto text = base::readFile(invocation.id, kLongestDocument);
  if (!text) return complain(text.error());
  const auto answer = connection.client.post("/patterns", {{"text", *text}});
  if (!answer) return done(answer, "");
  const auto& info = answer->at("info");
  return done(answer, info.at("id").get<std::string>() + " is in force, version " +
                          std::to_string(info.at("version").get<uint32_t>()));
}

int askInstance(const Connection& connection, const Invocation& invocation) {
  const auto path = "/patterns/" + invocation.id;
  if (invocation.verb == "list") {
    const auto answer = connection.client.get("/patterns");
    if (!answer) return complain(answer.error());
    return invocation.json ? printJson(*answer) : printList(*answer);
  }
  if (invocation.verb == "show") return show(connection, invocation);
  if (invocation.verb == "add") return add(connection, invocation);
  if (invocation.verb == "remove") {
    return done(connection.client.post(path + "/remove", json::object()), invocation.id + " is removed");
  }
  const bool enable = invocation.verb == "enable";
  return done(connection.client.post(path + "/enable", {{"enabled", enable}}),
              invocation.id + (enable ? " is enabled" : " is disabled"));
}

}  // namespace

int runPatterns(const Invocation& invocation) {
  if (invocation.verb == "test") return testPatterns(invocation);
  if (invocation.verb == "backtest") return backtestPatterns(invocation);
  if (invocation.verb == "lint") return lintPatterns(invocation);
  const auto connection = connect(invocation.url);
  if (!connection) return complain(connection.error());
  if (!*connection) {
    return complain({base::ErrorCode::Unavailable, "no instance of this home is running", "",
                     "start `ai-ops-core` or `ai-ops-core --server` first"});
  }
  try {
    return askInstance(**connection, invocation);
  } catch (const json::exception& error) {
    return complain({base::ErrorCode::Corrupt, std::string("the answer is not understood: ") + error.what(),
                     "", "are both programs of one version?"});
  }
}

}  // namespace aiops::app
