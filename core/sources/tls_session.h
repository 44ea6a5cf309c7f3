// TLS on the side of a server, over a connected socket that does not block.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"

namespace aiops::sources {

/// Writing to a peer that is gone never raises SIGPIPE. Not thread safe.
class TlsSession {
 public:
  /// A record of TLS holds no more. Who reads with a buffer of this size leaves nothing decrypted behind, for
  /// which the socket would not become readable again.
  static constexpr size_t kMostOfRecord = 16384;

  ~TlsSession();

  /// As read(): 0 is the end, also by an error; -1 with `again`: nothing there just now. `count` is at least
  /// kMostOfRecord.
  ssize_t read(char* data, size_t count, bool& again);
  /// Whether the handshake is over.
  bool established() const { return m_established; }
  /// Says goodbye, as far as that goes at once.
  void shutdown();

 private:
  friend class TlsServer;
  struct Impl;
  explicit TlsSession(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> m_impl;
  bool m_established = false;
};

/// TLS 1.2 or later. Outlives its sessions. Not thread safe.
class TlsServer {
 public:
  /// With `authority` (a file, may be empty) peers need a certificate of it. Unavailable says which file
  /// can't be used.
  static base::Result<std::unique_ptr<TlsServer>> create(const std::string& certificate,
                                                         const std::string& key,
                                                         const std::string& authority);
  ~TlsServer();

  /// For a peer on `fd`, which must outlive it. Null when there is no memory.
  std::unique_ptr<TlsSession> accept(int fd) const;

 private:
  struct Impl;
  explicit TlsServer(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::sources
