// Bearer keys: aiops_<id8>_<43 base62 digits of 32 random bytes>_<crc32 hex>. Only a SHA-256 of the key is
// stored. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace aiops::security {

/// Each scope includes those before it, except `ingest`, which stands alone.
enum class Scope : uint8_t { Read, Ingest, Operate, Approve, Admin };
std::string_view toString(Scope scope);
std::optional<Scope> scopeFromString(std::string_view text);
/// True when a key of scope `has` may use a route that needs `needs`.
bool covers(Scope has, Scope needs);

/// What the store keeps of a key.
struct ApiKeyRecord {
  std::string id;  ///< 8 hex digits, part of the key's text
  std::string name;
  Scope scope = Scope::Read;
  std::string hash;  ///< SHA-256 hex of the whole key text
  base::TimePoint createdAt;
  std::optional<base::TimePoint> expiresAt;
};

struct NewApiKey {
  std::string text;  ///< shown once
  ApiKeyRecord record;
};
NewApiKey generateApiKey(std::string name, Scope scope, base::TimePoint now);

/// The id8 of a well-formed key text (length, alphabet and check sum hold), else nothing.
std::optional<std::string> keyIdOf(std::string_view text);
/// Constant time comparison of `text` against the record.
bool matches(std::string_view text, const ApiKeyRecord& record);

}  // namespace aiops::security
