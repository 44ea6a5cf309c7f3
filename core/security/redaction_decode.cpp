// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction_decode.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace aiops::security {
namespace {

constexpr size_t kShortestRun = 12;     // of base64 or hex digits
constexpr size_t kShortestReading = 8;  // printable bytes
constexpr size_t kWrappedLine = 56;     // a line of wrapped base64 has at least so many digits
constexpr size_t kLongestEntity = 10;   // "&#x10FFFF;"

constexpr auto kBase64 = [] {
  std::array<int8_t, 256> out{};
  out.fill(-1);
  for (int i = 0; i < 26; ++i) {
    out[static_cast<size_t>('A' + i)] = static_cast<int8_t>(i);
    out[static_cast<size_t>('a' + i)] = static_cast<int8_t>(26 + i);
  }
  for (int i = 0; i < 10; ++i) out[static_cast<size_t>('0' + i)] = static_cast<int8_t>(52 + i);
  out['+'] = out['-'] = 62;
  out['/'] = out['_'] = 63;
  return out;
}();

int base64Digit(char c) {
  return kBase64[static_cast<unsigned char>(c)];
}
int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool isPrintable(unsigned byte) {
  return (byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
}
bool isAsciiPrintable(unsigned byte) {
  return isPrintable(byte) && byte < 0x80;
}

/// The number of `count` hex digits from `at`, or nothing.
std::optional<uint32_t> hexNumber(std::string_view text, size_t at, size_t count) {
  if (at + count > text.size()) return std::nullopt;
  uint32_t number = 0;
  for (size_t i = 0; i < count; ++i) {
    const int digit = hexDigit(text[at + i]);
    if (digit < 0) return std::nullopt;
    number = number * 16 + static_cast<uint32_t>(digit);
  }
  return number;
}

void put(DecodedText& out, unsigned byte, size_t from, size_t to) {
  out.text += static_cast<char>(byte);
  out.from.push_back(from);
  out.to.push_back(to);
}

void putCharacter(DecodedText& out, uint32_t code, size_t from, size_t to) {
  if (code < 0x80) return put(out, code, from, to);
  if (code < 0x800) {
    put(out, 0xC0 | code >> 6, from, to);
  } else {
    if (code < 0x10000) {
      put(out, 0xE0 | code >> 12, from, to);
    } else {
      put(out, 0xF0 | (code >> 18 & 7), from, to);
      put(out, 0x80 | (code >> 12 & 63), from, to);
    }
    put(out, 0x80 | (code >> 6 & 63), from, to);
  }
  put(out, 0x80 | (code & 63), from, to);
}

/// An escape that begins at `at`: the character and how many bytes it has; 0 bytes: none.
struct Escape {
  uint32_t code = 0;
  size_t length = 0;
  bool isByte = false;  ///< the code is one byte, not a character
};

Escape percentAt(std::string_view text, size_t at) {
  const auto number = hexNumber(text, at + 1, 2);
  return number ? Escape{*number, 3, true} : Escape{};
}

Escape unicodeAt(std::string_view text, size_t at) {
  const auto high = hexNumber(text, at + 2, 4);
  if (!high) return {};
  const bool pair = *high >= 0xD800 && *high < 0xDC00 && text.substr(at + 6).starts_with("\\u");
  const auto low = pair ? hexNumber(text, at + 8, 4) : std::nullopt;
  if (low && *low >= 0xDC00 && *low < 0xE000)
    return {0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00), 12};
  return {*high, 6};
}

Escape backslashAt(std::string_view text, size_t at) {
  if (at + 1 >= text.size()) return {};
  switch (text[at + 1]) {
    case 'u':
      return unicodeAt(text, at);
    case 'x':
      if (const auto number = hexNumber(text, at + 2, 2)) return {*number, 4, true};
      return {};
    case 'n':
      return {'\n', 2};
    case 'r':
      return {'\r', 2};
    case 't':
      return {'\t', 2};
    case '"':
    case '\'':
    case '\\':
    case '/':
      return {static_cast<uint32_t>(text[at + 1]), 2};
    default:
      return {};
  }
}

Escape entityAt(std::string_view text, size_t at) {
  const auto end = text.substr(at, kLongestEntity).find(';');
  if (end == std::string_view::npos || end < 3) return {};
  const auto name = text.substr(at + 1, end - 1);
  static constexpr std::pair<std::string_view, char> kNames[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, c] : kNames) {
    if (name == known) return {static_cast<uint32_t>(c), end + 1};
  }
  if (name[0] != '#') return {};
  const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
  uint32_t code = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const int digit = hexDigit(c);
    if (digit < 0 || (!hex && digit > 9)) return {};
    code = code * (hex ? 16 : 10) + static_cast<uint32_t>(digit);
  }
  return code == 0 || code > 0x10FFFF ? Escape{} : Escape{code, end + 1};
}

/// The whole text with its escapes undone, if there is one.
template <class At>
void undoEscapes(std::string_view source, char mark, At at, std::vector<DecodedText>& out, size_t& work) {
  size_t i = source.find(mark);
  while (i != std::string_view::npos && at(source, i).length == 0) i = source.find(mark, i + 1);
  if (i == std::string_view::npos) return;
  DecodedText reading;
  reading.text.reserve(source.size());
  reading.from.reserve(source.size());
  reading.to.reserve(source.size());
  for (i = 0; i < source.size();) {
    const auto escape = source[i] == mark ? at(source, i) : Escape{};
    const size_t next = i + std::max<size_t>(escape.length, 1);
    if (escape.length == 0) {
      put(reading, static_cast<unsigned char>(source[i]), i, next);
    } else if (escape.isByte) {
      put(reading, escape.code, i, next);
    } else {
      putCharacter(reading, escape.code, i, next);
    }
    i = next;
  }
  work += reading.text.size();
  out.push_back(std::move(reading));
}

