// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/checks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "base/ip_address.h"
#include "base/zone.h"

namespace aiops::config {

namespace {

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// Strict: the whole text, no sign, no blanks.
std::optional<uint32_t> wholeNumber(std::string_view text, uint32_t most) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

bool isLoopback(const std::string& address) {
  in_addr v4 = {};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6 = {};
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

// A name, not an address in one of its many spellings: the last label starts with a letter.
bool isHostName(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (last.empty() || !isLetter(last.front())) return false;
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return isLetter(c) || isDigit(c) || c == '-' || c == '.'; });
}

struct HostAndPort {
  std::string host;
  std::optional<std::string> port;
  bool bracketed = false;
};

std::optional<HostAndPort> splitAuthority(std::string_view text) {
  HostAndPort parts;
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    parts = {std::string(text.substr(1, close - 1)), {}, true};
    text.remove_prefix(close + 1);
    if (text.empty()) return parts;
    if (text.front() != ':') return std::nullopt;
    parts.port = text.substr(1);
    return parts;
  }
  const size_t colon = text.find(':');
  parts.host = text.substr(0, colon);
  if (colon != std::string_view::npos) parts.port = text.substr(colon + 1);
  return parts;
}

/// "host:port" of "http://host:port/path".
std::string_view authorityOf(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool isAddress(const std::string& host) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(AF_INET, host.c_str(), address) == 1 || inet_pton(AF_INET6, host.c_str(), address) == 1;
}

bool isWebUrl(const std::string& url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
  const auto printable = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
  if (url.size() > 2048 || !std::ranges::all_of(url, printable)) return false;
  const auto parts = splitAuthority(authorityOf(url));
  if (!parts || (parts->port && wholeNumber(*parts->port, 65535).value_or(0) == 0)) return false;
  const bool v6 = parts->host.find(':') != std::string::npos;
  return v6 == parts->bracketed && (isAddress(parts->host) || (!parts->bracketed && isHostName(parts->host)));
}

}  // namespace

std::optional<std::string> wrongPath(const std::string& path) {
  const bool plain = path.starts_with('/') && path.find("//") == std::string::npos && !path.ends_with("/.") &&
                     !path.ends_with("/..") && path.find("/./") == std::string::npos &&
                     path.find("/../") == std::string::npos;
  if (plain && path.size() > 1 && path.back() != '/' && path.size() < 4096) return std::nullopt;
  return "give an absolute path without '.', '..' and a slash at its end";
}

bool isStream(const std::string& path) {
  return path == "-" || path.starts_with("syslog+") || path.starts_with("journal:");
}

std::optional<std::string> wrongSource(const std::string& path) {
  if (path == "-") return std::nullopt;
  if (!isStream(path)) return wrongPath(path);
  if (path == "journal:" || path.starts_with("journal:?")) return std::nullopt;
  const auto rest = std::string_view(path).substr(7);
  const bool known = rest.starts_with("udp://") || rest.starts_with("tcp://") || rest.starts_with("tls://");
  if (known && rest.find(':', 6) != std::string_view::npos) return std::nullopt;
  return "give syslog+udp://ADDRESS:PORT, syslog+tcp://ADDRESS:PORT, "
         "syslog+tls://ADDRESS:PORT?cert=FILE&key=FILE, or journal: (journal:?unit=NAME)";
}

std::optional<std::string> wrongZone(const std::string& zone) {
  if (base::zoneFromText(zone)) return std::nullopt;
  return "give " + std::string(base::kZonesAllowed);
}

std::optional<std::string> wrongName(const std::string& name) {
  const auto fits = [](char c) {
    return isLetter(c) || isDigit(c) || std::string_view("_.@:-").find(c) != std::string_view::npos;
  };
  const bool good = !name.empty() && name.size() <= 64 && (isLetter(name.front()) || isDigit(name.front())) &&
                    std::all_of(name.begin(), name.end(), fits);
  if (good) return std::nullopt;
  return "give 1 to 64 letters, digits and _ . @ : -, starting with a letter or a digit";
}

std::optional<std::string> wrongNetwork(const std::string& network) {
  if (base::IpNetwork::parse(network)) return {};
  return "give an address or a network such as 10.0.0.0/8";
}

