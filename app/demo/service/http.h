// Just enough HTTP/1.1 for the demo's programs: loopback only, one request a connection, small messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::demo {

struct Request {
  std::string method;
  std::string target;
  std::string userAgent;  ///< "-" when there was none
};

/// A listening socket on 127.0.0.1.
base::Result<base::Fd> listenOnLoopback(uint16_t port);

/// A whole response that closes the connection.
std::string makeResponse(int status, const std::string& contentType, const std::string& body);
/// A whole request that closes the connection.
std::string makeRequest(const Request& request);

/// The peer's answer, read to its end; each step gives up after two seconds.
base::Result<std::string> fetch(uint16_t port, const std::string& request);
/// The status code of a response, or 0 if it is none.
int statusOf(const std::string& response);
/// Bytes after the head.
size_t bodySize(const std::string& response);

/// Serves one listening socket with a few threads; each takes one connection at a time and gives a slow peer
/// two seconds. The handler runs on any of the threads at once. stop() may be called from any thread and
/// once.
class HttpServer {
 public:
  using Handler = std::function<std::string(const Request&)>;

  static base::Result<std::unique_ptr<HttpServer>> start(uint16_t port, unsigned threads, Handler handler);
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Takes no more connections, finishes those at hand, joins.
  void stop();

 private:
  HttpServer(base::Fd listener, base::Fd stopEvent, Handler handler);
  void serve();
  void serveConnection(const base::Fd& connection);

  const base::Fd m_listener;
  const base::Fd m_stopEvent;
  const Handler m_handler;
  std::vector<std::thread> m_threads;
};

}  // namespace aiops::demo
