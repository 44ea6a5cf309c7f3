// A client of plain sockets that sends exactly the bytes it is told, for tests of the HTTP server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace aiops::test {

/// One answer as it came.
struct RawResponse {
  int status = 0;
  std::string head;
  std::string body;

  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

class RawClient {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  explicit RawClient(uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    m_connected = ::connect(m_fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return m_connected; }
  /// False if the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(m_fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  void finishSending() { ::shutdown(m_fd.get(), SHUT_WR); }
  void disconnect() { m_fd.reset(); }
  /// Closes so that the server sees a reset.
  void reset() {
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_fd.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    m_fd.reset();
  }

  /// The next answer; nothing if the server closes (or stays silent for too long) before it is whole.
  std::optional<RawResponse> read(bool withBody = true) {
    RawResponse response;
    size_t end = 0;
    while ((end = m_in.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return {};
    }
    response.head = m_in.substr(0, end + 2);
    m_in.erase(0, end + 4);
    response.status = std::stoi(response.head.substr(9, 3));
    const auto at = response.head.find("Content-Length: ");
    const size_t length =
        at == std::string::npos || !withBody ? 0 : std::stoul(response.head.substr(at + 16));
    while (m_in.size() < length) {
      if (!fill()) return {};
    }
    response.body = m_in.substr(0, length);
    m_in.erase(0, length);
    return response;
  }
  /// Waits for the server to close; false if it sends something instead or leaves the connection open.
  bool closedByServer() { return m_in.empty() && !fill() && m_ended; }

 private:
  bool fill() {
    pollfd poll{.fd = m_fd.get(), .events = POLLIN, .revents = 0};
    const auto patience = std::chrono::milliseconds(kPatience).count();
    if (::poll(&poll, 1, static_cast<int>(patience)) <= 0) return false;
    char piece[4096];
    const auto n = ::recv(m_fd.get(), piece, sizeof piece, 0);
    m_ended = n <= 0;
    if (n > 0) m_in.append(piece, static_cast<size_t>(n));
    return n > 0;
  }

  base::Fd m_fd;
  bool m_connected = false;
  bool m_ended = false;
  std::string m_in;
};

}  // namespace aiops::test
