// The demo's web service: keeps a session for every cart within its own memory limit, answers 503 when the
// limit is reached, and logs as services do. SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/demo/service/http.h"
#include "app/demo/service/log_file.h"
#include "app/demo/service/service_process.h"
#include "app/demo/service/session_store.h"
#include "app/demo/service/text.h"
#include "app/demo/service/web_config.h"
#include "base/bytes.h"

namespace aiops::demo {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// Answers requests; handle() runs on several threads at once.
class WebService {
 public:
  WebService(const WebConfig& config, const LogFile& log)
      : m_config(config),
        m_log(log),
        m_store(config.memoryLimitBytes, config.sessionBytes, config.sessionTtl,
                static_cast<uint64_t>(getpid())) {}

  std::string handle(const Request& request) {
    const auto begin = SteadyClock::now();
    std::string response = answer(request);
    logRequest(request, response, SteadyClock::now() - begin);
    return response;
  }

 private:
  std::string answer(const Request& request) {
    if (request.target == "/") return makeResponse(200, "text/plain", "welcome to the shop\n");
    if (request.target == "/cart") return addToCart();
    if (request.target == "/healthz") return health();
    return makeResponse(404, "text/plain", "not found\n");
  }

  std::string addToCart() {
    const auto now = SteadyClock::now();
    const bool stored = m_store.add(now);
    const auto usage = m_store.usage(now);
    if (!stored) return refuse(usage);
    warnWhenNearlyFull(usage);
    return makeResponse(201, "text/plain", "cart stored\n");
  }

  std::string refuse(const SessionStore::Usage& usage) {
    m_log.write("ERROR", "web",
                concat("cannot store session: memory limit reached, ", usage.usedBytes, " of ",
                       usage.limitBytes, " bytes in use (memory_limit_mb=", m_config.memoryLimitMb(), ")"));
    return makeResponse(503, "text/plain", "cannot store the session\n");
  }

  /// Once on the way up through 90 %, and again only after it has been below 80 %.
  void warnWhenNearlyFull(const SessionStore::Usage& usage) {
    if (usage.ratio() < 0.8) m_warned = false;
    if (usage.ratio() < 0.9 || m_warned.exchange(true)) return;
    m_log.write("WARN", "web",
                concat("session memory is nearly full: ", usage.usedBytes, " of ", usage.limitBytes,
                       " bytes in use (memory_limit_mb=", m_config.memoryLimitMb(), ")"));
  }

  std::string health() {
    const auto usage = m_store.usage(SteadyClock::now());
    const nlohmann::json body = {{"status", usage.refusing ? "failing" : "ok"},
                                 {"memory_used_bytes", usage.usedBytes},
                                 {"memory_limit_bytes", usage.limitBytes},
                                 {"memory_used_ratio", usage.ratio()}};
    return makeResponse(usage.refusing ? 503 : 200, "application/json", body.dump() + "\n");
  }

  void logRequest(const Request& request, const std::string& response, SteadyClock::duration took) {
    const int status = statusOf(response);
    if (status < 500 && !m_config.logRequests) return;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    m_log.write(status >= 500 ? "WARN" : "INFO", "web",
                concat('"', request.method, ' ', request.target, "\" ", status, ' ', bodySize(response), ' ',
                       micros, "us"));
  }

  const WebConfig m_config;
  const LogFile& m_log;
  SessionStore m_store;
  std::atomic<bool> m_warned{false};
};

base::Result<WebConfig> loadConfig(const Options& options) {
  const auto path = options.required("--config");
  if (!path) return std::unexpected(path.error());
  const auto text = base::readFile(*path, 64 * 1024);
  if (!text) return std::unexpected(text.error());
  auto config = parseWebConfig(*text, *path);
  const auto port = options.number("--port", 1, 65535, config ? config->listenPort : 1);
  if (!port) return std::unexpected(port.error());
  if (config) config->listenPort = static_cast<uint16_t>(*port);
  return config;
}

int logCritical(const LogFile& log, const std::string& what, const base::Error& error) {
  log.write("CRITICAL", "web", what + error.line());
  return failWith(error, 1);
}

}  // namespace

int runWeb(const Options& options) {
  blockEndSignals();
  const auto path = options.required("--log");
  if (!path) return failWith(path.error(), 2);
  const auto log = LogFile::open(*path);
  if (!log) return failWith(log.error(), 3);
  const auto config = loadConfig(options);
  if (!config) return logCritical(*log, "invalid configuration, not starting: ", config.error());

  WebService service(*config, *log);
  const auto server = HttpServer::start(
      config->listenPort, 4, [&service](const Request& request) { return service.handle(request); });
  if (!server) return logCritical(*log, "not starting: ", server.error());
  log->write(
      "INFO", "web",
      concat("listening on 127.0.0.1:", config->listenPort, ", memory_limit_mb=", config->memoryLimitMb()));
  reportReady(options, nlohmann::json{{"memory_limit_mb", config->memoryLimitMb()}}.dump());
  const int number = waitForEnd();
  log->write("INFO", "web", concat("stopping on signal ", number));
  (*server)->stop();
  return 0;
}

}  // namespace aiops::demo
