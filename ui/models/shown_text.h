// Foreign text as the console shows it: SafeText in Qt's string type, with the escapes in UTF-16 units.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>
#include <vector>

namespace aiops::ui {

/// Half-open range of UTF-16 units.
struct TextSpan {
  int first = 0;
  int last = 0;
  bool operator==(const TextSpan&) const = default;
};

/// Safe to draw as plain text. `escapes` belong in the warning colour.
struct ShownText {
  QString text;
  std::vector<TextSpan> escapes;
};

/// The only way from foreign bytes to a widget of these panels. At most `maxBytes` of input are kept.
ShownText shownText(std::string_view foreign, size_t maxBytes = 4096);

/// The text alone, where no escape can be coloured (accessible names, clipboard, cells).
QString shownString(std::string_view foreign, size_t maxBytes = 4096);

/// Byte ranges of `utf8` as UTF-16 ranges. `spans` ascend and end on character borders.
std::vector<TextSpan> toUtf16(std::string_view utf8, const std::vector<TextSpan>& spans);

}  // namespace aiops::ui
