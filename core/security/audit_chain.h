// The audit chain as a value: each entry's hash covers the one before it, and the executor signs each hash.
// Canonical bytes are JSON with sorted keys. A chain alone does not show a cut tail: verify() therefore takes
// the head that was noted elsewhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/audit.h"

namespace aiops::security {

/// An Ed25519 key pair (RFC 8032). The private half stays in the executor's process and its 0600 file.
class SigningKey {
 public:
  static base::Result<SigningKey> loadOrCreate(const std::filesystem::path& privateKeyFile,
                                               const std::filesystem::path& publicKeyFile);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  /// Hex of the signature over `bytes`.
  std::string sign(std::string_view bytes) const;

 private:
  struct Impl;
  explicit SigningKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

/// True when `signatureHex` is the key's over `bytes`. `publicKeyFile` as SigningKey wrote it.
base::Result<bool> verifySignature(const std::filesystem::path& publicKeyFile, std::string_view bytes,
                                   std::string_view signatureHex);

/// Sets sequence, previousHash and hash of `entry` as the successor of (`previousSequence`, `previousHash`).
/// The first entry follows (0, ""). hash = SHA-256 of previousHash, sequence in decimal and the canonical
/// JSON of the entry without hash and signature, each followed by a line feed. Makes texts valid UTF-8 and
/// `at` whole milliseconds, so that what is hashed is what is written.
void chain(model::AuditEntry& entry, uint64_t previousSequence, const std::string& previousHash);

/// The append-only file of the chain, one JSON entry a line, fsync'ed by append(). One process writes it (the
/// executor); anyone may verify. Opening repairs a torn last line (a crash inside write) and says so in
/// `notice()`.
class AuditLog {
 public:
  /// Refuses a chain that does not verify: no audit, no execution.
  static base::Result<std::unique_ptr<AuditLog>> open(const std::filesystem::path& directory);
  virtual ~AuditLog() = default;
  /// Chains, signs, writes and syncs. The returned entry is what was written. After a failed write or sync
  /// every further append fails: the file must be opened, and so verified, anew.
  virtual base::Result<model::AuditEntry> append(model::AuditEntry entry) = 0;
  virtual const std::string& notice() const = 0;
};

/// A head noted outside the chain: it must be in the chain.
struct AuditHead {
  uint64_t sequence = 0;
  std::string hash;
};

/// Walks the file in `directory`: order, hashes, signatures, and that the log reaches `notedHead` and the
/// head file beside it. Never fails for a bad chain: that is an answer.
model::AuditVerification verifyAudit(const std::filesystem::path& directory,
                                     const std::optional<AuditHead>& notedHead = {});

/// Calls `visit` for each entry, oldest first, until it returns false. For listing.
base::Result<> readAudit(const std::filesystem::path& directory,
                         const std::function<bool(const model::AuditEntry&)>& visit);

}  // namespace aiops::security
