// Paths that stand for several log files: globs and directories.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::sources {

/// A glob (`*`, `?`, `[...]`; never across '/') or a directory, which stands for its `*.log`. A file that
/// exists under exactly this name is just that file.
bool standsForSeveral(const std::string& path);
/// Whether `path` is a file that `pattern` (a glob or a directory) stands for. Looks at names only.
bool matchesPattern(const std::string& pattern, const std::string& path);

struct MatchedFile {
  std::string path;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t changed = 0;  ///< last write, nanoseconds
  bool link = false;    ///< the path is a symbolic link
};

struct Expansion {
  std::vector<MatchedFile> files;  ///< regular files, in order of path; each file once, under its own name
  std::string problem;             ///< why nothing can be said, or empty
};

/// Looks at no more than `mostEntries` directory entries. Left out: hidden files (unless asked for), and
/// older generations of a file that matches too ("app.log.1" beside "app.log"). A symbolic link is left out
/// when its target matches by itself.
Expansion expandPattern(const std::string& pattern, size_t mostEntries = 50000);

/// "app.log" for "app.log.1", "app.log-20261122", "app.1.log" and "app-20261122.log", also with .gz and its
/// relatives; empty for a name that does not look rotated. Names without directory.
std::string baseOfRotated(std::string_view name);
/// Whether the name ends as a compressed file's does.
bool isCompressedName(std::string_view name);

}  // namespace aiops::sources
