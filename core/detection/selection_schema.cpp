// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/selection_schema.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aiops::detection {
namespace {

constexpr int kDeepest = 8;  // conditions inside conditions

// Conditions ---------------------------------------------------------------------------------------------

std::vector<Condition> conditionsOf(const YAML::Node& node, const std::string& key, int depth);

Condition groupOf(Condition::Kind kind, const YAML::Node& node, const std::string& key, int depth) {
  Condition group;
  group.kind = kind;
  group.parts = conditionsOf(node, key, depth);
  return group;
}

std::optional<Condition::Kind> groupKind(const std::string& name) {
  if (name == "all") return Condition::Kind::All;
  if (name == "any") return Condition::Kind::Any;
  if (name == "not") return Condition::Kind::Not;
  return std::nullopt;
}

Condition testOf(const std::string& field, const YAML::Node& node, const std::string& key) {
  static const Rows<FieldTest> kRows = {
      expressionRow(&FieldTest::match, "match", "An expression."),
      {{.name = "equals", .kind = KeyKind::Text, .help = "Exactly this."},
       [](FieldTest& to, const YAML::Node& value, const std::string& what) {
         to.equals = scalarOf(value, what);
       },
       [](const FieldTest& of) { return of.equals ? Json(*of.equals) : Json(); }},
      numberRow(&FieldTest::above, "above", "A number above this.", -1e300, 1e300),
      numberRow(&FieldTest::below, "below", "A number below this.", -1e300, 1e300),
  };
  Condition out;
  out.kind = Condition::Kind::Field;
  out.test.field = field;
  if (field.empty()) throw Broken(node, key + " names no field");
  if (node.IsMap()) {
    readRows(out.test, node, kRows, key + '.' + field, key + '.' + field + '.');
  } else {
    out.test.match = expressionOf(node, key + '.' + field);
  }
  const auto& test = out.test;
  if (test.match.empty() && !test.equals && !test.above && !test.below)
    throw Broken(node, key + '.' + field + " says nothing about the field");
  return out;
}

/// One item of a list: a map, all of whose members hold.
Condition conditionOf(const YAML::Node& node, const std::string& key, int depth) {
  if (!node.IsMap() || node.size() == 0)
    throw Broken(node, "each of " + key + " must be a map such as {status: '^5'}");
  Condition all;
  for (const auto& member : node) {
    const auto name = scalarOf(member.first, key);
    const auto kind = groupKind(name);
    all.parts.push_back(kind ? groupOf(*kind, member.second, key + '.' + name, depth + 1)
                             : testOf(name, member.second, key));
  }
  return all.parts.size() == 1 ? Condition(all.parts.front()) : all;
}

std::vector<Condition> conditionsOf(const YAML::Node& node, const std::string& key, int depth) {
  if (depth > kDeepest) throw Broken(node, key + " is nested too deep");
  std::vector<Condition> out;
  if (node.IsMap()) {
    out.push_back(conditionOf(node, key, depth));
  } else if (node.IsSequence() && node.size() > 0) {
    for (const auto& item : node) out.push_back(conditionOf(item, key, depth));
  } else {
    throw Broken(node, key + " must be a list of tests such as [{status: '^5'}]");
  }
  return out;
}

Json written(const Condition& condition);

Json writtenParts(const Condition& condition) {
  Json list = Json::array();
  for (const auto& part : condition.parts) list.push_back(written(part));
  return list;
}

Json written(const FieldTest& test) {
  if (!test.equals && !test.above && !test.below) return test.match;
  Json out = Json::object();
  if (!test.match.empty()) out["match"] = test.match;
  if (test.equals) out["equals"] = *test.equals;
  if (test.above) out["above"] = *test.above;
  if (test.below) out["below"] = *test.below;
  return out;
}

Json written(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::Field:
      return {{condition.test.field, written(condition.test)}};
    case Condition::Kind::All:
      return {{"all", writtenParts(condition)}};
    case Condition::Kind::Any:
      return {{"any", writtenParts(condition)}};
    case Condition::Kind::Not:
      return {{"not", writtenParts(condition)}};
  }
  return {};
}

Row<Selection> conditionRow(Condition::Kind kind, const char* name, const char* help) {
  return {{.name = name, .kind = KeyKind::Conditions, .help = help},
          [kind](Selection& to, const YAML::Node& node, const std::string& key) {
            to.where.push_back(groupOf(kind, node, key, 0));
          },
          [kind](const Selection& of) {
            const auto found = std::ranges::find(of.where, kind, &Condition::kind);
            return found == of.where.end() ? Json() : writtenParts(*found);
          }};
}

// Selections ---------------------------------------------------------------------------------------------

void readFields(Selection& to, const YAML::Node& node, const std::string& key) {
  if (!node.IsMap()) throw Broken(node, key + " must be a map of field: expression");
  std::map<std::string, std::string> fields;
  for (const auto& member : node) {
    const auto name = scalarOf(member.first, "a field");
    auto text = expressionOf(member.second, key + '.' + name);
    if (text.empty()) throw Broken(member.second, key + '.' + name + " must be an expression");
    if (!fields.emplace(name, std::move(text)).second)
      throw Broken(member.first, "field '" + name + "' is given twice");
  }
  to.fields = {fields.begin(), fields.end()};
}

Json writtenFields(const Selection& of) {
  if (of.fields.empty()) return {};
  Json out = Json::object();
  for (const auto& [name, expression] : of.fields) out[name] = expression;
  return out;
}

}  // namespace

std::optional<model::Severity> severityOf(const YAML::Node& node, const std::string& key) {
  const auto value = model::severityFromString(scalarOf(node, key));
  if (!value) throw Broken(node, key + " must be debug, info, warning, error or critical");
  return value;
}

std::vector<std::string> severities() {
  return {"debug", "info", "warning", "error", "critical"};
}

const Rows<Selection>& selectionRows() {
  static const Rows<Selection> kRows = {
      expressionRow(&Selection::match, "match", "What the text of a record has to match."),
      expressionRow(&Selection::exclude, "exclude", "What matches this as well does not count."),
      {{.name = "extract",
        .kind = KeyKind::Lines,
        .help = "Expressions that need not match: where they do, their captures are added."},
       [](Selection& to, const YAML::Node& node, const std::string& key) {
         to.extract = node.IsSequence() ? textsOf(node, key) : std::vector{scalarOf(node, key)};
       },
       [](const Selection& of) { return of.extract.empty() ? Json() : Json(of.extract); }},
      textRow(&Selection::field, "field", "The field that these look at instead of the whole text."),
      {{.name = "fields", .kind = KeyKind::FieldTests, .help = "All of these fields have to match."},
       readFields,
       writtenFields},
      conditionRow(Condition::Kind::All, "all", "All of these tests of fields hold."),
      conditionRow(Condition::Kind::Any, "any", "At least one of these tests of fields holds."),
      conditionRow(Condition::Kind::Not, "not", "None of these tests of fields holds."),
      {{.name = "level_at_least",
        .kind = KeyKind::Choice,
        .help = "Only records of this level or above.",
        .choices = severities()},
       [](Selection& to, const YAML::Node& node, const std::string& key) {
         to.levelAtLeast = severityOf(node, key);
       },
       [](const Selection& of) {
         return of.levelAtLeast ? Json(model::toString(*of.levelAtLeast)) : Json();
       }},
  };
  return kRows;
}

}  // namespace aiops::detection
