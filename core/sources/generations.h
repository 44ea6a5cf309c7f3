// The files that a log was before: renamed, copied, or left behind by a symbolic link.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/log_line.h"
#include "sources/file_generation.h"

namespace aiops::sources {

struct OlderGeneration {
  std::string path;
  FileIdentity identity;
};

/// Oldest first (by birth; births in one tick of the kernel's clock by the order of their numbers or dates):
/// files beside `path` that are named as its rotations, and, when `path` is a symbolic link, the files of the
/// same family as its target ("app-1.log" and "app-2.log") that are no younger than it. The target itself is
/// among them. Compressed files are left out: they can't be read on.
std::vector<OlderGeneration> olderGenerations(const std::string& path);

/// The copy of a file that was then truncated in place (copytruncate): it begins as `original` did and holds
/// at least `offset` bytes. Null when there is none.
std::unique_ptr<FileGeneration> findCopy(const std::string& path, const FileIdentity& original,
                                         uint64_t offset, GenerationLimits limits);
/// The generation of a stored position under its present name: at `path`, beside it, or beside its target.
/// Null when it is gone or its bytes are others.
std::unique_ptr<FileGeneration> findStored(const std::string& path, const model::SourcePosition& stored,
                                           GenerationLimits limits);

/// One file that a log was before, or the log itself.
struct PastGeneration {
  std::string path;
  uint64_t inode = 0;
  bool compressed = false;
};

/// All of a log, the oldest first, with compressed files, the file at `path` last when it is there. In the
/// order of the numbers or dates in their names, which copying a directory does not change; when the names
/// have both, in the order in which they were last written.
std::vector<PastGeneration> allGenerations(const std::string& path);

/// Opens it as what it holds. NotFound when another file has its name by now; why a compressed one ends early
/// is in `problem`.
base::Result<std::unique_ptr<FileGeneration>> openPast(const PastGeneration& past, GenerationLimits limits,
                                                       std::string& problem);

/// The compressed file that holds what `stored` is a position in: the same file, or what its file was
/// compressed into since. Null when there is none.
std::unique_ptr<FileGeneration> findCompressed(const std::string& path, const model::SourcePosition& stored,
                                               GenerationLimits limits);

}  // namespace aiops::sources
