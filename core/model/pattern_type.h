// What a type of pattern may say, key by key: the schema behind documents, error messages and forms.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::model {

enum class PatternKeyKind : uint8_t {
  Text,
  LongText,
  Expression,  ///< RE2, or a list of which any may match
  FieldTests,  ///< a map of field: expression
  Conditions,  ///< a list of tests of fields, with all, any and not inside
  Integer,
  Number,
  Flag,
  Choice,
  Lines,   ///< a list of texts
  Group,   ///< a map of `keys`
  Groups,  ///< a list of maps of `keys`
};
std::string_view toString(PatternKeyKind kind);

struct PatternKey {
  std::string name;
  PatternKeyKind kind = PatternKeyKind::Text;
  std::string help;
  bool required = false;
  std::string unit;                  ///< of numbers, or empty
  std::optional<double> least;       ///< of numbers
  std::optional<double> most;        ///< of numbers
  std::string byDefault;             ///< what counts when it is left out, or empty
  std::vector<std::string> choices;  ///< of Choice
  std::vector<PatternKey> keys;      ///< of Group and Groups
};

struct PatternType {
  std::string type;
  std::string title;
  std::string help;
  std::vector<PatternKey> keys;
};

void to_json(nlohmann::json& json, const PatternKeyKind& value);
void from_json(const nlohmann::json& json, PatternKeyKind& value);
void to_json(nlohmann::json& json, const PatternKey& value);
void from_json(const nlohmann::json& json, PatternKey& value);
void to_json(nlohmann::json& json, const PatternType& value);
void from_json(const nlohmann::json& json, PatternType& value);

}  // namespace aiops::model
