// Secrets taken out of text before it leaves the program: to a model, a webhook, the audit chain, an export.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::security {

/// Replaces what is secret by `[redacted:KIND]`. KIND is "secret" for one of our own, else the format's name.
/// It finds our own secrets exactly (also as base64, URL-encoded and JSON-escaped), and the well-known
/// formats of a table in redaction.cpp; a secret in no known form and not our own passes. Thread safe.
/// Linear in the length of the text.
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

  /// Works on any bytes. Redacting twice changes nothing more.
  std::string redact(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::security
