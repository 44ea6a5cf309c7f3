// What the knowledge graph answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "knowledge/graph.h"
#include "model/labels.h"

namespace aiops::knowledge {
namespace {

using model::FactOrigin;
using model::KnowledgeEdge;
using model::KnowledgeNode;
using model::NodeKey;
using model::NodeType;
using model::Relation;
using model::Standing;

constexpr size_t kIncidentsShown = 20;
constexpr size_t kIncidentsOfNode = 50;
constexpr uint32_t kMostNodesAtOnce = 500;
constexpr double kLeastShared = 0.01;  // what has all but faded says nothing elsewhere

std::vector<std::string> labelsOf(const std::set<uint64_t>& numbers, size_t most) {
  std::vector<std::string> out;
  for (auto at = numbers.rbegin(); at != numbers.rend() && out.size() < most; ++at)
    out.push_back(model::incidentLabel(*at));
  return out;
}

void widen(std::optional<base::TimePoint>& first, std::optional<base::TimePoint>& last, base::TimePoint at) {
  first = std::min(first.value_or(at), at);
  last = std::max(last.value_or(at), at);
}

/// Who said it first; an operator outranks the others.
const model::Statement* voiceOf(const model::StatedFact& fact) {
  const model::Statement* voice = nullptr;
  for (const auto& said : fact.statements) {
    if (voice == nullptr || (said.origin == FactOrigin::Operator && voice->origin != FactOrigin::Operator))
      voice = &said;
  }
  return voice;
}

bool weightier(const KnowledgeEdge& a, const KnowledgeEdge& b) {
  return std::pair(-a.weight, a.id) < std::pair(-b.weight, b.id);
}

}  // namespace

KnowledgeEdge Graph::shown(const Entry& entry, base::TimePoint now) {
  KnowledgeEdge out;
  out.id = entry.id;
  out.source = model::nodeId(entry.source);
  out.relation = entry.relation;
  out.target = model::nodeId(entry.target);
  out.weight = weightOf(entry, now);
  std::set<uint64_t> numbers;
  for (const auto& [incident, sighting] : entry.seen) {
    ++(sighting.weight > 0 ? out.seen : out.against);
    numbers.insert(sighting.number);
    widen(out.first, out.last, sighting.at);
  }
  out.incidents = labelsOf(numbers, kIncidentsShown);
  out.proved = provedOf(entry);
  out.origin = entry.configured ? FactOrigin::Config : FactOrigin::Log;
  if (entry.observed) out.note = entry.observed->note;
  if (const auto& stated = entry.stated) {
    for (const auto& said : stated->statements) widen(out.first, out.last, said.at);
    const auto* voice = voiceOf(*stated);
    if (voice != nullptr) {
      if (!voice->note.empty()) out.note = voice->note;
      out.by = voice->by;
      if (out.seen == 0 && !entry.isSetting()) out.origin = voice->origin;
    }
    if (stated->standing != Standing::Open) {
      out.origin = FactOrigin::Operator;
      if (!stated->judgedNote.empty()) out.note = stated->judgedNote;
    }
    out.standing = stated->standing;
    out.judgedBy = stated->judgedBy;
    out.forgotten = stated->forgotten;
  }
  const bool tells = entry.relation == Relation::FailedBy || entry.relation == Relation::SignOf;
  out.usedForDiagnosis =
      tells && !out.forgotten && out.standing != Standing::Wrong && out.proved >= kLeastProved;
  return out;
}

std::optional<KnowledgeEdge> Graph::edge(const std::string& id, base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  const auto found = m_edges.find(id);
  if (found == m_edges.end()) return std::nullopt;
  return shown(found->second, now);
}

std::vector<const Graph::Entry*> Graph::around(const NodeKey& node, Relation relation) const {
  std::vector<const Entry*> out;
  const auto place = m_nodes.find(model::nodeId(node));
  if (place == m_nodes.end()) return out;
  for (const auto& id : place->second.edges) {
    const auto& entry = m_edges.at(id);
    if (entry.relation == relation && isShown(entry, false)) out.push_back(&entry);
  }
  return out;
}

KnowledgeNode Graph::nodeOf(const Place& place, base::TimePoint now, bool forgotten) const {
  KnowledgeNode out{.id = model::nodeId(place.key), .type = place.key.type, .label = place.key.name};
  for (const auto& id : place.edges) {
    const auto& entry = m_edges.at(id);
    if (!isShown(entry, forgotten)) continue;
    out.weight += weightOf(entry, now);
    out.facts += !entry.forgotten();
  }
  return out;
}

/// Its own facts, and of others those that its incidents taught or that speak of its causes without any.
std::set<std::string> Graph::factsOfService(const std::string& service) const {
  const auto own = m_nodes.find(model::nodeId({NodeType::Service, service}));
  if (own == m_nodes.end()) return {};
  std::set<std::string> out = own->second.edges;
  std::set<model::IncidentId> incidents;
  std::set<NodeKey> causes;
  for (const auto& id : own->second.edges) {
    const auto& entry = m_edges.at(id);
    if (entry.relation != Relation::FailedBy) continue;
    causes.insert(entry.target);
    for (const auto& [incident, sighting] : entry.seen) incidents.insert(incident);
  }
  for (const auto& [id, entry] : m_edges) {
    if (entry.relation != Relation::SignOf && entry.relation != Relation::CuredBy &&
        entry.relation != Relation::LedTo)
      continue;
    const bool taught =
        std::ranges::any_of(entry.seen, [&](const auto& item) { return incidents.contains(item.first); });
    const bool said = entry.seen.empty() && (causes.contains(entry.source) || causes.contains(entry.target));
    if (taught || said) out.insert(id);
  }
  return out;
}

std::vector<const Graph::Entry*> Graph::matching(const model::KnowledgeQuery& query,
                                                 base::TimePoint now) const {
  const auto ofService = query.service.empty() ? std::set<std::string>() : factsOfService(query.service);
  const auto since = now - std::chrono::hours(24) * query.days;
  std::vector<const Entry*> out;
  for (const auto& [id, entry] : m_edges) {
    if (!isShown(entry, query.forgotten)) continue;
    if (!query.service.empty() && !ofService.contains(id)) continue;
    if (query.days > 0 && !entry.isSetting()) {
      const auto last = shown(entry, now).last;
      if (!last || *last < since) continue;
    }
    out.push_back(&entry);
  }
  return out;
}

model::KnowledgePage Graph::page(const model::KnowledgeQuery& query, base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  const auto wanted = base::asciiLower(query.text);
  const auto found = matching(query, now);
  std::map<std::string, bool> nodes;  // whether it matches
  for (const auto* entry : found) {
    const auto note = base::asciiLower(shown(*entry, now).note);
    for (const auto& key : {entry->source, entry->target}) {
      const bool fits = (!query.type || key.type == *query.type) &&
                        (base::asciiLower(key.name).find(wanted) != std::string::npos ||
                         (!wanted.empty() && note.find(wanted) != std::string::npos));
      nodes[model::nodeId(key)] |= fits;
    }
  }
  std::vector<KnowledgeNode> matched;
  for (const auto& [id, fits] : nodes) {
    if (fits) matched.push_back(nodeOf(m_nodes.at(id), now, query.forgotten));
  }
  std::ranges::sort(matched, [](const auto& a, const auto& b) {
    return std::pair(-a.weight, a.id) < std::pair(-b.weight, b.id);
  });
  model::KnowledgePage out{.nodes = {}, .edges = {}, .total = matched.size()};
  const size_t from = std::min<size_t>(query.offset, matched.size());
  const size_t to = std::min<size_t>(matched.size(), from + std::clamp(query.limit, 1u, kMostNodesAtOnce));
  std::set<std::string> chosen;
  for (size_t i = from; i < to; ++i) {
    chosen.insert(matched[i].id);
    out.nodes.push_back(std::move(matched[i]));
  }
  std::set<std::string> others;
  for (const auto* entry : found) {
    const auto source = model::nodeId(entry->source), target = model::nodeId(entry->target);
    if (!chosen.contains(source) && !chosen.contains(target)) continue;
    out.edges.push_back(shown(*entry, now));
    for (const auto& id : {source, target}) {
      if (!chosen.contains(id)) others.insert(id);
    }
  }
  for (const auto& id : others) {
    out.nodes.push_back(nodeOf(m_nodes.at(id), now, query.forgotten));
    out.nodes.back().matched = false;
  }
  std::ranges::sort(out.edges, weightier);
  return out;
}

std::vector<model::PastCause> Graph::causes(const std::string& service, base::TimePoint now) const {
  std::vector<model::PastCause> out;
  for (const auto* entry : around({NodeType::Service, service}, Relation::FailedBy)) {
    if (entry->standing() == Standing::Wrong) continue;
    const auto fact = shown(*entry, now);
    out.push_back({service, entry->target.name, fact.seen, fact.proved, fact.weight});
  }
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::pair(-a.weight, a.kind) < std::pair(-b.weight, b.kind);
  });
  return out;
}

