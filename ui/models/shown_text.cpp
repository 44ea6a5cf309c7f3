// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/shown_text.h"

#include "security/safe_text.h"

namespace aiops::ui {
namespace {

// UTF-16 units that the bytes [first, last) take.
int unitsOf(std::string_view utf8, int first, int last) {
  int units = 0;
  for (int i = first; i < last; ++i) {
    const auto byte = static_cast<unsigned char>(utf8[static_cast<size_t>(i)]);
    if ((byte & 0xC0U) == 0x80U) continue;
    units += byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

}  // namespace

std::vector<TextSpan> toUtf16(std::string_view utf8, const std::vector<TextSpan>& spans) {
  std::vector<TextSpan> result;
  result.reserve(spans.size());
  int byte = 0;
  int unit = 0;
  for (const auto& span : spans) {
    const int first = unit + unitsOf(utf8, byte, span.first);
    const int last = first + unitsOf(utf8, span.first, span.last);
    result.push_back({first, last});
    byte = span.last;
    unit = last;
  }
  return result;
}

ShownText shownText(std::string_view foreign, size_t maxBytes) {
  const auto safe = security::SafeText::from(foreign, maxBytes);
  std::vector<TextSpan> bytes;
  for (const auto& range : safe.escapes()) {
    bytes.push_back({static_cast<int>(range.first), static_cast<int>(range.last)});
  }
  return {QString::fromStdString(safe.text()), toUtf16(safe.text(), bytes)};
}

QString shownString(std::string_view foreign, size_t maxBytes) {
  return QString::fromStdString(security::SafeText::from(foreign, maxBytes).text());
}

}  // namespace aiops::ui
