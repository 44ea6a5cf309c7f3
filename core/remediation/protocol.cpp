// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/protocol.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "model/json.h"
#include "remediation/plan_codec.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kLengthBytes = 4;

std::string encode(const nlohmann::json& message) {
  const std::string payload = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((payload.size() >> shift) & 255);
  return out + payload;
}

size_t lengthOf(const std::string& buffer) {
  size_t length = 0;
  for (size_t i = 0; i < kLengthBytes; ++i)
    length |= static_cast<size_t>(static_cast<unsigned char>(buffer[i])) << (8 * i);
  return length;
}

}  // namespace

Channel::Channel(base::Fd fd, std::chrono::milliseconds sendTimeout) : m_fd(std::move(fd)) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(sendTimeout);
  timeval timeout{};
  timeout.tv_sec = seconds.count();
  timeout.tv_usec = std::chrono::duration_cast<std::chrono::microseconds>(sendTimeout - seconds).count();
  ::setsockopt(m_fd.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}

base::Result<> Channel::send(const nlohmann::json& message) {
  const std::string bytes = encode(message);
  if (bytes.size() > kMaxMessageBytes) return fail(ErrorCode::LimitExceeded, "message is too large");
  size_t done = 0;
  while (done < bytes.size() && !m_closed) {
    const ssize_t sent = ::send(m_fd.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) hangUp();  // gone, or not reading: a half message can't be taken back
    if (sent > 0) done += static_cast<size_t>(sent);
  }
  if (m_closed) return fail(ErrorCode::Unavailable, "the other process has hung up");
  return {};
}

std::vector<nlohmann::json> Channel::receive(std::chrono::milliseconds wait) {
  pollfd waiting{m_fd.get(), POLLIN, 0};
  if (!m_closed && ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0) readAvailable();
  return takeMessages();
}

void Channel::readAvailable() {
  char buffer[65536];
  while (m_buffer.size() <= kMaxMessageBytes) {
    const ssize_t got = ::recv(m_fd.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (got <= 0) {
      m_closed = true;
      return;
    }
    m_buffer.append(buffer, static_cast<size_t>(got));
  }
}

std::vector<nlohmann::json> Channel::takeMessages() {
  std::vector<nlohmann::json> messages;
  while (m_buffer.size() >= kLengthBytes) {
    const size_t length = lengthOf(m_buffer);
    if (length > kMaxMessageBytes) break;
    if (m_buffer.size() < kLengthBytes + length) return messages;
    const std::string payload = m_buffer.substr(kLengthBytes, length);
    m_buffer.erase(0, kLengthBytes + length);
    auto message =
        nestsDeeperThan(payload, 32) ? nlohmann::json() : nlohmann::json::parse(payload, nullptr, false);
    if (!message.is_object()) break;
    messages.push_back(std::move(message));
  }
  if (m_buffer.size() >= kLengthBytes) hangUp();  // nonsense: no way to find the next message
  return messages;
}

void Channel::hangUp() {
  m_closed = true;
  ::shutdown(m_fd.get(), SHUT_RDWR);
}

nlohmann::json errorToJson(const base::Error& error) {
  return {{"code", std::string(base::toString(error.code))},
          {"what", error.what},
          {"where", error.where},
          {"remedy", error.remedy}};
}

base::Error errorFromJson(const nlohmann::json& json) {
  base::Error error;
  const std::string code = json.value("code", "");
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    if (base::toString(static_cast<ErrorCode>(i)) == code) error.code = static_cast<ErrorCode>(i);
  }
  error.what = json.value("what", "");
  error.where = json.value("where", "");
  error.remedy = json.value("remedy", "");
  return error;
}

}  // namespace aiops::remediation
