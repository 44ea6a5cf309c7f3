// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_retype.h"

#include <algorithm>

namespace aiops::ui {
namespace {

using model::PatternKey;
using model::PatternKeyKind;

const PatternKey* keyNamed(const std::vector<PatternKey>& keys, const std::string& name) {
  const auto found = std::ranges::find(keys, name, &PatternKey::name);
  return found == keys.end() ? nullptr : &*found;
}

std::string firstSample(const PatternText& document) {
  const auto& samples = document.samples();
  const auto found = std::ranges::find(samples, true, &PatternText::Sample::mustMatch);
  return found == samples.end() ? std::string() : found->text;
}

/// Two groups, the first of which looks for what the document looked for.
PatternNode startingGroups(const PatternKey& key, const PatternNode& expression) {
  std::vector<PatternNode> groups;
  for (const char* name : {"first", "then"}) {
    auto group = PatternNode::ofMap({});
    if (keyNamed(key.keys, "name")) putNode(group, {"name"}, PatternNode::ofText(name));
    if (groups.empty() && keyNamed(key.keys, "match")) putNode(group, {"match"}, expression);
    groups.push_back(std::move(group));
  }
  return PatternNode::ofList(std::move(groups));
}

PatternNode starting(const PatternKey& key, const PatternText& document, const PatternNode& expression) {
  switch (key.kind) {
    case PatternKeyKind::Choice:
      return key.choices.empty() ? PatternNode{} : PatternNode::ofText(key.choices.front());
    case PatternKeyKind::Text:
    case PatternKeyKind::LongText: {
      auto text = firstSample(document);
      if (text.empty()) text = expression.text;
      return text.empty() ? PatternNode{} : PatternNode::ofText(std::move(text));
    }
    case PatternKeyKind::Groups:
      return startingGroups(key, expression);
    default:
      return {};
  }
}

PatternNode startingCondition(const model::PatternType& type, const PatternText& document,
                              const PatternNode& expression) {
  const auto* condition = keyNamed(type.keys, "condition");
  if (!condition) return {};
  auto node = PatternNode::ofMap({});
  for (const auto& key : condition->keys) {
    auto value = key.required ? starting(key, document, expression) : PatternNode{};
    if (!value.isNone()) putNode(node, {key.name}, std::move(value));
  }
  return node.members.empty() ? PatternNode{} : node;
}

}  // namespace

const model::PatternType* typeNamed(const std::vector<model::PatternType>& types, const std::string& name) {
  const auto found = std::ranges::find(types, name, &model::PatternType::type);
  return found == types.end() ? nullptr : &*found;
}

PatternText retyped(const PatternText& document, const model::PatternType& type,
                    const PatternNode& expression, const PatternText* before) {
  auto out = document.with("type", type.type);
  for (const auto& member : document.root().members) {
    if (!keyNamed(type.keys, member.key)) out = out.with({member.key}, PatternNode{});
  }
  out = out.with({"condition"}, startingCondition(type, document, expression));
  if (!before) return out;
  for (const auto& member : before->root().members) {
    const bool went = member.key == "condition" || !out.has(member.key);
    if (went && keyNamed(type.keys, member.key)) out = out.with({member.key}, member.value);
  }
  return out;
}

}  // namespace aiops::ui
