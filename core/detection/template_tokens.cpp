// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_tokens.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace aiops::detection {
namespace {

enum Class : uint8_t { Letter = 1, Digit = 2, Space = 4, Mark = 8, HexLetter = 16 };

constexpr std::string_view kMarks = "=:,;()[]{}\"'<>|";

constexpr std::array<uint8_t, 256> makeClasses() {
  std::array<uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) table[static_cast<size_t>(c)] |= Letter;
    if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) table[static_cast<size_t>(c)] |= HexLetter;
    if (c >= '0' && c <= '9') table[static_cast<size_t>(c)] |= Digit;
    if (c == ' ' || (c >= '\t' && c <= '\r')) table[static_cast<size_t>(c)] |= Space;
  }
  for (const char c : kMarks) table[static_cast<unsigned char>(c)] |= Mark;
  return table;
}

constexpr auto kClasses = makeClasses();

bool is(char c, int classes) {
  return (kClasses[static_cast<unsigned char>(c)] & classes) != 0;
}
bool digitAt(std::string_view text, size_t at) {
  return at < text.size() && is(text[at], Digit);
}
bool isWordPart(char c) {
  return is(c, Letter | Digit) || c == '_';
}

size_t digits(std::string_view text, size_t at) {
  size_t end = at;
  while (digitAt(text, end)) ++end;
  return end - at;
}

template <size_t N>
bool oneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 24> kTimes = {
    "ms",   "us",    "ns",  "s",    "sec",  "secs",  "second", "seconds",
    "msec", "msecs", "min", "mins", "hour", "hours", "minute", "minutes",
    "hr",   "hrs",   "h",   "d",    "day",  "days",  "usec",   "nsec"};
constexpr std::array<std::string_view, 15> kSizes = {"B",   "KB", "kB", "MB", "GB",  "TB",  "KiB",  "MiB",
                                                     "GiB", "K",  "M",  "G",  "MHz", "GHz", "bytes"};

std::string_view wordAt(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is(text[end], Letter)) ++end;
  return text.substr(at, end - at);
}

/// Bytes of "12:34", "12:34:56.789", at `at`; 0: none.
size_t clockLength(std::string_view text, size_t at) {
  const size_t hours = digits(text, at);
  size_t end = at + hours;
  if (hours < 1 || hours > 2 || end >= text.size() || text[end] != ':' || digits(text, end + 1) != 2)
    return 0;
  end += 3;
  if (end < text.size() && text[end] == ':' && digits(text, end + 1) == 2) end += 3;
  if (end < text.size() && (text[end] == '.' || text[end] == ',') && digitAt(text, end + 1))
    end += 1 + digits(text, end + 1);
  if (end < text.size() && text[end] == 'Z' && (end + 1 == text.size() || !isWordPart(text[end + 1])))
    return end - at;
  return end < text.size() && (text[end] == ':' || isWordPart(text[end])) ? 0 : end - at;
}

