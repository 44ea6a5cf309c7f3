// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

namespace aiops::sources {

base::Result<Watcher> Watcher::create() {
  base::Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd.valid()) return base::failErrno(errno, "can't watch files for changes");
  return Watcher(std::move(fd));
}

bool Watcher::watch(const std::string& path) {
  auto directory = std::filesystem::path(path).parent_path();
  if (directory.empty()) directory = ".";
  constexpr uint32_t kDirectory = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR;
  const bool outer = ::inotify_add_watch(m_fd.get(), directory.c_str(), kDirectory) >= 0;
  const bool inner = ::inotify_add_watch(m_fd.get(), path.c_str(), IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF) >= 0;
  return outer && inner;
}

bool Watcher::drain() {
  alignas(inotify_event) std::array<char, 16 * 1024> buffer;
  bool any = false;
  for (;;) {
    const ssize_t got = ::read(m_fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return any;
    any = true;
  }
}

}  // namespace aiops::sources
