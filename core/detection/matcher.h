// Compiled selections of a pattern set. Internal to detection.
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

#include "base/result.h"
#include "detection/fuzzy.h"
#include "detection/pattern.h"
#include "detection/scanner.h"
#include "model/log_record.h"
#include "model/pattern.h"

namespace aiops::detection {

/// Matches bytes, logs nothing, and stays within 8 MB.
RE2::Options expressionOptions();

/// By group number from 1; empty for unnamed ones. Numbered names ("host__2") are one capture.
std::vector<std::string> captureNames(const RE2& regex);

/// A Condition with its expressions compiled.
struct CompiledCondition {
  Condition::Kind kind = Condition::Kind::All;
  FieldTest test;
  std::unique_ptr<RE2> regex;  ///< of `test.match`
  std::vector<CompiledCondition> parts;

  bool holds(const model::LogRecord& record) const;
};

/// A Selection with its expressions compiled.
struct CompiledSelection {
  std::string field;             ///< what `regex`, `fuzzy` and `exclude` look at; empty: the whole text
  std::unique_ptr<RE2> regex;    ///< none: every text
  std::unique_ptr<RE2> exclude;  ///< none: nothing
  std::unique_ptr<Fuzzy> fuzzy;  ///< none: every text
  std::vector<std::pair<std::string, std::unique_ptr<RE2>>> fields;
  std::vector<CompiledCondition> where;
  std::optional<model::Severity> levelAtLeast;
  std::vector<std::unique_ptr<RE2>> extract;
  std::vector<std::string> captureNames;  ///< by group number from 1; empty for unnamed ones

  /// The text that `regex`, `fuzzy` and `exclude` look at.
  std::string_view target(const model::LogRecord& record) const;
};

/// One pattern, compiled. Immutable; those that detect the same are shared between pattern sets.
struct CompiledPattern {
  std::vector<CompiledSelection> selections;  ///< one, or one a step
  std::string digest;                         ///< of what the pattern detects
};

/// InvalidInput names the key and what is wrong with its expression.
base::Result<std::shared_ptr<const CompiledPattern>> compilePattern(const PatternDocument& document,
                                                                    std::string digest);

/// Finds which selections of which patterns take a record. Shared by all threads; a search keeps its state in
/// the caller's `Search`.
class Matcher {
 public:
  /// A selection of a pattern.
  struct Selector {
    size_t pattern = 0;
    size_t step = 0;
    const CompiledSelection* selection = nullptr;
  };
  /// Where a search stands. Belongs to one thread and one matcher.
  struct Search {
    std::vector<uint32_t> hits;  ///< selectors that take the record, ascending

   private:
    friend class Matcher;
    ScanMemory memory;
    bool prepared = false;
    std::vector<uint32_t> candidates;
    uint64_t record = 0;  ///< counts the records that were searched
    struct Verdict {
      uint64_t record = 0;
      bool matches = false;
    };
    std::vector<Verdict> shared;  ///< of expressions that several selectors have
  };
  /// Asked before anything dear: whether selector `index` is looked for in this record.
  using Wanted = std::vector<uint8_t>;

  explicit Matcher(std::vector<std::shared_ptr<const CompiledPattern>> patterns);
  ~Matcher();

  /// Finds the candidates among `wanted` (by selector); take() then says of each.
  void findCandidates(const model::LogRecord& record, const Wanted& wanted, Search& search) const;
  const std::vector<uint32_t>& candidates(const Search& search) const { return search.candidates; }
  /// Whether the selection takes the record. RE2's word, whoever found the candidate. With the `search` that
  /// found it, an expression that several patterns have is looked for once.
  bool takes(size_t selector, const model::LogRecord& record, Search* search = nullptr) const;
  /// What else the selection asks of a record that its expression matches, the service apart.
  enum class Objection : uint8_t { None, Level, Excluded, Field, Condition };
  Objection objection(size_t selector, const model::LogRecord& record) const;
  /// Named groups of the selector in `record`, cut to 256 bytes and made valid UTF-8. Empty groups are left
  /// out. Of fuzzy text: `similarity` and `differs`.
  std::map<std::string, std::string> captures(size_t selector, const model::LogRecord& record) const;
  /// The whole match and its named groups in the selection's target; empty without a match.
  std::vector<model::CaptureSpan> spans(size_t selector, std::string_view target) const;
  /// The expression alone.
  bool matches(size_t selector, std::string_view target) const;

  const std::vector<Selector>& selectors() const { return m_selectors; }
  size_t firstSelector(size_t pattern) const { return m_first[pattern]; }
  const std::string& digest(size_t pattern) const { return m_patterns[pattern]->digest; }
  const std::vector<std::shared_ptr<const CompiledPattern>>& patterns() const { return m_patterns; }
  /// Builds what findCandidates() needs, which is dear and else done by the first one.
  void prepare() const;
  /// By pattern: why its expression is looked for without Vectorscan; empty for most. Prepares.
  const std::map<size_t, std::string>& alone() const;

 private:
  struct Group;  ///< the selectors that look at one field
  struct Index;

  void findShared();
  bool matchesOnce(size_t selector, std::string_view target, Search& search) const;
  const Index& index() const;
  void searchGroup(const Group& group, std::string_view text, const Wanted& wanted, Search& search) const;

  std::vector<std::shared_ptr<const CompiledPattern>> m_patterns;
  std::vector<Selector> m_selectors;
  std::vector<size_t> m_first;
  std::vector<uint32_t> m_shared;  ///< by selector: which shared expression it has, from 1; 0: its own
  uint32_t m_sharedCount = 0;
  mutable std::once_flag m_indexOnce;
  mutable std::unique_ptr<const Index> m_index;
};

/// The value by which `pattern` groups, in this record; empty when it has none or does not group.
std::string groupKey(const PatternDocument& pattern, const std::string& service,
                     const model::LogRecord& record, const std::map<std::string, std::string>& captures);

/// The value of a capture, or else of a field; empty when there is neither.
std::string captureOrField(const std::string& name, const model::LogRecord& record,
                           const std::map<std::string, std::string>& captures);

/// The finite number that a capture or else a field holds, and nothing else beside it.
std::optional<double> numberOf(const std::string& name, const model::LogRecord& record,
                               const std::map<std::string, std::string>& captures);

/// The value that counts where `threshold.distinct` is set; empty when the record has none.
std::string distinctValue(const PatternDocument& pattern, const model::LogRecord& record,
                          const std::map<std::string, std::string>& captures);

/// The capture or field whose numbers `pattern` watches; empty when it watches none or every one.
std::string watchedValue(const PatternDocument& pattern);

/// The text as a finite number, when it is nothing else.
std::optional<double> numberIn(std::string_view text);

struct PatternSet::Impl {
  std::unique_ptr<Matcher> matcher;
};

/// A field's value; "message" and "text" are fields too. Empty when it is not there.
std::string_view fieldOf(const model::LogRecord& record, std::string_view name);

}  // namespace aiops::detection
