// A request target taken apart: RFC 3986 path and query, decoded once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "api/http_response.h"

namespace aiops::api {

struct Target {
  std::string path;  ///< decoded, starts with '/'
  std::map<std::string, std::string> query;
};

/// Refuses what could be read in two ways: dot segments, encoded slashes, control bytes, a name twice.
/// Refuses a key in the URL, because URLs end up in logs.
std::expected<Target, HttpResponse> parseTarget(std::string_view target);

}  // namespace aiops::api
