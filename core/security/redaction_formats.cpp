// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_formats.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/ascii.h"
#include "security/redaction_entropy.h"
#include "security/redaction_literals.h"

namespace aiops::security {
namespace {

constexpr size_t kMostGroups = 4, kMostFormats = 512;
constexpr size_t kSentence = 12;  // bytes in front of a name that tell of a parser's complaint

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isLetterOrDigit(char c) {
  return isLetter(c) || (c >= '0' && c <= '9');
}

/// Words that stand where a secret could, and tell none.
bool isPlainWord(std::string_view value) {
  static constexpr std::string_view kWords[] = {
      "yes",     "no",        "true",     "false",    "null",   "nil",     "none",     "on",     "off",
      "ok",      "undefined", "empty",    "set",      "unset",  "missing", "required", "absent", "present",
      "invalid", "expired",   "rejected", "denied",   "failed", "wrong",   "unknown",  "bad",    "incorrect",
      "hidden",  "redacted",  "masked",   "filtered", "secret", "default", "string",   "basic",  "bearer",
      "*",       "x",         "n/a",      "revoked",  "changed"};
  return value.size() <= 9 && std::ranges::find(kWords, base::asciiLower(value)) != std::end(kWords);
}

/// "${X}", "{{ x }}", "<x>", "%s", "$PASSWORD", "****": where a secret goes, or went. "(?:" is of an
/// expression that looks for one.
bool isPlaceholder(std::string_view value) {
  for (const char* begin : {"${", "$(", "{{", "<", "%s", "%(", "%{", "[redacted", "***", "...", "process.env",
                            "os.environ", "ENV[", "(?", "(\\", "\\S", "\\w", "[^", ".*"}) {
    if (value.starts_with(begin)) return true;
  }
  const bool oneByte = std::ranges::all_of(value, [&](char c) { return c == value[0]; });
  if (oneByte && value.size() >= 3 && !(value[0] >= '0' && value[0] <= '9')) return true;
  const bool name =
      std::ranges::all_of(value.substr(1), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return value.size() > 2 && value[0] == '$' && name;
}

/// "password: attempt 3 of 5": a word, and something follows in the same line.
bool beginsSentence(std::string_view text, size_t first, size_t last) {
  const bool apart = first > 0 && text[first - 1] == ' ';
  if (!apart || last + 1 >= text.size() || text[last] != ' ' || !isLetterOrDigit(text[last + 1]))
    return false;
  const auto value = text.substr(first, std::min<size_t>(last - first, 24));
  return value.size() == last - first && std::ranges::all_of(value, isLetter);
}

/// "Unexpected token: x1": of a parser, not of a login.
bool ofParser(std::string_view text, size_t matched) {
  const auto before =
      base::asciiLower(text.substr(matched - std::min(matched, kSentence), std::min(matched, kSentence)));
  return before.ends_with("unexpected ") || before.ends_with("illegal ") || before.ends_with("unknown ") ||
         before.ends_with("next ");
}

/// "(passwd:auth)": the service and what it was asked, as PAM writes them.
bool ofPam(std::string_view text, size_t matched, size_t first, size_t last) {
  return matched > 0 && text[matched - 1] == '(' && last < text.size() && text[last] == ')' &&
         text[first - 1] == ':' && std::ranges::all_of(text.substr(first, last - first), isLetter);
}

/// "Token{9f4ef63": an object, printed with its class.
bool isObject(std::string_view value) {
  const auto brace = value.find('{');
  return brace != std::string_view::npos && brace > 0 &&
         std::ranges::all_of(value.substr(0, brace), isLetter);
}

bool isSecretValue(SecretCheck check, std::string_view text, size_t matched, size_t first, size_t last) {
  if (check == SecretCheck::None) return true;
  const auto value = text.substr(first, last - first);
  const bool number = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  return !(check == SecretCheck::NoNumber && number) && !isPlainWord(value) && !isPlaceholder(value) &&
         !isObject(value) && !ofPam(text, matched, first, last) && !beginsSentence(text, first, last) &&
         !ofParser(text, matched);
}

struct Compiled {
  const SecretFormat* format;
  std::unique_ptr<RE2> pattern;
  int groups;
};

std::unique_ptr<RE2> compile(const SecretFormat& format) {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);  // any bytes
  options.set_log_errors(false);
  auto pattern = std::make_unique<RE2>(format.pattern, options);
  if (!pattern->ok() || pattern->NumberOfCapturingGroups() > static_cast<int>(kMostGroups))
    throw std::logic_error(std::string("bad redaction pattern: ") + format.kind + ": " + pattern->error());
  return pattern;
}

}  // namespace

struct SecretFormats::Impl {
  std::vector<Compiled> formats;
  std::vector<size_t> formatOf;  ///< of a literal; formats.size(): a word near which random ones are secrets
  std::optional<LiteralSet> literals;

