// What a value of the configuration must look like. Each check returns the words for what is allowed, or
// nothing when the value is good. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace aiops::config {

/// Absolute, without '.', '..' or empty parts.
std::optional<std::string> wrongPath(const std::string& path);
/// 1 to 64 letters, digits and _ . @ : -, starting with a letter or a digit.
std::optional<std::string> wrongName(const std::string& name);
/// http:// with a loopback address or a host name, an optional port and path; no user, no blanks.
std::optional<std::string> wrongHealthUrl(const std::string& url);

/// "127.0.0.1:8500", "[::1]:0"; loopback only, as long as the server has no TLS.
std::optional<std::pair<std::string, uint16_t>> parseListen(const std::string& text);
/// "90s", "5m", "1h": 1 second to 1 hour.
std::optional<std::chrono::seconds> parseTime(const std::string& text);

}  // namespace aiops::config