std::vector<model::PastCure> Graph::cures(const std::string& kind, const std::string& service) const {
  std::set<model::IncidentId> here;
  if (!service.empty()) {
    for (const auto* entry : around({NodeType::Service, service}, Relation::FailedBy)) {
      if (entry->target.name != kind) continue;
      for (const auto& [incident, sighting] : entry->seen) here.insert(incident);
    }
  }
  std::vector<model::PastCure> out;
  for (const auto* entry : around({NodeType::Cause, kind}, Relation::CuredBy)) {
    if (entry->standing() == Standing::Wrong) continue;
    model::PastCure cure{kind, entry->target.name, 0, 0};
    for (const auto& [incident, sighting] : entry->seen) {
      if (service.empty() || here.contains(incident)) ++(sighting.weight > 0 ? cure.worked : cure.failed);
    }
    if (cure.worked + cure.failed > 0 || service.empty()) out.push_back(std::move(cure));
  }
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::tuple(b.worked, a.failed, a.fix) < std::tuple(a.worked, b.failed, b.fix);
  });
  return out;
}

std::vector<std::string> Graph::ends(const std::string& service, bool outgoing) const {
  std::vector<std::string> out;
  for (const auto* entry : around({NodeType::Service, service}, Relation::DependsOn)) {
    if (entry->standing() == Standing::Wrong) continue;
    const auto& from = outgoing ? entry->source : entry->target;
    const auto& to = outgoing ? entry->target : entry->source;
    if (from.name == service && to.name != service) out.push_back(to.name);
  }
  std::ranges::sort(out);
  return out;
}

