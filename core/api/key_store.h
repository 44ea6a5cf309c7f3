// Where the HTTP server looks up bearer keys, and whom it tells about failures.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "security/api_keys.h"

namespace aiops::api {

/// One request with a key that was not accepted. Never contains the key.
struct AuthFailure {
  std::string address;  ///< of the client, without port
  std::string keyId;    ///< id8 of a well-formed key, else empty
  std::string why;      ///< "malformed", "unknown", "wrong", "expired"
};

/// Called on the server's thread: must answer from memory or nearly so.
class KeyStore {
 public:
  virtual ~KeyStore() = default;
  virtual std::optional<security::ApiKeyRecord> find(const std::string& id8) = 0;
  /// For the audit. Not called for failures beyond the allowance of ServerLimits, so a flood stays a trickle
  /// here.
  virtual void authFailed(const AuthFailure& failure) = 0;
};

}  // namespace aiops::api
