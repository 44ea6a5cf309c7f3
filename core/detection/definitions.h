// Names for pieces of expressions, which a file of patterns defines once. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>

namespace YAML {
class Node;
}

namespace aiops::detection {

/// What `define` says: upper-case names of expressions. In expressions of the same file `%{NAME}` stands for
/// the piece, and `%{NAME:host}` for the piece with its value as the capture `host`. The value is the group
/// that is named `value` in the definition, or all of it:
///
///     define: {ADDRESS: '(?:::ffff:)?(?P<value>\d+\.\d+\.\d+\.\d+)'}
///     match: 'refused %{ADDRESS:host}'      # refused (?:(?:::ffff:)?(?P<host>\d+\.\d+\.\d+\.\d+))
///
/// A definition may be a list, of which any may match, and may use others. `%\{NAME}` means these characters.
/// Throws Broken.
class Definitions {
 public:
  /// Reads the map `node`, on top of what is there.
  void add(const YAML::Node& node);
  bool empty() const { return m_all.empty(); }

  /// Replaces the names in all expressions of a pattern document, which is changed, and gives those it used,
  /// with what they use in turn.
  std::set<std::string> expand(YAML::Node document) const;
  /// A definition, a list as one expression.
  const std::string& textOf(const std::string& name) const { return m_all.at(name); }

  static constexpr size_t kMostBytes = 256 * 1024;  ///< of one expression with all in it

 private:
  struct Place;

  std::string expanded(const std::string& text, const Place& place, int depth) const;
  struct Budget;
  void expandAll(YAML::Node node, const Place& place, Budget& budget, int level) const;

  std::map<std::string, std::string> m_all;
};

/// `expression` with each name of a group used once: the second group named `host` becomes `host__2`, which
/// is the capture `host` again. For alternatives of which one matches.
std::string withNamesNumbered(const std::string& expression);

}  // namespace aiops::detection
