// Lengths of the timeline, in px.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace aiops::ui {

inline constexpr int kLabelWidth = 104;
inline constexpr int kRightMargin = 10;
inline constexpr int kAxisHeight = 22;
inline constexpr int kChangesHeight = 34;
inline constexpr int kFoldedHeight = 22;
inline constexpr int kActionsHeight = 46;
inline constexpr int kLeastLane = 30;
inline constexpr int kTallestLane = 46;

}  // namespace aiops::ui
