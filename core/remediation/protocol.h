// Messages between engine and executor: each `length (u32 LE) | JSON`, at most 8 MiB, over one stream socket.
//
//   request  {"id": 7, "method": "approve", ...}
//   reply    {"id": 7, "result": ...}  or  {"id": 7, "error": {"code", "what", "where", "remedy"}}
//   event    {"event": {...}}
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::remediation {

inline constexpr size_t kMaxMessageBytes = 8u << 20;

/// One end of the socket. send() may be called by one thread at a time, receive() by one, which may be
/// another.
class Channel {
 public:
  /// A peer that does not read for `sendTimeout` counts as gone.
  Channel(base::Fd fd, std::chrono::milliseconds sendTimeout);

  base::Result<> send(const nlohmann::json& message);
  /// Waits up to `wait` for bytes; the messages that are complete. Once the peer has hung up, or has sent
  /// nonsense, closed() is true and nothing more comes.
  std::vector<nlohmann::json> receive(std::chrono::milliseconds wait);
  bool closed() const { return m_closed; }
  int fd() const { return m_fd.get(); }
  /// Makes the peer, and a waiting receive(), see the end. From any thread.
  void hangUp();

 private:
  void readAvailable();
  std::vector<nlohmann::json> takeMessages();

  base::Fd m_fd;
  std::string m_buffer;
  std::atomic<bool> m_closed = false;
};

nlohmann::json errorToJson(const base::Error& error);
base::Error errorFromJson(const nlohmann::json& json);

}  // namespace aiops::remediation
