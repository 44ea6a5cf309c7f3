// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fd.h"

#include <unistd.h>

#include <cerrno>

namespace aiops::base {

void Fd::reset() {
  if (m_fd >= 0) ::close(m_fd);
  m_fd = -1;
}

Result<> writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failErrno(errno, "can't write");
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return {};
}

}  // namespace aiops::base
