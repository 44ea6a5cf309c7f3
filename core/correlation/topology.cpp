// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/topology.h"

#include <algorithm>

namespace aiops::correlation {
namespace {

void collect(const model::Inventory& inventory, const std::string& service, std::set<std::string>& into) {
  const auto* entry = inventory.find(service);
  if (entry == nullptr) return;
  for (const auto& dependency : entry->dependsOn) {
    if (into.insert(dependency).second) collect(inventory, dependency, into);
  }
}

const std::set<std::string>& of(const std::map<std::string, std::set<std::string>>& map,
                                const std::string& service) {
  static const std::set<std::string> none;
  const auto found = map.find(service);
  return found == map.end() ? none : found->second;
}

}  // namespace

Topology::Names Topology::NameBook::get() const {
  base::MutexLock lock(m_mutex);
  return m_names;
}

void Topology::NameBook::add(const std::string& name) {
  base::MutexLock lock(m_mutex);
  if (m_names->contains(name)) return;
  auto more = std::make_shared<std::set<std::string>>(*m_names);
  more->insert(name);
  m_names = std::move(more);
}

Topology::Topology(const model::Inventory& inventory, std::set<std::string> external)
    : m_external(std::move(external)) {
  auto names = m_external;
  for (const auto& service : inventory.services) {
    names.insert(service.name);
    names.insert(service.dependsOn.begin(), service.dependsOn.end());
    m_direct[service.name].insert(service.dependsOn.begin(), service.dependsOn.end());
    collect(inventory, service.name, m_reaches[service.name]);
  }
  m_names = std::make_shared<NameBook>(std::move(names));
}

Topology Topology::unknown(std::set<std::string> names) {
  Topology out;
  out.m_known = false;
  out.m_names = std::make_shared<NameBook>(std::move(names));
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
  if (!m_known) m_names->add(service);
}

bool Topology::explains(const std::string& cause, const std::string& effect) const {
  return cause == effect || !m_known || reach(effect).contains(cause);
}

bool Topology::related(const std::string& a, const std::string& b) const {
  return explains(a, b) || explains(b, a);
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
