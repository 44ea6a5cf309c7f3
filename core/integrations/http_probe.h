// One HTTP GET to a service's health address, within strict limits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace aiops::integrations {

struct HttpReply {
  int status = 0;
  std::string body;  ///< raw bytes
};

/// Limits of a probe.
struct HttpProbeLimits {
  std::chrono::milliseconds timeout{2000};  ///< whole request
  size_t bodyBytes = 64 * 1024;             ///< a longer body is an error
};

/// http and https only, no redirects (a redirect is the answer), no cookies, no proxy, TLS errors fail.
/// Blocks up to the time-out in a private event loop. Call it from any thread that is not the UI's; each call
/// stands alone. Needs a QCoreApplication. Errors: InvalidInput (URL), Timeout, LimitExceeded, Unavailable.
base::Result<HttpReply> httpGet(const std::string& url, const HttpProbeLimits& limits = {});

}  // namespace aiops::integrations
