// Compiled expressions of a pattern set. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detection/pattern.h"
#include "model/log_record.h"
#include "model/pattern.h"

namespace aiops::detection {

/// Matches bytes, logs nothing, and stays within 8 MB.
RE2::Options expressionOptions();

/// Immutable; those that detect the same are shared between pattern sets.
struct Expression {
  std::unique_ptr<RE2> regex;    ///< none: every text
  std::unique_ptr<RE2> exclude;  ///< none: nothing
  std::vector<std::pair<std::string, std::unique_ptr<RE2>>> fields;
  std::vector<std::string> captureNames;  ///< by group number from 1; empty for unnamed ones
  std::string digest;                     ///< of what the pattern detects
};

/// Finds which patterns match a record. Shared by all threads; a search keeps its state in the caller's
/// `Hits`.
class Matcher {
 public:
  using Hits = std::vector<int>;

  Matcher(std::vector<std::shared_ptr<const Expression>> expressions,
          const std::vector<PatternDocument>& documents);

  /// Indices of the patterns whose `match` matches, ascending; those without one are always among them.
  void match(const model::LogRecord& record, Hits& hits) const;
  /// What else the pattern asks of a record that its expression matches, the service apart.
  enum class Objection : uint8_t { None, Level, Excluded, Field };
  Objection objection(size_t index, const model::LogRecord& record) const;
  /// Named groups of pattern `index` in `text`, cut to 256 bytes and made valid UTF-8. Empty groups are left
  /// out.
  std::map<std::string, std::string> captures(size_t index, std::string_view text) const;
  /// The whole match and its named groups, in the order of the groups; empty without a match.
  std::vector<model::CaptureSpan> spans(size_t index, std::string_view text) const;
  /// The expression alone.
  bool matches(size_t index, std::string_view text) const;
  /// The text that `match` and `exclude` look at.
  std::string_view target(size_t index, const model::LogRecord& record) const;
  const std::string& digest(size_t index) const { return m_expressions[index]->digest; }
  const std::vector<std::shared_ptr<const Expression>>& expressions() const { return m_expressions; }

 private:
  void matchOneByOne(std::string_view text, Hits& hits) const;
  const RE2::Set* wholeTextSet() const;

  std::vector<std::shared_ptr<const Expression>> m_expressions;
  std::vector<std::string> m_fields;  ///< by pattern; empty for the whole text
  std::vector<std::optional<model::Severity>> m_levels;
  std::vector<int> m_setToPattern;
  std::vector<int> m_apart;  ///< those that look at one field, or have no expression
  mutable std::once_flag m_setOnce;
  /// The whole-text expressions; none when they did not fit together. Built for the first search: it is dear,
  /// and many sets are never searched.
  mutable std::unique_ptr<RE2::Set> m_set;
};

/// The value by which `pattern` groups, in this record; empty when it has none or does not group.
std::string groupKey(const PatternDocument& pattern, const std::string& service,
                     const model::LogRecord& record, const std::map<std::string, std::string>& captures);

struct PatternSet::Impl {
  std::unique_ptr<Matcher> matcher;
};

/// `text` cut to `bytes` and made valid UTF-8.
std::string shown(std::string_view text, size_t bytes);

}  // namespace aiops::detection
