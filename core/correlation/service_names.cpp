// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/service_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/ascii.h"

namespace aiops::correlation {
namespace {

struct RoleWord {
  std::string_view word;  ///< part of a service's name
  Role role;
};

constexpr std::array<RoleWord, 38> kRoleWords = {{
    {"postgres", Role::Database},  {"pgsql", Role::Database},     {"mysql", Role::Database},
    {"maria", Role::Database},     {"mongo", Role::Database},     {"sqlserver", Role::Database},
    {"oracle", Role::Database},    {"cockroach", Role::Database}, {"cassandra", Role::Database},
    {"database", Role::Database},  {"redis", Role::Cache},        {"memcache", Role::Cache},
    {"valkey", Role::Cache},       {"varnish", Role::Cache},      {"cache", Role::Cache},
    {"nginx", Role::Proxy},        {"haproxy", Role::Proxy},      {"envoy", Role::Proxy},
    {"traefik", Role::Proxy},      {"apache", Role::Proxy},       {"httpd", Role::Proxy},
    {"ingress", Role::Proxy},      {"proxy", Role::Proxy},        {"rabbit", Role::Queue},
    {"kafka", Role::Queue},        {"activemq", Role::Queue},     {"nats", Role::Queue},
    {"dnsmasq", Role::NameServer}, {"bind9", Role::NameServer},   {"named", Role::NameServer},
    {"unbound", Role::NameServer}, {"coredns", Role::NameServer}, {"resolved", Role::NameServer},
    {"dns", Role::NameServer},     {"ssh", Role::Login},          {"worker", Role::Worker},
    {"consumer", Role::Worker},    {"celery", Role::Worker},
}};

constexpr std::array<std::pair<std::string_view, Role>, 7> kRoleNames = {{
    {"database", Role::Database},
    {"cache", Role::Cache},
    {"proxy", Role::Proxy},
    {"queue", Role::Queue},
    {"name_server", Role::NameServer},
    {"login", Role::Login},
    {"worker", Role::Worker},
}};

struct CustomaryPort {
  std::string_view port;
  std::string_view word;  ///< part of the name of a service that customarily listens there
};

constexpr std::array<CustomaryPort, 14> kCustomaryPorts = {{
    {"5432", "postgres"},
    {"5432", "pg"},
    {"5432", "db"},
    {"3306", "mysql"},
    {"3306", "maria"},
    {"3306", "db"},
    {"6379", "redis"},
    {"6379", "valkey"},
    {"6379", "cache"},
    {"11211", "memcache"},
    {"27017", "mongo"},
    {"5672", "rabbit"},
    {"9092", "kafka"},
    {"53", "dns"},
}};

/// Words that say that a dependency of some role is spoken of, though it has no name here.
constexpr std::array<std::pair<std::string_view, Role>, 13> kRoleTalk = {{
    {"database", Role::Database},
    {"sqlstate", Role::Database},
    {"sqlalchemy", Role::Database},
    {"psycopg", Role::Database},
    {"jdbc", Role::Database},
    {"slow query", Role::Database},
    {"statement timeout", Role::Database},
    {"deadlock", Role::Database},
    {"cache", Role::Cache},
    {"dns", Role::NameServer},
    {"name resolution", Role::NameServer},
    {"resolve host", Role::NameServer},
    {"message broker", Role::Queue},
}};

/// Behind these words a name is meant as the other side of a connection.
constexpr std::array<std::string_view, 15> kPointers = {
    "upstream", "to",     "from",   "host",       "server", "backend",    "service", "connecting",
    "calling",  "target", "remote", "dependency", "peer",   "connection", "called"};

/// Before these words a name is meant as the one that failed.
constexpr std::array<std::string_view, 13> kVerdicts = {
    "answered", "unreachable", "unavailable", "timed",    "refused", "returned", "responded",
    "failed",   "down",        "timeout",     "rejected", "closed",  "error"};

/// Parts of names that tell nothing.
constexpr std::array<std::string_view, 8> kDullParts = {"service", "server",   "gateway", "host",
                                                        "node",    "external", "prod",    "main"};

/// What stands in quotes behind these words was written by whoever uses the service, not by the service.
constexpr std::array<std::string_view, 24> kClientFields = {
    "agent",    "useragent",    "user_agent", "user-agent", "http_user_agent", "referer",
    "referrer", "http_referer", "request",    "query",      "query_string",    "uri",
    "url",      "path",         "cookie",     "user",       "username",        "filename",
    "subject",  "note",         "comment",    "body",       "payload",         "input"};

bool isTokenByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
}

bool isNumber(std::string_view token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
}

template <class List>
bool listed(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

/// A dotted host name, not a number such as 12.5 or an address.
bool isHost(std::string_view token) {
  return token.find('.') != std::string_view::npos &&
         std::ranges::any_of(token, [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
}

/// One word of a line and what stands around it.
struct Token {
  std::string_view text;
  char before = ' ';
  char after = ' ';
};

std::vector<Token> tokensOf(std::string_view text) {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size();) {
    if (!isTokenByte(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && isTokenByte(text[end])) ++end;
    auto word = text.substr(at, end - at);
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    if (!word.empty()) {
      tokens.push_back({word, at == 0 ? ' ' : text[at - 1], end < text.size() ? text[end] : ' '});
    }
    at = end;
  }
  return tokens;
}

/// The word before a quote, over what joins a name and its value.
std::string wordBefore(std::string_view text, size_t quote) {
  while (quote > 0 && std::string_view(" =:\"'").find(text[quote - 1]) != std::string_view::npos) --quote;
  const size_t end = quote;
  while (quote > 0 && isTokenByte(text[quote - 1])) --quote;
  return base::asciiLower(text.substr(quote, end - quote));
}

/// The line with blanks in place of sentences that a client has sent: whoever writes "the database is down"
/// into a user agent must not have the database blamed. One word alone may be an address, and stays.
std::string withoutClientText(std::string_view text) {
  std::string out(text);
  bool isAccess = false;  // behind a request line all that is quoted comes from the client
  for (size_t open = text.find('"'); open != std::string_view::npos; open = text.find('"', open)) {
    size_t close = open + 1;
    while (close < text.size() && (text[close] != '"' || text[close - 1] == '\\')) ++close;
    const auto quoted = text.substr(open + 1, close - open - 1);
    const bool isRequest = quoted.find(" HTTP/") != std::string_view::npos;
    const bool foreign = isRequest || isAccess || listed(kClientFields, wordBefore(text, open));
    if (foreign && quoted.find(' ') != std::string_view::npos)
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(open) + 1, quoted.size(), ' ');
    isAccess = isAccess || (isRequest && wordBefore(text, open).empty());
    open = close + 1;
    if (open >= text.size()) break;
  }
  return out;
}

/// True for "orders" in "/api/orders" and in "http://10.0.0.1:80/orders", but not for "web-2" in
/// "backend/web-2" and the host behind "http://".
bool partOfPath(std::string_view text, const Token& token) {
  auto at = static_cast<size_t>(token.text.data() - text.data());
  if (token.before != '/') return false;
  if (at >= 2 && text[at - 2] == '/') return false;
  while (at > 0 && (isTokenByte(text[at - 1]) || text[at - 1] == '/')) --at;
  return text[at] == '/' || (at > 0 && text[at - 1] == ':');
}

/// "web", "web-7d9f" and "web.example" all begin with the service web.
bool beginsWith(std::string_view token, std::string_view service) {
  return token.starts_with(service) &&
         (token.size() == service.size() || token[service.size()] == '.' || token[service.size()] == '-');
}

std::vector<std::string> partsOf(std::string_view name) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      part += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (!part.empty()) parts.push_back(std::exchange(part, {}));
  }
  if (!part.empty()) parts.push_back(part);
  return parts;
}

}  // namespace

