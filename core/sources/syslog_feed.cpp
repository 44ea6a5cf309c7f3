// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/syslog_feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
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
#include "sources/tls_session.h"

namespace aiops::sources {
namespace {

constexpr std::string_view kScheme = "syslog+";
constexpr size_t kMostTaken = 1 << 20;         // in one call
constexpr size_t kMostOfOne = kMostTaken / 4;  // of one connection in one call
constexpr size_t kBuffer = 64 * 1024;          // no datagram is longer
constexpr int kMostDatagrams = 4096;           // in one call, also of empty ones
constexpr int kMostAccepted = 256;             // in one call, also of those that are refused
constexpr base::Duration kNoRoomPause = std::chrono::seconds(1);
static_assert(kBuffer >= TlsSession::kMostOfRecord);
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

struct Connection {
  base::Fd fd;
  std::unique_ptr<TlsSession> session;
  SyslogFraming framing;
  base::Duration since{0};
  base::Duration heard{0};
  uint64_t cut = 0;  ///< messages of its framing that were counted
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

/// What was lost, since the start.
struct Losses {
  uint64_t kernel = 0;   ///< datagrams that nobody had taken in time
  uint64_t refused = 0;  ///< connections
  uint64_t broken = 0;   ///< connections that made no sense
  uint64_t cut = 0;      ///< messages that were too long, or ended before they were whole

  uint64_t all() const { return kernel + refused + broken + cut; }
};

class SyslogFeed::Impl {
 public:
  Impl(SyslogAddress wanted, SyslogLimits given)
      : address(std::move(wanted)), limits(given), poll(::epoll_create1(EPOLL_CLOEXEC)) {}

  SyslogAddress address;
  SyslogLimits limits;
  base::Fd poll;
  base::Fd socket;
  std::unique_ptr<TlsServer> tls;  ///< outlives the connections
  std::map<int, Connection> connections;
  std::string problem;
  std::optional<base::Duration> triedAt;
  std::optional<base::Duration> noRoomSince;  ///< for another connection: the socket is not waited for
  uint32_t kernelDrops = 0;                   ///< as the kernel counts them
  Losses lost, told;
  std::optional<base::Duration> toldAt;
  std::vector<model::HealthEvent> health;
  bool finished = false;
  size_t turn = 0;  ///< whose connection is looked at first

