// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/scanner.h"

#include <hs.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace aiops::detection {
namespace {

constexpr unsigned kFlags = HS_FLAG_SINGLEMATCH | HS_FLAG_ALLOWEMPTY;
constexpr size_t kMostSplits = 64;

// RE2's white space has no vertical tab, Vectorscan's has: said in bytes, both mean the same.
constexpr std::string_view kSpaces = R"(\t\n\f\r )";
constexpr std::string_view kNoSpaces = R"(\x00-\x08\x0b\x0e-\x1f\x21-\xff)";

/// Translates one expression, byte by byte.
class Translation {
 public:
  explicit Translation(std::string_view text) : m_text(text) {}

  ScannerSyntax run() {
    while (m_at < m_text.size() && m_out.reason.empty()) step();
    if (m_ignoresCase && m_foreign) refuse("ignores the case of letters beyond ASCII");
    return std::move(m_out);
  }

 private:
  void refuse(std::string reason) { m_out.reason = std::move(reason); }
  void keep(size_t count) {
    m_out.expression += m_text.substr(m_at, count);
    m_at += count;
  }

  void step() {
    const char c = m_text[m_at];
    if (static_cast<unsigned char>(c) >= 0x80) m_foreign = true;
    if (c == '\0') return refuse("holds a NUL");
    if (c == '\\') return escape();
    if (m_inClass) return inClass(c);
    if (c == '[') return openClass();
    if (c == '(' && m_text.substr(m_at, 2) == "(?") return flags();
    if (c == ' ' || c == '#') {  // never a comment, whatever the flags
      m_out.expression += '\\';
    }
    keep(1);
  }

  void openClass() {
    m_inClass = true;
    keep(1);
    if (m_at < m_text.size() && m_text[m_at] == '^') keep(1);
    if (m_at < m_text.size() && m_text[m_at] == ']') {
      m_out.expression += '\\';
      keep(1);
    }
  }

  void inClass(char c) {
    if (m_text.substr(m_at, 2) == "[:") {
      const auto end = m_text.find(":]", m_at);
      return end == std::string_view::npos ? keep(1) : keep(end + 2 - m_at);
    }
    if (c == '[') m_out.expression += '\\';
    if (c == ']') m_inClass = false;
    keep(1);
  }

  void flags() {
    const auto end = m_text.find_first_of(":)", m_at);
    const auto given = m_text.substr(m_at, end == std::string_view::npos ? end : end - m_at);
    if (!given.starts_with("(?P<")) {
      const auto on = given.substr(0, given.find('-'));
      if (on.find('m') != std::string_view::npos) return refuse("looks at each line of several");
      if (given.find('U') != std::string_view::npos) return refuse("asks for the shortest match");
      m_ignoresCase = m_ignoresCase || on.find('i') != std::string_view::npos;
      return keep(given.size());
    }
    // Names mean nothing here, and those that Vectorscan does not take would stand in the way.
    const auto close = m_text.find('>', m_at);
    if (close == std::string_view::npos) return refuse("has a name without an end");
    m_out.expression += '(';
    m_at = close + 1;
  }

  void escape() {
    if (m_at + 1 >= m_text.size()) return refuse("ends with a backslash");
    const char c = m_text[m_at + 1];
    if (c == 's' || c == 'S') {
      const auto bytes = c == 's' ? kSpaces : kNoSpaces;
      m_out.expression += m_inClass ? std::string(bytes) : '[' + std::string(bytes) + ']';
      m_at += 2;
      return;
    }
    if (c == 'v') {
      m_out.expression += "\\x0b";
      m_at += 2;
      return;
    }
    if (c == 'p' || c == 'P') return refuse("uses a class of Unicode letters");
    if (c == 'Q' || c == 'C') return refuse(std::string("uses \\") + c);
    if (c >= '0' && c <= '9') return refuse("uses an octal number");
    if (c == 'x') return hex();
    keep(2);
  }

  void hex() {
    const auto rest = m_text.substr(m_at + 2);
    const bool braced = rest.starts_with('{');
    const auto digits = braced ? rest.substr(1, rest.find('}') - 1) : rest.substr(0, 2);
    const auto value = std::strtoul(std::string(digits).c_str(), nullptr, 16);
    if (value > 0xff) return refuse("names a character beyond one byte");
    m_foreign = m_foreign || value >= 0x80;
    static constexpr char kDigits[] = "0123456789abcdef";
    m_out.expression += {'\\', 'x', kDigits[value >> 4], kDigits[value & 15]};
    m_at += 2 + digits.size() + (braced ? 2 : 0);
  }

