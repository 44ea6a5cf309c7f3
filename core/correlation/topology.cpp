// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/topology.h"

#include <algorithm>

namespace aiops::correlation {
namespace {

const std::set<std::string>& of(const Dependencies& map, const std::string& service) {
  static const std::set<std::string> none;
  const auto found = map.find(service);
  return found == map.end() ? none : found->second;
}

void collect(const Dependencies& direct, const std::string& service, std::set<std::string>& into) {
  for (const auto& dependency : of(direct, service)) {
    if (into.insert(dependency).second) collect(direct, dependency, into);
  }
}

Dependencies reachesOf(const Dependencies& direct) {
  Dependencies out;
  for (const auto& [service, needs] : direct) collect(direct, service, out[service]);
  return out;
}

/// Of all services with a way between them, whichever way it goes, the same number.
std::map<std::string, size_t> partsOf(const Dependencies& direct) {
  Dependencies both;
  for (const auto& [service, needs] : direct) {
    for (const auto& other : needs) {
      both[service].insert(other);
      both[other].insert(service);
    }
  }
  std::map<std::string, size_t> part;
  size_t next = 0;
  for (const auto& [service, near] : both) {
    if (part.contains(service)) continue;
    std::set<std::string> together{service};
    collect(both, service, together);
    for (const auto& member : together) part[member] = next;
    ++next;
  }
  return part;
}

}  // namespace

Topology::Names Topology::Book::names() const {
  base::MutexLock lock(m_mutex);
  return m_names;
}

void Topology::Book::addName(const std::string& name) {
  base::MutexLock lock(m_mutex);
  if (m_names->contains(name)) return;
  auto more = std::make_shared<std::set<std::string>>(*m_names);
  more->insert(name);
  m_names = std::move(more);
}

std::shared_ptr<const Topology::Learnt> Topology::Book::learnt() const {
  base::MutexLock lock(m_mutex);
  return m_learnt;
}

void Topology::Book::learn(std::shared_ptr<const Learnt> learnt) {
  base::MutexLock lock(m_mutex);
  m_learnt = std::move(learnt);
}

Topology::Topology(const model::Inventory& inventory, std::set<std::string> external)
    : m_external(std::move(external)) {
  auto names = m_external;
  for (const auto& service : inventory.services) {
    names.insert(service.name);
    names.insert(service.dependsOn.begin(), service.dependsOn.end());
    m_direct[service.name].insert(service.dependsOn.begin(), service.dependsOn.end());
  }
  m_reaches = reachesOf(m_direct);
  m_book = std::make_shared<Book>(std::move(names));
}

Topology Topology::unknown(std::set<std::string> names) {
  Topology out;
  out.m_known = false;
  out.m_book = std::make_shared<Book>(std::move(names));
  return out;
}

Topology Topology::fromInventory(const model::Inventory& inventory) {
  std::set<std::string> names;
  for (const auto& service : inventory.services) {
    if (!service.dependsOn.empty()) return Topology(inventory);
    names.insert(service.name);
  }
  return unknown(std::move(names));
}

void Topology::addName(const std::string& service) {
  if (!m_known) m_book->addName(service);
}

void Topology::learn(const Dependencies& learnt) {
  if (m_known) return;
  m_book->learn(std::make_shared<const Learnt>(Learnt{reachesOf(learnt), partsOf(learnt)}));
}

bool Topology::explains(const std::string& cause, const std::string& effect) const {
  if (cause == effect) return true;
  if (m_known) return reach(effect).contains(cause);
  const auto learnt = m_book->learnt();
  const auto one = learnt->map.find(cause), other = learnt->map.find(effect);
  if (one == learnt->map.end() || other == learnt->map.end()) return true;
  if (one->second != other->second) return false;
  return of(learnt->reaches, effect).contains(cause) || !of(learnt->reaches, cause).contains(effect);
}

bool Topology::related(const std::string& a, const std::string& b) const {
  return explains(a, b) || explains(b, a);
}

bool Topology::dependsOn(const std::string& service, const std::string& other) const {
  if (service == other) return false;
  if (m_known) return reach(service).contains(other);
  const auto learnt = m_book->learnt();
  return of(learnt->reaches, service).contains(other);
}

bool Topology::share(const std::string& a, const std::string& b) const {
  return std::ranges::any_of(reach(a), [&](const auto& service) { return reach(b).contains(service); });
}

const std::set<std::string>& Topology::directly(const std::string& service) const {
  return of(m_direct, service);
}

const std::set<std::string>& Topology::reach(const std::string& service) const {
  return of(m_reaches, service);
}

}  // namespace aiops::correlation
