// What each type of pattern says beyond the records that it selects.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "detection/selection.h"

namespace aiops::detection {

/// Each selected record is one occurrence.
struct RegexKind {};

/// Text that is almost this.
struct FuzzyKind {
  std::string text;
  std::optional<uint32_t> maxEdits;  ///< letters put in, left out or changed; else words are compared
  double similarity = 0.8;           ///< share of the words, 0.5 to 1
};

struct SequenceStep {
  std::string name;
  Selection select;
  uint32_t least = 1;    ///< so many records, 1 to 1000
  uint32_t most = 0;     ///< more than so many make it another story; 0: no limit
  bool missing = false;  ///< the last step only: it is the absence that counts
  bool keep = false;     ///< its records take part in later stories too, until `within` is over
};

/// One thing after another on the same key. With a missing last step the occurrence is when time is up.
struct SequenceKind {
  std::vector<SequenceStep> steps;
  std::string join;  ///< a capture or field that the records share; empty: what the pattern groups by
  std::chrono::seconds within{60};
  bool inOrder = true;
};

enum class TemporalCondition : uint8_t { Spike, SustainedRate, SustainedGrowth, Periodic, Absence };

/// How often records come, or how a value develops.
struct TemporalKind {
  TemporalCondition condition = TemporalCondition::Spike;
  std::chrono::seconds window{0};   ///< 0: the setting temporal_window
  std::optional<double> threshold;  ///< by condition, see docs/PATTERNS.md
  std::string value;                ///< a field; empty: the rate of the selected records
  bool everySeries = false;         ///< no selection and no value: all numeric fields of a service
};

enum class AnomalyOf : uint8_t { Rate, Value, NewTemplate, TemplateShare, Silence };
enum class Direction : uint8_t { Both, Up, Down };

/// What is not as it usually is.
struct AnomalyKind {
  AnomalyOf of = AnomalyOf::Rate;
  std::string value;                  ///< the field, of Value
  std::chrono::seconds bucket{10};    ///< rates are per bucket
  std::optional<double> sensitivity;  ///< empty: the setting pattern_sensitivity
  Direction direction = Direction::Both;
};

using PatternKind = std::variant<RegexKind, FuzzyKind, SequenceKind, TemporalKind, AnomalyKind>;

}  // namespace aiops::detection