size_t skipSpaces(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

/// "2026-11-22T20:00:00.5+01:00", "2026-11-22 20:00:00", "2026-11-22", "2026/11/22".
size_t dateLength(std::string_view text, size_t at) {
  if (digits(text, at) != 4 || at + 10 > text.size()) return 0;
  const char between = text[at + 4];
  if ((between != '-' && between != '/') || digits(text, at + 5) != 2 || text[at + 7] != between ||
      digits(text, at + 8) != 2)
    return 0;
  size_t end = at + 10;
  if (end < text.size() && (text[end] == 'T' || text[end] == ' ')) {
    if (const auto clock = clockLength(text, end + 1); clock > 0) {
      end += 1 + clock;
      if (end < text.size() && text[end] == 'Z') return end + 1 - at;
      const bool zone =
          end + 1 < text.size() && (text[end] == '+' || text[end] == '-') && digits(text, end + 1) >= 2;
      if (zone) {
        end += 1 + digits(text, end + 1);
        if (end < text.size() && text[end] == ':' && digits(text, end + 1) == 2) end += 3;
      }
    }
  }
  return end < text.size() && isWordPart(text[end]) ? 0 : end - at;
}

/// "Fri Jun 17 07:07:00 CEST 2005", "Jun 17", "17/Jun/2005:07:07:00 +0200" is left to the digits.
size_t calendarLength(std::string_view text, size_t at) {
  size_t end = at;
  auto word = wordAt(text, end);
  if (oneOf(word, kDays)) {
    end += 3;
    if (end < text.size() && text[end] == ',') ++end;
    if (end >= text.size() || text[end] != ' ') return 0;
    end = skipSpaces(text, end);
    word = wordAt(text, end);
  }
  if (!oneOf(word, kMonths)) return 0;
  end = skipSpaces(text, end + 3);
  const auto day = digits(text, end);
  if (day < 1 || day > 2) return 0;
  end += day;
  if (end < text.size() && isWordPart(text[end])) return 0;
  if (end < text.size() && text[end] == ',') ++end;
  auto next = skipSpaces(text, end);
  if (const auto clock = clockLength(text, next); clock > 0) {
    end = next + clock;
    next = skipSpaces(text, end);
    const auto zone = wordAt(text, next);
    const bool named = zone.size() >= 3 && zone.size() <= 4 &&
                       std::ranges::all_of(zone, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (named) {
      end = next + zone.size();
      next = skipSpaces(text, end);
    }
  }
  if (digits(text, next) == 4 && (next + 4 >= text.size() || !isWordPart(text[next + 4]))) end = next + 4;
  return end - at;
}

/// A hardware or IPv6 address: groups of hexadecimal digits between three to seven colons.
size_t colonAddressLength(std::string_view text, size_t at) {
  size_t end = at, colons = 0, group = 0, groupsWithDigits = 0;
  while (end < text.size()) {
    const char c = text[end];
    if (is(c, Digit | HexLetter)) {
      if (++group > 4) return 0;
      groupsWithDigits += group == 1;
    } else if (c == ':') {
      if (++colons > 7) return 0;
      group = 0;
    } else {
      break;
    }
    ++end;
  }
  if (colons < 3 || groupsWithDigits < 2) return 0;
  return end < text.size() && isWordPart(text[end]) ? 0 : end - at;
}

/// Dotted names such as db-1.example.org; `word` has no digit where this matters.
bool isHostName(std::string_view word) {
  size_t labels = 1, length = 0;
  for (const char c : word) {
    if (c == '.') {
      if (length == 0) return false;
      ++labels;
      length = 0;
    } else if (isWordPart(c) || c == '-') {
      ++length;
    } else {
      return false;
    }
  }
  if (labels < 3 || length < 2) return false;
  const auto last = word.substr(word.rfind('.') + 1);
  return std::ranges::all_of(last, [](char c) { return is(c, Letter); });
}

bool isUuid(std::string_view word) {
  if (word.size() != 36) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? word[i] != '-' : !is(word[i], Digit | HexLetter)) return false;
  }
  return true;
}

bool isIp(std::string_view word) {
  int dots = 0;
  for (const char c : word) {
    if (c == '.')
      ++dots;
    else if (!is(c, Digit))
      return false;
  }
  return dots == 3;
}

bool isNumber(std::string_view word) {
  return std::ranges::all_of(
      word, [](char c) { return is(c, Digit) || c == '.' || c == '-' || c == '+' || c == '%'; });
}

bool isHex(std::string_view word) {
  if (word.starts_with("0x") || word.starts_with("0X")) return true;
  return word.size() >= 8 && std::ranges::all_of(word, [](char c) { return is(c, Digit | HexLetter); });
}

TokenType typeOfVariable(std::string_view word) {
  if (word.starts_with('/')) return TokenType::Path;
  if (isNumber(word)) return isIp(word) ? TokenType::Ip : TokenType::Number;
  if (isUuid(word)) return TokenType::Uuid;
  if (isHex(word)) return TokenType::Hex;
  if (std::ranges::count(word, '/') >= 2) return TokenType::Path;
  return isHostName(word) ? TokenType::Host : TokenType::Any;
}