  bool isUdp() const { return address.transport == SyslogAddress::Transport::Udp; }
  bool isTls() const { return address.transport == SyslogAddress::Transport::Tls; }
  std::string where() const { return address.host + " port " + std::to_string(address.port); }
  bool open(base::Duration now, base::TimePoint wall);
  base::Result<> listen();
  bool watch(int fd);
  bool receive(std::string& into);
  bool accept(base::Duration now, base::TimePoint wall);
  bool addConnection(base::Fd fd, base::Duration now);
  void pauseAccepting(int error, base::Duration now, base::TimePoint wall);
  void acceptAgain(base::Duration now);
  bool readFrom(int fd, std::string& into, base::Duration now);
  static ssize_t bytesOf(Connection& connection, char* data, size_t count, bool& again);
  void close(int fd, std::string& into);
  void endIdle(base::Duration now, std::string& into);
  void tell(base::Duration now, base::TimePoint wall);
};

base::Result<> SyslogFeed::Impl::listen() {
  if (isTls()) {
    auto prepared = TlsServer::create(address.certificate, address.key, address.authority);
    if (!prepared) return std::unexpected(prepared.error());
    tls = std::move(*prepared);
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
  if (!bound || (!isUdp() && ::listen(fd.get(), SOMAXCONN) != 0))
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
  if (!poll.valid()) poll = base::Fd(::epoll_create1(EPOLL_CLOEXEC));
  const int error = errno;
  base::Result<> opened = base::fail(base::ErrorCode::Unavailable,
                                     std::string("there is nothing to wait with: ") + std::strerror(error));
  if (poll.valid()) opened = listen();
  const auto before = std::exchange(problem, opened ? std::string() : opened.error().what);
  if (!problem.empty() && problem != before) {
    health.push_back({wall, model::Severity::Error, "source",
                      "syslog is not received on " + where() + ": " + problem,
                      "It is tried again every few seconds; who else has the port, shows `ss -lnp`."});
  }
  return opened.has_value();
}

/// Datagrams, one message each.
bool SyslogFeed::Impl::receive(std::string& into) {
  std::array<char, kBuffer> buffer{};
  bool any = false;
  for (int i = 0; i < kMostDatagrams && into.size() < kMostTaken; ++i) {
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
      lost.kernel += drops - kernelDrops;
      kernelDrops = drops;
    }
    appendSyslogLine(std::string_view(buffer.data(), static_cast<size_t>(got)), into);
  }
  return any;
}

bool SyslogFeed::Impl::addConnection(base::Fd fd, base::Duration now) {
  if (connections.size() >= limits.connections || !watch(fd.get())) return false;
  Connection connection;
  if (tls) {
    connection.session = tls->accept(fd.get());
    if (!connection.session) return false;
  }
  connection.since = connection.heard = now;
  const int number = fd.get();
  connection.fd = std::move(fd);
  connections.emplace(number, std::move(connection));
  return true;
}

/// True when somebody came.
bool SyslogFeed::Impl::accept(base::Duration now, base::TimePoint wall) {
  bool any = false;
  for (int i = 0; i < kMostAccepted; ++i) {
    base::Fd fd(::accept4(socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const int error = errno;
    if (fd.valid()) {
      any = true;
      lost.refused += addConnection(std::move(fd), now) ? 0 : 1;
      continue;
    }
    if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM)
      pauseAccepting(error, now, wall);
    // Other errors are of one connection that is gone already; the next one may be good.
    if (error != EINTR && error != ECONNABORTED && error != EPROTO) return any;
  }
  return any;
}

/// Who waits to be accepted keeps the socket readable: until there is room again it is not looked at, or the
/// lane would spin.
void SyslogFeed::Impl::pauseAccepting(int error, base::Duration now, base::TimePoint wall) {
  noRoomSince = now;
  ::epoll_ctl(poll.get(), EPOLL_CTL_DEL, socket.get(), nullptr);
  const auto why = std::string("no further connection can be taken: ") + std::strerror(error);
  if (std::exchange(problem, why) == why) return;
  health.push_back({wall, model::Severity::Error, "source", "syslog on " + where() + ": " + why,
                    "Senders wait and are tried again every second. Raise the limit of open files "
                    "(LimitNOFILE= of the unit, `ulimit -n`)."});
}

void SyslogFeed::Impl::acceptAgain(base::Duration now) {
  if (!noRoomSince || now - *noRoomSince < kNoRoomPause || !watch(socket.get())) return;
  noRoomSince.reset();
}

/// As read(): 0 is the end. `again`: nothing there just now.
ssize_t SyslogFeed::Impl::bytesOf(Connection& connection, char* data, size_t count, bool& again) {
  if (connection.session) return connection.session->read(data, count, again);
  ssize_t got = -1;
  do got = ::recv(connection.fd.get(), data, count, 0);
  while (got < 0 && errno == EINTR);
  again = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return got < 0 && !again ? 0 : got;
}

/// At most kMostOfOne bytes, also of one that never ends a message. True when there was something.
bool SyslogFeed::Impl::readFrom(int fd, std::string& into, base::Duration now) {
  const auto found = connections.find(fd);
  if (found == connections.end()) return false;
  auto& connection = found->second;
  std::array<char, kBuffer> buffer{};
  size_t total = 0;
  while (total < kMostOfOne) {
    bool again = false;
    const auto got = bytesOf(connection, buffer.data(), buffer.size(), again);
    if (again) return total > 0;
    const bool greeted = !connection.session || connection.session->established();
    const bool sense =
        got > 0 ? connection.framing.add(std::string_view(buffer.data(), static_cast<size_t>(got)), into)
                : greeted;
    if (!sense) ++lost.broken;
    lost.cut += connection.framing.cut() - std::exchange(connection.cut, connection.framing.cut());
    if (got == 0 || !sense) {
      close(fd, into);
      return true;
    }
    connection.heard = now;
    total += static_cast<size_t>(got);
  }
  return true;
}

void SyslogFeed::Impl::close(int fd, std::string& into) {
  const auto found = connections.find(fd);
  if (found == connections.end()) return;
  auto& connection = found->second;
  connection.framing.finish(into);
  lost.cut += connection.framing.cut() - connection.cut;
  if (connection.session) connection.session->shutdown();
  connections.erase(found);  // closing takes it out of the epoll set
}

/// While nothing was taken for long, as when the disk is full, all connections look idle: each is heard once
/// more before it is ended.
void SyslogFeed::Impl::endIdle(base::Duration now, std::string& into) {
  const auto isIdle = [&](const Connection& connection) {
    const bool slow =
        connection.session && !connection.session->established() && now - connection.since > limits.handshake;
    return slow || now - connection.heard > limits.idle;
  };
  std::vector<int> idle;
  for (const auto& [fd, connection] : connections) {
    if (isIdle(connection)) idle.push_back(fd);
  }
  for (const int fd : idle) {
    readFrom(fd, into, now);
    const auto still = connections.find(fd);
    if (still != connections.end() && isIdle(still->second)) close(fd, into);
  }
}

void SyslogFeed::Impl::tell(base::Duration now, base::TimePoint wall) {
  if (lost.all() == told.all() || (toldAt && now - *toldAt < kTellEvery)) return;
  toldAt = now;
  std::string what;
  const auto say = [&](uint64_t Losses::* count, const char* words) {
    const auto fresh = lost.*count - std::exchange(told.*count, lost.*count);
    if (fresh > 0) what += (what.empty() ? "" : ", ") + std::to_string(fresh) + words;
  };
  say(&Losses::kernel, " messages were dropped by the kernel");
  say(&Losses::refused, " connections were refused, there are too many");
  say(&Losses::broken, " connections made no sense");
  say(&Losses::cut, " messages were too long or not sent whole, and were cut");
  health.push_back(
      {wall, model::Severity::Warning, "source", "syslog on " + where() + ": " + what,
       "Over UDP messages get lost when they come faster than they are read; TCP holds the sender up."});
}

SyslogFeed::SyslogFeed(SyslogAddress address, SyslogLimits limits)
    : m_impl(std::make_unique<Impl>(std::move(address), limits)) {}
SyslogFeed::~SyslogFeed() = default;

std::string SyslogFeed::name() const {
  return "syslog";
}

int SyslogFeed::pollFd() const {
  return m_impl->finished ? -1 : m_impl->poll.get();
}

bool SyslogFeed::ended() const {
  return m_impl->finished;
}

bool SyslogFeed::take(std::string& into, base::Duration now, base::TimePoint wall) {
  auto& impl = *m_impl;
  if (impl.finished || !impl.open(now, wall)) return false;
  impl.acceptAgain(now);
  const auto before = into.size();
  bool any = false;
  std::array<epoll_event, 64> events{};
  const int count = ::epoll_wait(impl.poll.get(), events.data(), static_cast<int>(events.size()), 0);
  // Who is not come to in this call must not be the same one in the next.
  const auto first = count > 0 ? impl.turn++ % static_cast<size_t>(count) : 0;
  for (int i = 0; i < count && into.size() < before + kMostTaken; ++i) {
    const int fd = events[(first + static_cast<size_t>(i)) % static_cast<size_t>(count)].data.fd;
    const bool came = fd != impl.socket.get() ? impl.readFrom(fd, into, now)
                      : impl.isUdp()          ? impl.receive(into)
                                              : impl.accept(now, wall);
    any = any || came;
  }
  if (!impl.noRoomSince) impl.problem.clear();
  impl.endIdle(now, into);
  impl.tell(now, wall);
  return any || into.size() > before;
}

void SyslogFeed::finish(std::string& into) {
  auto& impl = *m_impl;
  while (!impl.connections.empty()) impl.close(impl.connections.begin()->first, into);
  impl.socket.reset();
  impl.finished = true;
}

std::map<std::string, uint64_t> SyslogFeed::drops() const {
  const auto& lost = m_impl->lost;
  return {{"kernel", lost.kernel},
          {"refused_connections", lost.refused},
          {"broken_connections", lost.broken},
          {"cut", lost.cut}};
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
