// Every check between a well-formed head and a handler: browser protection, authentication, route, scope,
// size and kind of body. Closed by default: without a key there is nothing but the public routes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <map>
#include <string>

#include "api/key_store.h"
#include "api/rate_limit.h"
#include "api/request_head.h"
#include "api/routes.h"
#include "api/server_config.h"
#include "base/time.h"

namespace aiops::api {

/// What the gate let through, before the body is read.
struct Admission {
  const Route* route = nullptr;
  RequestContext request;
};

/// Used on the server's thread only.
class Gate {
 public:
  Gate(const ServerConfig& config, uint16_t boundPort, KeyStore& keys, const base::Clock& clock);

  /// `address` is the client's, without port.
  std::expected<Admission, HttpResponse> admit(const RequestHead& head, const std::string& address);

 private:
  std::optional<HttpResponse> browserProblem(const RequestHead& head) const;
  std::expected<security::ApiKeyRecord, HttpResponse> authenticate(const RequestHead& head,
                                                                   const std::string& address);
  HttpResponse rejectKey(const std::string& address, const std::string& keyId, const char* why);

  const ServerConfig& m_config;
  std::vector<std::string> m_hosts;  ///< lower case, with port
  KeyStore& m_keys;
  const base::Clock& m_clock;
  RateLimit m_failures;
};

}  // namespace aiops::api