std::optional<std::string> wrongHealthUrl(const std::string& url) {
  const std::string allowed = "give http://, a loopback address or a host name, a port and a path";
  const std::string_view scheme = "http://";
  const auto printable = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
  if (!url.starts_with(scheme) || url.size() > 2048) return allowed;
  if (!std::all_of(url.begin(), url.end(), printable)) return allowed;
  const std::string_view rest = std::string_view(url).substr(scheme.size());
  const auto parts = splitAuthority(rest.substr(0, rest.find_first_of("/?#")));
  if (!parts) return allowed;
  if (parts->port && wholeNumber(*parts->port, 65535).value_or(0) == 0) return allowed;
  const bool v6 = parts->host.find(':') != std::string::npos;
  if (v6 != parts->bracketed) return allowed;
  if (!isLoopback(parts->host) && (parts->bracketed || !isHostName(parts->host))) return allowed;
  return std::nullopt;
}

std::optional<std::pair<std::string, uint16_t>> parseListen(const std::string& text) {
  const auto parts = splitAuthority(text);
  if (!parts || !parts->port || !isLoopback(parts->host)) return std::nullopt;
  const bool v6 = parts->host.find(':') != std::string::npos;
  const auto port = wholeNumber(*parts->port, 65535);
  if (v6 != parts->bracketed || !port) return std::nullopt;
  return std::pair(parts->host, static_cast<uint16_t>(*port));
}

std::optional<std::chrono::seconds> parseTime(const std::string& text, uint32_t most) {
  if (text.size() < 2) return std::nullopt;
  const auto count = wholeNumber(std::string_view(text).substr(0, text.size() - 1), most);
  constexpr std::string_view kUnits = "smhd";
  constexpr int64_t kSeconds[] = {1, 60, 3600, 86400};
  const size_t unit = kUnits.find(text.back());
  if (!count || unit == std::string_view::npos) return std::nullopt;
  const std::chrono::seconds time(*count * kSeconds[unit]);
  if (time < std::chrono::seconds(1) || time > std::chrono::seconds(most)) return std::nullopt;
  return time;
}

std::optional<std::string> wrongWebUrl(const std::string& url) {
  if (url.empty() || isWebUrl(url)) return std::nullopt;
  return "give http:// or https:// with a host, an optional port and path, and no user";
}

std::optional<std::string> wrongWebhook(const std::string& url) {
  if (url.empty() || (isWebUrl(url) && url.starts_with("https://"))) return std::nullopt;
  if (isWebUrl(url)) {
    const auto parts = splitAuthority(authorityOf(url));
    if (parts && isLoopback(parts->host)) return std::nullopt;
  }
  return "give an https:// URL";
}

std::optional<std::string> wrongToken(const std::string& token) {
  const auto printable = [](char c) { return c > ' ' && c < 0x7f; };
  const bool good = token.size() >= 8 && token.size() <= 4096 && std::ranges::all_of(token, printable);
  if (token.empty() || good) return std::nullopt;
  return "give 8 to 4096 printable characters without blanks";
}

std::optional<std::string> wrongModelName(const std::string& name) {
  const auto fits = [](char c) {
    return isLetter(c) || isDigit(c) || std::string_view("_.@:/-").find(c) != std::string_view::npos;
  };
  if (name.size() <= 128 && std::ranges::all_of(name, fits)) return std::nullopt;
  return "give letters, digits and _ . @ : / -, at most 128";
}

std::optional<std::string> databasePath(const std::string& url) {
  const std::string_view scheme = "sqlite://";
  if (!url.starts_with(scheme)) return wrongPath(url) ? std::nullopt : std::optional(url);
  std::string path = url.substr(scheme.size());
  if (path.starts_with("//")) path.erase(0, 1);
  return wrongPath(path) ? std::nullopt : std::optional(path);
}

std::optional<std::string> wrongDatabaseUrl(const std::string& url) {
  for (const char* scheme : {"postgres://", "postgresql://"}) {
    if (!url.starts_with(scheme)) continue;
    return "PostgreSQL is not built into this version: give an absolute path for an SQLite file, or nothing";
  }
  if (url.empty() || databasePath(url)) return std::nullopt;
  return "give an absolute path, or sqlite:///absolute/path";
}

std::optional<std::string> wrongRedisUrl(const std::string& url) {
  if (url.empty()) return std::nullopt;
  for (const char* scheme : {"redis://", "rediss://"}) {
    if (url.starts_with(scheme)) return "Redis is not built into this version, which runs alone: drop it";
  }
  return "a Redis URL begins with redis:// or rediss://, and is not built into this version: drop it";
}

std::optional<std::string> wrongListen(const std::string& text) {
  if (parseListen(text)) return std::nullopt;
  return "give ADDRESS:PORT with a loopback address, for example 127.0.0.1:8500 or [::1]:8500";
}

}  // namespace aiops::config
