// The demo's front: a reverse proxy with an access log of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <cstdio>

#include "app/demo/service/http.h"
#include "app/demo/service/log_file.h"
#include "app/demo/service/service_process.h"
#include "app/demo/service/text.h"

namespace aiops::demo {

namespace {

/// Passes requests on; handle() runs on several threads at once.
class FrontService {
 public:
  FrontService(uint16_t upstream, const LogFile& accessLog, const LogFile& errorLog)
      : m_upstream(upstream),
        m_upstreamName(concat("127.0.0.1:", upstream)),
        m_accessLog(accessLog),
        m_errorLog(errorLog) {}

  std::string handle(const Request& request) {
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = fetch(m_upstream, makeRequest(request));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (!answer) logFailure(request, answer.error());
    std::string response =
        answer ? *answer : makeResponse(502, "text/plain", "the upstream does not answer\n");
    logAccess(request, response, answer ? std::to_string(statusOf(*answer)) : "-", took.count());
    return response;
  }

 private:
  void logFailure(const Request& request, const base::Error& error) {
    m_errorLog.write("ERROR", "front",
                     concat("upstream ", m_upstreamName, " failed: ", error.what, ", request \"",
                            request.method, ' ', request.target, "\""));
  }

  void logAccess(const Request& request, const std::string& response, const std::string& upstreamStatus,
                 double seconds) {
    char took[32];
    std::snprintf(took, sizeof took, "%.3f", seconds);
    m_accessLog.writeLine(concat("127.0.0.1 - - [", accessStamp(), "] \"", request.method, ' ',
                                 request.target, " HTTP/1.1\" ", statusOf(response), ' ', bodySize(response),
                                 " \"-\" \"", request.userAgent, "\" upstream=", m_upstreamName,
                                 " upstream_status=", upstreamStatus, " rt=", took));
  }

  const uint16_t m_upstream;
  const std::string m_upstreamName;
  const LogFile& m_accessLog;
  const LogFile& m_errorLog;
};

/// "127.0.0.1:PORT"; nothing but loopback is allowed.
base::Result<long> upstreamPort(const Options& options) {
  const std::string text = options.text("--upstream");
  const std::string prefix = "127.0.0.1:";
  if (!text.starts_with(prefix)) {
    return base::fail(base::ErrorCode::InvalidInput, "expected 127.0.0.1:PORT", "--upstream");
  }
  return parseNumber(text.substr(prefix.size()), 1, 65535, "--upstream");
}

}  // namespace

int runFront(const Options& options) {
  blockEndSignals();
  const auto port = options.requiredNumber("--listen", 1, 65535);
  if (!port) return failWith(port.error(), 2);
  const auto upstream = upstreamPort(options);
  if (!upstream) return failWith(upstream.error(), 2);
  const auto accessLog = LogFile::open(options.text("--log"));
  if (!accessLog) return failWith(accessLog.error(), 3);
  const auto errorLog = LogFile::open(options.text("--error-log"));
  if (!errorLog) return failWith(errorLog.error(), 3);

  FrontService service(static_cast<uint16_t>(*upstream), *accessLog, *errorLog);
  const auto server = HttpServer::start(static_cast<uint16_t>(*port), 8, [&service](const Request& request) {
    return service.handle(request);
  });
  if (!server) return failWith(server.error(), 1);
  reportReady(options, "{}");
  waitForEnd();
  (*server)->stop();
  return 0;
}

}  // namespace aiops::demo
