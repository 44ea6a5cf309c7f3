// Space kept back for the day the disk is full.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace aiops::storage {

/// A file of `bytes` beside the database. SQLite can't delete rows on a full disk, so the file is given up
/// then. Used on the writer's thread. All failures mean "no ballast", which is no error: the disk is short of
/// space.
class Ballast {
 public:
  Ballast(std::filesystem::path file, uint64_t bytes);

  /// Lays the file down when it is missing and the disk has room for it twice over.
  void ensure();
  /// Gives the space back.
  void release();
  /// After release(): true as soon as the disk has room for the ballast twice over again (it is then laid
  /// down).
  bool roomAgain();
  /// What the disk has left for us.
  uint64_t freeBytes() const;

 private:
  bool hasRoom() const { return freeBytes() >= 2 * m_bytes; }

  const std::filesystem::path m_file;
  const uint64_t m_bytes;
  bool m_held = false;
  bool m_released = false;
};

}  // namespace aiops::storage
