// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/http_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <map>
#include <thread>
#include <unordered_map>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "api/connection.h"
#include "base/fd.h"

namespace aiops::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::ErrorCode;
using boost::system::error_code;

namespace {

constexpr int kBacklog = 128;
constexpr int kAcceptsPerRound = 16;
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kFinishTime{700};
constexpr std::chrono::seconds kReportEvery{10};

base::Result<tcp::endpoint> endpointOf(const ServerConfig& config) {
  error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error) {
    return base::fail(ErrorCode::InvalidInput, "not a numeric IP address", config.address,
                      "use 127.0.0.1 or ::1");
  }
  if (!address.is_loopback()) {
    return base::fail(ErrorCode::PermissionDenied,
                      "HTTP is served on loopback only, because there is no TLS here to protect the keys",
                      config.address,
                      "listen on 127.0.0.1 or ::1 and put a TLS proxy or an SSH tunnel in front");
  }
  return tcp::endpoint(address, config.port);
}

base::Result<base::Fd> listenOn(const tcp::endpoint& endpoint) {
  const std::string where = endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
  base::Fd fd(
      ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (!fd.valid()) return base::failErrno(errno, "no socket", where);
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
      ::listen(fd.get(), kBacklog) == 0) {
    return fd;
  }
  if (errno == EADDRINUSE) {
    return base::fail(
        ErrorCode::Unavailable,
        "port " + std::to_string(endpoint.port()) + " on " + endpoint.address().to_string() + " is in use",
        {}, "stop the other program or use --listen");
  }
  return base::failErrno(errno, "can't listen", where);
}

ServerConfig withRedactor(ServerConfig config) {
  if (!config.redactor) config.redactor = std::make_shared<security::Redactor>();
  return config;
}

base::Fd spareDescriptor() {
  return base::Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

/// Counts refusals per kind and passes them on now and then.
class RefusalCounter {
 public:
  explicit RefusalCounter(const ServerConfig& config) : m_config(config) {}
  void add(const std::string& kind) {
    if (!m_config.onRefused) return;
    auto& [count, reportedAt] = m_kinds[kind];
    ++count;
    const auto now = std::chrono::steady_clock::now();
    if (reportedAt && now - *reportedAt < kReportEvery) return;
    m_config.onRefused(kind, std::exchange(count, 0));
    reportedAt = now;
  }

 private:
  struct Kind {
    uint64_t count = 0;
    std::optional<std::chrono::steady_clock::time_point> reportedAt;
  };
  const ServerConfig& m_config;
  std::map<std::string, Kind> m_kinds;
};

}  // namespace

struct HttpServer::Impl {
  Impl(ServerConfig serverConfig, service::Operations& serverOperations, KeyStore& keyStore,
       const base::Clock& worldClock)
      : config(withRedactor(std::move(serverConfig))),
        operations(serverOperations),
        keys(keyStore),
        clock(worldClock) {}

  base::Result<uint16_t> start();
  void stop();
  void serve();
  void acceptWhenReady();
  void acceptSome();
  void onAcceptError(int error);
  void take(base::Fd fd, const tcp::endpoint& peer);
  bool makeRoom(const std::string& address);
  std::shared_ptr<Connection> mostExpendable(const std::string& address) const;
  void refuse(const base::Fd& fd);
  void beginStop();

  const ServerConfig config;
  service::Operations& operations;
  KeyStore& keys;
  const base::Clock& clock;

  /// All that lives while the server runs, in the order of construction.
  struct Running {
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer pause{io};
    asio::steady_timer stopDeadline{io};
    base::Fd spare = spareDescriptor();
    std::optional<Gate> gate;
    std::optional<RefusalCounter> refusals;
    std::optional<ConnectionContext> context;
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
    std::map<std::string, size_t> perAddress;
    bool stopping = false;
    std::thread thread;
  };
  std::unique_ptr<Running> running;
};

base::Result<uint16_t> HttpServer::Impl::start() {
  if (running) return base::fail(ErrorCode::Conflict, "the server is running already");
  const auto endpoint = endpointOf(config);
  if (!endpoint) return std::unexpected(endpoint.error());
  auto fd = listenOn(*endpoint);
  if (!fd) return std::unexpected(fd.error());
  auto state = std::make_unique<Running>();
  error_code error;
  state->acceptor.assign(endpoint->protocol(), fd->release(), error);
  const auto bound = state->acceptor.local_endpoint(error);
  if (error) return base::fail(ErrorCode::Io, error.message(), config.address);
  state->gate.emplace(config, bound.port(), keys, clock);
  state->refusals.emplace(config);
  auto door = std::make_shared<ReplyDoor>();
  {
    base::MutexLock lock(door->mutex);
    door->io = &state->io;
  }
  state->context.emplace(ConnectionContext{
      .config = config,
      .operations = operations,
      .clock = clock,
      .gate = *state->gate,
      .door = door,
      .refused = [counter = &*state->refusals](const std::string& kind) { counter->add(kind); },
      .closed =
          [all = state.get()](Connection& connection) {
            if (--all->perAddress[connection.address()] == 0) all->perAddress.erase(connection.address());
            all->connections.erase(&connection);
            if (all->stopping && all->connections.empty()) all->stopDeadline.cancel();
          }});
  running = std::move(state);
  acceptWhenReady();
  running->thread = std::thread([this] { serve(); });
  return bound.port();
}

