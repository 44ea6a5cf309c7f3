// The configuration file of the demo's web service: `key = value` lines, `#` comments.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace aiops::demo {

struct WebConfig {
  uint16_t listenPort = 0;            ///< listen_port
  uint64_t memoryLimitBytes = 0;      ///< memory_limit_mb, in bytes
  uint64_t memoryMaxBytes = 0;        ///< memory_max_mb, in bytes: the most that memory_limit_mb may be
  uint64_t sessionBytes = 0;          ///< session_size_kb, in bytes
  std::chrono::seconds sessionTtl{};  ///< session_ttl_s: how long a session lives on average
  bool logRequests = true;            ///< log_level = info; warn leaves the requests out

  long memoryLimitMb() const { return static_cast<long>(memoryLimitBytes >> 20); }
};

/// Fails with the line's number and the reason: an unknown or missing key, a value out of range, a
/// memory_limit_mb above memory_max_mb.
base::Result<WebConfig> parseWebConfig(const std::string& text, const std::string& path);

}  // namespace aiops::demo
