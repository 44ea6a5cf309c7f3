// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeline_actions.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace aiops::ui {
namespace {

using Kind = ActionSpan::Kind;

constexpr std::chrono::seconds kLeastSilence{10};

struct Open {
  std::optional<ActionSpan> span;
  std::vector<ActionSpan> done;

  void begin(Kind kind, base::TimePoint at) {
    if (span && span->kind == kind) return;
    end(at);
    span = ActionSpan{kind, at, at, true};
  }
  void end(base::TimePoint at) {
    if (!span) return;
    span->to = std::max(at, span->from);
    span->open = false;
    done.push_back(*span);
    span.reset();
  }
};

bool isOneOf(const std::string& kind, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), kind) != names.end();
}

void take(Open& open, const model::TimelineEntry& entry) {
  const std::string& kind = entry.kind;
  const bool undoing = open.span && open.span->kind == Kind::Undoing;
  if (kind == "proposed") {
    open.begin(Kind::Waiting, entry.at);
  } else if (isOneOf(kind, {"approved", "running", "step"})) {
    if (!open.span || open.span->kind == Kind::Waiting) open.begin(Kind::Running, entry.at);
  } else if (isOneOf(kind, {"validating", "check"})) {
    if (!undoing) open.begin(Kind::Validating, entry.at);
  } else if (kind == "rolling_back") {
    open.begin(Kind::Undoing, entry.at);
  } else if (isOneOf(kind, {"rejected", "expired", "stale", "validated", "succeeded", "rolled_back",
                            "rollback_failed", "needs_human", "undone", "outcome", "resolved"})) {
    open.end(entry.at);
  }
}

}  // namespace

std::vector<ActionSpan> actionSpans(const std::vector<model::TimelineEntry>& entries,
                                    model::IncidentState state, base::TimePoint until) {
  Open open;
  for (const auto& entry : entries) take(open, entry);
  if (open.span && model::isClosed(state)) open.end(until);
  if (open.span) {
    open.span->to = std::max(until, open.span->from);
    open.done.push_back(*open.span);
  }
  return open.done;
}

bool isChange(const model::TimelineEntry& entry) {
  return entry.kind == "change";
}

bool isAction(const model::TimelineEntry& entry) {
  return !isChange(entry) && entry.kind != "event";
}

std::optional<Silence> silenceOf(const service::TimelineLane& lane, const service::Timeline& timeline,
                                 base::TimePoint until) {
  const std::chrono::seconds bucket(std::max(timeline.bucketSeconds, 1U));
  const auto passed = std::max<int64_t>((std::min(until, timeline.to) - timeline.from) / bucket, 0);
  const size_t known = std::min(lane.all.size(), static_cast<size_t>(passed));
  size_t longest = 0;
  size_t quiet = 0;
  bool spoke = false;
  for (size_t i = 0; i < known; ++i) {
    if (lane.all[i] == 0) {
      ++quiet;
      continue;
    }
    if (spoke) longest = std::max(longest, quiet);
    spoke = true;
    quiet = 0;
  }
  if (!spoke || quiet < 5 || quiet * bucket < kLeastSilence || quiet <= 3 * longest) return std::nullopt;
  return Silence{timeline.from + (known - quiet) * bucket, std::min(until, timeline.to)};
}

}  // namespace aiops::ui
