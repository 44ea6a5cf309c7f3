// The HTTP front end: JSON over HTTP/1.1, on loopback, with bearer keys. Routes stand in routes.cpp.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "api/key_store.h"
#include "api/server_config.h"
#include "base/result.h"
#include "base/time.h"
#include "service/operations.h"

namespace aiops::api {

/// Serves `operations` over HTTP.
///
/// Threads: start() and stop() belong to one owner thread. Everything else happens on one thread of the
/// server's own; it calls `operations`, `keys` and `config.onRefused` (none of which may block) and takes the
/// replies of `operations` from any thread, also after stop() and after the server is gone: such a late reply
/// is dropped.
///
/// Ownership: `operations`, `keys` and `clock` must outlive the server.
///
/// Example:
///     HttpServer server({.port = 8500}, operations, keys, clock);
///     const auto port = server.start();
///     if (!port) return report(port.error());
class HttpServer {
 public:
  HttpServer(ServerConfig config, service::Operations& operations, KeyStore& keys, const base::Clock& clock);
  /// Stops.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens and starts serving; the port actually bound (of interest when the configured one is 0). A port
  /// in use is Unavailable; an address that is not loopback is PermissionDenied, because there is no TLS
  /// here.
  base::Result<uint16_t> start();
  /// Takes no new connection, lets answers under way finish for a moment, closes the rest, ends the thread.
  /// Takes at most a second. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::api