bool isPath(std::string_view word) {
  return (word.size() > 1 && word.front() == '/') || std::ranges::count(word, '/') >= 2;
}

bool isName(std::string_view word) {
  if (word.empty() || is(word.front(), Digit)) return false;
  return std::ranges::all_of(word, [](char c) { return isWordPart(c) || c == '.' || c == '$'; });
}

char closing(char open) {
  return open == '(' ? ')' : open == '[' ? ']' : '}';
}

/// Of a text in quotes at `at`, with them; 0: it is no such text. An apostrophe inside a word is none.
size_t quotedLength(std::string_view text, size_t at) {
  constexpr size_t kMost = 256;
  const char quote = text[at];
  if (at > 0 && isWordPart(text[at - 1])) return 0;
  const auto end = text.substr(0, std::min(text.size(), at + kMost)).find(quote, at + 1);
  if (end == std::string_view::npos || end == at + 1) return 0;
  if (end + 1 < text.size() && isWordPart(text[end + 1])) return 0;
  return end + 1 - at;
}

}  // namespace

uint64_t textHash(std::string_view text) {
  uint64_t hash = 0x9ae16a3b2f90404fu ^ text.size();
  size_t at = 0;
  for (uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    hash = mixHash(hash, word);
  }
  uint64_t tail = 0;
  std::memcpy(&tail, text.data() + at, text.size() - at);
  return mixHash(hash, tail);
}

void Tokeniser::push(TokenType type, size_t start, size_t end) {
  m_tokens.push_back({type, !m_tokens.empty() && start == m_end, static_cast<uint32_t>(start),
                      static_cast<uint32_t>(end - start), kVariableHash});
  m_end = end;
}

/// A word or number that begins at `at`; the end of what it takes.
size_t Tokeniser::scanWord(std::string_view text, size_t at) {
  if (is(text[at], Digit)) {
    if (const auto date = dateLength(text, at); date > 0)
      return push(TokenType::Time, at, at + date), at + date;
    if (const auto clock = clockLength(text, at); clock > 0)
      return push(TokenType::Time, at, at + clock), at + clock;
  }
  if (is(text[at], Digit | HexLetter) || text[at] == ':') {
    if (const auto address = colonAddressLength(text, at); address > 0)
      return push(TokenType::Ip, at, at + address), at + address;
  }
  if (text[at] >= 'A' && text[at] <= 'W') {
    if (const auto date = calendarLength(text, at); date > 0)
      return push(TokenType::Time, at, at + date), at + date;
  }
  size_t end = at;
  bool hasDigit = false, hasSlash = false;
  size_t dots = 0;
  while (end < text.size() && !is(text[end], Space | Mark)) {
    hasDigit = hasDigit || is(text[end], Digit);
    hasSlash = hasSlash || text[end] == '/';
    dots += text[end] == '.';
    ++end;
  }
  const auto word = text.substr(at, end - at);
  // host:port, with a dot so that key:value stays what it is
  const auto port = end < text.size() && text[end] == ':' && dots > 0 ? digits(text, end + 1) : 0;
  if (port >= 1 && port <= 5 && (end + 1 + port >= text.size() || !isWordPart(text[end + 1 + port]))) {
    push(isIp(word) ? TokenType::Ip : TokenType::Host, at, end + 1 + port);
    return end + 1 + port;
  }
  const bool variable = hasDigit || (hasSlash && isPath(word)) || (dots >= 2 && isHostName(word));
  if (!variable) {
    push(TokenType::Word, at, end);
    m_tokens.back().hash = textHash(word.substr(0, kWordBytes));
    return end;
  }
  auto type = typeOfVariable(word);
  if (type == TokenType::Number) {  // with its unit
    const auto unitAt = skipSpaces(text, end);
    const auto unit = unitAt - end <= 1 ? wordAt(text, unitAt) : std::string_view();
    const bool ends = unitAt + unit.size() >= text.size() || !isWordPart(text[unitAt + unit.size()]);
    if (!unit.empty() && ends && unit != "bytes") {
      if (oneOf(unit, kTimes)) type = TokenType::Duration;
      if (oneOf(unit, kSizes)) type = TokenType::Size;
      if (type != TokenType::Number) end = unitAt + unit.size();
    }
  }
  push(type, at, end);
  return end;
}

