// A service's configuration file, read and replaced so that nothing is lost: no symlink on the way, the bytes
// compared under a lock, mode, owner and extended attributes kept, and durable before it counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include "base/fd.h"
#include "base/result.h"
#include "model/inventory.h"

namespace aiops::remediation {

/// A regular file as it stands: what a plan observes and what the gate compares.
struct FileSnapshot {
  std::string bytes;
  unsigned mode = 0;  ///< permission bits
  unsigned uid = 0;
  unsigned gid = 0;

  bool operator==(const FileSnapshot&) const = default;
};

/// Largest file that a config_edit handles.
inline constexpr size_t kMaxConfigBytes = 512 * 1024;

/// True when `path` is `root` or lies below it. Both absolute and in normal form.
bool liesUnder(const std::string& path, const std::string& root);

/// PermissionDenied unless `path` is absolute, in normal form, below a writable root and below no forbidden
/// path.
base::Result<> checkEditPath(const std::string& path, const model::ExecutionPolicy& policy);

/// Opens a file or folder without following a symlink on the way; `flags` as of open(2).
base::Result<base::Fd> openWithoutLinks(const std::string& path, uint64_t flags);

/// A regular file with one name (no hard links), reached without symlinks.
base::Result<FileSnapshot> readConfigFile(const std::string& path);

/// Replaces the content of `path` with `bytes` if it still is exactly `expected`, else Stale. Writes a
/// temporary file `.NAME.TAG` beside it, which a crash may leave: removeTemporary() clears it. `at` is called
/// at named places (fault tests). `check` looks at the new file before it takes the old one's place; what it
/// says against it is the answer, and nothing is changed.
using FileCheck = std::function<base::Result<>(const std::string& newFile)>;
base::Result<> replaceConfigFile(const std::string& path, const FileSnapshot& expected,
                                 const std::string& bytes, const std::string& tag,
                                 const std::function<void(const char*)>& at, const FileCheck& check = {});

/// Writes the new file beside `path` as replaceConfigFile would, has `check` look at it, and removes it.
base::Result<> tryConfigFile(const std::string& path, const FileSnapshot& expected, const std::string& bytes,
                             const std::string& tag, const FileCheck& check);

/// Makes a rename that an earlier process did durable.
void syncDirectoryOf(const std::string& path);

void removeTemporary(const std::string& path, const std::string& tag);

}  // namespace aiops::remediation
