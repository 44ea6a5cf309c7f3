// Reading YAML mappings by a table of fields; for the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "base/result.h"

namespace aiops::config {

/// A value with its place in the file, and the words for what is wrong with it.
struct Yaml {
  YAML::Node node;
  std::string file;

  Yaml at(const YAML::Node& child) const { return {child, file}; }
  /// "config.yaml:12"
  std::string where() const;
  std::unexpected<base::Error> wrong(std::string what, std::string allowed) const {
    return base::fail(base::ErrorCode::InvalidInput, std::move(what), where(), std::move(allowed));
  }
  /// A plain or quoted scalar without NUL; tags such as !!binary are refused.
  base::Result<std::string> text() const;
  /// Each entry of a list.
  base::Result<std::vector<Yaml>> list() const;
};

/// One row of a table: a key, what it is for, and how its value becomes part of a `Target`.
template <class Target>
struct Field {
  const char* key;
  const char* help;
  base::Result<> (*read)(const Yaml& value, Target& target);
};

base::Result<std::vector<std::pair<std::string, Yaml>>> entriesOf(const Yaml& mapping);

/// Reads a mapping by its table. A key that is not in the table is an error that lists those that are.
template <class Target, size_t N>
base::Result<> readFields(const Yaml& mapping, const Field<Target> (&fields)[N], Target& target) {
  auto entries = entriesOf(mapping);
  if (!entries) return std::unexpected(entries.error());
  for (const auto& [key, value] : *entries) {
    const Field<Target>* found = nullptr;
    std::string allowed;
    for (const Field<Target>& field : fields) {
      if (key == field.key) found = &field;
      allowed += (allowed.empty() ? "" : ", ") + std::string(field.key);
    }
    if (!found) return value.wrong("unknown key '" + key + "'", "allowed here: " + allowed);
    if (auto read = found->read(value, target); !read) return read;
  }
  return {};
}

/// The one document of a file; an empty file is an empty mapping.
base::Result<Yaml> parseYaml(const std::string& file, const std::string& bytes);

}  // namespace aiops::config