std::vector<model::PastCause> Graph::causesOf(const std::string& service, base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  return causes(service, now);
}

std::vector<model::PastCure> Graph::curesOf(const std::string& kind, const std::string& service) const {
  base::MutexLock lock(m_mutex);
  return cures(kind, service);
}

std::vector<std::string> Graph::dependsOn(const std::string& service) const {
  base::MutexLock lock(m_mutex);
  return ends(service, true);
}

base::Result<model::KnowledgeView> Graph::around(const std::string& node, base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  const auto place = m_nodes.find(node);
  if (place == m_nodes.end())
    return base::fail(base::ErrorCode::NotFound, "nothing is known of that node", node);
  model::KnowledgeView out;
  out.node = nodeOf(place->second, now, false);
  std::set<std::string> others;
  std::set<uint64_t> numbers;
  for (const auto& id : place->second.edges) {
    const auto& entry = m_edges.at(id);
    if (!isShown(entry, false)) continue;
    out.edges.push_back(shown(entry, now));
    for (const auto& [incident, sighting] : entry.seen) numbers.insert(sighting.number);
    for (const auto& key : {entry.source, entry.target}) {
      if (key != place->second.key) others.insert(model::nodeId(key));
    }
  }
  std::ranges::sort(out.edges, weightier);
  for (const auto& id : others) out.nodes.push_back(nodeOf(m_nodes.at(id), now, false));
  out.incidents = labelsOf(numbers, kIncidentsOfNode);
  const auto& key = place->second.key;
  if (key.type == NodeType::Cause) out.cures = cures(key.name, {});
  if (key.type != NodeType::Service) return out;
  out.causes = causes(key.name, now);
  for (const auto& cause : out.causes) {
    for (auto& cure : cures(cause.kind, key.name)) out.cures.push_back(std::move(cure));
  }
  out.dependsOn = ends(key.name, true);
  out.neededBy = ends(key.name, false);
  return out;
}

std::vector<Experience> Graph::experienceOf(const NodeKey& node, base::TimePoint now) const {
  base::MutexLock lock(m_mutex);
  std::vector<Experience> out;
  const auto relation = node.type == NodeType::Template ? Relation::SignOf : Relation::FailedBy;
  for (const auto* entry : around(node, relation)) {
    if (entry->standing() == Standing::Wrong) continue;
    Entry proved = *entry;
    std::erase_if(proved.seen,
                  [](const auto& item) { return item.second.weight > 0 && !item.second.proved; });
    proved.stated.reset();
    Experience one{entry->target.name, provedOf(proved), weightOf(proved, now)};
    if (one.proved > 0) out.push_back(std::move(one));
  }
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return std::pair(-a.weight, a.kind) < std::pair(-b.weight, b.kind);
  });
  return out;
}

model::KnowledgeExport Graph::shared(base::TimePoint now, size_t most) const {
  base::MutexLock lock(m_mutex);
  std::vector<model::SharedFact> all;
  for (const auto& [id, entry] : m_edges) {
    if (!isShown(entry, false) || entry.standing() == Standing::Wrong) continue;
    const auto fact = shown(entry, now);
    if (fact.weight < kLeastShared) continue;
    all.push_back({entry.source, entry.relation, entry.target, fact.weight, fact.seen, fact.proved,
                   fact.first, fact.last, fact.note});
  }
  std::ranges::stable_sort(all, std::greater(), &model::SharedFact::weight);
  model::KnowledgeExport out{.exportedAt = now};
  out.leftOut = all.size() > most ? all.size() - most : 0;
  all.resize(std::min(all.size(), most));
  out.facts = std::move(all);
  return out;
}

}  // namespace aiops::knowledge
