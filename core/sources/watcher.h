// Wakes a lane when one of its files may have changed (inotify).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::sources {

/// A hint, not a truth: whoever uses it looks at the files once a second as well, so a lost or refused watch
/// costs at most that second. Not thread safe, but fd() may be polled.
class Watcher {
 public:
  /// Fails when the system's inotify limits are used up; then polling alone has to do.
  static base::Result<Watcher> create();

  /// Becomes readable when something changed.
  int fd() const { return m_fd.get(); }
  /// Watches the file (for growth) and its directory (for rotation and appearance). Cheap to repeat:
  /// call it after each rotation. False when either could not be watched.
  bool watch(const std::string& path);
  /// Takes all pending notices; true when there was any.
  bool drain();

 private:
  explicit Watcher(base::Fd fd) : m_fd(std::move(fd)) {}
  base::Fd m_fd;
};

}  // namespace aiops::sources