/// Values are errors here; an exception (no memory) costs the work of one event and is counted.
void HttpServer::Impl::serve() {
  for (;;) {
    try {
      running->io.run();
      return;
    } catch (const std::exception&) {
      running->refusals->add("internal");
    }
  }
}

void HttpServer::Impl::stop() {
  if (!running) return;
  asio::post(running->io, [this] { beginStop(); });
  running->thread.join();
  {
    base::MutexLock lock(running->context->door->mutex);
    running->context->door->io = nullptr;
  }
  running.reset();
}

/// After this nothing waits but the answers under way, and the deadline for them: run() returns when both are
/// gone.
void HttpServer::Impl::beginStop() {
  running->stopping = true;
  error_code ignored;
  running->acceptor.close(ignored);
  running->pause.cancel();
  const auto closeAll = [this] {
    const auto all = running->connections;
    for (const auto& [raw, connection] : all) connection->close();
  };
  running->stopDeadline.expires_after(kFinishTime);
  running->stopDeadline.async_wait([closeAll](const error_code&) { closeAll(); });
  const auto all = running->connections;
  for (const auto& [raw, connection] : all) connection->finish();
  if (running->connections.empty()) running->stopDeadline.cancel();
}

void HttpServer::Impl::acceptWhenReady() {
  running->acceptor.async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
    if (error || running->stopping) return;
    acceptSome();
  });
}

void HttpServer::Impl::acceptSome() {
  for (int i = 0; i < kAcceptsPerRound; ++i) {
    tcp::endpoint peer;
    auto length = static_cast<socklen_t>(peer.capacity());
    base::Fd fd(
        ::accept4(running->acceptor.native_handle(), peer.data(), &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.valid()) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) return onAcceptError(errno);
      break;
    }
    peer.resize(length);
    take(std::move(fd), peer);
  }
  acceptWhenReady();
}

/// Out of descriptors: a connection that stays in the queue would wake us for ever, so the spare descriptor
/// is given up for a moment to take it and close it, and accepting rests.
void HttpServer::Impl::onAcceptError(int error) {
  if (error == ECONNABORTED || error == EINTR || error == EPROTO) return acceptWhenReady();
  running->refusals->add("out_of_descriptors");
  running->spare.reset();
  base::Fd(::accept4(running->acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC)).reset();
  running->spare = spareDescriptor();
  running->pause.expires_after(kAcceptPause);
  running->pause.async_wait([this](const error_code& cancelled) {
    if (!cancelled && !running->stopping) acceptWhenReady();
  });
}

void HttpServer::Impl::take(base::Fd fd, const tcp::endpoint& peer) {
  const std::string address = peer.address().to_string();
  if (!makeRoom(address)) return refuse(fd);
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  tcp::socket socket(running->io);
  error_code error;
  socket.assign(peer.protocol(), fd.get(), error);
  if (error) return;
  fd.release();
  auto connection = std::make_shared<Connection>(std::move(socket), address, *running->context);
  running->connections.emplace(connection.get(), connection);
  ++running->perAddress[address];
  connection->start();
}

/// At a limit, a connection without a request under way gives way, oldest first: whoever holds connections
/// open without asking anything can't lock out those who do.
bool HttpServer::Impl::makeRoom(const std::string& address) {
  const auto found = running->perAddress.find(address);
  const bool addressFull =
      found != running->perAddress.end() && found->second >= config.limits.connectionsPerAddress;
  if (!addressFull && running->connections.size() < config.limits.connections) return true;
  running->refusals->add("too_many_connections");
  const auto victim = mostExpendable(addressFull ? address : std::string());
  if (!victim) return false;
  victim->close();
  return true;
}

std::shared_ptr<Connection> HttpServer::Impl::mostExpendable(const std::string& address) const {
  std::shared_ptr<Connection> oldest;
  for (const auto& [raw, connection] : running->connections) {
    if (!connection->expendable() || (!address.empty() && connection->address() != address)) continue;
    if (!oldest || connection->since() < oldest->since()) oldest = connection;
  }
  return oldest;
}

void HttpServer::Impl::refuse(const base::Fd& fd) {
  const auto text = serialise(busy("too many requests at once"), false, true, clock.now());
  // A new socket's send buffer has room for this; if not, the closed connection says enough.
  [[maybe_unused]] const auto sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

HttpServer::HttpServer(ServerConfig config, service::Operations& operations, KeyStore& keys,
                       const base::Clock& clock)
    : m_impl(std::make_unique<Impl>(std::move(config), operations, keys, clock)) {}

HttpServer::~HttpServer() {
  stop();
}

base::Result<uint16_t> HttpServer::start() {
  return m_impl->start();
}

void HttpServer::stop() {
  m_impl->stop();
}

}  // namespace aiops::api