/// Collects bytes; keeps the stretches that can be read.
class Readings {
 public:
  explicit Readings(std::vector<DecodedText>& out) : m_out(out) {}
  void add(unsigned byte, size_t from, size_t to) {
    if (!isPrintable(byte)) return end();
    m_ascii += isAsciiPrintable(byte);
    put(m_now, byte, from, to);
  }
  /// Random bytes seldom are ASCII for long; text in another script has at least its key words in it.
  void end() {
    if (m_now.text.size() >= kShortestReading && m_ascii >= kShortestReading) {
      m_out.push_back(std::move(m_now));
      m_now = {};
    } else {
      m_now.text.clear();
      m_now.from.clear();
      m_now.to.clear();
    }
    m_ascii = 0;
  }

 private:
  std::vector<DecodedText>& m_out;
  DecodedText m_now;
  size_t m_ascii = 0;
};

/// As Readings, but only looks whether there would be one: nearly all runs are ordinary words.
class AnyReading {
 public:
  void add(unsigned byte, size_t, size_t) {
    if (!isPrintable(byte)) return end();
    m_ascii += isAsciiPrintable(byte);
  }
  void end() {
    m_any = m_any || m_ascii >= kShortestReading;
    m_ascii = 0;
  }
  bool any() const { return m_any; }

 private:
  size_t m_ascii = 0;
  bool m_any = false;
};

/// The places of the digits of a run, without the line ends in it.
using Places = std::vector<size_t>;

template <class Sink>
void readBase64(std::string_view source, const Places& run, Sink& readings) {
  for (size_t phase = 0; phase < 4; ++phase) {
    for (size_t i = phase; i + 1 < run.size(); i += 4) {
      const size_t count = std::min<size_t>(4, run.size() - i);
      uint32_t bits = 0;
      for (size_t k = 0; k < 4; ++k)
        bits = bits << 6 | (k < count ? static_cast<uint32_t>(base64Digit(source[run[i + k]])) : 0);
      for (size_t k = 0; k + 1 < count; ++k)
        readings.add(bits >> (16 - 8 * k) & 255, run[i + k], run[i + k + 1] + 1);
    }
    readings.end();
  }
}

template <class Sink>
void readHex(std::string_view source, const Places& run, Sink& readings) {
  for (size_t phase = 0; phase < 2; ++phase) {
    for (size_t i = phase; i + 1 < run.size(); i += 2) {
      readings.add(static_cast<unsigned>(hexDigit(source[run[i]]) * 16 + hexDigit(source[run[i + 1]])),
                   run[i], run[i + 1] + 1);
    }
    readings.end();
  }
}

/// `read` is one of the two above.
template <class Read>
void readRun(const Places& run, Read read, std::vector<DecodedText>& out, size_t& work) {
  AnyReading look;
  read(look);
  work += run.size();
  if (!look.any()) return;
  Readings readings(out);
  read(readings);
  work += 4 * run.size();
}

/// How many bytes of line end stand at `at`: "\n", "\r\n", or the two written as escapes.
size_t lineEndAt(std::string_view text, size_t at) {
  for (const std::string_view end : {"\r\n", "\n", "\\r\\n", "\\n"}) {
    if (text.substr(at).starts_with(end)) return end.size();
  }
  return 0;
}

/// Calls `use` with each run of bytes for which `isDigit`. Lines of wrapped digits are one run.
template <class IsDigit, class Use>
void forRuns(std::string_view text, IsDigit isDigit, Use use) {
  Places run;
  for (size_t i = 0; i < text.size();) {
    const size_t line = i;
    while (i < text.size() && isDigit(text[i])) ++i;
    if (i - line < kShortestRun && run.empty()) {
      i += i == line || i < text.size();
      continue;
    }
    for (size_t k = line; k < i; ++k) run.push_back(k);
    const size_t lineEnd = i - line >= kWrappedLine && i < text.size() ? lineEndAt(text, i) : 0;
    if (lineEnd > 0) {
      i += lineEnd;
      continue;
    }
    if (run.size() >= kShortestRun) use(run);
    run.clear();
    ++i;
  }
  if (run.size() >= kShortestRun) use(run);
}

}  // namespace

std::vector<DecodedText> decodings(std::string_view source, size_t& work) {
  std::vector<DecodedText> out;
  undoEscapes(source, '%', percentAt, out, work);
  undoEscapes(source, '\\', backslashAt, out, work);
  undoEscapes(source, '&', entityAt, out, work);
  forRuns(
      source, [](char c) { return base64Digit(c) >= 0; },
      [&](const Places& run) {
        readRun(run, [&](auto& sink) { readBase64(source, run, sink); }, out, work);
        const auto hexDigits =
            std::ranges::count_if(run, [&](size_t at) { return hexDigit(source[at]) >= 0; });
        if (hexDigits < static_cast<std::ptrdiff_t>(kShortestRun)) return;
        Places part;  // a run of hex digits lies inside one of base64 digits
        for (size_t i = 0; i <= run.size(); ++i) {
          if (i < run.size() && hexDigit(source[run[i]]) >= 0) {
            part.push_back(run[i]);
            continue;
          }
          if (part.size() >= kShortestRun)
            readRun(part, [&](auto& sink) { readHex(source, part, sink); }, out, work);
          part.clear();
        }
      });
  return out;
}

}  // namespace aiops::security
