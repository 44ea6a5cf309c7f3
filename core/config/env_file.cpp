// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/env_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Result;

namespace {

constexpr size_t kLargestFile = 1u << 20;

bool isBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool isNameCharacter(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return letter || (!first && c >= '0' && c <= '9');
}

/// Walks the text once. Every read function ends behind what it read.
class Reader {
 public:
  Reader(const std::string& bytes, const std::string& label) : m_text(bytes), m_label(label) {
    if (bytes.starts_with("\xEF\xBB\xBF")) m_at = 3;
  }

  Result<std::vector<EnvEntry>> all() {
    if (m_text.find('\0') != std::string::npos) return wrong("the file contains a NUL", "give plain text");
    std::vector<EnvEntry> entries;
    while (skipToEntry()) {
      EnvEntry entry{.line = m_line};
      if (auto read = readName(entry.name); !read) return std::unexpected(read.error());
      if (auto read = readValue(entry.value); !read) return std::unexpected(read.error());
      if (auto ended = endLine(); !ended) return std::unexpected(ended.error());
      entries.push_back(std::move(entry));
    }
    return entries;
  }

 private:
  bool atEnd() const { return m_at >= m_text.size(); }
  char peek() const { return atEnd() ? '\n' : m_text[m_at]; }
  void skipBlanks() {
    while (!atEnd() && isBlank(m_text[m_at])) ++m_at;
  }
  void skipLine() {
    while (!atEnd() && m_text[m_at] != '\n') ++m_at;
  }

  std::unexpected<base::Error> wrong(std::string what, std::string allowed) const {
    return fail(ErrorCode::InvalidInput, std::move(what), m_label + ":" + std::to_string(m_line),
                std::move(allowed));
  }

  /// False at the end of the file.
  bool skipToEntry() {
    while (!atEnd()) {
      skipBlanks();
      if (peek() == '#') skipLine();
      if (atEnd()) return false;
      if (m_text[m_at] != '\n') return true;
      ++m_at;
      ++m_line;
    }
    return false;
  }

  std::string word() {
    const size_t from = m_at;
    while (!atEnd() && isNameCharacter(m_text[m_at], m_at == from)) ++m_at;
    return m_text.substr(from, m_at - from);
  }

  Result<> readName(std::string& name) {
    name = word();
    if (name == "export" && isBlank(peek())) {
      skipBlanks();
      name = word();
    }
    skipBlanks();
    if (name.empty() || peek() != '=' || atEnd()) {
      return wrong("this is no NAME=value", "letters, digits and _ before the '=', or # for a comment");
    }
    ++m_at;
    skipBlanks();
    return {};
  }

  Result<> readValue(std::string& value) {
    const char first = peek();
    if (first == '\'' || first == '"') return readQuoted(first, value);
    // A comment needs a blank before it, so that values such as a colour or a URL fragment stay whole.
    while (!atEnd() && m_text[m_at] != '\n') {
      if (m_text[m_at] == '#' && isBlank(m_text[m_at - 1])) break;
      value += m_text[m_at++];
    }
    while (!value.empty() && isBlank(value.back())) value.pop_back();
    return {};
  }

  Result<> readQuoted(char quote, std::string& value) {
    const int beganAt = m_line;
    for (++m_at; !atEnd(); ++m_at) {
      char c = m_text[m_at];
      if (c == quote) {
        ++m_at;
        return {};
      }
      if (c == '\n') ++m_line;
      if (c == '\\' && quote == '"' && m_at + 1 < m_text.size()) {
        if (!unescape(m_text[m_at + 1], c)) {
          return wrong("unknown escape in double quotes", "\\n \\t \\r \\\" \\\\ \\$, or use single quotes");
        }
        ++m_at;
      }
      value += c;
    }
    m_line = beganAt;
    return wrong("the quote is not closed", "end the value with the quote that it began with");
  }

  static bool unescape(char letter, char& out) {
    constexpr std::string_view kLetters = "ntr\"\\$", kMeanings = "\n\t\r\"\\$";
    const size_t at = kLetters.find(letter);
    if (at == std::string_view::npos) return false;
    out = kMeanings[at];
    return true;
  }

  Result<> endLine() {
    skipBlanks();
    if (peek() == '#') skipLine();
    if (peek() == '\n') return {};
    return wrong("something follows the closing quote", "only a comment may");
  }

  const std::string& m_text;
  const std::string& m_label;
  size_t m_at = 0;
  int m_line = 1;
};

}  // namespace

Result<std::vector<EnvEntry>> parseEnvFile(const std::string& bytes, const std::string& label) {
  return Reader(bytes, label).all();
}

Result<std::optional<EnvFile>> readEnvFile(const std::filesystem::path& path, const std::string& label) {
  const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // no wait on a pipe
  struct stat info = {};
  if (!file.valid() || ::fstat(file.get(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return failErrno(errno, "can't read the settings", label, "make it readable, or remove it");
  }
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::InvalidInput, "is no regular file", label, "remove it");
  if (info.st_uid != ::geteuid() && info.st_uid != 0) {
    return fail(ErrorCode::PermissionDenied, "the file belongs to another user", label,
                "make it your own, or start in another directory");
  }
  if ((info.st_mode & S_IWOTH) != 0) {
    return fail(ErrorCode::PermissionDenied, "everyone may write the file", label, "chmod o-w it");
  }
  // The file that was looked at, also if its name now leads elsewhere.
  auto bytes = base::readFile("/proc/self/fd/" + std::to_string(file.get()), kLargestFile);
  if (!bytes) return fail(bytes.error().code, "can't read the settings: " + bytes.error().what, label);
  auto entries = parseEnvFile(*bytes, label);
  if (!entries) return std::unexpected(entries.error());
  return EnvFile{*std::move(entries), (info.st_mode & (S_IRGRP | S_IROTH)) != 0};
}

}  // namespace aiops::config
