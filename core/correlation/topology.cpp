// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/topology.h"

namespace aiops::correlation {
namespace {

void collect(const model::Inventory& inventory, const std::string& service, std::set<std::string>& into) {
  const auto* entry = inventory.find(service);
  if (entry == nullptr) return;
  for (const auto& dependency : entry->dependsOn) {
    if (into.insert(dependency).second) collect(inventory, dependency, into);
  }
}

}  // namespace

Topology::Topology(const model::Inventory& inventory) {
  for (const auto& service : inventory.services) collect(inventory, service.name, m_reaches[service.name]);
}

bool Topology::explains(const std::string& cause, const std::string& effect) const {
  if (cause == effect) return true;
  const auto found = m_reaches.find(effect);
  return found != m_reaches.end() && found->second.contains(cause);
}

bool Topology::related(const std::string& a, const std::string& b) const {
  return explains(a, b) || explains(b, a);
}

}  // namespace aiops::correlation
