// A pattern document as text with fields: what a form shows and changes without touching anything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/pattern_node.h"

namespace aiops::ui {

/// One YAML (or JSON) document and its fields. Immutable; with() gives a new text in which only one value
/// differs, or, where values come or go, the lines of one top-level field: comments outside it, order and
/// everything that no form knows stay as they are. Whether the document is a good pattern is the engine's to
/// say; this knows YAML only.
///
///     PatternText(yaml).with("severity", "error").with({"threshold", "count"}, PatternNode::ofText("3"))
class PatternText {
 public:
  /// A line of `samples`, as text and where it stands.
  struct Sample {
    std::string text;
    bool mustMatch = true;
    int line = 0;  ///< from 1
  };

  PatternText() = default;
  explicit PatternText(std::string text);

  const std::string& text() const { return m_text; }
  /// Why it is not YAML, or empty; then there are no fields.
  const std::string& problem() const { return m_problem; }
  int problemLine() const { return m_problemLine; }
  /// Whether with() can change a field: false for broken documents and for those in flow style (JSON).
  bool canChange() const { return m_isBlock; }

  /// All fields, as a map.
  const PatternNode& root() const { return m_root; }
  /// None if it is not there.
  const PatternNode& node(const PatternPath& path) const { return nodeAt(m_root, path); }
  /// A scalar field ("match"); empty if it is not there or no text.
  const std::string& value(std::string_view key) const;
  bool has(std::string_view key) const;
  const std::vector<Sample>& samples() const { return m_samples; }
  /// The line (from 1) where a field stands, or 0.
  int lineOf(std::string_view key) const;
  /// Names of the groups (?P<name>...), (?<name>...) and %{PIECE:name} in all expressions, each once, in
  /// order; (?P<name__2>...) is `name` too.
  std::vector<std::string> captures() const;

  /// The document with another value at `path`; none takes it out. Quoted only where YAML needs it.
  PatternText with(const PatternPath& path, PatternNode value) const;
  /// A top-level text; an empty one takes it out.
  PatternText with(std::string_view key, std::string_view value) const;

 private:
  struct Field {
    std::string key;
    int line = 0;   ///< from 0
    int lines = 0;  ///< up to the next field, without the comments and blank lines before it
  };

  void parse();
  void measure();
  const Field* field(std::string_view key) const;
  std::optional<PatternText> withScalar(const PatternPath& path, const std::string& value,
                                        const PatternNode& expected) const;
  PatternText withLines(std::string_view key, const std::vector<std::string>& lines) const;

  std::string m_text;
  std::string m_problem;
  int m_problemLine = 0;
  bool m_isBlock = false;
  PatternNode m_root;
  std::vector<Field> m_fields;
  std::vector<Sample> m_samples;
};

}  // namespace aiops::ui
