// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/ballast.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fd.h"

namespace aiops::storage {

Ballast::Ballast(std::filesystem::path file, uint64_t bytes) : m_file(std::move(file)), m_bytes(bytes) {
  std::error_code error;
  m_held = std::filesystem::file_size(m_file, error) == m_bytes && !error;
}

uint64_t Ballast::freeBytes() const {
  struct statvfs disk = {};
  if (statvfs(m_file.parent_path().c_str(), &disk) != 0) return 0;
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

void Ballast::ensure() {
  if (m_held || m_bytes == 0 || !hasRoom()) return;
  const base::Fd fd(open(m_file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  m_held = fd.valid() && posix_fallocate(fd.get(), 0, static_cast<off_t>(m_bytes)) == 0;
  m_released = m_released && !m_held;
  if (!m_held) unlink(m_file.c_str());
}

void Ballast::release() {
  if (m_bytes == 0) return;
  unlink(m_file.c_str());
  m_held = false;
  m_released = true;
}

bool Ballast::roomAgain() {
  if (m_released) ensure();
  return !m_released;
}

}  // namespace aiops::storage