Role roleOf(std::string_view service) {
  const auto name = base::asciiLower(service);
  for (const auto& [word, role] : kRoleWords) {
    if (name.find(word) != std::string::npos) return role;
  }
  const auto parts = partsOf(name);
  if (listed(parts, "db") || listed(parts, "pg") || listed(parts, "sql")) return Role::Database;
  if (listed(parts, "queue") || listed(parts, "mq") || listed(parts, "broker")) return Role::Queue;
  if (listed(parts, "lb") || listed(parts, "front")) return Role::Proxy;
  return Role::Other;
}

Role roleFromString(std::string_view text) {
  for (const auto& [name, role] : kRoleNames) {
    if (name == text) return role;
  }
  return Role::Other;
}

void ServiceNames::learn(const model::Event& event) {
  if (event.signal != "service_listening" && event.signal != "service_started") return;
  const auto port = event.captures.find("port");
  if (port != event.captures.end() && isNumber(port->second)) m_ports[port->second].insert(event.service);
}

bool ServiceNames::believed(const std::string& service, const std::string& speaker, bool strong) const {
  if (service.empty() || service == speaker) return false;
  if (!m_topology.known()) return strong;
  return m_topology.directly(speaker).contains(service) ||
         (strong && m_topology.reach(speaker).contains(service));
}

std::string ServiceNames::byHost(std::string_view token, const std::string& speaker) const {
  const auto host = base::asciiLower(token);
  std::string best;
  const auto names = m_topology.names();
  for (const auto& name : *names) {
    if (beginsWith(host, base::asciiLower(name)) && name.size() > best.size()) best = name;
  }
  if (!best.empty() || !isHost(token)) return best;
  const auto labels = partsOf(host);
  for (const auto& name : *names) {  // "mailer-api" is meant by eu.mailer.example
    if (name == speaker || !m_topology.external(name)) continue;
    for (const auto& part : partsOf(name)) {
      if (part.size() >= 4 && !listed(kDullParts, part) && listed(labels, part)) return name;
    }
  }
  return {};
}

