// A case as analysts ask about it. Internal to analysis.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analyst.h"
#include "correlation/service_names.h"

namespace aiops::analysis {

/// Refers to the case file and the topology.
class CaseView {
 public:
  CaseView(const CaseFile& file, const correlation::Topology& topology);

  /// By first sign.
  const std::vector<const model::Event*>& events() const { return m_events; }
  const std::vector<std::string>& blamed(const model::Event& event) const { return m_blame.at(event.id); }
  /// True for an event that is trouble and not only context.
  static bool trouble(const model::Event& event);
  /// True when the event has one of the signals: its pattern's, or the manner that its lines tell. Of a
  /// failing upstream that may be "connection_refused", "timeout" or "answered_error".
  bool shows(const model::Event& event, const std::vector<std::string>& signals) const;
  /// The earliest event of the service with one of the signals, not after `until`; or null.
  const model::Event* seen(const std::string& service, const std::vector<std::string>& signals,
                           base::TimePoint until = base::TimePoint::max()) const;
  const model::Event* seenAnywhere(const std::vector<std::string>& signals) const;
  /// The first trouble of the service that was not over before `since`, else the first that points at it; or
  /// null.
  const model::Event* troubleOf(const std::string& service,
                                base::TimePoint since = base::TimePoint::min()) const;
  /// The first trouble of each service, the earliest first.
  std::vector<const model::Event*> firstSigns() const;

 private:
  std::vector<const model::Event*> m_events;
  Blame m_blame;
  bool alone(const model::Event& event) const;

  const correlation::Topology& m_topology;
  std::map<const model::Event*, std::string> m_manners;
};

/// Of what came first and what came `within` that time of it, what belongs to the deepest dependency: closer
/// than that, times don't tell who was first. `signs` are by time and not empty; serviceOf and timeOf read
/// one.
template <class Sign, class ServiceOf, class TimeOf>
const Sign& originOf(const std::vector<Sign>& signs, base::Duration within,
                     const correlation::Topology& topology, const ServiceOf& serviceOf,
                     const TimeOf& timeOf) {
  const Sign* origin = &signs.front();
  for (const auto& sign : signs) {
    const bool simultaneous = timeOf(sign) - timeOf(signs.front()) <= within;
    if (simultaneous && topology.dependsOn(serviceOf(*origin), serviceOf(sign))) origin = &sign;
  }
  return *origin;
}

bool listed(const std::vector<std::string>& list, const std::string& value);

/// The first `most` lines of the event as citations.
void cite(std::vector<model::Citation>& into, const model::Event& event, size_t most,
          const std::string& reason);

/// "0.25 s after".
std::string delayText(base::Duration delay);

}  // namespace aiops::analysis