  Impl() {
    std::vector<std::string> sought;
    for (const auto table : {tokenFormats(), contextFormats()}) {
      for (const auto& format : table) add(format, sought);
    }
    for (const auto word : secretWords()) sought.emplace_back(word);
    formatOf.resize(sought.size(), formats.size());
    literals.emplace(sought, LiteralSet::Case::Folded);
    if (formats.size() > kMostFormats) throw std::logic_error("too many redaction patterns");
  }

  void add(const SecretFormat& format, std::vector<std::string>& sought) {
    std::string_view rest = format.literals;
    while (!rest.empty()) {
      const auto bar = rest.find('|');
      sought.emplace_back(rest.substr(0, bar));
      formatOf.push_back(formats.size());
      rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
    }
    auto pattern = compile(format);
    const int groups = 1 + pattern->NumberOfCapturingGroups();
    formats.push_back({&format, std::move(pattern), groups});
  }

  void findFormat(const Compiled& sought, std::string_view text, std::vector<SecretSpan>& spans,
                  size_t& work) const {
    const re2::StringPiece piece(text.data(), text.size());
    re2::StringPiece groups[1 + kMostGroups];
    for (size_t from = 0; from < text.size();) {
      if (!sought.pattern->Match(piece, from, text.size(), RE2::UNANCHORED, groups, sought.groups)) {
        work += text.size() - from;
        return;
      }
      const auto* taken = groups;
      for (int i = sought.groups - 1; i > 0; --i) {
        if (groups[i].data() != nullptr) taken = &groups[i];
      }
      const auto matched = static_cast<size_t>(groups[0].data() - text.data());
      const auto first = static_cast<size_t>(taken->data() - text.data());
      const size_t last = first + taken->size();
      const bool counts = last > first && isSecretValue(sought.format->check, text, matched, first, last);
      if (counts) spans.push_back({first, last, sought.format->kind});
      const size_t next = std::max(last, from + 1);
      work += next - from;
      from = next;
    }
  }
};

SecretFormats::SecretFormats() : m_impl(std::make_unique<Impl>()) {}
SecretFormats::~SecretFormats() = default;

size_t SecretFormats::size() const {
  return m_impl->formats.size();
}

void SecretFormats::find(std::string_view text, std::vector<SecretSpan>& spans, size_t& work) const {
  std::array<uint64_t, kMostFormats / 64> possible{};
  std::vector<size_t> words;
  m_impl->literals->scan(text, [&](size_t literal, size_t end) {
    const size_t format = m_impl->formatOf[literal];
    if (format < m_impl->formats.size()) {
      possible[format / 64] |= uint64_t{1} << format % 64;
    } else {
      words.push_back(end);
    }
  });
  work += text.size();
  for (size_t i = 0; i < possible.size(); ++i) {
    for (auto bits = possible[i]; bits != 0; bits &= bits - 1) {
      const auto format = i * 64 + static_cast<size_t>(std::countr_zero(bits));
      m_impl->findFormat(m_impl->formats[format], text, spans, work);
    }
  }
  if (!words.empty()) findRandomWords(text, words, spans, work);
}

void SecretFormats::findSlowly(std::string_view text, std::vector<SecretSpan>& spans) const {
  size_t work = 0;
  std::vector<size_t> words;
  for (const auto& format : m_impl->formats) m_impl->findFormat(format, text, spans, work);
  const auto low = base::asciiLower(text);
  for (const auto word : secretWords()) {
    for (size_t at = low.find(word); at != std::string::npos; at = low.find(word, at + 1))
      words.push_back(at + word.size());
  }
  std::ranges::sort(words);
  findRandomWords(text, words, spans, work);
}

}  // namespace aiops::security
