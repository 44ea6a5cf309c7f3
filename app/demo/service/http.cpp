// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <optional>

#include "app/demo/service/text.h"

namespace aiops::demo {

using base::Fd;
using base::Result;

namespace {

constexpr size_t kMaxHead = 8 * 1024;
constexpr size_t kMaxAnswer = 1 << 20;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void limitWaiting(int fd) {
  const timeval limit{2, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool sendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

/// One recv appended to `bytes`: how many came, 0 at the end, -1 on failure or time-out.
ssize_t receiveMore(int fd, std::string& bytes) {
  char buffer[16 * 1024];
  ssize_t got = 0;
  do {
    got = recv(fd, buffer, sizeof buffer, 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) bytes.append(buffer, static_cast<size_t>(got));
  return got;
}

std::string headerValue(const std::string& head, const std::string& lowerName) {
  std::string lower = head;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  const size_t at = lower.find("\r\n" + lowerName + ":");
  if (at == std::string::npos) return {};
  const size_t begin = head.find_first_not_of(' ', at + lowerName.size() + 3);
  const size_t end = head.find("\r\n", at + 2);
  return begin < end ? head.substr(begin, end - begin) : std::string();
}

/// Printable and without quotes or blanks: a target that is safe to write into a log line.
bool isPlainTarget(const std::string& target) {
  return target.starts_with('/') && std::ranges::all_of(target, [](unsigned char c) {
           return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
         });
}

/// Requests of the demo have no body; one that names a body is refused.
std::optional<Request> parseRequest(const std::string& head) {
  Request request;
  const size_t afterMethod = head.find(' ');
  const size_t afterTarget = head.find(' ', afterMethod + 1);
  if (afterMethod == std::string::npos || afterTarget == std::string::npos) return std::nullopt;
  request.method = head.substr(0, afterMethod);
  request.target = head.substr(afterMethod + 1, afterTarget - afterMethod - 1);
  const bool known = request.method == "GET" || request.method == "HEAD" || request.method == "POST";
  if (!known || !isPlainTarget(request.target)) return std::nullopt;
  if (head.compare(afterTarget + 1, 7, "HTTP/1.") != 0) return std::nullopt;
  if (const auto length = headerValue(head, "content-length"); !length.empty() && length != "0")
    return std::nullopt;
  if (!headerValue(head, "transfer-encoding").empty()) return std::nullopt;
  const std::string agent = headerValue(head, "user-agent");
  const bool plain =
      std::ranges::all_of(agent, [](unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"'; });
  request.userAgent = agent.empty() || !plain ? "-" : agent;
  return request;
}

std::optional<Request> readRequest(int fd) {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (head.size() > kMaxHead || receiveMore(fd, head) <= 0) return std::nullopt;
  }
  return parseRequest(head);
}

const char* reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

}  // namespace

Result<Fd> listenOnLoopback(uint16_t port) {
  Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return base::failErrno(errno, "cannot create a socket");
  const int on = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(fd.get(), 128) != 0) {
    return base::failErrno(errno, "cannot listen", concat("127.0.0.1:", port));
  }
  return fd;
}

std::string makeResponse(int status, const std::string& contentType, const std::string& body) {
  return concat("HTTP/1.1 ", status, ' ', reason(status), "\r\nContent-Type: ", contentType,
                "\r\nContent-Length: ", body.size(), "\r\nConnection: close\r\n\r\n", body);
}

std::string makeRequest(const Request& request) {
  return concat(request.method, ' ', request.target,
                " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: ", request.userAgent,
                "\r\nConnection: close\r\n\r\n");
}

Result<std::string> fetch(uint16_t port, const std::string& request) {
  const std::string where = concat("127.0.0.1:", port);
  Fd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return base::failErrno(errno, "cannot create a socket");
  limitWaiting(fd.get());
  const sockaddr_in address = loopback(port);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return base::failErrno(errno, "cannot connect", where);
  }
  if (!sendAll(fd.get(), request)) return base::failErrno(errno, "cannot send", where);
  std::string answer;
  ssize_t got = 0;
  while ((got = receiveMore(fd.get(), answer)) > 0 && answer.size() < kMaxAnswer) {
  }
  if (got < 0) return base::failErrno(errno, "no whole answer", where);
  if (statusOf(answer) == 0) return base::fail(base::ErrorCode::Corrupt, "the answer is not HTTP", where);
  return answer;
}

int statusOf(const std::string& response) {
  if (response.size() < 12 || !response.starts_with("HTTP/1.")) return 0;
  int status = 0;
  for (const char c : response.substr(9, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

size_t bodySize(const std::string& response) {
  const size_t at = response.find("\r\n\r\n");
  return at == std::string::npos ? 0 : response.size() - at - 4;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(uint16_t port, unsigned threads, Handler handler) {
  auto listener = listenOnLoopback(port);
  if (!listener) return std::unexpected(listener.error());
  Fd stopEvent(eventfd(0, EFD_CLOEXEC));
  if (!stopEvent.valid()) return base::failErrno(errno, "cannot create an event");
  std::unique_ptr<HttpServer> server(
      new HttpServer(std::move(*listener), std::move(stopEvent), std::move(handler)));
  for (unsigned i = 0; i < threads; ++i)
    server->m_threads.emplace_back([raw = server.get()] { raw->serve(); });
  return server;
}

HttpServer::HttpServer(Fd listener, Fd stopEvent, Handler handler)
    : m_listener(std::move(listener)), m_stopEvent(std::move(stopEvent)), m_handler(std::move(handler)) {}

void HttpServer::stop() {
  if (m_threads.empty()) return;
  eventfd_write(m_stopEvent.get(), 1);
  for (std::thread& thread : m_threads) thread.join();
  m_threads.clear();
}

void HttpServer::serve() {
  for (;;) {
    pollfd ready[] = {{m_stopEvent.get(), POLLIN, 0}, {m_listener.get(), POLLIN, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) return;
    const Fd connection(accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.valid()) serveConnection(connection);
  }
}

void HttpServer::serveConnection(const Fd& connection) {
  limitWaiting(connection.get());
  const auto request = readRequest(connection.get());
  sendAll(connection.get(), request ? m_handler(*request) : makeResponse(400, "text/plain", "bad request\n"));
  shutdown(connection.get(), SHUT_WR);
}

}  // namespace aiops::demo
