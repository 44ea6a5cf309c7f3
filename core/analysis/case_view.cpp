// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/case_view.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <string_view>

#include "correlation/signal_class.h"

namespace aiops::analysis {

namespace {

struct MannerWord {
  std::string_view word;
  std::string_view manner;
};

/// In order of weight: a retry that was "refused" and then "timed out" was refused.
constexpr std::array<MannerWord, 17> kMannerWords = {{
    {"certificate", "certificate"},
    {"name resolution", "name_resolution_failed"},
    {"name or service not known", "name_resolution_failed"},
    {"refused", "connection_refused"},
    {"unreachable", "connection_refused"},
    {"no live upstreams", "connection_refused"},
    {"no route to host", "connection_refused"},
    {"nosrv", "connection_refused"},
    {"reset by peer", "connection_reset"},
    {"prematurely closed", "connection_reset"},
    {"timed out", "timeout"},
    {"timeout", "timeout"},
    {"deadline exceeded", "timeout"},
    {"answered 5", "answered_error"},
    {"returned 5", "answered_error"},
    {"responded 5", "answered_error"},
    {"responded with 5", "answered_error"},
}};

/// Signals that say that a dependency fails, but not how.
constexpr std::array<std::string_view, 5> kUnspecific = {
    "upstream_failing", "dependency_failing", "error_logged", "connection_failed", "upstream_timeout"};

std::string mannerOf(const model::Event& event) {
  if (std::ranges::find(kUnspecific, event.signal) == kUnspecific.end()) return {};
  for (const auto& [word, manner] : kMannerWords) {
    for (const auto& ref : event.evidence) {
      const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
      if (!std::ranges::search(ref.text, word, same).empty()) return std::string(manner);
    }
  }
  return {};
}

}  // namespace

CaseView::CaseView(const CaseFile& file, const correlation::Topology& topology)
    : m_blame(file.blame), m_topology(topology) {
  correlation::ServiceNames names(topology);
  for (const auto& event : file.events) names.learn(event);
  for (const auto& event : file.events) {
    m_events.push_back(&event);
    if (auto manner = mannerOf(event); !manner.empty()) m_manners[&event] = std::move(manner);
    if (!m_blame.contains(event.id)) m_blame[event.id] = names.blamedBy(event);
  }
  std::ranges::stable_sort(m_events, {}, [](const auto* event) { return event->first; });
}

bool CaseView::trouble(const model::Event& event) {
  return event.severity >= model::Severity::Warning &&
         correlation::classOf(event.signal, event.severity) != correlation::SignalClass::Context;
}

bool CaseView::shows(const model::Event& event, const std::vector<std::string>& signals) const {
  if (listed(signals, event.signal)) return true;
  if (listed(signals, "siblings_well") && trouble(event) && alone(event)) return true;
  const auto manner = m_manners.find(&event);
  return manner != m_manners.end() && listed(signals, manner->second);
}

/// True when its service is one of several (web-1, web-2) and none of the others is in trouble.
bool CaseView::alone(const model::Event& event) const {
  const auto stem = [](std::string_view name) {
    const auto end = name.find_last_not_of("0123456789");
    return end == std::string_view::npos || end + 1 == name.size() ? std::string_view()
                                                                   : name.substr(0, end + 1);
  };
  const auto own = stem(event.service);
  bool any = false;
  const auto names = m_topology.names();
  for (const auto& name : *names) {
    if (own.empty() || name == event.service || stem(name) != own) continue;
    any = true;
    const bool troubled = std::ranges::any_of(
        m_events, [&](const auto* other) { return other->service == name && trouble(*other); });
    if (troubled) return false;
  }
  return any;
}

const model::Event* CaseView::seen(const std::string& service, const std::vector<std::string>& signals,
                                   base::TimePoint until) const {
  for (const auto* event : m_events) {
    if (event->service == service && event->first <= until && shows(*event, signals)) return event;
  }
  return nullptr;
}

const model::Event* CaseView::seenAnywhere(const std::vector<std::string>& signals) const {
  for (const auto* event : m_events) {
    if (shows(*event, signals)) return event;
  }
  return nullptr;
}

const model::Event* CaseView::troubleOf(const std::string& service, base::TimePoint since) const {
  const model::Event* pointing = nullptr;
  for (const auto* event : m_events) {
    if (!trouble(*event) || event->last < since) continue;
    if (event->service == service) return event;
    if (pointing == nullptr && listed(blamed(*event), service)) pointing = event;
  }
  return pointing;
}

std::vector<const model::Event*> CaseView::firstSigns() const {
  std::vector<const model::Event*> signs;
  for (const auto* event : m_events) {
    if (!trouble(*event)) continue;
    if (std::ranges::none_of(signs, [&](const auto* s) { return s->service == event->service; }))
      signs.push_back(event);
  }
  return signs;
}

bool listed(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

void cite(std::vector<model::Citation>& into, const model::Event& event, size_t most,
          const std::string& reason) {
  for (size_t i = 0; i < std::min(most, event.evidence.size()); ++i) {
    into.push_back({.evidence = event.evidence[i], .reason = reason});
  }
}

std::string delayText(base::Duration delay) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f s after", std::chrono::duration<double>(delay).count());
  return text;
}

}  // namespace aiops::analysis
