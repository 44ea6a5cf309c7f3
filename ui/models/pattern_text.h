// A pattern document as text with fields: what a form shows and changes without touching anything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::ui {

/// One YAML (or JSON) document and its top-level fields. Immutable; with() gives a new text in which only the
/// lines of one field differ: comments, order and everything that no form knows stay as they are. Whether the
/// document is a good pattern is the engine's to say; this knows YAML only.
///
///     PatternText(yaml).with("severity", "error").with("threshold", {{"count", "3"}, {"window_seconds",
///     "30"}})
class PatternText {
 public:
  /// A line of `samples`, as text and where it stands.
  struct Sample {
    std::string text;
    bool mustMatch = true;
    int line = 0;  ///< from 1
  };
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  PatternText() = default;
  explicit PatternText(std::string text);

  const std::string& text() const { return m_text; }
  /// Why it is not YAML, or empty; then there are no fields.
  const std::string& problem() const { return m_problem; }
  int problemLine() const { return m_problemLine; }
  /// Whether with() can change a field: false for broken documents and for those in flow style (JSON).
  bool canChange() const { return m_isBlock; }

  /// A scalar field ("match") or one inside a field ("threshold", "count"); empty if it is not there.
  std::string value(std::string_view key, std::string_view inner = {}) const;
  bool has(std::string_view key) const;
  /// Whether a form can show and change the field: it is text, or not there yet.
  bool isText(std::string_view key) const;
  std::vector<Sample> samples() const;
  /// The line (from 1) where a field stands, or 0.
  int lineOf(std::string_view key) const;
  /// Names of the groups (?P<name>...) and (?<name>...) in `match`, in order.
  std::vector<std::string> captures() const;

  /// A field with another value; an empty one takes the field out. Quoted only where YAML needs it.
  PatternText with(std::string_view key, std::string_view value) const;
  /// Changes these pairs inside a field and keeps its others; an empty value takes the pair out.
  PatternText with(std::string_view key, const Pairs& pairs) const;

 private:
  struct Field {
    std::string key;
    int line = 0;   ///< from 0
    int lines = 0;  ///< up to the next field, without the comments and blank lines before it
    bool isText = false;
    std::string scalar;
    Pairs pairs;
    std::vector<Sample> samples;
  };

  void parse();
  void measure();
  const Field* field(std::string_view key) const;
  PatternText withLine(std::string_view key, const std::string& line) const;

  std::string m_text;
  std::string m_problem;
  int m_problemLine = 0;
  bool m_isBlock = false;
  std::vector<Field> m_fields;
};

}  // namespace aiops::ui
