// Command-line options of the demo's programs: `--name value` pairs and bare words.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::demo {

/// What stood on the command line after the program's name.
class Options {
 public:
  /// Fails with InvalidInput on an option that isn't in `known` or that has no value.
  static base::Result<Options> parse(const std::vector<std::string>& arguments,
                                     const std::set<std::string>& known);

  const std::vector<std::string>& words() const { return m_words; }
  bool has(const std::string& name) const { return m_values.contains(name); }
  /// Empty when it was not given.
  std::string text(const std::string& name) const;
  /// Fails when the option is absent or empty.
  base::Result<std::string> required(const std::string& name) const;
  /// `fallback` when it was not given; fails outside [low, high].
  base::Result<long> number(const std::string& name, long low, long high, long fallback) const;
  base::Result<long> requiredNumber(const std::string& name, long low, long high) const;

 private:
  std::vector<std::string> m_words;
  std::map<std::string, std::string> m_values;
};

/// A decimal whole number and nothing else, within [low, high].
base::Result<long> parseNumber(const std::string& text, long low, long high, const std::string& where);

}  // namespace aiops::demo
