// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_entropy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace aiops::security {
namespace {

constexpr size_t kNear = 64;  // bytes between the word and the secret
constexpr size_t kShortest = 20, kShortestJoined = 28;
constexpr double kLeastChanges = 0.42;                       // 0.62 is usual for random ones
constexpr double kPieceEntropy = 3.6, kJoinedEntropy = 4.2;  // bits a byte

constexpr std::string_view kWords[] = {
    "secret",     "token",       "passw",    "passphrase",  "credential",     "apikey",
    "api_key",    "api-key",     "api key",  "access key",  "access_key",     "accesskey",
    "access-key", "private key", "auth key", "private_key", "encryption key", "signing key"};

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isHex(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
/// What may join the pieces of a word: "abc-def", "a/b".
bool isJoint(char c) {
  return c == '-' || c == '_' || c == '.' || c == '/' || c == '+' || c == '=' || c == '~';
}
bool isOfWord(char c) {
  return isDigit(c) || isUpper(c) || isLower(c) || isJoint(c);
}

enum class Kind { Digit, Upper, Lower };
Kind kindOf(char c) {
  return isDigit(c) ? Kind::Digit : isUpper(c) ? Kind::Upper : Kind::Lower;
}

/// How many kinds of letters and digits there are, and how often they change: in a name as people write it
/// (StandardTokenizer2Impl) seldom.
struct Mix {
  size_t kinds = 0;
  size_t digitChanges = 0;  ///< from a digit to a letter or back
  size_t changes = 0;       ///< of any kind to another
};

Mix mixOf(std::string_view word) {
  Mix mix;
  for (size_t i = 1; i < word.size(); ++i) {
    mix.digitChanges += isDigit(word[i]) != isDigit(word[i - 1]);
    mix.changes += kindOf(word[i]) != kindOf(word[i - 1]);
  }
  mix.kinds = static_cast<size_t>(std::ranges::any_of(word, isDigit)) +
              static_cast<size_t>(std::ranges::any_of(word, isUpper)) +
              static_cast<size_t>(std::ranges::any_of(word, isLower));
  return mix;
}

bool pieceLooksRandom(std::string_view piece) {
  if (piece.size() < kShortest || std::ranges::all_of(piece, isHex)) return false;
  const auto mix = mixOf(piece);
  const auto share = static_cast<double>(mix.changes) / static_cast<double>(piece.size() - 1);
  const bool mixed = (mix.kinds == 3 && share >= kLeastChanges) || (mix.kinds == 2 && mix.digitChanges >= 5);
  return mixed && entropyOf(piece) >= kPieceEntropy;
}

/// "SHA256:..." is the fingerprint of a public key, "sha256:" that of an image: no secrets.
bool isFingerprint(std::string_view text, size_t first) {
  if (first == 0 || text[first - 1] != ':') return false;
  size_t at = first - 1;
  while (at > 0 && (isDigit(text[at - 1]) || isUpper(text[at - 1]) || isLower(text[at - 1]))) --at;
  std::string name(text.substr(at, std::min<size_t>(first - 1 - at, 8)));
  std::ranges::transform(name, name.begin(), [](char c) { return isUpper(c) ? char(c - 'A' + 'a') : c; });
  return name.starts_with("sha") || name == "md5" || name == "blake2b";
}

}  // namespace

std::span<const std::string_view> secretWords() {
  return kWords;
}

double entropyOf(std::string_view text) {
  std::array<uint32_t, 256> counts{};
  for (const unsigned char c : text) ++counts[c];
  double bits = 0;
  for (const uint32_t count : counts) {
    if (count == 0) continue;
    const double share = count / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool looksRandom(std::string_view word) {
  size_t longest = 0, begin = 0;
  bool words = false;  // a piece that a person would write
  for (size_t i = 0; i <= word.size(); ++i) {
    if (i < word.size() && !isJoint(word[i])) continue;
    const auto piece = word.substr(begin, i - begin);
    if (pieceLooksRandom(piece)) return true;
    longest = std::max(longest, piece.size());
    words = words || (piece.size() >= 3 && mixOf(piece).kinds == 1);
    begin = i + 1;
  }
  if (word.size() < kShortestJoined || words || longest < 8) return false;
  const auto mix = mixOf(word);
  return mix.kinds == 3 && mix.digitChanges >= 5 && entropyOf(word) >= kJoinedEntropy;
}

void findRandomWords(std::string_view text, std::span<const size_t> ends, std::vector<SecretSpan>& spans,
                     size_t& work) {
  size_t at = 0;
  for (const size_t end : ends) {
    at = std::max(at, end);
    if (at == end) {  // the rest of the word that `end` stands in
      while (at < text.size() && isOfWord(text[at]) && text[at] != '=') ++at;
    }
    const size_t limit = std::min(text.size(), end + kNear);
    while (at < limit && text[at] != '\n') {
      const size_t first = at;
      while (at < text.size() && isOfWord(text[at])) ++at;
      work += at - first + 1;
      size_t from = first;
      while (from < at && text[from] == '=') ++from;
      const auto word = text.substr(from, at - from);
      if (word.size() >= kShortest && looksRandom(word) && !isFingerprint(text, from))
        spans.push_back({from, at, "random"});
      if (at == first) ++at;
    }
  }
}

}  // namespace aiops::security
