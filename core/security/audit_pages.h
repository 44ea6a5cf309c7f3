// Pages of an audit chain for people to read, newest first. Reading is not verifying: entries of a broken
// chain are shown as they stand, so that one can look at the break. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "model/audit.h"

namespace aiops::security {

/// Remembers where every 256th line of the file begins, so that a page costs its own length and what was
/// appended since, not the whole file. A file that became shorter or was replaced is looked at anew. One
/// thread at a time.
class AuditPages {
 public:
  struct Page {
    std::vector<model::AuditEntry> items;
    uint64_t total = 0;  ///< whole lines in the file; a torn last one is not counted
  };

  /// `directory` as for AuditLog. A missing file is an empty chain.
  explicit AuditPages(const std::filesystem::path& directory);

  /// The newest `limit` entries below number `before`. A line that is no entry comes as one with its number
  /// and the result "unreadable".
  base::Result<Page> page(uint32_t limit, std::optional<uint64_t> before);

 private:
  base::Result<> catchUp(int fd);
  base::Result<std::vector<std::string>> lines(int fd, uint64_t first, uint64_t last) const;
  void forget();

  const std::filesystem::path m_file;
  std::vector<uint64_t> m_marks{0};  ///< where line 1, 257, 513 ... begin
  uint64_t m_lines = 0;
  uint64_t m_bytes = 0;  ///< of whole lines looked at
  uint64_t m_inode = 0;
};

}  // namespace aiops::security
