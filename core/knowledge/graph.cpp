// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/graph.h"

#include <algorithm>
#include <cmath>

#include "knowledge/lessons.h"

namespace aiops::knowledge {
namespace {

using model::FactOrigin;
using model::NodeKey;
using model::Relation;
using model::Standing;

constexpr double kConfigured = 1.0;
constexpr double kJudged = 1.0;
constexpr size_t kOfHundredKept = 98;  // so that not every new fact looks at all of them

/// What counted `weight` at `at` weighs now. What lies ahead, after a clock was put back, has not faded.
double faded(double weight, base::TimePoint at, base::TimePoint now) {
  const auto age = std::chrono::duration<double>(std::max(base::Duration(0), now - at));
  return weight * std::exp2(-age / std::chrono::duration<double>(kHalfLife));
}

}  // namespace

double Graph::weightOf(const Entry& entry, base::TimePoint now) {
  if (entry.standing() != Standing::Open) return entry.standing() == Standing::Holds ? kJudged : 0;
  double weight = entry.configured ? kConfigured : entry.observed ? entry.observed->weight : 0;
  for (const auto& [incident, sighting] : entry.seen) weight += faded(sighting.weight, sighting.at, now);
  if (entry.stated) {
    for (const auto& said : entry.stated->statements) weight += faded(said.weight, said.at, now);
  }
  return std::max(0.0, weight);
}

uint32_t Graph::provedOf(const Entry& entry) {
  return static_cast<uint32_t>(
      std::ranges::count_if(entry.seen, [](const auto& item) { return item.second.proved; }));
}

/// What nothing but contradictions is known of is no fact to show.
bool Graph::isShown(const Entry& entry, bool forgotten) {
  if (entry.forgotten() && !forgotten) return false;
  if (entry.isSetting() || entry.standing() != Standing::Open) return true;
  const auto speaksFor = [](const auto& said) { return said.weight > 0; };
  if (entry.stated && std::ranges::any_of(entry.stated->statements, speaksFor)) return true;
  return std::ranges::any_of(entry.seen, [](const auto& item) { return item.second.weight > 0; });
}

Graph::Entry& Graph::entryOf(const NodeKey& source, Relation relation, const NodeKey& target) {
  const auto id = model::factId(source, relation, target);
  auto& entry = m_edges[id];
  if (!entry.id.empty()) return entry;
  entry.id = id;
  entry.source = source;
  entry.relation = relation;
  entry.target = target;
  for (const auto& key : {source, target}) {
    auto& place = m_nodes[model::nodeId(key)];
    place.key = key;
    place.edges.insert(id);
  }
  return entry;
}

void Graph::removeEntry(const std::string& id) {
  const auto found = m_edges.find(id);
  if (found == m_edges.end()) return;
  for (const auto& key : {found->second.source, found->second.target}) {
    const auto place = m_nodes.find(model::nodeId(key));
    if (place == m_nodes.end()) continue;
    place->second.edges.erase(id);
    if (place->second.edges.empty()) m_nodes.erase(place);
  }
  m_edges.erase(found);
}

void Graph::removeIfEmpty(const std::string& id) {
  const auto found = m_edges.find(id);
  if (found != m_edges.end() && found->second.empty()) removeEntry(id);
}

void Graph::configure(const std::vector<model::FactDraft>& facts) {
  base::MutexLock lock(m_mutex);
  std::vector<std::string> ids;
  for (auto& [id, entry] : m_edges) {
    if (std::exchange(entry.configured, false)) ids.push_back(id);
  }
  for (const auto& fact : facts) entryOf(fact.source, fact.relation, fact.target).configured = true;
  for (const auto& id : ids) removeIfEmpty(id);
}

void Graph::observe(const std::vector<model::FactDraft>& facts) {
  base::MutexLock lock(m_mutex);
  std::vector<std::string> ids;
  for (auto& [id, entry] : m_edges) {
    if (std::exchange(entry.observed, std::nullopt)) ids.push_back(id);
  }
  for (const auto& fact : facts) entryOf(fact.source, fact.relation, fact.target).observed = fact;
  for (const auto& id : ids) removeIfEmpty(id);
  keepLimits();
}

void Graph::forgetLessons(const model::IncidentId& incident) {
  const auto taught = m_taught.find(incident);
  if (taught == m_taught.end()) return;
  for (const auto& id : taught->second.edges) {
    const auto found = m_edges.find(id);
    if (found == m_edges.end()) continue;
    found->second.seen.erase(incident);
    removeIfEmpty(id);
  }
  m_taught.erase(taught);
}

void Graph::learn(const model::PastIncident& past) {
  base::MutexLock lock(m_mutex);
  forgetLessons(past.incident);
  auto& taught = m_taught[past.incident];
  taught.ended = past.endedAt;
  m_newest = std::max(m_newest, past.endedAt);
  for (const auto& lesson : lessonsOf(past)) {
    auto& entry = entryOf(lesson.source, lesson.relation, lesson.target);
    entry.seen[past.incident] = {past.number, past.endedAt, lesson.weight, lesson.weight >= kByFix};
    taught.edges.push_back(entry.id);
  }
  if (m_taught.size() > m_limits.incidents) {
    const auto ended = [](const auto& item) { return item.second.ended; };
    forgetLessons(std::ranges::min_element(m_taught, {}, ended)->first);
  }
  keepLimits();
}

void Graph::takeBack(const model::IncidentId& incident) {
  base::MutexLock lock(m_mutex);
  forgetLessons(incident);
}

/// The weakest that nobody stated leave. Their order does not depend on the time: all fade alike.
void Graph::keepLimits() {
  if (m_edges.size() <= m_limits.edges && m_nodes.size() <= m_limits.nodes) return;
  std::vector<std::pair<double, std::string>> weakest;
  for (const auto& [id, entry] : m_edges) {
    if (!entry.stated && !entry.isSetting()) weakest.emplace_back(weightOf(entry, m_newest), id);
  }
  std::ranges::sort(weakest);
  const size_t edges = m_limits.edges * kOfHundredKept / 100, nodes = m_limits.nodes * kOfHundredKept / 100;
  for (const auto& [weight, id] : weakest) {
    if (m_edges.size() <= edges && m_nodes.size() <= nodes) return;
    removeEntry(id);
  }
}

void Graph::put(model::StatedFact fact) {
  base::MutexLock lock(m_mutex);
  auto& entry = entryOf(fact.source, fact.relation, fact.target);
  entry.stated = std::move(fact);
  keepLimits();
}

void Graph::dropStated(const std::string& id) {
  base::MutexLock lock(m_mutex);
  const auto found = m_edges.find(id);
  if (found == m_edges.end()) return;
  found->second.stated.reset();
  removeIfEmpty(id);
}

std::optional<model::StatedFact> Graph::stated(const std::string& id) const {
  base::MutexLock lock(m_mutex);
  const auto found = m_edges.find(id);
  if (found == m_edges.end()) return std::nullopt;
  const auto& entry = found->second;
  if (entry.stated) return entry.stated;
  model::StatedFact bare;
  bare.source = entry.source;
  bare.relation = entry.relation;
  bare.target = entry.target;
  return bare;
}

size_t Graph::statedCount() const {
  base::MutexLock lock(m_mutex);
  return static_cast<size_t>(
      std::ranges::count_if(m_edges, [](const auto& item) { return item.second.stated.has_value(); }));
}

std::string Graph::weakestStated(base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  std::string weakest;
  double least = 0;
  for (const auto& [id, entry] : m_edges) {
    if (!entry.stated || entry.forgotten() || entry.standing() != Standing::Open) continue;
    const auto byPerson = [](const auto& said) { return said.origin == FactOrigin::Operator; };
    if (std::ranges::any_of(entry.stated->statements, byPerson)) continue;
    const double weight = weightOf(entry, now);
    if (!weakest.empty() && weight >= least) continue;
    weakest = id;
    least = weight;
  }
  return weakest;
}

}  // namespace aiops::knowledge
