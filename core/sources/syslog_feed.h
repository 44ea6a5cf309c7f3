// Receives syslog over UDP, TCP and TLS.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "sources/byte_feed.h"

namespace aiops::sources {

/// "syslog+udp://127.0.0.1:5514", "syslog+tcp://[::1]:5514",
/// "syslog+tls://0.0.0.0:6514?cert=/etc/x.pem&key=/etc/x.key" (and `ca=FILE`: senders need a certificate of
/// it).
struct SyslogAddress {
  enum class Transport : uint8_t { Udp, Tcp, Tls };

  Transport transport = Transport::Udp;
  std::string host;  ///< an address, not a name
  uint16_t port = 0;
  std::string certificate;
  std::string key;
  std::string authority;
};

bool isSyslogAddress(const std::string& path);
/// InvalidInput says what is wrong and what is allowed.
base::Result<SyslogAddress> parseSyslogAddress(const std::string& path);

struct SyslogLimits {
  size_t connections = 256;
  base::Duration idle = std::chrono::minutes(10);       ///< after which a silent connection is ended
  base::Duration handshake = std::chrono::seconds(10);  ///< of TLS
  int receiveBuffer = 8 << 20;                          ///< asked for UDP
};

/// Listens as long as it lives. When it can't (the port is taken, a certificate can't be read) problem() says
/// why, and it tries again every few seconds; the same while the process has no descriptor for a further
/// connection. Senders over TCP are held up while nobody takes; what the kernel drops of UDP is counted in a
/// health note. Of a connection that ends in the middle of a message, what came of it is a message. Never
/// raises SIGPIPE. Not thread safe.
class SyslogFeed final : public ByteFeed {
 public:
  explicit SyslogFeed(SyslogAddress address, SyslogLimits limits = {});
  ~SyslogFeed() override;

  std::string name() const override;
  int pollFd() const override;
  bool take(std::string& into, base::Duration now, base::TimePoint wall) override;
  void finish(std::string& into) override;
  bool ended() const override;
  std::string problem() const override;
  std::vector<model::HealthEvent> takeHealth() override;
  std::map<std::string, uint64_t> drops() const override;

  /// The port it listens on, or 0: for an address with port 0.
  uint16_t port() const;
  size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::sources
