// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/investigation_view.h"

#include <algorithm>
#include <cstdio>

#include "agents/engine.h"

namespace aiops::service {
namespace {

constexpr std::chrono::seconds kBefore{60};  // of normal life shown before the first sign
constexpr std::chrono::seconds kAfter{20};
constexpr std::chrono::minutes kChangeShown{10};  // before the first sign: what was changed is seen too
constexpr std::chrono::seconds kBeforeChange{10};
constexpr int64_t kBuckets = 120;
constexpr size_t kMostSimilar = 5;
constexpr double kLeastAlike = 0.3;

/// Before the first sign, and before what was changed shortly before that.
base::TimePoint shownFrom(const Investigation& view) {
  const auto start = view.incident.startedAt;
  auto from = start - kBefore;
  for (const auto& entry : view.timeline.entries) {
    const bool shown = entry.kind == "change" && entry.at < start && start - entry.at <= kChangeShown;
    if (shown) from = std::min(from, entry.at - kBeforeChange);
  }
  return from;
}

int64_t secondOf(base::TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

base::TimePoint timeOf(int64_t second) {
  return base::TimePoint(std::chrono::seconds(second));
}

/// The incident's services, the root cause first, then those that are not affected.
std::vector<std::string> laneOrder(const Investigation& view, const std::vector<std::string>& known) {
  std::vector<std::string> order = view.incident.services;
  if (!view.diagnosis.hypotheses.empty()) {
    const auto& root = view.diagnosis.hypotheses.front().service;
    const auto at = std::ranges::find(order, root);
    if (at != order.end()) std::rotate(order.begin(), at, at + 1);
  }
  for (const auto& service : known) {
    if (std::ranges::find(order, service) == order.end()) order.push_back(service);
  }
  return order;
}

std::string roleOf(const Investigation& view, const std::string& service) {
  const bool affected = std::ranges::find(view.incident.services, service) != view.incident.services.end();
  if (!affected) return "unaffected";
  const auto verdict = view.diagnosis.verdict;
  const bool known = verdict == model::Verdict::Confirmed || verdict == model::Verdict::Likely;
  return known && view.diagnosis.hypotheses.front().service == service ? "root cause" : "failing";
}

void addFirstSign(TimelineLane& lane, const Investigation& view) {
  for (const auto& event : view.events) {
    const bool isSign = event.severity >= model::Severity::Warning;  // else a change, such as a start
    if (event.service != lane.service || !isSign) continue;
    if (lane.firstSign && *lane.firstSign <= event.first) continue;
    lane.firstSign = event.first;
    lane.firstSignText = event.patternName;
  }
  if (!lane.firstSign || *lane.firstSign == view.incident.startedAt) return;
  char delay[32];
  const auto seconds = std::chrono::duration<double>(*lane.firstSign - view.incident.startedAt).count();
  std::snprintf(delay, sizeof delay, "%+.2f s", seconds);
  lane.firstSignText = delay;
}

base::Result<> addLanes(agents::Engine& engine, Investigation& view) {
  auto& timeline = view.timeline;
  const int64_t from = secondOf(timeline.from), width = timeline.bucketSeconds;
  const auto buckets = static_cast<size_t>((secondOf(timeline.to) - from + width - 1) / width);
  for (const auto& service : laneOrder(view, engine.serviceNames())) {
    TimelineLane lane{.service = service, .role = roleOf(view, service)};
    lane.all.resize(buckets);
    lane.warnings.resize(buckets);
    const auto counts = engine.store().lineCounts({service}, timeline.from, timeline.to);
    if (!counts) return std::unexpected(counts.error());
    for (const auto& count : *counts) {
      const auto bucket = static_cast<size_t>((count.second - from) / width);
      if (count.second < from || bucket >= buckets) continue;
      lane.all[bucket] += count.all;
      lane.warnings[bucket] += count.warnings;
    }
    addFirstSign(lane, view);
    timeline.lanes.push_back(std::move(lane));
  }
  return {};
}

}  // namespace

base::Result<Investigation> investigationView(agents::Engine& engine, const std::string& id) {
  auto& store = engine.store();
  auto incident = store.incident(id);
  if (!incident) return std::unexpected(incident.error());
  Investigation view{.incident = *incident};
  auto events = store.eventsOf(incident->id);
  auto fixes = store.fixesOf(incident->id);
  auto entries = store.timeline(incident->id);
  if (!events) return std::unexpected(events.error());
  if (!fixes) return std::unexpected(fixes.error());
  if (!entries) return std::unexpected(entries.error());
  view.events = *std::move(events);
  view.fixes = *std::move(fixes);
  view.timeline.entries = *std::move(entries);
  if (auto diagnosis = store.diagnosis(incident->id)) view.diagnosis = *std::move(diagnosis);
  for (const auto& fix : view.fixes) {
    if (auto outcome = store.outcomeOf(fix.id)) view.outcomes.push_back(*std::move(outcome));
  }
  view.similar =
      engine.memory().similar(knowledge::termsOf(view.events), incident->id, kMostSimilar, kLeastAlike);
  const auto end = incident->endedAt.value_or(engine.clock().now());
  view.changes = engine.changes().around(*incident, {}, end);
  const int64_t from = secondOf(shownFrom(view)), to = secondOf(end + kAfter) + 1;
  view.timeline.bucketSeconds =
      static_cast<uint32_t>(std::max<int64_t>(1, (to - from + kBuckets - 1) / kBuckets));
  view.timeline.from = timeOf(from);
  view.timeline.to = timeOf(to);
  if (auto lanes = addLanes(engine, view); !lanes) return std::unexpected(lanes.error());
  return view;
}

}  // namespace aiops::service
