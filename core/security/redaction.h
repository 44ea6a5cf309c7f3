// Secrets taken out of text before it leaves the program: to a model, a webhook, the audit chain, an export.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace aiops::security {

/// Replaces what is secret by `[redacted:KIND]`. KIND is "secret" for one of our own, else the format's name,
/// or "random" for a random-looking word near one such as "password". It finds our own secrets exactly, the
/// well-known formats of a table (redaction_tokens.cpp, redaction_contexts.cpp), and both also inside base64,
/// hex, percent encoding, backslash escapes and HTML entities, two deep. A secret in no known form and not
/// our own passes: don't rely on this alone. Thread safe. The first use in a process takes some
/// milliseconds. Time is linear in the length of the text; about a microsecond for a log line without a
/// secret.
///
///     Redactor redactor({apiToken});
///     send(redactor.redact(line));
class Redactor {
 public:
  /// Secrets shorter than 4 bytes are ignored: they would take ordinary text with them.
  explicit Redactor(std::vector<std::string> ownSecrets = {});
  ~Redactor();
  Redactor(Redactor&&) noexcept;
  Redactor& operator=(Redactor&&) noexcept;

  /// One more secret of our own, from now on.
  void addOwnSecret(const std::string& secret);

  /// Works on any bytes; valid UTF-8 stays valid. Redacting twice changes nothing more. `work`, if given,
  /// grows by the bytes that all searches looked at.
  std::string redact(std::string_view text, size_t* work = nullptr) const;

  /// All strings in `json`, which is of text from outside. A member is judged with its name before it: the
  /// value of "password" goes whatever it is. Names of members stay.
  void redactStrings(nlohmann::json& json) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::security