std::string ServiceNames::byPort(std::string_view token, const std::string& speaker) const {
  if (const auto learned = m_ports.find(token); learned != m_ports.end()) {
    std::string only;
    for (const auto& service : learned->second) {
      if (!believed(service, speaker, true)) continue;
      if (!only.empty()) return {};
      only = service;
    }
    return only;
  }
  std::string only;
  const auto names = m_topology.names();
  for (const auto& [port, word] : kCustomaryPorts) {
    if (port != token) continue;
    for (const auto& name : *names) {
      if (base::asciiLower(name).find(word) == std::string::npos || !believed(name, speaker, true)) continue;
      if (!only.empty() && only != name) return {};
      only = name;
    }
  }
  return only;
}

/// The only dependency of that role, if a word of the line speaks of the role.
std::string ServiceNames::byRole(std::string_view text, const std::string& speaker) const {
  const auto line = base::asciiLower(text);
  const auto names = m_topology.names();
  for (const auto& [word, role] : kRoleTalk) {
    if (line.find(word) == std::string::npos) continue;
    std::string only;
    size_t count = 0;
    for (const auto& name : m_topology.known() ? m_topology.directly(speaker) : *names) {
      if (name == speaker || roleOf(name) != role) continue;
      only = name;
      ++count;
    }
    if (count == 1) return only;
  }
  return {};
}

std::string ServiceNames::onlyExternal(const std::string& speaker) const {
  std::string only;
  for (const auto& name : m_topology.directly(speaker)) {
    if (!m_topology.external(name)) continue;
    if (!only.empty()) return {};
    only = name;
  }
  return only;
}

std::vector<std::string> ServiceNames::mentioned(std::string_view line, const std::string& speaker) const {
  const auto text = withoutClientText(line);
  std::vector<std::string> found;
  bool foreignHost = false;
  const auto add = [&](const std::string& service, bool strong) {
    if (!believed(service, speaker, strong)) return false;
    if (!listed(found, service)) found.push_back(service);
    return true;
  };
  const auto tokens = tokensOf(text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const auto& token = tokens[i];
    if (partOfPath(text, token)) continue;
    if (isNumber(token.text)) {
      const bool port = token.before == ':' || (i > 0 && base::asciiLower(tokens[i - 1].text) == "port");
      if (port && found.empty()) add(byPort(token.text, speaker), true);
      continue;
    }
    const auto service = byHost(token.text, speaker);
    const bool behind = i > 0 && listed(kPointers, base::asciiLower(tokens[i - 1].text));
    const bool before = i + 1 < tokens.size() && listed(kVerdicts, base::asciiLower(tokens[i + 1].text));
    const bool strong = isHost(token.text) ||
                        (token.after == ':' && i + 1 < tokens.size() && isNumber(tokens[i + 1].text)) ||
                        behind || before;
    if (!service.empty()) {
      add(service, strong);
    } else if (isHost(token.text) && token.after == '\'' && i + 1 < tokens.size()) {
      foreignHost = true;
    }
  }
  if (found.empty() && foreignHost) add(onlyExternal(speaker), true);
  if (found.empty()) add(byRole(text, speaker), true);
  return found;
}

std::vector<std::string> ServiceNames::blamedBy(const model::Event& event) const {
  std::map<std::string, int> votes;
  for (const auto& ref : event.evidence) {
    const auto names = mentioned(ref.text, event.service);
    for (size_t i = 0; i < names.size(); ++i) votes[names[i]] += i == 0 ? 3 : 1;
  }
  std::vector<std::string> blamed;
  for (const auto& [name, count] : votes) blamed.push_back(name);
  std::ranges::stable_sort(blamed, std::greater(), [&](const auto& name) { return votes[name]; });
  return blamed;
}

namespace {

/// The line's own word for its level, if it is one of these two; looks where levels stand.
std::optional<bool> callsItselfWarning(std::string_view line) {
  const auto head = base::asciiLower(line.substr(0, 160));
  const auto at = [&](std::string_view word) { return head.find(word); };
  const size_t warning =
      std::min({at(" warn"), at("=warn"), at("\"warn"), at("[warn"), at("<warn"), at("/warn")});
  const size_t error = std::min({at(" error"), at("=error"), at("\"error"), at("[error"), at("<error"),
                                 at("/error"), at("fatal"), at("critical"), at("panic"), at("severe")});
  if (warning == std::string::npos && error == std::string::npos) return std::nullopt;
  return warning < error;
}

}  // namespace

bool onlyWarns(const model::Event& event) {
  return !event.evidence.empty() && std::ranges::all_of(event.evidence, [](const auto& ref) {
    return callsItselfWarning(ref.text).value_or(false);
  });
}

}  // namespace aiops::correlation
