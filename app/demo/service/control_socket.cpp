// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/control_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/demo/service/text.h"

namespace aiops::demo {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Fd;
using base::Result;

namespace {

constexpr size_t kMaxMessage = 64 * 1024;
constexpr const char* kSocketName = "supervisor.sock";

/// The socket's address by way of an open folder, because a path may be longer than the 108 bytes of
/// sun_path.
class SocketAddress {
 public:
  static Result<SocketAddress> in(const std::string& dir) {
    Fd folder(open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid()) return failErrno(errno, "cannot open the folder", dir);
    return SocketAddress(std::move(folder));
  }
  std::string path() const { return concat("/proc/self/fd/", m_folder.get(), '/', kSocketName); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&m_address); }

 private:
  explicit SocketAddress(Fd folder) : m_folder(std::move(folder)) {
    m_address.sun_family = AF_UNIX;
    std::strncpy(m_address.sun_path, path().c_str(), sizeof m_address.sun_path - 1);
  }

  Fd m_folder;
  sockaddr_un m_address{};
};

Result<Fd> unixSocket() {
  Fd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return failErrno(errno, "cannot create a socket");
  return fd;
}

/// Waits until `fd` can be read; false when the time is up.
bool waitReadable(int fd, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd ready{fd, POLLIN, 0};
    const int count = poll(&ready, 1, static_cast<int>(left.count()));
    if (count > 0) return true;
    if (count < 0 && errno != EINTR) return false;
  }
}

}  // namespace

Result<Fd> listenForControl(const std::string& dir) {
  if (connectToSupervisor(dir)) {
    return fail(ErrorCode::Conflict, "another supervisor is running", dir, "end it or use another folder");
  }
  const auto address = SocketAddress::in(dir);
  if (!address) return std::unexpected(address.error());
  auto fd = unixSocket();
  if (!fd) return fd;
  unlink(address->path().c_str());
  const mode_t before = umask(0177);
  const int bound = bind(fd->get(), address->get(), sizeof(sockaddr_un));
  umask(before);
  if (bound != 0 || listen(fd->get(), 16) != 0) return failErrno(errno, "cannot listen for control", dir);
  return fd;
}

Result<Fd> connectToSupervisor(const std::string& dir) {
  const auto address = SocketAddress::in(dir);
  if (!address) return std::unexpected(address.error());
  auto fd = unixSocket();
  if (!fd) return fd;
  if (connect(fd->get(), address->get(), sizeof(sockaddr_un)) != 0) {
    return fail(ErrorCode::Unavailable, concat("no supervisor answers: ", std::strerror(errno)), dir);
  }
  return fd;
}

Result<nlohmann::json> receiveMessage(int fd, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string text;
  while (text.find('\n') == std::string::npos) {
    if (!waitReadable(fd, deadline)) return fail(ErrorCode::Timeout, "no message came");
    char buffer[4096];
    const ssize_t got = recv(fd, buffer, sizeof buffer, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::Unavailable, "the other side ended the connection");
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kMaxMessage) return fail(ErrorCode::LimitExceeded, "the message is too long");
  }
  auto message = nlohmann::json::parse(text, nullptr, false);
  if (!message.is_object()) return fail(ErrorCode::InvalidInput, "the message is not a JSON object");
  return message;
}

Result<> sendMessage(int fd, const nlohmann::json& message) {
  const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  // Short enough for the socket's buffer: it goes out whole or not at all.
  if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
    return failErrno(errno, "cannot send the message");
  }
  return {};
}

}  // namespace aiops::demo
