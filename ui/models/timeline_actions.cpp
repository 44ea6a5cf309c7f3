// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timeline_actions.h"

#include <algorithm>

namespace aiops::ui {
namespace {

using Kind = ActionSpan::Kind;

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

bool startsWith(const std::string& text, std::string_view head) {
  return text.starts_with(head);
}

void take(Open& open, const model::TimelineEntry& entry) {
  const std::string& kind = entry.kind;
  if (kind == "proposed") {
    open.begin(Kind::Waiting, entry.at);
  } else if (kind == "rejected" || kind == "expired" || kind == "stale" || kind == "outcome" ||
             kind == "resolved") {
    open.end(entry.at);
  } else if (kind == "approved" || kind == "started" || startsWith(kind, "step")) {
    if (!open.span || open.span->kind == Kind::Waiting) open.begin(Kind::Running, entry.at);
  } else if (startsWith(kind, "check") || startsWith(kind, "validat")) {
    if (!open.span || open.span->kind != Kind::Undoing) open.begin(Kind::Validating, entry.at);
  } else if (kind == "undoing" || kind == "rolling_back") {
    open.begin(Kind::Undoing, entry.at);
  } else if (kind == "undone" || kind == "rolled_back") {
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

std::optional<Silence> silenceOf(const service::TimelineLane& lane, const service::Timeline& timeline) {
  size_t longest = 0;
  size_t quiet = 0;
  bool spoke = false;
  for (const uint32_t count : lane.all) {
    if (count == 0) {
      ++quiet;
      continue;
    }
    if (spoke) longest = std::max(longest, quiet);
    spoke = true;
    quiet = 0;
  }
  if (!spoke || quiet < 5 || quiet <= 3 * longest) return std::nullopt;
  const auto first = static_cast<int64_t>((lane.all.size() - quiet) * timeline.bucketSeconds);
  return Silence{timeline.from + std::chrono::seconds(first), timeline.to};
}

}  // namespace aiops::ui
