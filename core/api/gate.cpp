// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/gate.h"

#include <algorithm>

#include "api/target.h"
#include "base/ascii.h"

namespace aiops::api {

namespace {

using security::Scope;
using Refused = std::optional<HttpResponse>;

HttpResponse unauthorized(std::string_view message) {
  auto response =
      refusal(401, "unauthorized", message, "send Authorization: Bearer KEY; generate-api-key makes one");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

HttpResponse tooManyFailures(int seconds) {
  auto response = refusal(429, "too_many_requests", "too many requests with a wrong key");
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
  return response;
}

HttpResponse noRoute(const RouteMatch& match) {
  if (match.allow.empty()) return refusal(404, "not_found", "there is nothing at this path");
  auto response = refusal(405, "method_not_allowed", "this path does not take that method");
  response.headers.emplace_back("Allow", match.allow);
  return response;
}

/// The credentials of "Bearer CREDENTIALS", or nothing for another scheme.
std::optional<std::string> bearer(const std::string& field) {
  constexpr std::string_view kScheme = "bearer ";
  if (!base::asciiLower(field).starts_with(kScheme)) return {};
  return field.substr(std::min(field.find_first_not_of(' ', kScheme.size()), field.size()));
}

/// "application/json", perhaps with charset=utf-8.
bool isJson(const std::string& contentType) {
  auto text = base::asciiLower(contentType);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '"'; });
  return text == "application/json" || text == "application/json;charset=utf-8";
}

Refused bodyProblem(const RequestHead& head, const Route& route) {
  if (route.method != "GET" && (route.needsBody || head.hasBody())) {
    const auto* type = head.field("content-type");
    if (!type || !isJson(*type)) {
      return refusal(415, "unsupported_media_type", "the body must be Content-Type: application/json");
    }
  }
  const auto* coding = head.field("content-encoding");
  if (coding && base::asciiLower(*coding) != "identity") {
    return refusal(415, "unsupported_media_type", "compressed bodies are not taken");
  }
  if (route.needsBody && !head.chunked && !head.contentLength) {
    return refusal(411, "length_required", "this request needs a body and its length");
  }
  const bool tooLong = head.contentLength.value_or(0) > route.maxBody || (head.chunked && route.maxBody == 0);
  if (tooLong) {
    return refusal(413, "payload_too_large",
                   "the body may have at most " + std::to_string(route.maxBody) + " bytes here");
  }
  return {};
}

Refused queryProblem(const Target& target, const Route& route) {
  for (const auto& [name, value] : target.query) {
    if (std::ranges::find(route.query, name) == route.query.end()) {
      return refusal(400, "bad_request", "unknown query name \"" + name + "\"");
    }
  }
  return {};
}

service::Caller callerOf(const security::ApiKeyRecord& key) {
  return {.name = "key " + key.name,
          .mayOperate = security::covers(key.scope, Scope::Operate),
          .mayApprove = security::covers(key.scope, Scope::Approve),
          .isAdmin = security::covers(key.scope, Scope::Admin)};
}

std::vector<std::string> allowedHosts(const ServerConfig& config, uint16_t port) {
  std::vector<std::string> hosts = {"127.0.0.1", "localhost", "[::1]"};
  hosts.insert(hosts.end(), config.hostNames.begin(), config.hostNames.end());
  for (auto& host : hosts) host = base::asciiLower(host) + ":" + std::to_string(port);
  return hosts;
}

}  // namespace

Gate::Gate(const ServerConfig& config, uint16_t boundPort, KeyStore& keys, const base::Clock& clock)
    : m_config(config),
      m_hosts(allowedHosts(config, boundPort)),
      m_keys(keys),
      m_clock(clock),
      m_failures(config.limits.authFailureBurst, config.limits.authFailuresPerMinute, clock) {}

std::expected<Admission, HttpResponse> Gate::admit(const RequestHead& head, const std::string& address) {
  if (auto problem = browserProblem(head)) return std::unexpected(*std::move(problem));
  auto target = parseTarget(head.target);
  if (!target) return std::unexpected(std::move(target.error()));
  auto match = findRoute(head.method, target->path);
  Admission admission{.route = match.route};
  if (!match.publicPath) {
    const auto key = authenticate(head, address);
    if (!key) return std::unexpected(key.error());
    if (!match.route) return std::unexpected(noRoute(match));
    if (!match.route->scope || !security::covers(key->scope, *match.route->scope)) {
      return std::unexpected(refusal(403, "forbidden", "this key's scope does not cover the request"));
    }
    admission.request.caller = callerOf(*key);
  }
  if (!match.route) return std::unexpected(noRoute(match));
  if (auto problem = bodyProblem(head, *match.route)) return std::unexpected(*std::move(problem));
  if (auto problem = queryProblem(*target, *match.route)) return std::unexpected(*std::move(problem));
  admission.request.redactor = m_config.redactor;
  admission.request.id = std::move(match.id);
  admission.request.query = std::move(target->query);
  return admission;
}

Refused Gate::browserProblem(const RequestHead& head) const {
  const auto host = base::asciiLower(*head.field("host"));
  if (std::ranges::find(m_hosts, host) == m_hosts.end()) {
    return refusal(421, "misdirected_request", "the Host header names another server");
  }
  const auto* origin = head.field("origin");
  if (origin && std::ranges::find(m_config.allowedOrigins, *origin) == m_config.allowedOrigins.end()) {
    return refusal(403, "forbidden", "web pages of this origin may not call");
  }
  return {};
}

std::expected<security::ApiKeyRecord, HttpResponse> Gate::authenticate(const RequestHead& head,
                                                                       const std::string& address) {
  const auto* field = head.field("authorization");
  if (!field) return std::unexpected(unauthorized("a key is needed"));
  const auto text = bearer(*field);
  const auto id = text ? security::keyIdOf(*text) : std::nullopt;
  if (!id) return std::unexpected(rejectKey(address, {}, "malformed"));
  const auto record = m_keys.find(*id);
  if (!record) return std::unexpected(rejectKey(address, *id, "unknown"));
  if (!security::matches(*text, *record)) return std::unexpected(rejectKey(address, *id, "wrong"));
  if (record->expiresAt && *record->expiresAt <= m_clock.now()) {
    return std::unexpected(rejectKey(address, *id, "expired"));
  }
  return *record;
}

/// A right key is let in however many wrong ones came from its address: the allowance bounds noise and tells
/// a guesser to give up, and must not become a way to lock others out.
HttpResponse Gate::rejectKey(const std::string& address, const std::string& keyId, const char* why) {
  const std::string byAddress = "address " + address;
  const std::string byKey = "key " + keyId;
  if (!m_failures.take(byAddress)) return tooManyFailures(m_failures.secondsUntilFree(byAddress));
  if (!keyId.empty() && !m_failures.take(byKey)) return tooManyFailures(m_failures.secondsUntilFree(byKey));
  m_keys.authFailed({.address = address, .keyId = keyId, .why = why});
  return unauthorized(std::string_view(why) == "expired" ? "this key has expired" : "this key is not valid");
}

}  // namespace aiops::api
