// Patterns from code.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "detection/pattern.h"

namespace aiops::detection {

/// Makes a document step by step; it is the same as one that was written:
///
///     auto pattern = LogPatternBuilder("Your Pattern")
///                        .description("What it means")
///                        .severity(model::Severity::Error)
///                        .regex("timeout after (?P<ms>\\d+)")
///                        .build();
class LogPatternBuilder {
 public:
  explicit LogPatternBuilder(std::string name) { m_document.name = std::move(name); }

  LogPatternBuilder& id(std::string id);
  LogPatternBuilder& description(std::string text);
  LogPatternBuilder& severity(model::Severity severity);
  LogPatternBuilder& signal(std::string signal);
  LogPatternBuilder& service(std::string glob);
  LogPatternBuilder& regex(std::string expression);
  LogPatternBuilder& exclude(std::string expression);
  LogPatternBuilder& field(std::string name);
  LogPatternBuilder& levelAtLeast(model::Severity severity);
  LogPatternBuilder& where(Condition condition);
  /// So many matches, or, with `distinct`, matches with so many different values of that capture or field.
  LogPatternBuilder& threshold(uint32_t count, std::chrono::seconds window, std::string distinct = {});
  LogPatternBuilder& groupBy(std::string name);
  LogPatternBuilder& cooldown(std::chrono::seconds time);
  LogPatternBuilder& mustMatch(std::string line);
  LogPatternBuilder& mustNotMatch(std::string line);
  LogPatternBuilder& fuzzy(FuzzyKind kind);
  LogPatternBuilder& sequence(SequenceKind kind);
  LogPatternBuilder& temporal(TemporalKind kind);
  LogPatternBuilder& anomaly(AnomalyKind kind);

  /// InvalidInput says what is wrong, as for a written document.
  base::Result<PatternDocument> build() const;

 private:
  LogPatternBuilder& kind(std::string type, PatternKind kind);

  PatternDocument m_document;
};

}  // namespace aiops::detection
