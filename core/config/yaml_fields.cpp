// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/yaml_fields.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::Result;

std::string Yaml::where() const {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? file : file + ":" + std::to_string(mark.line + 1);
}

Result<std::string> Yaml::text() const {
  if (!node.IsScalar()) return wrong("a single value is needed here", "give text or a number");
  if (const std::string& tag = node.Tag(); tag != "?" && tag != "!" && !tag.empty()) {
    return wrong("the tag '" + tag + "' is not allowed", "give plain text");
  }
  if (node.Scalar().find('\0') != std::string::npos)
    return wrong("the value contains a NUL", "give plain text");
  return node.Scalar();
}

Result<std::vector<Yaml>> Yaml::list() const {
  if (!node.IsSequence()) return wrong("a list is needed here", "start each entry with '- '");
  std::vector<Yaml> items;
  for (const auto& item : node) items.push_back(at(item));
  return items;
}

Result<std::vector<std::pair<std::string, Yaml>>> entriesOf(const Yaml& mapping) {
  if (!mapping.node.IsMap()) return mapping.wrong("a mapping is needed here", "give 'key: value' lines");
  std::vector<std::pair<std::string, Yaml>> entries;
  std::set<std::string> seen;
  for (const auto& entry : mapping.node) {
    auto key = mapping.at(entry.first).text();
    if (!key) return std::unexpected(key.error());
    if (!seen.insert(*key).second) {
      return mapping.at(entry.first).wrong("the key '" + *key + "' is given twice", "keep one");
    }
    // An empty value has no place of its own; its key has.
    const bool empty = entry.second.IsNull();
    if (empty)
      return mapping.at(entry.first).wrong("the key '" + *key + "' has no value", "give one or drop it");
    entries.emplace_back(*std::move(key), mapping.at(entry.second));
  }
  return entries;
}

Result<Yaml> parseYaml(const std::string& file, const std::string& bytes) {
  try {
    const auto documents = YAML::LoadAll(bytes);
    if (documents.size() > 1) {
      return fail(ErrorCode::InvalidInput, "the file has more than one document", file,
                  "drop the '---' lines");
    }
    if (documents.empty() || documents.front().IsNull()) return Yaml{YAML::Node(YAML::NodeType::Map), file};
    return Yaml{documents.front(), file};
  } catch (const YAML::Exception& exception) {
    const std::string line = exception.mark.is_null() ? "" : ":" + std::to_string(exception.mark.line + 1);
    return fail(ErrorCode::InvalidInput, "not valid YAML: " + exception.msg, file + line);
  }
}

}  // namespace aiops::config
