// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/edited_bytes.h"

#include "remediation/augeas_edit.h"
#include "remediation/keyvalue.h"

namespace aiops::remediation {

base::Result<std::string> editedBytes(const PlaybookStep& step, const ParameterValues& parameters,
                                      const std::string& before) {
  if (step.lens.empty())
    return replaceValue(before, parameters.at(step.keyParameter), parameters.at(step.valueParameter));
  std::vector<NodeChange> changes;
  for (const auto& node : step.nodes) {
    NodeChange change{.path = fillText(node.path, parameters), .value = {}, .create = step.createNodes};
    if (!node.valueParameter.empty()) change.value = parameters.at(node.valueParameter);
    changes.push_back(std::move(change));
  }
  return changeNodes(before, step.lens, changes);
}

}  // namespace aiops::remediation
