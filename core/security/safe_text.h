// Foreign text made safe to show: plain, with everything that could deceive as a visible escape.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aiops::security {

/// A string from a log, a file, a process or a model, in a form that is safe to show. Controls, bidi,
/// zero-width, tag and unassigned characters appear as ⟦U+202E⟧, ⟦ESC⟧, ⟦NUL⟧; bad UTF-8 as ⟦xFF⟧; at most
/// `maxBytes` bytes of input, then "⟦cut, N bytes⟧". A tab becomes one space. The only way from foreign bytes
/// to a label.
class SafeText {
 public:
  SafeText() = default;
  static SafeText from(std::string_view foreign, size_t maxBytes = 4096);

  /// Valid UTF-8 without any control or format character.
  const std::string& text() const { return m_text; }
  /// Byte ranges [first, last) of `text()` that are escapes, to be shown in the warning colour.
  struct Range {
    size_t first, last;
  };
  const std::vector<Range>& escapes() const { return m_escapes; }

 private:
  std::string m_text;
  std::vector<Range> m_escapes;
};

}  // namespace aiops::security
