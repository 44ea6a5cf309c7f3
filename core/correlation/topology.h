// Who depends on whom, from the inventory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/inventory.h"

namespace aiops::correlation {

/// Immutable after construction; thread safe.
class Topology {
 public:
  /// Services that are not in the inventory depend on nothing. `external` services are those without logs.
  explicit Topology(const model::Inventory& inventory, std::set<std::string> external = {});
  /// Nothing is known but the names: any service may be related to any other, and time alone has to tell.
  static Topology unknown(std::set<std::string> names);

  /// True when one depends on the other, directly or over others, or they are the same.
  bool related(const std::string& a, const std::string& b) const;
  /// True when a failure of `cause` can be seen in `effect`: `effect` is `cause` or depends on it.
  bool explains(const std::string& cause, const std::string& effect) const;
  /// True when both depend on something in common, so that one may tell of the other's work.
  bool share(const std::string& a, const std::string& b) const;
  /// False when nobody said who depends on whom.
  bool known() const { return m_known; }
  bool external(const std::string& service) const { return m_external.contains(service); }
  const std::set<std::string>& names() const { return m_names; }
  /// What `service` depends on, directly; and with what these depend on in turn.
  const std::set<std::string>& directly(const std::string& service) const;
  const std::set<std::string>& reach(const std::string& service) const;

 private:
  Topology() = default;

  bool m_known = true;
  std::set<std::string> m_names;
  std::set<std::string> m_external;
  std::map<std::string, std::set<std::string>> m_direct;
  std::map<std::string, std::set<std::string>> m_reaches;  ///< service -> all it depends on
};

}  // namespace aiops::correlation
