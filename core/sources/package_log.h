// What the package manager of Debian and its kin installed, upgraded and removed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/zone.h"

namespace aiops::sources {

struct PackageChange {
  base::TimePoint at;
  std::string verb;     ///< "upgrade", "install" or "remove"
  std::string package;  ///< without the architecture
  std::string from;     ///< version, or empty
  std::string to;
};

/// One line of dpkg.log: "2026-11-22 20:35:23 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1", in the local
/// time `zone`. Nothing for other lines.
std::optional<PackageChange> packageChangeIn(std::string_view line, const base::ZoneRule& zone);

/// Follows the file. What stood in its last 256 KiB when it is first looked at comes too, so that it is known
/// what was changed before this program ran; a file that was rotated is read from its beginning. A file that
/// is not there gives nothing. Not thread safe.
class PackageLog {
 public:
  PackageLog(std::string path, base::ZoneRule zone) : m_path(std::move(path)), m_zone(std::move(zone)) {}
  /// What came since; at most some thousand lines at once, the rest the next time.
  std::vector<PackageChange> look();
  const std::string& path() const { return m_path; }

 private:
  const std::string m_path;
  const base::ZoneRule m_zone;
  std::optional<uint64_t> m_inode;
  uint64_t m_offset = 0;
};

}  // namespace aiops::sources
