// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/syslog_feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "sources/syslog_framing.h"

namespace aiops::sources {
namespace {

constexpr std::string_view kScheme = "syslog+";
constexpr size_t kMostTaken = 1 << 20;  // in one call
constexpr base::Duration kRetry = std::chrono::seconds(5);
constexpr base::Duration kTellEvery = std::chrono::seconds(60);

base::Result<SyslogAddress> wrong(const std::string& path, const std::string& what) {
  return base::fail(base::ErrorCode::InvalidInput, what, path,
                    "for example syslog+udp://127.0.0.1:5514, syslog+tcp://127.0.0.1:5514 or "
                    "syslog+tls://127.0.0.1:6514?cert=FILE&key=FILE");
}

base::Result<> readOptions(std::string_view options, SyslogAddress& address) {
  while (!options.empty()) {
    const auto part = options.substr(0, options.find('&'));
    options.remove_prefix(std::min(options.size(), part.size() + 1));
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    const auto value = equals == std::string_view::npos ? "" : std::string(part.substr(equals + 1));
    if (name == "cert")
      address.certificate = value;
    else if (name == "key")
      address.key = value;
    else if (name == "ca")
      address.authority = value;
    else
      return base::fail(base::ErrorCode::InvalidInput, "unknown option '" + std::string(name) + "'");
  }
  return {};
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

bool fill(const SyslogAddress& address, SocketAddress& out) {
  auto* four = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (::inet_pton(AF_INET, address.host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(address.port);
    out.length = sizeof *four;
    return true;
  }
  if (::inet_pton(AF_INET6, address.host.c_str(), &six->sin6_addr) != 1) return false;
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(address.port);
  out.length = sizeof *six;
  return true;
}

std::string tlsError(const std::string& what) {
  char text[256] = "unknown";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return what + ": " + text;
}

struct ContextEnd {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SessionEnd {
  void operator()(SSL* session) const { SSL_free(session); }
};

struct Connection {
  base::Fd fd;
  std::unique_ptr<SSL, SessionEnd> session;
  bool shaken = false;
  SyslogFraming framing;
  base::Duration since{0};
  base::Duration heard{0};
};

}  // namespace

bool isSyslogAddress(const std::string& path) {
  return path.starts_with(kScheme);
}

base::Result<SyslogAddress> parseSyslogAddress(const std::string& path) {
  static const std::map<std::string, SyslogAddress::Transport> kTransports = {
      {"udp", SyslogAddress::Transport::Udp},
      {"tcp", SyslogAddress::Transport::Tcp},
      {"tls", SyslogAddress::Transport::Tls}};
  const auto slashes = path.find("://");
  if (!isSyslogAddress(path) || slashes == std::string::npos)
    return wrong(path, "this is no address for syslog");
  const auto transport = kTransports.find(path.substr(kScheme.size(), slashes - kScheme.size()));
  if (transport == kTransports.end()) return wrong(path, "syslog comes by udp, tcp or tls");
  SyslogAddress out;
  out.transport = transport->second;
  auto rest = path.substr(slashes + 3);
  if (const auto question = rest.find('?'); question != std::string::npos) {
    if (auto read = readOptions(std::string_view(rest).substr(question + 1), out); !read)
      return wrong(path, read.error().what);
    rest.resize(question);
  }
  const auto colon = rest.rfind(':');
  if (colon == std::string::npos) return wrong(path, "the port is missing");
  out.host = rest.substr(0, colon);
  if (out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']')
    out.host = out.host.substr(1, out.host.size() - 2);
  const auto* begin = rest.data() + colon + 1;
  const auto* end = rest.data() + rest.size();
  if (const auto [at, error] = std::from_chars(begin, end, out.port); error != std::errc() || at != end)
    return wrong(path, "the port must be a number up to 65535");
  SocketAddress checked;
  if (!fill(out, checked)) return wrong(path, "'" + out.host + "' is no address; a name will not do");
  const bool tls = out.transport == SyslogAddress::Transport::Tls;
  if (tls && (out.certificate.empty() || out.key.empty()))
    return wrong(path, "tls needs cert=FILE and key=FILE");
  if (!tls && !(out.certificate + out.key + out.authority).empty())
    return wrong(path, "only tls has certificates");
  return out;
}

class SyslogFeed::Impl {
 public:
  Impl(SyslogAddress wanted, SyslogLimits given)
      : address(std::move(wanted)), limits(given), poll(::epoll_create1(EPOLL_CLOEXEC)) {}

  SyslogAddress address;
  SyslogLimits limits;
  base::Fd poll;
  base::Fd socket;
  std::unique_ptr<SSL_CTX, ContextEnd> context;
  std::map<int, Connection> connections;
  std::string problem;
  std::optional<base::Duration> triedAt;
  uint32_t kernelDrops = 0;                                ///< as the kernel counts them
  uint64_t dropped = 0, refused = 0, broken = 0, cut = 0;  ///< not told yet
  std::optional<base::Duration> toldAt;
  std::vector<model::HealthEvent> health;

  bool isUdp() const { return address.transport == SyslogAddress::Transport::Udp; }
  bool isTls() const { return address.transport == SyslogAddress::Transport::Tls; }
  bool open(base::Duration now, base::TimePoint wall);
  base::Result<> listen();
  base::Result<> prepareTls();
  bool watch(int fd);
  bool receive(std::string& into);
  void accept(base::Duration now);
  bool readFrom(int fd, std::string& into, base::Duration now);
  ssize_t bytesOf(Connection& connection, char* data, size_t count, bool& again);
  void close(int fd, std::string& into);
  void endIdle(base::Duration now, std::string& into);
  void tell(base::Duration now, base::TimePoint wall);
};

base::Result<> SyslogFeed::Impl::prepareTls() {
  context.reset(SSL_CTX_new(TLS_server_method()));
  if (!context) return base::fail(base::ErrorCode::Unavailable, tlsError("TLS can't be set up"));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  if (SSL_CTX_use_certificate_chain_file(context.get(), address.certificate.c_str()) != 1)
    return base::fail(base::ErrorCode::Unavailable,
                      tlsError("the certificate " + address.certificate + " can't be used"));
  if (SSL_CTX_use_PrivateKey_file(context.get(), address.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return base::fail(base::ErrorCode::Unavailable, tlsError("the key " + address.key + " can't be used"));
  if (address.authority.empty()) return {};
  if (SSL_CTX_load_verify_locations(context.get(), address.authority.c_str(), nullptr) != 1)
    return base::fail(base::ErrorCode::Unavailable,
                      tlsError("the authority " + address.authority + " can't be read"));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

base::Result<> SyslogFeed::Impl::listen() {
  if (isTls()) {
    if (auto prepared = prepareTls(); !prepared) return prepared;
  }
  SocketAddress where;
  if (!fill(address, where)) return base::fail(base::ErrorCode::InvalidInput, "no address");
  const int type = (isUdp() ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  base::Fd fd(::socket(where.storage.ss_family, type, 0));
  const int on = 1;
  if (fd.valid() && isUdp()) {
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &limits.receiveBuffer, sizeof limits.receiveBuffer);
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
  } else if (fd.valid()) {
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  const bool bound =
      fd.valid() && ::bind(fd.get(), reinterpret_cast<sockaddr*>(&where.storage), where.length) == 0;
  if (!bound || (!isUdp() && ::listen(fd.get(), 64) != 0))
    return base::fail(base::ErrorCode::Unavailable,
                      std::string("the port can't be listened on: ") + std::strerror(errno));
  if (!watch(fd.get())) return base::fail(base::ErrorCode::Unavailable, "the port can't be waited for");
  socket = std::move(fd);
  return {};
}

bool SyslogFeed::Impl::watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

bool SyslogFeed::Impl::open(base::Duration now, base::TimePoint wall) {
  if (socket.valid()) return true;
  if (triedAt && now - *triedAt < kRetry) return false;
  triedAt = now;
  const auto opened = listen();
  const auto before = std::exchange(problem, opened ? std::string() : opened.error().what);
  if (!problem.empty() && problem != before) {
    health.push_back({wall, model::Severity::Error, "source",
                      "syslog is not received on " + address.host + " port " + std::to_string(address.port) +
                          ": " + problem,
                      "It is tried again every few seconds; who else has the port, shows `ss -lnp`."});
  }
  return opened.has_value();
}

/// Datagrams, one message each.
bool SyslogFeed::Impl::receive(std::string& into) {
  std::array<char, 65536> buffer{};
  bool any = false;
  while (into.size() < kMostTaken) {
    alignas(cmsghdr) std::array<char, 64> control{};
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket.get(), &message, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return any;
    any = true;
    for (auto* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SO_RXQ_OVFL) continue;
      uint32_t drops = 0;
      std::memcpy(&drops, CMSG_DATA(head), sizeof drops);
      dropped += drops - kernelDrops;
      kernelDrops = drops;
    }
    appendSyslogLine(std::string_view(buffer.data(), static_cast<size_t>(got)), into);
  }
  return any;
}

void SyslogFeed::Impl::accept(base::Duration now) {
  for (;;) {
    base::Fd fd(::accept4(socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd.valid() && errno == EINTR) continue;
    if (!fd.valid()) return;
    if (connections.size() >= limits.connections || !watch(fd.get())) {
      ++refused;
      continue;
    }
    Connection connection;
    if (isTls()) {
      connection.session.reset(SSL_new(context.get()));
      if (!connection.session || SSL_set_fd(connection.session.get(), fd.get()) != 1) continue;
      SSL_set_accept_state(connection.session.get());
    }
    connection.since = connection.heard = now;
    const int number = fd.get();
    connection.fd = std::move(fd);
    connections.emplace(number, std::move(connection));
  }
}

/// As read(): 0 is the end. `again`: nothing there just now.
ssize_t SyslogFeed::Impl::bytesOf(Connection& connection, char* data, size_t count, bool& again) {
  again = false;
  if (!connection.session) {
    ssize_t got = -1;
    do got = ::recv(connection.fd.get(), data, count, 0);
    while (got < 0 && errno == EINTR);
    again = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    return got < 0 && !again ? 0 : got;
  }
  ERR_clear_error();
  const int got = SSL_read(connection.session.get(), data, static_cast<int>(count));
  if (got > 0) {
    connection.shaken = true;
    return got;
  }
  const int why = SSL_get_error(connection.session.get(), got);
  again = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
  connection.shaken = connection.shaken || SSL_is_init_finished(connection.session.get()) == 1;
  if (!again && !connection.shaken) ++broken;
  ERR_clear_error();
  return again ? -1 : 0;
}

bool SyslogFeed::Impl::readFrom(int fd, std::string& into, base::Duration now) {
  const auto found = connections.find(fd);
  if (found == connections.end()) return false;
  auto& connection = found->second;
  std::array<char, 65536> buffer{};
  const auto before = into.size();
  while (into.size() < before + kMostTaken / 4) {
    bool again = false;
    const auto got = bytesOf(connection, buffer.data(), buffer.size(), again);
    if (again) break;
    if (got == 0) {
      close(fd, into);
      break;
    }
    connection.heard = now;
    if (!connection.framing.add(std::string_view(buffer.data(), static_cast<size_t>(got)), into)) {
      ++broken;
      close(fd, into);
      break;
    }
  }
  return into.size() > before;
}

void SyslogFeed::Impl::close(int fd, std::string& into) {
  const auto found = connections.find(fd);
  if (found == connections.end()) return;
  found->second.framing.finish(into);
  cut += found->second.framing.cut();
  if (found->second.session) SSL_shutdown(found->second.session.get());
  connections.erase(found);  // closing takes it out of the epoll set
}

void SyslogFeed::Impl::endIdle(base::Duration now, std::string& into) {
  std::vector<int> idle;
  for (const auto& [fd, connection] : connections) {
    const bool slow = connection.session && !connection.shaken && now - connection.since > limits.handshake;
    if (slow || now - connection.heard > limits.idle) idle.push_back(fd);
  }
  for (const int fd : idle) close(fd, into);
}

void SyslogFeed::Impl::tell(base::Duration now, base::TimePoint wall) {
  if (dropped + refused + broken + cut == 0 || (toldAt && now - *toldAt < kTellEvery)) return;
  toldAt = now;
  std::string what;
  const auto say = [&](uint64_t& count, const char* words) {
    if (count > 0) what += (what.empty() ? "" : ", ") + std::to_string(count) + words;
    count = 0;
  };
  say(dropped, " messages were dropped by the kernel");
  say(refused, " connections were refused, there are too many");
  say(broken, " connections made no sense");
  say(cut, " messages were too long and were cut");
  health.push_back(
      {wall, model::Severity::Warning, "source",
       "syslog on " + address.host + " port " + std::to_string(address.port) + ": " + what,
       "Over UDP messages get lost when they come faster than they are read; TCP holds the sender up."});
}

SyslogFeed::SyslogFeed(SyslogAddress address, SyslogLimits limits)
    : m_impl(std::make_unique<Impl>(std::move(address), limits)) {}
SyslogFeed::~SyslogFeed() = default;

std::string SyslogFeed::name() const {
  return "syslog";
}

int SyslogFeed::pollFd() const {
  return m_impl->poll.get();
}

bool SyslogFeed::take(std::string& into, base::Duration now, base::TimePoint wall) {
  auto& impl = *m_impl;
  if (!impl.open(now, wall)) return false;
  const auto before = into.size();
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(impl.poll.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count && into.size() < before + kMostTaken; ++i) {
    const int fd = events[static_cast<size_t>(i)].data.fd;
    if (fd != impl.socket.get())
      impl.readFrom(fd, into, now);
    else if (impl.isUdp())
      impl.receive(into);
    else
      impl.accept(now);
  }
  impl.endIdle(now, into);
  impl.tell(now, wall);
  return into.size() > before;
}

std::string SyslogFeed::problem() const {
  return m_impl->problem;
}

std::vector<model::HealthEvent> SyslogFeed::takeHealth() {
  return std::exchange(m_impl->health, {});
}

uint16_t SyslogFeed::port() const {
  SocketAddress at;
  at.length = sizeof at.storage;
  if (!m_impl->socket.valid() ||
      ::getsockname(m_impl->socket.get(), reinterpret_cast<sockaddr*>(&at.storage), &at.length) != 0)
    return 0;
  const auto* six = reinterpret_cast<const sockaddr_in6*>(&at.storage);
  const auto* four = reinterpret_cast<const sockaddr_in*>(&at.storage);
  return ntohs(at.storage.ss_family == AF_INET6 ? six->sin6_port : four->sin_port);
}

size_t SyslogFeed::connections() const {
  return m_impl->connections.size();
}

}  // namespace aiops::sources
