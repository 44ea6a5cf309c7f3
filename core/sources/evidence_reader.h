// Reads cited bytes again, so that a claim stands on what is in the file and not on what somebody says is
// there. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "model/event.h"

namespace aiops::sources {

/// Stateless and thread safe.
class EvidenceReader {
 public:
  /// The whole cited entry as raw bytes. The generation is found by its inode, at the path or renamed within
  /// its directory, or by its bytes in what it was compressed into since. NotFound: that generation is gone.
  /// Stale: the bytes are no longer those of `ref.sha256`, or `ref.text` is not how they begin. Io,
  /// PermissionDenied: could not be read. LimitExceeded: a claimed length above 1 MiB.
  base::Result<std::string> reread(const model::EvidenceRef& ref) const;
};

}  // namespace aiops::sources