void Tokeniser::scan(std::string_view text) {
  m_tokens.clear();
  m_end = 0;
  for (size_t at = 0; at < text.size();) {
    if (m_tokens.size() >= kMostTokens) {
      push(TokenType::Any, at, text.size());
      return;
    }
    const char c = text[at];
    if (is(c, Space)) {
      ++at;
      continue;
    }
    const bool comparison = (c == '<' || c == '>' || c == '~') && digitAt(text, at + 1);
    if (comparison) {
      at = scanWord(text, at + 1);
      m_tokens.back().start -= 1;
      m_tokens.back().length += 1;
      continue;
    }
    if (!is(c, Mark) || (c == ':' && colonAddressLength(text, at) > 0)) {
      at = scanWord(text, at);
      continue;
    }
    if (const auto quoted = c == '"' || c == '\'' ? quotedLength(text, at) : 0; quoted > 0) {
      push(TokenType::Quoted, at, at + quoted);
      at += quoted;
      continue;
    }
    push(TokenType::Punctuation, at, at + 1);
    m_tokens.back().hash = markHash(c);
    ++at;
  }
}

/// A bracket that is not closed closes behind the last token; one that is closed by another kind opens
/// nothing.
void Tokeniser::matchBrackets(std::string_view text) {
  m_closes.assign(m_tokens.size(), 0);
  m_stack.clear();
  for (uint32_t i = 0; i < m_tokens.size(); ++i) {
    if (m_tokens[i].type != TokenType::Punctuation) continue;
    const char c = text[m_tokens[i].start];
    if (c == '(' || c == '[' || c == '{') m_stack.push_back(i);
    if (c != ')' && c != ']' && c != '}') continue;
    if (m_stack.empty()) continue;
    if (closing(text[m_tokens[m_stack.back()].start]) != c) {
      m_stack.clear();
      continue;
    }
    m_closes[m_stack.back()] = i;
    m_stack.pop_back();
  }
  for (const auto open : m_stack) m_closes[open] = static_cast<uint32_t>(m_tokens.size());
}

/// Whether the brackets from `open` to `close` hold an object or a list that was written out.
bool Tokeniser::isDump(std::string_view text, size_t open, size_t close, bool& isList) const {
  const char bracket = text[m_tokens[open].start];
  size_t pairs = 0, colons = 0, commas = 0, brackets = 0;
  for (size_t i = open + 1; i < close; ++i) {
    if (m_tokens[i].type != TokenType::Punctuation) continue;
    const char c = text[m_tokens[i].start];
    pairs += c == '=';
    colons += c == ':';
    commas += c == ',';
    brackets += c == '(' || c == '[' || c == '{' || c == ')' || c == ']' || c == '}';
  }
  const bool whole = close < m_tokens.size();
  const auto* before = open > 0 ? &m_tokens[open - 1] : nullptr;
  const char mark = before && before->type == TokenType::Punctuation ? text[before->start] : '\0';
  const bool named =
      before && m_tokens[open].touches &&
      (mark == '=' || mark == ':' ||
       (before->type == TokenType::Word && isName(text.substr(before->start, before->length))));
  if (named && bracket != '[' && pairs >= 1 && (pairs >= 2 || (bracket == '{' && whole))) return true;
  if (!whole) return false;
  if (bracket == '{' && commas >= 1 && pairs + colons >= 1) return true;
  isList = bracket == '[' && (mark == ':' || mark == '=') && brackets == 0 && (commas >= 1 || colons == 1);
  return isList;
}

