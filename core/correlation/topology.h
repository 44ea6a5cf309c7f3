// Who depends on whom, from the inventory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>

#include "model/inventory.h"

namespace aiops::correlation {

/// Immutable after construction; thread safe.
class Topology {
 public:
  explicit Topology(const model::Inventory& inventory);

  /// True when one depends on the other, directly or over others, or they are the same.
  bool related(const std::string& a, const std::string& b) const;
  /// True when a failure of `cause` can be seen in `effect`: `effect` is `cause` or depends on it.
  bool explains(const std::string& cause, const std::string& effect) const;

 private:
  std::map<std::string, std::set<std::string>> m_reaches;  ///< service -> all it depends on
};

}  // namespace aiops::correlation
