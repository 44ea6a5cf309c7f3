// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/editable_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "security/safe_text.h"

namespace aiops::ui {
namespace {

constexpr std::string_view kOpen = "\u27E6", kClose = "\u27E7";

/// The names of SafeText for characters below a space, and for delete.
constexpr std::array<std::pair<std::string_view, char>, 33> kNames{
    {{"NUL", 0},  {"SOH", 1},  {"STX", 2},  {"ETX", 3},  {"EOT", 4},  {"ENQ", 5},  {"ACK", 6},
     {"BEL", 7},  {"BS", 8},   {"TAB", 9},  {"LF", 10},  {"VT", 11},  {"FF", 12},  {"CR", 13},
     {"SO", 14},  {"SI", 15},  {"DLE", 16}, {"DC1", 17}, {"DC2", 18}, {"DC3", 19}, {"DC4", 20},
     {"NAK", 21}, {"SYN", 22}, {"ETB", 23}, {"CAN", 24}, {"EM", 25},  {"SUB", 26}, {"ESC", 27},
     {"FS", 28},  {"GS", 29},  {"RS", 30},  {"US", 31},  {"DEL", 127}}};

std::optional<char32_t> hexValue(std::string_view digits) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string utf8Of(char32_t code) {
  // QString::fromUcs4 would take a byte order mark for one and drop it.
  return QStringView(QChar::fromUcs4(code)).toUtf8().toStdString();
}

/// The bytes that an escape stands for, or nothing if it is not one of ours.
std::optional<std::string> bytesOf(std::string_view name) {
  const auto known =
      std::find_if(kNames.begin(), kNames.end(), [name](const auto& row) { return row.first == name; });
  if (known != kNames.end()) return std::string(1, known->second);
  if (name.starts_with("U+")) {
    const auto code = hexValue(name.substr(2));
    return code && *code <= 0x10FFFF ? std::optional(utf8Of(*code)) : std::nullopt;
  }
  if (name.size() == 3 && name[0] == 'x') {
    const auto byte = hexValue(name.substr(1));
    if (byte) return std::string(1, static_cast<char>(*byte));
  }
  return std::nullopt;
}

}  // namespace

QString toEditable(std::string_view bytes) {
  std::string shown;
  size_t first = 0;
  for (size_t i = 0; i <= bytes.size(); ++i) {
    const bool keeps = i < bytes.size() && (bytes[i] == '\n' || bytes[i] == '\t');
    if (i < bytes.size() && !keeps) continue;
    const auto part = bytes.substr(first, i - first);
    shown += security::SafeText::from(part, part.size()).text();
    if (keeps) shown += bytes[i];
    first = i + 1;
  }
  // A text document of Qt would give a no-break space back as a plain one.
  return QString::fromStdString(shown).replace(QChar(0x00A0), QStringLiteral("\u27E6U+00A0\u27E7"));
}

std::string fromEditable(const QString& text) {
  const std::string shown = text.toStdString();
  std::string bytes;
  size_t at = 0;
  while (at < shown.size()) {
    const auto open = shown.find(kOpen, at);
    bytes.append(shown, at, std::min(open, shown.size()) - at);
    if (open == std::string::npos) break;
    const auto name = open + kOpen.size();
    const auto close = shown.find(kClose, name);
    const auto meant = close == std::string::npos
                           ? std::nullopt
                           : bytesOf(std::string_view(shown).substr(name, close - name));
    bytes += meant.value_or(std::string(kOpen));
    at = meant ? close + kClose.size() : name;
  }
  return bytes;
}

}  // namespace aiops::ui
