// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_node.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace aiops::ui {
namespace {

constexpr int kMostNodes = 20'000, kMostLevels = 32;
constexpr size_t kMostColumns = 100;

using Lines = std::vector<std::string>;

PatternNode read(const YAML::Node& node, int level, int& left) {
  if (--left < 0 || level > kMostLevels)
    throw YAML::ParserException(node.Mark(), "more values or levels than a pattern has");
  PatternNode out;
  if (node.IsScalar()) return PatternNode::ofText(node.Scalar());
  if (node.IsSequence()) {
    out.kind = PatternNode::Kind::List;
    for (const auto& item : node) out.items.push_back(read(item, level + 1, left));
  } else if (node.IsMap()) {
    out.kind = PatternNode::Kind::Map;
    for (const auto& entry : node)
      out.members.push_back({entry.first.IsScalar() ? entry.first.Scalar() : std::string(),
                             read(entry.second, level + 1, left)});
  }
  return out;
}

/// Whether YAML reads `value` back as the same plain text.
bool isPlain(const std::string& value) {
  try {
    const auto node = YAML::Load("a: " + value + "\nb: x\n");
    return node.IsMap() && node["a"].IsScalar() && node["a"].Scalar() == value && node["b"].IsDefined();
  } catch (const YAML::Exception&) {
    return false;
  }
}

std::optional<size_t> indexOf(const std::string& step) {
  size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return index;
}

PatternNode* child(PatternNode& node, const std::string& step) {
  if (node.isMap()) {
    const auto found = std::ranges::find(node.members, step, &PatternMember::key);
    return found == node.members.end() ? nullptr : &found->value;
  }
  const auto index = node.isList() ? indexOf(step) : std::nullopt;
  return index && *index < node.items.size() ? &node.items[*index] : nullptr;
}

PatternNode& madeChild(PatternNode& node, const std::string& step) {
  if (auto* found = child(node, step)) return *found;
  if (node.isList()) return node.items.emplace_back();
  if (!node.isMap()) node = PatternNode::ofMap({});
  return node.members.emplace_back(PatternMember{step, {}}).value;
}

void erase(PatternNode& node, const std::string& step) {
  if (node.isMap()) std::erase_if(node.members, [&](const auto& member) { return member.key == step; });
  const auto index = node.isList() ? indexOf(step) : std::nullopt;
  if (index && *index < node.items.size())
    node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(*index));
}

bool isEmpty(const PatternNode& node) {
  return node.isNone() || (node.isList() && node.items.empty()) || (node.isMap() && node.members.empty());
}

void put(PatternNode& node, const PatternPath& path, size_t at, PatternNode value) {
  if (at == path.size()) {
    node = std::move(value);
    return;
  }
  const bool takesOut = value.isNone();
  if (takesOut && !child(node, path[at])) return;
  auto& next = madeChild(node, path[at]);
  put(next, path, at + 1, std::move(value));
  // An item of a list stays though it became empty: it is a step that somebody is about to write.
  if (isEmpty(next) && (at + 1 == path.size() || !node.isList())) erase(node, path[at]);
}

bool isFlat(const PatternNode& node) {
  return node.isMap() && std::ranges::all_of(node.members, [](const auto& member) {
           return member.value.isText() || member.value.isNone();
         });
}

bool fits(const PatternNode& node, size_t before) {
  return node.isText() || node.isNone() || (isFlat(node) && before + flowText(node).size() <= kMostColumns) ||
         isEmpty(node);
}

void write(const PatternNode& node, const std::string& lead, size_t indent, Lines& out);

void writeMembers(const PatternNode& map, size_t indent, Lines& out) {
  for (const auto& [key, value] : map.members)
    write(value, std::string(indent, ' ') + quotedScalar(key) + ':', indent, out);
}

/// `lead` is the beginning of the line, with the key or the dash.
void write(const PatternNode& node, const std::string& lead, size_t indent, Lines& out) {
  if (fits(node, lead.size() + 1)) {
    out.push_back(node.isNone() ? lead : lead + ' ' + flowText(node));
  } else if (node.isList()) {
    out.push_back(lead);
    for (const auto& item : node.items) {
      const std::string dash = std::string(indent + 2, ' ') + '-';
      const auto first = out.size();
      if (item.isMap() && !fits(item, dash.size() + 1)) {
        writeMembers(item, indent + 4, out);
        out[first].replace(indent + 2, 1, "-");
      } else {
        write(item, dash, indent + 2, out);
      }
    }
  } else {
    out.push_back(lead);
    writeMembers(node, indent + 2, out);
  }
}

}  // namespace

PatternNode PatternNode::ofText(std::string text) {
  return {.kind = Kind::Text, .text = std::move(text), .items = {}, .members = {}};
}

PatternNode PatternNode::ofList(std::vector<PatternNode> items) {
  return {.kind = Kind::List, .text = {}, .items = std::move(items), .members = {}};
}

PatternNode PatternNode::ofMap(std::vector<PatternMember> members) {
  return {.kind = Kind::Map, .text = {}, .items = {}, .members = std::move(members)};
}

bool PatternNode::operator==(const PatternNode& other) const = default;

const PatternNode& nodeAt(const PatternNode& root, const PatternPath& path) {
  static const PatternNode kNone;
  const auto* at = &root;
  for (const auto& step : path) {
    at = child(const_cast<PatternNode&>(*at), step);
    if (!at) return kNone;
  }
  return *at;
}

void putNode(PatternNode& root, const PatternPath& path, PatternNode value) {
  put(root, path, 0, std::move(value));
}

PatternNode nodeOf(const YAML::Node& node) {
  int left = kMostNodes;
  return read(node, 0, left);
}

std::string quotedScalar(const std::string& value) {
  if (!value.empty() && isPlain(value) && value.find_first_of("#\n\\{}[],") == std::string::npos)
    return value;
  const bool oneLine =
      std::ranges::all_of(value, [](char byte) { return static_cast<unsigned char>(byte) >= 0x20; });
  if (oneLine) {
    std::string result = "'";
    for (const char byte : value) result += byte == '\'' ? std::string("''") : std::string(1, byte);
    return result + '\'';
  }
  YAML::Emitter out;
  out << YAML::DoubleQuoted << value;
  return out.c_str();
}

Lines yamlLines(const std::string& key, const PatternNode& value) {
  Lines out;
  write(value, quotedScalar(key) + ':', 0, out);
  return out;
}

std::string flowText(const PatternNode& value) {
  if (value.isText()) return quotedScalar(value.text);
  if (value.isNone()) return "~";
  std::string inner;
  for (const auto& item : value.items) inner += (inner.empty() ? "" : ", ") + flowText(item);
  for (const auto& [key, member] : value.members)
    inner += (inner.empty() ? "" : ", ") + quotedScalar(key) + ": " + flowText(member);
  return value.isList() ? '[' + inner + ']' : '{' + inner + '}';
}

}  // namespace aiops::ui
