// Reading and judging the files of an audit chain; shared by the writer and the verifier.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/audit.h"
#include "security/audit_chain.h"
#include "security/verifying_key.h"

namespace aiops::security {

struct AuditPaths {
  explicit AuditPaths(const std::filesystem::path& directory);
  std::filesystem::path log, head, privateKey, publicKey;
};

/// The one line that stands for `entry`, without line feed: JSON, sorted keys.
std::string auditLine(const model::AuditEntry& entry);

/// What a signature of the head covers.
std::string headText(const AuditHead& head);
/// The bytes of the head file.
std::string headFile(const AuditHead& head, const std::string& signature);
/// Corrupt when it is missing, malformed or not signed by `key`.
base::Result<AuditHead> readHead(const std::filesystem::path& file, const VerifyingKey& key);

/// A walk over the log.
struct AuditWalk {
  AuditHead head;                      ///< the last good entry; (0, "") for an empty log
  std::string previousHash;            ///< the hash before it
  uint64_t goodBytes = 0;              ///< length of the good entries with their line feeds
  bool torn = false;                   ///< bytes without a line feed follow
  std::optional<std::string> problem;  ///< of the entry after `head`
  bool sawNoted = false;
};

/// Checks every line in order: form, sequence, hash, signature. `key` null leaves out signatures. A missing
/// file is an empty log. `visit` (may be empty) sees each good entry and ends the walk by returning false.
base::Result<AuditWalk> walkAudit(const std::filesystem::path& log, const VerifyingKey* key,
                                  const std::optional<AuditHead>& noted,
                                  const std::function<bool(const model::AuditEntry&)>& visit);

}  // namespace aiops::security
