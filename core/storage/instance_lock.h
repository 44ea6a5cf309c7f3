// One process owns a home. The kernel drops the lock when the process ends, also by `kill -9`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::storage {

/// Who holds a home: the command line and a second console talk to `endpoint`.
struct Holder {
  int pid = 0;           ///< 0: not known (the holder is just starting)
  std::string endpoint;  ///< "http://127.0.0.1:8500", or empty before it listens
};

/// Holds `<home>/lock` from acquire() to destruction. Movable; use it from one thread. The descriptor has
/// CLOEXEC, so that a child that calls exec does not keep the home. Not kept across a rename of the home.
class InstanceLock {
 public:
  /// The directory must exist. Conflict, naming pid and endpoint, when another instance holds it; Io
  /// otherwise.
  static base::Result<InstanceLock> acquire(const std::filesystem::path& home);

  InstanceLock(InstanceLock&&) noexcept = default;
  InstanceLock& operator=(InstanceLock&&) noexcept = default;
  ~InstanceLock() = default;

  /// Notes where this instance listens, for those who come later.
  base::Result<> setEndpoint(const std::string& url);

  /// The instance that holds `home` now, or nothing. Takes no lock itself.
  static std::optional<Holder> holder(const std::filesystem::path& home);

 private:
  explicit InstanceLock(base::Fd fd) : m_fd(std::move(fd)) {}
  base::Result<> write(const Holder& holder);

  base::Fd m_fd;
};

}  // namespace aiops::storage
