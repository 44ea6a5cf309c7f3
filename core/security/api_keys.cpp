// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/api_keys.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace aiops::security {
namespace {

constexpr std::string_view kPrefix = "aiops_";
constexpr size_t kIdLength = 8, kSecretLength = 43, kCheckLength = 8;
constexpr size_t kKeyLength = kPrefix.size() + kIdLength + 1 + kSecretLength + 1 + kCheckLength;
constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::array<std::string_view, 5> kScopeNames{"read", "ingest", "operate", "approve", "admin"};

bool allOf(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

/// The bytes as one number in base 62, most significant digit first; 43 digits hold 256 bits.
std::string toBase62(std::string bytes) {
  std::string digits(kSecretLength, '0');
  for (size_t i = kSecretLength; i-- > 0;) {
    unsigned remainder = 0;
    for (char& c : bytes) {
      const unsigned value = remainder * 256 + static_cast<unsigned char>(c);
      c = static_cast<char>(value / 62);
      remainder = value % 62;
    }
    digits[i] = kBase62[remainder];
  }
  return digits;
}

/// CRC-32 (IEEE 802.3, reflected) as 8 hex digits: finds every changed character, proves nothing.
std::string checkSum(std::string_view text) {
  uint32_t crc = 0xFFFFFFFFu;
  for (const unsigned char c : text) {
    crc ^= c;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
  }
  crc ^= 0xFFFFFFFFu;
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(crc >> shift & 0xFF);
  return base::toHex(bytes);
}

}  // namespace

std::string_view toString(Scope scope) {
  return kScopeNames[static_cast<size_t>(scope)];
}

std::optional<Scope> scopeFromString(std::string_view text) {
  const auto found = std::ranges::find(kScopeNames, text);
  if (found == kScopeNames.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopeNames.begin());
}

bool covers(Scope has, Scope needs) {
  if (has == needs) return true;
  if (has == Scope::Ingest || needs == Scope::Ingest) return false;
  return has > needs;
}

NewApiKey generateApiKey(std::string name, Scope scope, base::TimePoint now) {
  NewApiKey key;
  key.record.id = base::toHex(base::randomBytes(kIdLength / 2));
  const std::string body = std::string(kPrefix) + key.record.id + '_' + toBase62(base::randomBytes(32));
  key.text = body + '_' + checkSum(body);
  key.record.name = std::move(name);
  key.record.scope = scope;
  key.record.hash = base::sha256Hex(key.text);
  key.record.createdAt = now;
  return key;
}

std::optional<std::string> keyIdOf(std::string_view text) {
  if (text.size() != kKeyLength || !text.starts_with(kPrefix)) return std::nullopt;
  const auto id = text.substr(kPrefix.size(), kIdLength);
  const auto secret = text.substr(kPrefix.size() + kIdLength + 1, kSecretLength);
  const auto body = text.substr(0, kKeyLength - kCheckLength - 1);
  const bool separated = text[kPrefix.size() + kIdLength] == '_' && text[body.size()] == '_';
  if (!separated || !allOf(id, kHex) || !allOf(secret, kBase62)) return std::nullopt;
  if (text.substr(body.size() + 1) != checkSum(body)) return std::nullopt;
  return std::string(id);
}

bool matches(std::string_view text, const ApiKeyRecord& record) {
  return base::equalConstantTime(base::sha256Hex(text), record.hash);
}

}  // namespace aiops::security
