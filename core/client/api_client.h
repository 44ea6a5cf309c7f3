// A small blocking HTTP client for the command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace aiops::client {

struct ApiClientOptions {
  std::string url = "http://127.0.0.1:8500";  ///< scheme, host, port, optional path prefix such as /api/v1
  std::string key;                            ///< bearer key; empty: only /health answers
  std::chrono::milliseconds timeout{10000};   ///< for one whole call
};

/// One connection per call. Blocks for at most the time-out. Not shared between threads.
///
/// Only http to a loopback host: https is refused because it is not built in, and http to another host
/// because the key would travel in the clear. An error answer of the server becomes the base::Error it stands
/// for (its code, message and hint); no connection is Unavailable; an answer that is not JSON or too large is
/// Corrupt.
class ApiClient {
 public:
  static base::Result<ApiClient> create(ApiClientOptions options);

  /// `path` from the root, with its query: "/fixes?limit=10".
  base::Result<nlohmann::json> get(const std::string& path) const;
  base::Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body) const;

 private:
  ApiClient(ApiClientOptions options, std::string host, std::string port, std::string prefix);
  base::Result<nlohmann::json> call(const std::string& method, const std::string& path,
                                    const std::string& body) const;

  ApiClientOptions m_options;
  std::string m_host;
  std::string m_port;
  std::string m_prefix;
};

/// The keys of an answer (snake_case) as the values' from_json wants them (camelCase), at any depth. The
/// inside of `captures` and `parameters` is data and stays.
nlohmann::json toModelKeys(const nlohmann::json& answer);

}  // namespace aiops::client
