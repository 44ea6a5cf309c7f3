// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/sql_text.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace aiops::knowledge {
namespace {

constexpr size_t kMostFingerprint = 512;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool inWord(char c) {
  return isLetter(c) || isDigit(c) || c == '$';
}
char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::array<std::string_view, 20> kSymbols = {"!~~*", "!~~", "~~*", "->>", "#>>", "<=>", "!~*",
                                                       "::",   "<=",  ">=",  "<>",  "!=",  "||",  "~~",
                                                       "~*",   "!~",  "->",  "#>",  "@>",  "<@"};

/// Reads one token at a time.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : m_text(text) {}

  std::optional<SqlToken> next() {
    skipBlanks();
    if (m_at >= m_text.size()) return std::nullopt;
    const size_t begin = m_at;
    const auto kind = read();
    return SqlToken{kind, m_text.substr(begin, m_at - begin)};
  }

 private:
  char look(size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
  bool skipTo(std::string_view end, size_t from) {
    const auto found = m_text.find(end, from);
    m_at = found == std::string_view::npos ? m_text.size() : found + end.size();
    return true;
  }
  bool skipComment() {
    if (look() == '-' && look(1) == '-') return skipTo("\n", m_at);
    if (look() == '#' && look(1) != '>' && (m_at == 0 || m_text[m_at - 1] == '\n')) return skipTo("\n", m_at);
    if (look() == '/' && look(1) == '*') return skipTo("*/", m_at + 2);
    return false;
  }
  void skipBlanks() {
    while (m_at < m_text.size() && (isSpace(m_text[m_at]) || skipComment())) {
      if (m_at < m_text.size() && isSpace(m_text[m_at])) ++m_at;
    }
  }
  void skipQuoted(char quote, bool backslash) {
    for (++m_at; m_at < m_text.size(); ++m_at) {
      if (backslash && m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
        ++m_at;
      } else if (m_text[m_at] == quote) {
        if (look(1) != quote) break;
        ++m_at;
      }
    }
    m_at = std::min(m_at + 1, m_text.size());
  }
  SqlKind read() {
    const char c = look();
    if (c == '\'') return skipQuoted('\'', true), SqlKind::String;
    if (c == '"') return skipQuoted('"', false), SqlKind::Quoted;
    if (c == '`') return skipQuoted('`', false), SqlKind::Quoted;
    if (c == '$') return readDollar();
    if (c == '?') return ++m_at, SqlKind::Parameter;
    if (isDigit(c) || (c == '.' && isDigit(look(1)))) return readNumber();
    if (isLetter(c)) return readWord();
    if (c == ':' && look(1) != ':' && isLetter(look(1))) {
      for (++m_at; inWord(look()); ++m_at) {
      }
      return SqlKind::Parameter;
    }
    for (const auto symbol : kSymbols) {
      if (m_text.substr(m_at).starts_with(symbol)) return m_at += symbol.size(), SqlKind::Symbol;
    }
    return ++m_at, SqlKind::Symbol;
  }
  SqlKind readDollar() {
    const size_t begin = m_at++;
    if (isDigit(look())) {
      while (isDigit(look())) ++m_at;
      return SqlKind::Parameter;
    }
    while (isLetter(look()) || isDigit(look())) ++m_at;
    if (look() != '$') return SqlKind::Symbol;
    const auto tag = m_text.substr(begin, ++m_at - begin);
    skipTo(tag, m_at);
    return SqlKind::String;
  }
  SqlKind readNumber() {
    while (isDigit(look()) || isLetter(look()) || look() == '.' ||
           ((look() == '+' || look() == '-') && small(m_text[m_at - 1]) == 'e' && m_text[m_at - 2] != 'x'))
      ++m_at;
    return SqlKind::Number;
  }
  SqlKind readWord() {
    const char first = small(look());
    const bool prefix = (first == 'x' || first == 'b' || first == 'e' || first == 'n') && look(1) == '\'';
    if (prefix) return ++m_at, skipQuoted('\'', true), SqlKind::String;
    while (inWord(look())) ++m_at;
    return SqlKind::Word;
  }

  const std::string_view m_text;
  size_t m_at = 0;
};

bool isValue(const SqlToken& token) {
  return token.kind == SqlKind::String || token.kind == SqlKind::Number || token.kind == SqlKind::Parameter ||
         token.is("null");
}

/// "temp_fbc5e685a5d3d45aa1d0347fdb7c4d35": a name that was made for one run.
std::string withoutHash(std::string name) {
  constexpr size_t kHash = 32;
  const auto isHex = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); };
  size_t run = 0;
  for (size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && isHex(name[i])) {
      ++run;
      continue;
    }
    if (run >= kHash) {
      name.replace(i - run, run, "?");
      i -= run - 1;
    }
    run = 0;
  }
  return name;
}

