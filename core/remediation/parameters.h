// Turns playbook parameters into values. What comes from log text or from files is hostile until its type's
// grammar accepts it and, for names, an inventory object of that name exists.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/event.h"
#include "model/inventory.h"
#include "remediation/playbook.h"

namespace aiops::remediation {

using ParameterValues = std::map<std::string, std::string>;

/// Where values may come from. `configBytes` are those of the target's config file (empty without one).
struct ParameterWorld {
  const model::ServiceEntry& target;
  const model::Inventory& inventory;
  const std::vector<model::Event>& events;
  std::string configBytes;
};

/// InvalidInput with the parameter's name in `where` when a value is outside its grammar, NotFound when the
/// source has none.
base::Result<ParameterValues> resolveParameters(const Playbook& playbook, const ParameterWorld& world);

/// Accepts `text` as a value of the parameter and returns it in canonical form (integers scaled).
base::Result<std::string> validateValue(const Parameter& parameter, const std::string& text,
                                        const ParameterWorld& world);

/// `text` with every `{name}` replaced by its value. For display only.
std::string fillText(const std::string& text, const ParameterValues& values);

/// An argument vector of the inventory with whole-argument placeholders replaced; argv[0] never is.
base::Result<std::vector<std::string>> fillArguments(const std::vector<std::string>& argv,
                                                     const std::map<std::string, std::string>& with,
                                                     const ParameterValues& values);

}  // namespace aiops::remediation
