// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_own.h"

#include <algorithm>

#include "base/bytes.h"

namespace aiops::security {
namespace {

constexpr size_t kShortestSecret = 4, kShortestEncoded = 8;

std::string urlEncoded(const std::string& secret, const char* digits) {
  std::string out;
  for (const unsigned char c : secret) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += static_cast<char>(c);
    } else {
      out += {'%', digits[c >> 4], digits[c & 15]};
    }
  }
  return out;
}

std::string jsonEscaped(const std::string& secret) {
  std::string out;
  for (const char c : secret) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// The base64 digits that depend on `secret` alone, for each of the three places it can have in a longer text
/// ("user:" before it, a line feed behind it).
std::vector<std::string> base64Cores(const std::string& secret) {
  std::vector<std::string> out;
  for (size_t before = 0; before < 3; ++before) {
    const std::string text = base::toBase64(std::string(before, 'x') + secret);
    const size_t first = (before * 8 + 5) / 6, last = (before + secret.size()) * 8 / 6;
    std::string core = text.substr(first, last - first);
    std::string forUrls = core;
    std::ranges::replace(forUrls, '+', '-');
    std::ranges::replace(forUrls, '/', '_');
    if (core.size() < kShortestEncoded) continue;
    out.push_back(std::move(core));
    out.push_back(std::move(forUrls));
  }
  return out;
}

std::vector<std::string> spellings(const std::string& secret) {
  std::vector<std::string> all{secret, urlEncoded(secret, "0123456789ABCDEF"),
                               urlEncoded(secret, "0123456789abcdef"), jsonEscaped(secret)};
  const auto hex = base::toHex(secret);
  if (hex.size() >= kShortestEncoded) {
    all.push_back(hex);
    all.push_back(upper(hex));
  }
  for (auto& core : base64Cores(secret)) all.push_back(std::move(core));
  return all;
}

}  // namespace

void OwnSecrets::add(const std::vector<std::string>& secrets) {
  base::MutexLock lock(m_mutex);
  const size_t before = m_spellings.size();
  for (const auto& secret : secrets) {
    if (secret.size() < kShortestSecret) continue;
    for (auto& spelling : spellings(secret)) m_spellings.insert(std::move(spelling));
  }
  if (m_spellings.size() == before) return;
  std::vector<std::string> all(m_spellings.begin(), m_spellings.end());
  LiteralSet set(all, LiteralSet::Case::Exact);
  m_known = std::make_shared<const Known>(Known{std::move(all), std::move(set)});
}

std::shared_ptr<const OwnSecrets::Known> OwnSecrets::known() const {
  base::MutexLock lock(m_mutex);
  return m_known;
}

void OwnSecrets::find(std::string_view text, std::vector<SecretSpan>& spans, size_t& work) const {
  const auto now = known();
  if (!now) return;
  work += text.size();
  now->set.scan(text, [&](size_t literal, size_t end) {
    spans.push_back({end - now->spellings[literal].size(), end, "secret"});
  });
}

}  // namespace aiops::security
