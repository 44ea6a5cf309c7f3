// A YAML mapping read strictly: every key must be known, present when required, and of its type.
// Used by the playbook reader; failures are thrown as SchemaError and caught by parsePlaybook().
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::remediation {

/// Internal to the reader; never leaves it.
struct SchemaError {
  base::Error error;
};

/// Throws SchemaError at `node`'s line.
[[noreturn]] void schemaFail(const YAML::Node& node, const std::string& file, const std::string& what);

class YamlSection {
 public:
  /// `name` is what messages call this mapping. Refuses anything but a mapping with distinct plain keys.
  YamlSection(const YAML::Node& node, std::string file, std::string name);
  /// Refuses keys outside `known`.
  void allowOnly(const std::vector<std::string>& known) const;

  bool has(const std::string& key) const;
  YAML::Node node(const std::string& key) const;  ///< required
  std::string text(const std::string& key) const;
  std::string textOr(const std::string& key, std::string fallback) const;
  bool flagOr(const std::string& key, bool fallback) const;
  int64_t integer(const std::string& key) const;
  int64_t integerOr(const std::string& key, int64_t fallback) const;
  double number(const std::string& key) const;
  std::chrono::milliseconds durationOr(const std::string& key, std::chrono::milliseconds fallback) const;
  std::vector<std::string> texts(const std::string& key) const;  ///< a list of strings; missing is empty
  std::vector<YAML::Node> list(const std::string& key) const;    ///< required, not empty

  const std::vector<std::string>& keys() const { return m_keys; }
  const YAML::Node& self() const { return m_node; }
  const std::string& file() const { return m_file; }

 private:
  YAML::Node m_node;
  std::string m_file;
  std::string m_name;
  std::vector<std::string> m_keys;  ///< in the file's order
};

}  // namespace aiops::remediation
