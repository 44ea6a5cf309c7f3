// Pattern documents: what to look for in logs, as written in YAML or JSON.
//
//   id: disk-full
//   name: Disk full
//   description: A write was refused because the file system has no space left.
//   type: regex
//   severity: critical                   # debug | info | warning | error | critical
//   signal: disk_full                    # what it means; analysts reason on this
//   match: 'No space left on device'     # RE2, or a list of which any; (?P<x>...) become captures
//   field: message                       # optional: match this field's value instead of the whole text
//   exclude: 'dry run'                   # optional, or a list: what matches one of these too does not count
//   extract: ['user=(?P<user>\S+)']      # optional: more captures, from what matches of these
//   fields: {status: '^5'}               # optional: all of these fields must match as well
//   service: 'postgres*'                 # optional: only these services; * stands for anything
//   level_at_least: warning              # optional; with it or `fields`, `match` may be left out
//   all, any, not: [{status: '^5'}, ...]        # optional: combinations of tests on fields
//   condition: {...}                            # what the other types say, see kinds.h
//   threshold: {count: 3, window_seconds: 10}   # optional; default: every match. With `distinct: path` what
//                                        # counts is different values of that capture or field; with
//                                        # `first: true` what a group has never had before fires at once
//   tally: {by: peer, with: user}        # optional: events tell how often each value came, see
//   docs/PATTERNS.md group_by: service                    # optional: a capture, a field, or `service`
//   cooldown_seconds: 30                 # optional; default 30
//   samples: {match: ["..."], no_match: ["..."]}
//
// A file holds one document, a list of them, or a map with the list under `patterns`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "detection/kinds.h"
#include "detection/selection.h"
#include "model/log_record.h"
#include "model/severity.h"

namespace aiops::detection {

struct PatternDocument {
  std::string id;  ///< lower case letters, digits, '-' and '_'
  std::string name;
  std::string description;
  std::string type = "regex";  ///< names what `kind` holds
  PatternKind kind;
  model::Severity severity = model::Severity::Warning;
  std::string signal;
  std::string service;              ///< glob, or empty for all
  Selection select;                 ///< of all types but sequence, whose steps have their own
  uint32_t count = 1;               ///< threshold: 1 to 1000 matches ...
  std::chrono::seconds window{60};  ///< ... in a window of 1 s to 1 day
  bool first = false;               ///< also at the first match ever of a group, whatever `count` says
  std::string distinct;             ///< a capture or field whose different values count; empty: matches do
  std::string groupBy;
  std::string tallyBy;    ///< a capture or field whose values are counted one by one; or empty
  std::string tallyWith;  ///< a capture or field: which values came with them; or empty
  std::string tallyMark;  ///< a capture or field: records that have it are counted apart; or empty
  std::chrono::seconds cooldown{30};  ///< 1 s to 1 day
  std::vector<std::string> samplesMatch;
  std::vector<std::string> samplesNoMatch;
  std::string file;
  int line = 0;
  std::string text;     ///< as YAML, with the comments of its file
  bool enabled = true;  ///< else it matches nothing; its windows stay. Not part of the text
};

/// Why a file or one pattern in it was left out. Everything else was loaded.
struct PatternProblem {
  std::string file;
  int line = 0;         ///< from 1; 0 when the file could not be read at all
  std::string pattern;  ///< id, when it is known
  std::string reason;

  /// "file:line: pattern 'id': reason".
  std::string text() const;
};

class Matcher;

/// Compiled patterns in order of id. Immutable and thread safe; share it by shared_ptr.
/// Expressions match bytes (so an invalid UTF-8 byte hides nothing) and may use 8 MB each.
class PatternSet {
 public:
  /// Duplicate ids and expressions that do not compile become problems. Expressions that one of `others` has
  /// are taken from there and not compiled again.
  static std::shared_ptr<const PatternSet> compile(std::vector<PatternDocument> documents,
                                                   std::vector<PatternProblem> problems = {},
                                                   const std::vector<const PatternSet*>& others = {});
  ~PatternSet();

  const std::vector<PatternDocument>& documents() const { return m_documents; }
  const std::vector<PatternProblem>& problems() const { return m_problems; }
  size_t size() const { return m_documents.size(); }
  const PatternDocument* find(std::string_view id) const;
  /// Builds the automata for all expressions at once, which takes a second for some hundred patterns. Else
  /// the first record that is searched waits for that.
  void prepare() const;
  /// Internal to detection.
  const Matcher& matcher() const;

  struct Impl;  ///< opaque

 private:
  PatternSet();

  std::vector<PatternDocument> m_documents;
  std::vector<PatternProblem> m_problems;
  std::unique_ptr<Impl> m_impl;
};

/// Reads the documents of one file's text; what is wrong is added to `problems` under the name `file`.
std::vector<PatternDocument> parsePatterns(std::string_view yaml, const std::string& file,
                                           std::vector<PatternProblem>& problems);

/// Loads and compiles all *.yaml, *.yml and *.json files of the directories (a path may also be a file), in
/// order of name. A later directory's pattern replaces an earlier one's of the same id. A missing directory
/// is a problem.
std::shared_ptr<const PatternSet> loadPatterns(const std::vector<std::filesystem::path>& paths);

/// Parses one line; the record points into `batch`, which the caller keeps.
using ReadLine = std::function<model::LogRecord(std::string_view line, model::LogBatch& batch)>;

/// The samples that the patterns judge wrongly, one text each: "disk-full: should match: ...".
/// Samples are whole lines as a service writes them. Everything counts but the service.
std::vector<std::string> checkSamples(const PatternSet& patterns, const ReadLine& read);

/// True when `service` fits `glob`, where * stands for any text; an empty glob fits all.
bool serviceFits(std::string_view glob, std::string_view service);

}  // namespace aiops::detection
