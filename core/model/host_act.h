// One act on this host that is neither the content of a file, nor a command of the inventory, nor a verb on a
// unit. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

using Facts = std::map<std::string, std::string>;

/// Exactly what is done, and to what. The verbs are rows of a table, see remediation/host_verb.h.
struct HostAct {
  std::string verb;  ///< "block", "move_file", "signal", "truncate_file", "wait"
  Facts arguments;   ///< by name; each of its grammar
  /// What it acts on, as the plan saw it: the file's inode, the process's start. Other facts make the plan
  /// stale, and an undo brings these back.
  Facts seen;
  std::chrono::milliseconds timeout{20000};
  std::vector<std::string> line;      ///< as a person would do it by hand
  std::vector<std::string> undoLine;  ///< and take it back; empty: that can't be done

  bool operator==(const HostAct&) const = default;
};

void to_json(nlohmann::json& json, const HostAct& value);
void from_json(const nlohmann::json& json, HostAct& value);

}  // namespace aiops::model
