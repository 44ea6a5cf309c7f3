// Compressed log files, as rotation leaves them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::sources {

/// By its name: .gz, .bz2, .xz, .lzma or .zst.
bool isCompressed(const std::string& path);

/// The name without that ending.
std::string withoutCompression(const std::string& path);

/// What a compressed file holds, in a file without a name on disk: its size does not matter to memory.
struct Decompressed {
  base::Fd fd;
  std::string problem;  ///< why it ends early, or empty; what came before is there
};

/// `most` bounds what is written. NotFound, PermissionDenied, Io (no room for it).
base::Result<Decompressed> decompress(const std::string& path, uint64_t most = uint64_t(64) << 30);

}  // namespace aiops::sources
