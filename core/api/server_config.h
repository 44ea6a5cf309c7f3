// Where the HTTP server listens and what it tolerates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "security/redaction.h"

namespace aiops::api {

/// Limits against hostile and broken clients. A test may shorten the times.
struct ServerLimits {
  size_t headerBytes = 8 * 1024;   ///< request line and fields together; above: 431
  size_t headerFields = 64;        ///< above: 431
  size_t targetBytes = 2 * 1024;   ///< above: 414
  size_t bodyBytes = 1024 * 1024;  ///< no route takes more; above: 413
  size_t connections = 256;
  size_t connectionsPerAddress = 32;
  std::chrono::milliseconds headerTime{5000};  ///< from the first byte (or the connection) to the empty line
  std::chrono::milliseconds requestTime{30000};  ///< from the first byte to the last byte of the answer
  std::chrono::milliseconds idleTime{15000};     ///< between two requests of one connection
  std::chrono::milliseconds drainTime{
      1000};                          ///< reading on after a refusal, so that the client gets to see it
  double authFailureBurst = 10;       ///< wrong keys of one address or key id before 429
  double authFailuresPerMinute = 10;  ///< how fast that allowance comes back
};

struct ServerConfig {
  std::string address = "127.0.0.1";  ///< numeric loopback address
  uint16_t port = 8500;               ///< 0: any free one
  /// Further names that may stand in the Host header (always with the port), for example behind a tunnel.
  std::vector<std::string> hostNames;
  /// Values of Origin that may call, for example "https://console.example". Empty: no browser page may.
  std::vector<std::string> allowedOrigins;
  ServerLimits limits;
  /// Takes secrets out of foreign text before it leaves. None: one that knows the well-known formats only.
  std::shared_ptr<const security::Redactor> redactor;
  /// Told of refused requests, per kind ("bad_request", "unauthorized", "too_many_connections" ...) at most
  /// once in ten seconds with the number since the last time. Called on the server's thread; must not block.
  std::function<void(std::string_view kind, uint64_t count)> onRefused;
};

}  // namespace aiops::api
