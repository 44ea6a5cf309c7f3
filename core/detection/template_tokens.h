// A message as a sequence of constant words and typed variables. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace aiops::detection {

enum class TokenType : uint8_t {
  Word,
  Punctuation,
  // Variables from here on.
  Number,
  Hex,
  Ip,
  Uuid,
  Host,
  Path,
  Duration,
  Size,
  Time,
  Quoted,
  Object,  ///< the dump of an object or a list
  Any,
};

struct Token {
  TokenType type = TokenType::Word;
  bool touches = false;  ///< stands right behind the token before
  uint32_t start = 0;
  uint32_t length = 0;
  uint64_t hash = 0;  ///< of a word's or mark's text; one value for all variables

  bool isVariable() const { return type >= TokenType::Number; }
};

/// Cuts messages into tokens by what programs write in general, without looking at other messages:
/// * what holds a digit is a variable, and so are addresses, host names, paths, times, and a number with its
/// unit;
/// * a text in quotes is one;
/// * an object's dump, `Name(a=1, b=2)` or `{"a": 1}`, is one variable, and so is a list behind `:` or `=`;
/// * variables in a row are one, and a remark in parentheses that holds nothing else is left out.
/// Time is linear in the text; what lies behind `kMostBytes` or `kMostTokens` is one variable. Not thread
/// safe: keeps its memory for the next message.
class Tokeniser {
 public:
  static constexpr size_t kMostBytes = 8192, kMostTokens = 384;

  /// Valid until the next call; positions are those of `message`.
  const std::vector<Token>& cut(std::string_view message);

 private:
  void scan(std::string_view text);
  size_t scanWord(std::string_view text, size_t at);
  void push(TokenType type, size_t start, size_t end);
  void pushVariable(TokenType type, size_t start, size_t end);
  void matchBrackets(std::string_view text);
  void fold(std::string_view text);
  bool isDump(std::string_view text, size_t open, size_t close, bool& isList) const;
  void joinVariables(std::string_view text);
  void dropRemarks(std::string_view text);

  std::vector<Token> m_tokens;
  std::vector<Token> m_next;
  std::vector<uint32_t> m_closes;  ///< by token: where the bracket that opens here closes; 0: it opens none
  std::vector<uint32_t> m_stack;
  size_t m_end = 0;  ///< of the last token scanned
};

/// Mixes `value` into `hash`.
inline uint64_t mixHash(uint64_t hash, uint64_t value) {
  hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
  hash *= 0xff51afd7ed558ccdu;
  return hash ^ (hash >> 33);
}

/// Of `text`, the same on all machines of one byte order.
uint64_t textHash(std::string_view text);

inline constexpr uint64_t kVariableHash = 0x5bd1e9955bd1e995u;
inline constexpr size_t kWordBytes = 256;  ///< of a word that count, and are kept

inline std::string_view wordOf(std::string_view message, const Token& token) {
  return message.substr(token.start, token.length < kWordBytes ? token.length : kWordBytes);
}

inline uint64_t markHash(char mark) {
  return mixHash(1, static_cast<unsigned char>(mark));
}

}  // namespace aiops::detection
