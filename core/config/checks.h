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
/// What is listened to: standard input, syslog or the journal. No file.
bool isStream(const std::string& path);
/// What is allowed, when `path` is nothing that can be watched: a path, "-", or an address for syslog or the
/// journal.
std::optional<std::string> wrongSource(const std::string& path);
/// As base::zoneFromText() reads it.
std::optional<std::string> wrongZone(const std::string& zone);
/// An address, or a network such as 10.0.0.0/8.
std::optional<std::string> wrongNetwork(const std::string& network);
/// http:// with a loopback address or a host name, an optional port and path; no user, no blanks.
std::optional<std::string> wrongHealthUrl(const std::string& url);

/// http:// or https://, a host name or an address, an optional port and path; no user, no blanks. Empty is
/// good.
std::optional<std::string> wrongWebUrl(const std::string& url);
/// https://, or http:// to a loopback address. Empty is good, here and below.
std::optional<std::string> wrongWebhook(const std::string& url);
/// 8 to 4096 printable characters without blanks.
std::optional<std::string> wrongToken(const std::string& token);
std::optional<std::string> wrongModelName(const std::string& name);
std::optional<std::string> wrongDatabaseUrl(const std::string& url);
std::optional<std::string> wrongRedisUrl(const std::string& url);
std::optional<std::string> wrongListen(const std::string& text);

/// The absolute path of an SQLite file: "/x/y.db", "sqlite:///x/y.db", "sqlite:////x/y.db".
std::optional<std::string> databasePath(const std::string& url);

/// "127.0.0.1:8500", "[::1]:0"; loopback only, as long as the server has no TLS.
std::optional<std::pair<std::string, uint16_t>> parseListen(const std::string& text);
/// "90s", "5m", "1h", "30d": 1 second to `most` seconds.
std::optional<std::chrono::seconds> parseTime(const std::string& text, uint32_t most = 3600);

}  // namespace aiops::config
