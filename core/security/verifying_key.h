// The public half of the audit chain's key, read once and used many times.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace aiops::security {

/// Checks Ed25519 signatures (RFC 8032). Immutable; safe to use from several threads.
class VerifyingKey {
 public:
  static base::Result<VerifyingKey> load(const std::filesystem::path& publicKeyFile);
  VerifyingKey(VerifyingKey&&) noexcept;
  VerifyingKey& operator=(VerifyingKey&&) noexcept;
  ~VerifyingKey();

  /// True when `signatureHex` (128 lower-case digits, no other spelling) is the key's over `bytes`.
  bool verifies(std::string_view bytes, std::string_view signatureHex) const;

 private:
  struct Impl;
  explicit VerifyingKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::security
