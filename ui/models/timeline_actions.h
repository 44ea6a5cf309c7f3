// What was done about an incident, as spans and marks on its timeline.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "service/operations.h"

namespace aiops::ui {

/// A stretch of time in which something went on. `open`: it still does.
struct ActionSpan {
  enum class Kind { Waiting, Running, Validating, Undoing };
  Kind kind = Kind::Waiting;
  base::TimePoint from;
  base::TimePoint to;
  bool open = false;
  bool operator==(const ActionSpan&) const = default;
};

/// Where a lane has no line any more: from the end of its last bucket with lines to the end.
struct Silence {
  base::TimePoint from;
  base::TimePoint to;
};

/// Waiting from proposed to the decision (or the end, if it is still awaited), running from there to the
/// first check, checking to the outcome, undoing likewise. Entries in order of happening. Times are cut to
/// `until`.
std::vector<ActionSpan> actionSpans(const std::vector<model::TimelineEntry>& entries,
                                    model::IncidentState state, base::TimePoint until);

/// Entries that are acts (opened, diagnosed, proposed ...), not detections and not changes.
bool isAction(const model::TimelineEntry& entry);
bool isChange(const model::TimelineEntry& entry);

/// Set if the lane had lines, and its last quiet time before `until` (now, at most) is at least 5 buckets and
/// 10 s, and longer than 3 times any before. Buckets after `until` say nothing.
std::optional<Silence> silenceOf(const service::TimelineLane& lane, const service::Timeline& timeline,
                                 base::TimePoint until);

}  // namespace aiops::ui