void Tokeniser::fold(std::string_view text) {
  matchBrackets(text);
  m_next.clear();
  for (size_t i = 0; i < m_tokens.size(); ++i) {
    bool isList = false;
    const size_t close = m_closes[i];
    if (close <= i + 1 || !isDump(text, i, close, isList)) {
      m_next.push_back(m_tokens[i]);
      continue;
    }
    const auto& last = m_tokens[std::min(close, m_tokens.size() - 1)];
    auto dump = m_tokens[i];
    dump.type = TokenType::Object;
    dump.hash = kVariableHash;
    if (isList) {  // a list is something else than a single value: its brackets stay
      m_next.push_back(m_tokens[i]);
      dump.start = m_tokens[i].start + 1;
      dump.length = last.start - dump.start;
      m_next.push_back(dump);
      m_next.push_back(last);
    } else {
      dump.length = last.start + last.length - dump.start;
      m_next.push_back(dump);
    }
    i = close;
  }
  std::swap(m_tokens, m_next);
}

/// Variables in a row become one, and so do those with only a colon or comma between, and equal objects in a
/// list.
void Tokeniser::joinVariables(std::string_view text) {
  m_next.clear();
  const auto isMark = [&](const Token& token, char a, char b) {
    return token.type == TokenType::Punctuation && (text[token.start] == a || text[token.start] == b);
  };
  const auto swallow = [&](size_t count) {
    const auto end = m_next.back().start + m_next.back().length;
    m_next.resize(m_next.size() - count);
    m_next.back().length = end - m_next.back().start;
    if (count > 0 && m_next.back().type != TokenType::Object) m_next.back().type = TokenType::Any;
  };
  for (const auto& token : m_tokens) {
    m_next.push_back(token);
    const size_t n = m_next.size();
    if (!token.isVariable()) continue;
    if (n >= 2 && m_next[n - 2].isVariable()) {
      swallow(1);
    } else if (n >= 3 && isMark(m_next[n - 2], ':', ',') && m_next[n - 3].isVariable()) {
      swallow(2);
    } else if (n >= 5 && isMark(m_next[n - 3], ',', ',') && m_next[n - 4].isVariable() &&
               m_next[n - 2].hash == m_next[n - 5].hash && m_next[n - 2].type == TokenType::Word) {
      swallow(3);
    }
  }
  std::swap(m_tokens, m_next);
}

void Tokeniser::dropRemarks(std::string_view text) {
  m_next.clear();
  const auto markAt = [&](size_t i, char c) {
    return i < m_tokens.size() && m_tokens[i].type == TokenType::Punctuation && text[m_tokens[i].start] == c;
  };
  for (size_t i = 0; i < m_tokens.size(); ++i) {
    if (markAt(i, '(')) {
      size_t end = i + 1;
      while (end < m_tokens.size() &&
             (m_tokens[end].isVariable() ||
              (m_tokens[end].type == TokenType::Word &&
               oneOf(text.substr(m_tokens[end].start, m_tokens[end].length), kSizes))))
        ++end;
      if (markAt(end, ')')) {
        i = end;
        continue;
      }
    }
    if (!m_next.empty() && m_next.back().isVariable() && m_tokens[i].isVariable()) {
      m_next.back().type = TokenType::Any;
      m_next.back().length = m_tokens[i].start + m_tokens[i].length - m_next.back().start;
      continue;
    }
    m_next.push_back(m_tokens[i]);
  }
  std::swap(m_tokens, m_next);
}

const std::vector<Token>& Tokeniser::cut(std::string_view message) {
  const auto text = message.substr(0, kMostBytes);
  scan(text);
  const bool brackets = std::ranges::any_of(m_tokens, [&](const Token& token) {
    return token.type == TokenType::Punctuation &&
           std::string_view("([{").find(text[token.start]) != std::string_view::npos;
  });
  if (brackets) fold(text);
  joinVariables(text);
  if (brackets) dropRemarks(text);
  return m_tokens;
}

}  // namespace aiops::detection
