// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/topology_file.h"

#include <nlohmann/json.hpp>

namespace aiops::correlation {
namespace {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

constexpr int kMaxDepth = 4;
constexpr const char* kShape = R"(expected {"services": {NAME: [NAMES...]}, "external": [NAMES...]})";

bool readNames(const json& list, std::vector<std::string>& into) {
  if (!list.is_array()) return false;
  for (const auto& name : list) {
    if (!name.is_string() || name.get_ref<const std::string&>().empty()) return false;
    into.push_back(name.get<std::string>());
  }
  return true;
}

}  // namespace

base::Result<Topology> parseTopology(std::string_view text, const std::string& file) {
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= kMaxDepth; };
  const auto root = json::parse(text, shallow, false);
  if (root.is_discarded()) return fail(ErrorCode::InvalidInput, "not valid JSON", file, kShape);
  if (!root.is_object() || !root.contains("services") || !root["services"].is_object()) {
    return fail(ErrorCode::InvalidInput, "no object 'services'", file, kShape);
  }
  model::Inventory inventory;
  for (const auto& [name, dependsOn] : root["services"].items()) {
    model::ServiceEntry entry{.name = name};
    if (name.empty() || !readNames(dependsOn, entry.dependsOn)) {
      return fail(ErrorCode::InvalidInput, "service '" + name + "' has no list of names", file, kShape);
    }
    inventory.services.push_back(std::move(entry));
  }
  std::vector<std::string> external;
  if (root.contains("external") && !readNames(root["external"], external)) {
    return fail(ErrorCode::InvalidInput, "'external' is no list of names", file, kShape);
  }
  return Topology(inventory, {external.begin(), external.end()});
}

}  // namespace aiops::correlation