std::string smallText(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), small);
  return out;
}

/// Builds the fingerprint from tokens; blanks stand where they stood.
class Fingerprint {
 public:
  explicit Fingerprint(std::string_view sql) : m_tokens(sqlTokens(sql)) {}

  std::string make() {
    if (m_tokens.empty()) return {};
    if (m_tokens.front().is("call") && m_tokens.size() > 1) return "call " + smallText(m_tokens[1].text);
    if (m_tokens.front().is("use")) return "use ?";
    for (m_at = 0; m_at < m_tokens.size() && m_out.size() < kMostFingerprint; ++m_at) add();
    return base::validUtf8Prefix(repeatedUnions(std::move(m_out)), kMostFingerprint);
  }

 private:
  bool blankBefore() const {
    return m_at > 0 &&
           m_tokens[m_at - 1].text.data() + m_tokens[m_at - 1].text.size() != m_tokens[m_at].text.data();
  }
  void add() {
    const auto& token = m_tokens[m_at];
    if (token.is(";")) return;
    m_sorts = m_sorts || (token.is("by") && m_at > 0 && m_tokens[m_at - 1].is("order"));
    if (m_sorts && token.is("asc")) return;
    if (blankBefore()) m_out += ' ';
    if (token.is("(") && listFollows()) return;
    m_out += isValue(token) ? "?" : withoutHash(smallText(token.text));
  }
  /// "in (1, 2)", "values (1, 2), (3, 4)": how many there are does not count.
  bool listFollows() {
    const bool in = m_at > 0 && m_tokens[m_at - 1].is("in");
    const bool values = m_at > 0 && (m_tokens[m_at - 1].is("values") || m_tokens[m_at - 1].is("value"));
    if (!in && !values) return false;
    size_t end = closing(m_at);
    if (end == 0) return false;
    while (values && end + 2 < m_tokens.size() && m_tokens[end + 1].is(",") && m_tokens[end + 2].is("(")) {
      const auto next = closing(end + 2);
      if (next == 0) break;
      end = next;
    }
    m_out += "(?+)";
    m_at = end;
    return true;
  }
  /// Of a list of values that opens at `open`; 0: it is none.
  size_t closing(size_t open) const {
    for (size_t i = open + 1; i < m_tokens.size(); ++i) {
      if (m_tokens[i].is(")")) return i;
      if (!isValue(m_tokens[i]) && !m_tokens[i].is(",") && !m_tokens[i].is("-")) return 0;
    }
    return 0;
  }
  /// "select ? union select ?" is "select ? /*repeat union*/".
  static std::string repeatedUnions(std::string text) {
    for (const std::string_view word : {" union all ", " union "}) {
      const auto first = text.find(word);
      if (first == std::string::npos) continue;
      const auto head = text.substr(0, first);
      for (size_t at = first; at < text.size(); at += word.size() + head.size()) {
        if (text.compare(at, word.size(), word) != 0 ||
            text.compare(at + word.size(), head.size(), head) != 0)
          return text;
      }
      return head + " /*repeat" + std::string(word.substr(0, word.size() - 1)) + "*/";
    }
    return text;
  }

  const std::vector<SqlToken> m_tokens;
  std::string m_out;
  size_t m_at = 0;
  bool m_sorts = false;
};

}  // namespace

bool SqlToken::is(std::string_view word) const {
  if (kind != SqlKind::Word && kind != SqlKind::Symbol) return false;
  return std::ranges::equal(text, word, {}, small, small);
}

std::vector<SqlToken> sqlTokens(std::string_view sql) {
  std::vector<SqlToken> tokens;
  Scanner scanner(sql);
  while (tokens.size() < kMostSqlTokens) {
    const auto token = scanner.next();
    if (!token) break;
    tokens.push_back(*token);
  }
  return tokens;
}

std::string sqlName(const SqlToken& token) {
  if (token.kind != SqlKind::Quoted) return smallText(token.text);
  std::string name;
  const char quote = token.text.front();
  for (size_t i = 1; i < token.text.size(); ++i) {
    if (token.text[i] == quote && (i + 1 == token.text.size() || token.text[++i] != quote)) break;
    name += token.text[i];
  }
  return name;
}

std::string sqlFingerprint(std::string_view sql) {
  return Fingerprint(sql).make();
}

std::optional<std::string> quotedSqlName(std::string_view name, SqlDialect dialect) {
  const auto plain = [](char c) { return inWord(c) && static_cast<unsigned char>(c) < 0x80; };
  if (name.empty() || name.size() > 63 || isDigit(name.front()) || name.front() == '$') return std::nullopt;
  if (!std::ranges::all_of(name, plain)) return std::nullopt;
  const char quote = dialect == SqlDialect::MySql ? '`' : '"';
  return quote + std::string(name) + quote;
}

}  // namespace aiops::knowledge
