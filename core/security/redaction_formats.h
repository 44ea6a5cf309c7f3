// The table of the secret formats that are known, and the search for them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace aiops::security {

/// A stretch of a text that must not go out: [first, last), with the name it is replaced by.
struct SecretSpan {
  size_t first, last;
  std::string_view kind;  ///< lives as long as the program
};

/// What else is asked of a value before it counts as a secret.
enum class SecretCheck {
  None,
  Value,    ///< it is no placeholder, no plain word such as "yes" and not the begin of a sentence
  NoNumber  ///< as Value, and not a number alone
};

/// One row a format. `literals` are parts, separated by '|', in lower case: a text without any of them can't
/// match. The first group of `pattern` (RE2, over bytes) that took part is the secret; without groups the
/// whole match. A pattern must not look further than its match ends by an unbounded repetition that may
/// still fail: the search would then not be linear.
struct SecretFormat {
  const char* kind;
  const char* literals;
  const char* pattern;
  SecretCheck check = SecretCheck::None;
};

/// Tokens that tell by themselves what they are.
std::span<const SecretFormat> tokenFormats();
/// Secrets told by what stands around them: keys, headers, options, URLs, blocks.
std::span<const SecretFormat> contextFormats();

/// Immutable, so thread safe. Construction compiles the table: some milliseconds.
class SecretFormats {
 public:
  SecretFormats();
  ~SecretFormats();
  SecretFormats(const SecretFormats&) = delete;
  SecretFormats& operator=(const SecretFormats&) = delete;

  size_t size() const;
  /// Appends what is found in `text`, in no order; spans may overlap. Adds to `work` the bytes looked at.
  void find(std::string_view text, std::vector<SecretSpan>& spans, size_t& work) const;
  /// As find() without the look for literals first: slow, for comparison.
  void findSlowly(std::string_view text, std::vector<SecretSpan>& spans) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::security
