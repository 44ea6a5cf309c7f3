// One client's connection: reads requests one after another, passes them through the gate, writes the
// answers. Internal to the server: only http_server.cpp and connection.cpp include it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/gate.h"
#include "api/request_head.h"
#include "api/server_config.h"
#include "base/mutex.h"
#include "service/operations.h"

namespace aiops::api {

class Connection;

/// The door for answers that come from other threads; shut before the io_context goes.
struct ReplyDoor {
  base::Mutex mutex;
  boost::asio::io_context* io AIOPS_GUARDED_BY(mutex) = nullptr;
};

/// What all connections of a server share. Outlives them.
struct ConnectionContext {
  const ServerConfig& config;
  service::Operations& operations;
  const base::Clock& clock;
  Gate& gate;
  std::shared_ptr<ReplyDoor> door;
  std::function<void(const std::string& kind)> refused;
  std::function<void(Connection&)> closed;
};

/// Lives on the server's thread. The server's table owns it until `closed` is called; operations under way
/// keep it alive beyond that, with its socket shut.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(boost::asio::ip::tcp::socket socket, std::string address, ConnectionContext& context);
  ~Connection();

  void start();
  /// Shuts the socket at once. Idempotent.
  void close();
  /// Finishes the answer under way, if any, then closes.
  void finish();
  /// True if no request is being worked on: it may be closed to make room. `since()` says how long.
  bool expendable() const;
  Clock::time_point since() const { return m_phaseSince; }
  const std::string& address() const { return m_address; }

 private:
  enum class Phase { Idle, Head, Body, Handling, Writing, Draining, Closed };
  struct BodyReader;

  void enter(Phase phase);
  void armDeadline(Clock::time_point when);
  void onDeadline();
  void readRequest();
  void readMore();
  void onHead(size_t length);
  void readBody();
  void onBody(const std::string& error, bool tooLarge);
  void handle();
  Responder responder();
  void answer(HttpResponse response);
  void write(const HttpResponse& response, bool keepAlive);
  void afterWrite(bool keepAlive);
  void drain();
  void drainMore(size_t budget);
  std::string_view buffered() const;

  boost::asio::ip::tcp::socket m_socket;
  const std::string m_address;
  ConnectionContext& m_context;
  boost::asio::steady_timer m_deadline;
  Phase m_phase = Phase::Idle;
  Clock::time_point m_phaseSince = Clock::now();
  Clock::time_point m_requestStarted;
  HeadScanner m_scanner;
  RequestHead m_head;
  Admission m_admission;
  std::shared_ptr<BodyReader>
      m_reader;  ///< hides Beast, holds the bytes read ahead; a read under way shares it
  std::string m_out;
  uint64_t m_requestNumber = 0;  ///< an answer to an earlier request is dropped
  bool m_finishing = false;
};

/// The bytes of an answer. `withBody` is false for HEAD.
std::string serialise(const HttpResponse& response, bool keepAlive, bool withBody, base::TimePoint now);

}  // namespace aiops::api
