// Rows of which a schema is made: a key, how it is read from YAML and how it is written. Internal to
// detection. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "model/pattern_type.h"

namespace aiops::detection {

using Json = nlohmann::ordered_json;

/// Thrown and caught inside detection only: yaml-cpp throws in any case.
struct Broken : std::runtime_error {
  Broken(const YAML::Node& node, const std::string& reason) : std::runtime_error(reason), mark(node.Mark()) {}
  YAML::Mark mark;
};

/// `read` gets the node and the key with what stands before it ("threshold.count"); `write` gives null for
/// what is as by default.
template <class T>
struct Row {
  model::PatternKey key;
  std::function<void(T&, const YAML::Node&, const std::string&)> read;
  std::function<Json(const T&)> write;
};
template <class T>
using Rows = std::vector<Row<T>>;

std::string scalarOf(const YAML::Node& node, const std::string& key);
int64_t integerOf(const YAML::Node& node, const std::string& key, int64_t least, int64_t most);
double numberOf(const YAML::Node& node, const std::string& key, double least, double most);
bool flagOf(const YAML::Node& node, const std::string& key);
std::vector<std::string> textsOf(const YAML::Node& node, const std::string& key);
/// One expression, or a list of which any may match.
std::string expressionOf(const YAML::Node& node, const std::string& key);

/// Reads a map; what is unknown, twice or missing is Broken. `before` is put before the keys of messages.
template <class T>
void readRows(T& target, const YAML::Node& map, const Rows<T>& rows, const std::string& what,
              const std::string& before = {}) {
  if (!map.IsMap()) throw Broken(map, what + " must be a map of keys");
  std::set<std::string> seen;
  for (const auto& member : map) {
    const auto name = scalarOf(member.first, "a key");
    const auto row = std::ranges::find_if(rows, [&](const auto& one) { return one.key.name == name; });
    if (row == rows.end()) {
      std::string all;
      for (const auto& one : rows) all += (all.empty() ? "" : ", ") + one.key.name;
      throw Broken(member.first, "unknown key '" + name + "' in " + what + "; there are: " + all);
    }
    if (!seen.insert(name).second) throw Broken(member.first, "key '" + name + "' is given twice");
    row->read(target, member.second, before + name);
  }
  for (const auto& row : rows) {
    if (row.key.required && !seen.contains(row.key.name))
      throw Broken(map, before + row.key.name + " is missing");
  }
}

template <class T>
Json writeRows(const T& source, const Rows<T>& rows) {
  Json out = Json::object();
  for (const auto& row : rows) {
    auto value = row.write(source);
    if (!value.is_null()) out[row.key.name] = std::move(value);
  }
  return out;
}

template <class T>
std::vector<model::PatternKey> keysOf(const Rows<T>& rows) {
  std::vector<model::PatternKey> keys;
  for (const auto& row : rows) keys.push_back(row.key);
  return keys;
}

/// Rows of a part as rows of the whole.
template <class Whole, class Part>
Rows<Whole> lifted(const Rows<Part>& rows, Part Whole::* part) {
  Rows<Whole> out;
  for (const auto& row : rows) {
    out.push_back({row.key,
                   [read = row.read, part](Whole& whole, const YAML::Node& node, const std::string& key) {
                     read(whole.*part, node, key);
                   },
                   [write = row.write, part](const Whole& whole) { return write(whole.*part); }});
  }
  return out;
}

using KeyKind = model::PatternKeyKind;

template <class T>
Row<T> textRow(std::string T::* member, const char* name, const char* help, KeyKind kind = KeyKind::Text) {
  return {
      {.name = name, .kind = kind, .help = help},
      [member](T& to, const YAML::Node& node, const std::string& key) { to.*member = scalarOf(node, key); },
      [member](const T& of) { return (of.*member).empty() ? Json() : Json(of.*member); }};
}

template <class T>
Row<T> expressionRow(std::string T::* member, const char* name, const char* help) {
  auto row = textRow(member, name, help, KeyKind::Expression);
  row.read = [member](T& to, const YAML::Node& node, const std::string& key) {
    to.*member = expressionOf(node, key);
  };
  return row;
}

template <class T, class Integer>
Row<T> integerRow(Integer T::* member, const char* name, const char* help, int64_t least, int64_t most) {
  const Integer byDefault = T().*member;
  return {{.name = name,
           .kind = KeyKind::Integer,
           .help = help,
           .least = static_cast<double>(least),
           .most = static_cast<double>(most),
           .byDefault = std::to_string(byDefault)},
          [=](T& to, const YAML::Node& node, const std::string& key) {
            to.*member = static_cast<Integer>(integerOf(node, key, least, most));
          },
          [=](const T& of) { return of.*member == byDefault ? Json() : Json(of.*member); }};
}

template <class T>
Row<T> secondsRow(std::chrono::seconds T::* member, const char* name, const char* help, int64_t most) {
  const auto byDefault = T().*member;
  return {{.name = name,
           .kind = KeyKind::Integer,
           .help = help,
           .unit = "s",
           .least = 1,
           .most = static_cast<double>(most),
           .byDefault = byDefault.count() == 0 ? "" : std::to_string(byDefault.count())},
          [=](T& to, const YAML::Node& node, const std::string& key) {
            to.*member = std::chrono::seconds(integerOf(node, key, 1, most));
          },
          [=](const T& of) { return of.*member == byDefault ? Json() : Json((of.*member).count()); }};
}

template <class T>
Row<T> numberRow(std::optional<double> T::* member, const char* name, const char* help, double least,
                 double most) {
  return {{.name = name, .kind = KeyKind::Number, .help = help, .least = least, .most = most},
          [=](T& to, const YAML::Node& node, const std::string& key) {
            to.*member = numberOf(node, key, least, most);
          },
          [=](const T& of) { return of.*member ? Json(*(of.*member)) : Json(); }};
}

template <class T>
Row<T> flagRow(bool T::* member, const char* name, const char* help) {
  const bool byDefault = T().*member;
  return {{.name = name, .kind = KeyKind::Flag, .help = help, .byDefault = byDefault ? "true" : "false"},
          [=](T& to, const YAML::Node& node, const std::string& key) { to.*member = flagOf(node, key); },
          [=](const T& of) { return of.*member == byDefault ? Json() : Json(of.*member); }};
}

/// A choice by name; the first is the default unless the key is required.
template <class T, class Enum>
Row<T> choiceRow(Enum T::* member, const char* name, const char* help,
                 std::vector<std::pair<std::string, Enum>> choices, bool required = false) {
  model::PatternKey key{.name = name, .kind = KeyKind::Choice, .help = help, .required = required};
  std::string all;
  for (const auto& [text, value] : choices) {
    key.choices.push_back(text);
    all += (all.empty() ? "" : ", ") + text;
  }
  if (!required) key.byDefault = choices.front().first;
  return {key,
          [=](T& to, const YAML::Node& node, const std::string& what) {
            const auto text = scalarOf(node, what);
            const auto found = std::ranges::find(choices, text, &std::pair<std::string, Enum>::first);
            if (found == choices.end())
              throw Broken(node, what + ": there is no '" + text + "'; there are: " + all);
            to.*member = found->second;
          },
          [=](const T& of) {
            const auto found = std::ranges::find(choices, of.*member, &std::pair<std::string, Enum>::second);
            return !required && found == choices.begin() ? Json() : Json(found->first);
          }};
}

}  // namespace aiops::detection
