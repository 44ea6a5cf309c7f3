// Which records count: the part of a pattern that looks at one record.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/severity.h"

namespace aiops::detection {

/// What the value of a field has to be like: one of these. A field that is not there fits nothing.
struct FieldTest {
  std::string field;  ///< "message" and "text" (the whole entry) are fields too
  std::string match;  ///< RE2
  std::optional<std::string> equals;
  std::optional<double> above;
  std::optional<double> below;
};

/// `all`, `any` and `not`, which may stand inside each other.
struct Condition {
  enum class Kind : uint8_t { Field, All, Any, Not };

  Kind kind = Kind::All;
  FieldTest test;                ///< of Field
  std::vector<Condition> parts;  ///< of the others; Not: none of them
};

struct Selection {
  std::string match;                                        ///< RE2; those of a list joined. May be empty
  std::string field;                                        ///< what `match` and `exclude` look at, or all
  std::string exclude;                                      ///< as `match`
  std::vector<std::pair<std::string, std::string>> fields;  ///< name, RE2; by name
  std::optional<model::Severity> levelAtLeast;
  std::vector<Condition> where;      ///< all of them
  std::vector<std::string> extract;  ///< RE2; of those that match the captures are added, the first one's win

  /// Takes every record.
  bool empty() const { return match.empty() && fields.empty() && !levelAtLeast && where.empty(); }
};

}  // namespace aiops::detection
