// Senders of syslog on loopback, and the feed that they talk to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <QTemporaryDir>
#include <string>

#include "base/fd.h"
#include "sources/syslog_feed.h"

namespace aiops::test {

/// A client of `port` on loopback.
base::Fd client(uint16_t port, int type = SOCK_STREAM);

void sendAll(const base::Fd& fd, const std::string& bytes);

/// A feed that listens on a free port.
class Receiver {
 public:
  explicit Receiver(const std::string& transport, sources::SyslogLimits limits = {},
                    const std::string& options = {});
  bool take();
  void later(base::Duration by);
  uint16_t port() const;
  sources::SyslogFeed& feed();
  const std::string& text() const;
  /// Waits until `count` lines have come.
  bool comes(int count);

 private:
  sources::SyslogFeed m_feed;
  base::Duration m_now = std::chrono::seconds(100);
  std::string m_text;
};

QString text(const char* string);

/// A certificate for loopback, made by the openssl tool; false when there is none.
bool makeCertificate(const QTemporaryDir& folder);

/// A port of loopback that was free just now.
uint16_t freePort(int type);

}  // namespace aiops::test
