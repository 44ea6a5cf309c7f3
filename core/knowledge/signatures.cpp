// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/signatures.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace aiops::knowledge {
namespace {

using base::ErrorCode;
using base::fail;

std::string at(const std::filesystem::path& file, const YAML::Node& node) {
  return file.string() + ":" + std::to_string(node.Mark().line + 1);
}

/// One string, or a list of them.
std::vector<std::string> strings(const YAML::Node& node) {
  std::vector<std::string> out;
  if (!node) return out;
  if (node.IsScalar()) return {node.as<std::string>()};
  for (const auto& item : node) out.push_back(item.as<std::string>());
  return out;
}

std::vector<std::vector<std::string>> lists(const YAML::Node& node) {
  std::vector<std::vector<std::string>> out;
  if (node) {
    for (const auto& item : node) out.push_back(strings(item));
  }
  return out;
}

constexpr std::array<std::string_view, 13> kKeys = {
    "id",       "kind",      "cause", "blames",  "role",
    "external", "needs",     "with",  "against", "against_anywhere",
    "effects",  "statement", "weight"};

constexpr std::array<std::pair<std::string_view, Blames>, 4> kBlames = {{
    {"self", Blames::Self},
    {"target", Blames::Target},
    {"dependency", Blames::Dependency},
    {"silent", Blames::Silent},
}};

base::Result<> checkKeys(const std::filesystem::path& file, const YAML::Node& node) {
  if (!node.IsMap()) return fail(ErrorCode::InvalidInput, "a signature must be a mapping", at(file, node));
  for (const auto& pair : node) {
    if (std::ranges::find(kKeys, pair.first.as<std::string>()) != kKeys.end()) continue;
    std::string allowed;
    for (const auto key : kKeys) allowed += (allowed.empty() ? "" : ", ") + std::string(key);
    return fail(ErrorCode::InvalidInput, "unknown key '" + pair.first.as<std::string>() + "'",
                at(file, pair.first), "allowed: " + allowed);
  }
  for (const char* key : {"id", "kind", "cause", "statement"}) {
    if (!node[key])
      return fail(ErrorCode::InvalidInput, std::string("missing key '") + key + "'", at(file, node));
  }
  return {};
}

base::Result<Signature> parseOne(const std::filesystem::path& file, const YAML::Node& node) {
  if (auto checked = checkKeys(file, node); !checked) return std::unexpected(checked.error());
  Signature out{.id = node["id"].as<std::string>(),
                .kind = node["kind"].as<std::string>(),
                .causeSignals = strings(node["cause"]),
                .effectSignals = strings(node["effects"]),
                .against = strings(node["against"]),
                .statement = node["statement"].as<std::string>(),
                .weight = node["weight"] ? node["weight"].as<double>() : 0.7,
                .roles = strings(node["role"]),
                .needs = lists(node["needs"]),
                .with = strings(node["with"]),
                .againstAnywhere = strings(node["against_anywhere"])};
  if (!(out.weight > 0 && out.weight < 1)) {
    return fail(ErrorCode::InvalidInput, "weight must lie between 0 and 1", at(file, node["weight"]));
  }
  if (node["external"]) out.external = node["external"].as<bool>();
  if (node["blames"]) {
    const auto word = node["blames"].as<std::string>();
    const auto row = std::ranges::find(kBlames, word, [](const auto& entry) { return entry.first; });
    if (row == kBlames.end()) {
      return fail(ErrorCode::InvalidInput, "unknown word '" + word + "'", at(file, node["blames"]),
                  "allowed: self, target, dependency, silent");
    }
    out.blames = row->second;
  }
  return out;
}

void loadFile(const std::filesystem::path& file, SignatureSet& set) {
  auto text = base::readFile(file, 1u << 20);
  if (!text) return set.problems.push_back(text.error());
  try {
    const auto root = YAML::Load(*text);
    if (!root.IsSequence()) {
      set.problems.push_back({ErrorCode::InvalidInput, "a signature file is a list", at(file, root), {}});
      return;
    }
    for (const auto& node : root) {
      auto parsed = parseOne(file, node);
      if (parsed) {
        set.signatures.push_back(*std::move(parsed));
      } else {
        set.problems.push_back(parsed.error());
      }
    }
  } catch (const YAML::Exception& e) {
    set.problems.push_back(
        {ErrorCode::InvalidInput, e.msg, file.string() + ":" + std::to_string(e.mark.line + 1), {}});
  }
}

}  // namespace

SignatureSet loadSignatures(const std::vector<std::filesystem::path>& directories) {
  std::vector<std::filesystem::path> files;
  SignatureSet set;
  for (const auto& directory : directories) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    if (error) set.problems.push_back({ErrorCode::Io, error.message(), directory.string(), {}});
  }
  std::ranges::sort(files);
  for (const auto& file : files) loadFile(file, set);
  return set;
}

}  // namespace aiops::knowledge
