// Painting foreign text in the order of its bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <algorithm>

namespace aiops::ui {

/// `text` with an override in front that keeps right-to-left letters in the order of the bytes. For painting
/// only: what is shown, copied or read out is the text itself.
inline QString forcedLeftToRight(const QString& text) {
  constexpr char16_t kFirstRightToLeft = 0x0590;
  constexpr char16_t kLeftToRightOverride = 0x202D;
  const bool plain =
      std::all_of(text.begin(), text.end(), [](QChar unit) { return unit.unicode() < kFirstRightToLeft; });
  return plain ? text : QChar(kLeftToRightOverride) + text;
}

}  // namespace aiops::ui
