// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/safe_text.h"

#include <QChar>
#include <array>
#include <optional>

namespace aiops::security {
namespace {

constexpr std::array<const char*, 32> kControlNames{"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL",
                                                    "BS",  "TAB", "LF",  "VT",  "FF",  "CR",  "SO",  "SI",
                                                    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB",
                                                    "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US"};

/// Combining marks stacked higher than any script needs run over the lines around them.
constexpr unsigned kMaxMarks = 4;

struct Decoded {
  char32_t code = 0;
  size_t length = 0;
};

unsigned char at(std::string_view text, size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

/// One well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7), or nothing.
std::optional<Decoded> decode(std::string_view text) {
  const unsigned char a = at(text, 0), b = at(text, 1), c = at(text, 2), d = at(text, 3);
  const auto tail = [](unsigned char byte) { return (byte & 0xC0) == 0x80; };
  const auto bits = [](unsigned char byte, int mask) { return static_cast<char32_t>(byte & mask); };
  if (a < 0x80) return Decoded{a, 1};
  if (a >= 0xC2 && a <= 0xDF && tail(b)) return Decoded{bits(a, 0x1F) << 6 | bits(b, 0x3F), 2};
  if (a >= 0xE0 && a <= 0xEF && tail(b) && tail(c)) {
    const char32_t code = bits(a, 0x0F) << 12 | bits(b, 0x3F) << 6 | bits(c, 0x3F);
    if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return Decoded{code, 3};
  }
  if (a >= 0xF0 && a <= 0xF4 && tail(b) && tail(c) && tail(d)) {
    const char32_t code = bits(a, 0x07) << 18 | bits(b, 0x3F) << 12 | bits(c, 0x3F) << 6 | bits(d, 0x3F);
    if (code >= 0x10000 && code <= 0x10FFFF) return Decoded{code, 4};
  }
  return std::nullopt;
}

bool in(char32_t code, char32_t first, char32_t last) {
  return code >= first && code <= last;
}

/// Shown as nothing although its general category is a letter or a mark (Default_Ignorable_Code_Point).
bool isInvisible(char32_t code) {
  return code == 0x034F || in(code, 0x115F, 0x1160) || in(code, 0x17B4, 0x17B5) || in(code, 0x180B, 0x180F) ||
         code == 0x2800 || code == 0x3164 || in(code, 0xFE00, 0xFE0F) || code == 0xFFA0 ||
         in(code, 0x2060, 0x206F) || in(code, 0xFFF0, 0xFFFB) || in(code, 0xE0000, 0xE0FFF);
}

bool isUnsafe(char32_t code) {
  switch (QChar::category(code)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:  // noncharacters too
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
      return true;
    default:
      // The brackets of an escape, so that foreign text can't imitate one.
      return isInvisible(code) || code == 0x27E6 || code == 0x27E7;
  }
}

bool isMark(char32_t code) {
  const auto category = QChar::category(code);
  return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing;
}

std::string hexDigits(char32_t value, size_t least) {
  std::string digits;
  for (; value != 0 || digits.size() < least; value >>= 4)
    digits.insert(digits.begin(), "0123456789ABCDEF"[value & 15]);
  return digits;
}

std::string nameOf(char32_t code) {
  if (code < kControlNames.size()) return kControlNames[code];
  if (code == 0x7F) return "DEL";
  return "U+" + hexDigits(code, 4);
}

/// Moves a cut inside a sequence back to its start.
size_t wholeSequences(std::string_view text, size_t cut) {
  for (size_t back = 1; back <= 3 && back <= cut; ++back) {
    const auto sequence = decode(text.substr(cut - back));
    if (sequence) return sequence->length > back ? cut - back : cut;
  }
  return cut;
}

}  // namespace

SafeText SafeText::from(std::string_view foreign, size_t maxBytes) {
  SafeText safe;
  const auto escape = [&](const std::string& name) {
    const size_t first = safe.m_text.size();
    safe.m_text += "\u27E6" + name + "\u27E7";
    safe.m_escapes.push_back({first, safe.m_text.size()});
  };
  const size_t end = foreign.size() <= maxBytes ? foreign.size() : wholeSequences(foreign, maxBytes);
  unsigned marks = 0;
  for (size_t i = 0; i < end;) {
    const auto sequence = decode(foreign.substr(i, end - i));
    if (!sequence) {
      escape("x" + hexDigits(at(foreign, i), 2));
      ++i;
      continue;
    }
    marks = isMark(sequence->code) ? marks + 1 : 0;
    if (sequence->code == '\t') {
      safe.m_text += ' ';
    } else if (isUnsafe(sequence->code) || marks > kMaxMarks) {
      escape(nameOf(sequence->code));
    } else {
      safe.m_text += foreign.substr(i, sequence->length);
    }
    i += sequence->length;
  }
  if (end < foreign.size()) escape("cut, " + std::to_string(foreign.size() - end) + " bytes");
  return safe;
}

}  // namespace aiops::security
