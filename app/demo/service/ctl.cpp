// Asks the supervisor: `ctl restart SERVICE`, `ctl status SERVICE [--expect-limit N]`. Writes no file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "app/demo/service/control_socket.h"
#include "app/demo/service/service_process.h"

namespace aiops::demo {

namespace {

using nlohmann::json;

/// A restart takes up to three seconds to end the old process and ten to see the new one ready.
constexpr std::chrono::seconds kAnswerWithin{20};

base::Result<json> ask(const std::string& dir, const json& request) {
  const auto connection = connectToSupervisor(dir);
  if (!connection) return std::unexpected(connection.error());
  if (auto sent = sendMessage(connection->get(), request); !sent) return std::unexpected(sent.error());
  return receiveMessage(connection->get(), kAnswerWithin);
}

int restart(const std::string& dir, const std::string& service, const std::string& token) {
  const auto reply = ask(dir, {{"verb", "restart"}, {"service", service}, {"token", token}});
  if (!reply) return failWith(reply.error(), 1);
  const bool ok = reply->value("ok", false);
  std::fprintf(ok ? stdout : stderr, "%s: %s\n", service.c_str(), reply->value("detail", "").c_str());
  return ok ? 0 : 1;
}

/// 0: runs as expected; 1: proved otherwise; 2: unknown.
int status(const std::string& dir, const std::string& service, long expectedLimit) {
  const auto reply = ask(dir, {{"verb", "status"}, {"service", service}});
  if (!reply) return failWith(reply.error(), 2);
  if (!reply->value("ok", false)) {
    return failWith({base::ErrorCode::NotFound, reply->value("detail", ""), service, {}}, 2);
  }
  const std::string state = reply->value("state", "");
  const json properties = reply->value("properties", json::object());
  std::printf("%s: %s %s\n", service.c_str(), state.c_str(), properties.dump().c_str());
  if (state != "running") return 1;
  return expectedLimit == 0 || properties.value("memory_limit_mb", 0L) == expectedLimit ? 0 : 1;
}

}  // namespace

int runCtl(const Options& options) {
  const auto dir = options.required("--dir");
  if (!dir) return failWith(dir.error(), 2);
  const auto limit = options.number("--expect-limit", 1, 4096, 0);
  if (!limit) return failWith(limit.error(), 2);
  const auto& words = options.words();
  if (words.size() == 2 && words[0] == "restart") return restart(*dir, words[1], options.text("--token"));
  if (words.size() == 2 && words[0] == "status") return status(*dir, words[1], *limit);
  return failWith(
      {base::ErrorCode::InvalidInput, "expected 'restart SERVICE' or 'status SERVICE'", "ctl", {}}, 2);
}

}  // namespace aiops::demo
