// A value inside a pattern document: a text, a list or a map, as YAML has it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace YAML {
class Node;
}

namespace aiops::ui {

struct PatternMember;

/// Every scalar is text: what kind of value it is, the engine's schema says. Maps keep their order.
struct PatternNode {
  enum class Kind : uint8_t { None, Text, List, Map };

  Kind kind = Kind::None;
  std::string text;
  std::vector<PatternNode> items;
  std::vector<PatternMember> members;

  static PatternNode ofText(std::string text);
  static PatternNode ofList(std::vector<PatternNode> items);
  static PatternNode ofMap(std::vector<PatternMember> members);

  bool isNone() const { return kind == Kind::None; }
  bool isText() const { return kind == Kind::Text; }
  bool isList() const { return kind == Kind::List; }
  bool isMap() const { return kind == Kind::Map; }
  bool operator==(const PatternNode& other) const;
};

struct PatternMember {
  std::string key;
  PatternNode value;
  bool operator==(const PatternMember& other) const = default;
};

/// From a document to one of its values: keys, and indices of lists as digits.
using PatternPath = std::vector<std::string>;

/// The value at `path`, or none.
const PatternNode& nodeAt(const PatternNode& root, const PatternPath& path);
/// Sets the value at `path` and makes the maps that lead to it. None takes it out, and so the maps and lists
/// that become empty by that; an index that is the size of a list appends.
void putNode(PatternNode& root, const PatternPath& path, PatternNode value);

/// Throws YAML::Exception, also for more than 20,000 values or 32 levels: anchors could make it endless.
PatternNode nodeOf(const YAML::Node& node);
/// `value` as a scalar that reads back as the same text anywhere in a document, on one line.
std::string quotedScalar(const std::string& value);
/// `key: value` as lines of a document in block style; maps of texts in braces where they fit a line.
std::vector<std::string> yamlLines(const std::string& key, const PatternNode& value);
/// On one line, as in `{any: [{status: '^5'}]}`.
std::string flowText(const PatternNode& value);

}  // namespace aiops::ui