  const std::string_view m_text;
  size_t m_at = 0;
  bool m_inClass = false;
  bool m_ignoresCase = false;
  bool m_foreign = false;
  ScannerSyntax m_out;
};

/// What hs_compile_multi wants, in its order.
struct Compilation {
  std::vector<std::string> texts;
  std::vector<uint32_t> ids;
  std::vector<unsigned> flags;

  void drop(size_t at) {
    texts.erase(texts.begin() + static_cast<ptrdiff_t>(at));
    ids.erase(ids.begin() + static_cast<ptrdiff_t>(at));
    flags.erase(flags.begin() + static_cast<ptrdiff_t>(at));
  }
};

std::string messageOf(hs_compile_error_t* error) {
  std::string message = error != nullptr && error->message != nullptr ? error->message : "unknown";
  hs_free_compile_error(error);
  return message;
}

/// Why Vectorscan would not take it alone, or empty.
std::string problemOf(const std::string& text, unsigned flags) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(text.c_str(), flags, &info, &error) != HS_SUCCESS) return messageOf(error);
  ::free(info);
  return {};
}

void take(const Scanner::Item& item, Compilation& all, std::vector<Scanner::Refused>& refused) {
  auto syntax = item.ready ? ScannerSyntax{item.expression, {}} : scannerSyntax(item.expression);
  const auto flags = kFlags | (item.ready ? HS_FLAG_CASELESS : 0u);
  if (syntax.reason.empty()) syntax.reason = problemOf(syntax.expression, flags);
  if (!syntax.reason.empty()) {
    refused.push_back({item.id, std::move(syntax.reason)});
    return;
  }
  all.texts.push_back(std::move(syntax.expression));
  all.ids.push_back(item.id);
  all.flags.push_back(flags);
}

/// Leaves out what can't be compiled; null when that is all.
hs_database* compile(Compilation& all, std::vector<Scanner::Refused>& refused) {
  for (size_t tries = 0; !all.texts.empty(); ++tries) {
    std::vector<const char*> texts;
    for (const auto& text : all.texts) texts.push_back(text.c_str());
    hs_database* database = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(texts.data(), all.flags.data(), all.ids.data(), static_cast<unsigned>(texts.size()),
                         HS_MODE_BLOCK, nullptr, &database, &error) == HS_SUCCESS) {
      return database;
    }
    const int at = error != nullptr ? error->expression : -1;
    const auto reason = messageOf(error);
    const bool known = at >= 0 && static_cast<size_t>(at) < all.ids.size() && tries < kMostSplits;
    if (!known) {
      for (const auto id : all.ids) refused.push_back({id, reason});
      return nullptr;
    }
    refused.push_back({all.ids[static_cast<size_t>(at)], reason});
    all.drop(static_cast<size_t>(at));
  }
  return nullptr;
}

int noteFound(unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
  static_cast<std::vector<uint32_t>*>(context)->push_back(id);
  return 0;
}

}  // namespace

ScanMemory::~ScanMemory() {
  hs_free_scratch(m_scratch);
}
ScanMemory::ScanMemory(ScanMemory&& other) noexcept : m_scratch(std::exchange(other.m_scratch, nullptr)) {}
ScanMemory& ScanMemory::operator=(ScanMemory&& other) noexcept {
  std::swap(m_scratch, other.m_scratch);
  return *this;
}

ScannerSyntax scannerSyntax(std::string_view expression) {
  return Translation(expression).run();
}

std::string scannerLiteral(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      out += "\\s+";
      continue;
    }
    if (std::string_view("\\^$.[|()?*+{}#-").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::unique_ptr<const Scanner> Scanner::build(const std::vector<Item>& items, std::vector<Refused>& refused) {
  if (hs_valid_platform() != HS_SUCCESS) {
    for (const auto& item : items) refused.push_back({item.id, "the processor lacks SSSE3"});
    return nullptr;
  }
  Compilation all;
  for (const auto& item : items) take(item, all, refused);
  auto* database = compile(all, refused);
  return database == nullptr ? nullptr : std::unique_ptr<const Scanner>(new Scanner(database));
}

Scanner::~Scanner() {
  hs_free_database(m_database);
}

bool Scanner::prepare(ScanMemory& memory) const {
  return hs_alloc_scratch(m_database, &memory.m_scratch) == HS_SUCCESS;
}

bool Scanner::scan(std::string_view text, ScanMemory& memory, std::vector<uint32_t>& found) const {
  return hs_scan(m_database, text.data(), static_cast<unsigned>(std::min<size_t>(text.size(), UINT32_MAX)), 0,
                 memory.m_scratch, noteFound, &found) == HS_SUCCESS;
}

}  // namespace aiops::detection
