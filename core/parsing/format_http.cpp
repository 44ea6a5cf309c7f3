// Requests: access logs, HAProxy, load balancers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "parsing/entry.h"
#include "parsing/field_scan.h"

namespace aiops::parsing {
namespace {

using model::Severity;

bool isStatus(std::string_view text) {
  return text.size() == 3 && text[0] >= '1' && text[0] <= '5' && allDigits(text);
}

Severity severityOfStatus(std::string_view status) {
  return status.front() == '5' ? Severity::Error : Severity::Info;
}

/// "GET /path HTTP/1.1" in its parts; anything else as it is.
void addRequest(Entry& entry, std::string_view request) {
  auto rest = request;
  const auto method = takeWord(rest);
  const auto path = takeWord(rest);
  const auto protocol = trimLeft(rest);
  const bool plain = !path.empty() && std::all_of(method.begin(), method.end(), isUpper);
  if (!plain || (!protocol.empty() && protocol.find(' ') != std::string_view::npos)) {
    entry.addPresent("request", request);
    return;
  }
  entry.add("method", method);
  entry.add("path", path);
  entry.addPresent("protocol", protocol);
}

/// Where "[22/Nov/2026:" or "[-] \"" stands, behind three or four words.
size_t accessStampAt(std::string_view line) {
  size_t at = 0;
  for (int words = 0; words < 5; ++words) {
    if (words >= 3 && line[at] == '[') return at;
    at = line.find(' ', at);
    if (at == std::string_view::npos || ++at >= line.size()) break;
  }
  return std::string_view::npos;
}

/// What stands behind the combined part: more quoted or bracketed values, and key=value pairs.
void addExtras(Entry& entry, std::string_view rest) {
  std::string_view value;
  if (takeQuoted(rest, value)) entry.addPresent("forwarded_for", value);
  auto words = rest;
  const auto length = takeWord(words);
  const auto seconds = takeWord(words);
  if (allDigits(length) && seconds.find('.') != std::string_view::npos && isDigit(seconds.front())) {
    // The upstream information of the Kubernetes ingress controller.
    entry.add("request_length", length);
    entry.add("request_time", seconds);
    if (takeBracketed(words, value)) entry.addPresent("upstream_name", value);
    if (takeBracketed(words, value)) entry.addPresent("alternative_upstream_name", value);
    for (const std::string_view key :
         {"upstream", "upstream_bytes", "upstream_time", "upstream_status", "request_id"})
      entry.addPresent(key, takeWord(words));
    return;
  }
  scanFields(rest, entry.maxFields, entry.record.fields);
}

struct Timers {
  size_t count = 0;
  std::array<std::string_view, 5> values;
};

/// "0/0/1/48/49", each of them a number, "-1" or "+49".
std::optional<Timers> timersOf(std::string_view word, size_t least, size_t most) {
  Timers timers;
  while (timers.count < most) {
    const size_t end = std::min(word.find('/'), word.size());
    auto value = word.substr(0, end);
    timers.values[timers.count++] = value;
    if (!value.empty() && (value.front() == '-' || value.front() == '+')) value.remove_prefix(1);
    if (!allDigits(value)) return std::nullopt;
    if (end == word.size()) return timers.count >= least ? std::optional(timers) : std::nullopt;
    word.remove_prefix(end + 1);
  }
  return std::nullopt;
}

/// "SC", "----": who ended the session and when. S, P, R, I and s are not the client's doing.
Severity severityOfTermination(std::string_view state) {
  return !state.empty() && std::string_view("SPRIsLK").contains(state.front()) ? Severity::Error
                                                                               : Severity::Info;
}

void addHaproxyTail(Entry& entry, std::string_view rest) {
  entry.add("connections", takeWord(rest));
  entry.add("queues", takeWord(rest));
  rest = trimLeft(rest);
  for (const std::string_view key : {"request_headers", "response_headers"}) {
    std::string_view inside;
    auto braces = trimLeft(rest);
    if (!take(braces, "{") || !takeUntil(braces, '}', inside)) break;
    entry.addPresent(key, inside);
    rest = braces;
  }
  std::string_view request;
  if (takeQuoted(rest, request)) addRequest(entry, request);
}

bool readHaproxyHttp(Entry& entry, const Timers& timers, std::string_view rest) {
  constexpr std::array<std::string_view, 5> kNames = {"time_request", "time_queue", "time_connect",
                                                      "time_response", "time_total"};
  const auto status = takeWord(rest);
  if (!isStatus(status) && status != "-1") return false;
  for (size_t i = 0; i < kNames.size(); ++i) entry.add(kNames[i], timers.values[i]);
  entry.add("status", status);
  entry.add("bytes", takeWord(rest));
  takeWord(rest);  // captured cookies
  takeWord(rest);
  const auto state = takeWord(rest);
  entry.add("termination_state", state);
  entry.severity = status.front() == '5' ? Severity::Error : severityOfTermination(state);
  addHaproxyTail(entry, rest);
  return true;
}

bool readHaproxyTcp(Entry& entry, const Timers& timers, std::string_view rest) {
  constexpr std::array<std::string_view, 3> kNames = {"time_queue", "time_connect", "time_total"};
  const auto bytes = takeWord(rest);
  if (bytes.empty() || !allDigits(bytes.front() == '+' ? bytes.substr(1) : bytes)) return false;
  for (size_t i = 0; i < kNames.size(); ++i) entry.add(kNames[i], timers.values[i]);
  entry.add("bytes", bytes);
  const auto state = takeWord(rest);
  entry.add("termination_state", state);
  entry.severity = severityOfTermination(state);
  addHaproxyTail(entry, rest);
  return true;
}

}  // namespace

bool readAccess(Entry& entry) {
  const auto line = firstLine(entry.text).substr(0, 512);
  const size_t at = accessStampAt(line);
  if (at == std::string_view::npos) return false;
  const auto stamp = readStamp(entry.text.substr(at, 40));
  auto rest = entry.text.substr(at);
  if (stamp ? stamp->style != StampStyle::Access || stamp->open : !rest.starts_with("[-]")) return false;
  rest = trimLeft(rest.substr(stamp ? stamp->length : 3));
  std::string_view request, value;
  const auto message = rest;
  if (!takeQuoted(rest, request)) return false;
  const auto status = takeWord(rest);
  if (!isStatus(status) && status != "-") return false;

  auto head = entry.text.substr(0, at);
  const auto first = takeWord(head), second = takeWord(head), third = takeWord(head), fourth = takeWord(head);
  if (!fourth.empty()) entry.addPresent("virtual_host", first);
  entry.addPresent("host", fourth.empty() ? first : second);
  entry.addPresent("identity", fourth.empty() ? second : third);
  entry.addPresent("user", fourth.empty() ? third : fourth);
  addRequest(entry, request);
  entry.addPresent("status", status);
  entry.addPresent("bytes", takeWord(rest));
  if (takeQuoted(rest, value)) entry.addPresent("referer", value);
  if (takeQuoted(rest, value)) entry.addPresent("agent", value);
  if (!trimRight(rest).empty()) addExtras(entry, rest);
  entry.severity = severityOfStatus(status);
  entry.time = stamp;
  entry.message = message;
  return true;
}

/// "client:port [stamp] frontend backend/server timers ..." or "client:port [stamp] frontend/bind: error".
bool readHaproxy(Entry& entry) {
  auto rest = entry.text;
  if (rest.empty() || !(isAlnum(rest.front()) || rest.front() == ':' || rest.front() == '[')) return false;
  const auto client = takeWord(rest);
  const size_t colon = client.rfind(':');
  if (colon == std::string_view::npos || client.size() > 64 || !allDigits(client.substr(colon + 1)))
    return false;
  rest = trimLeft(rest);
  const auto stamp = rest.starts_with('[') ? readStamp(rest) : std::nullopt;
  if (!stamp || stamp->style != StampStyle::Access || stamp->open) return false;
  rest = trimLeft(rest.substr(stamp->length));
  const auto message = rest;
  entry.add("client", client.substr(0, colon));
  entry.add("client_port", client.substr(colon + 1));
  auto frontend = takeWord(rest);
  if (frontend.ends_with(':')) {
    frontend.remove_suffix(1);
    entry.add("frontend", frontend.substr(0, frontend.find('/')));
    entry.severity = Severity::Warning;
  } else {
    if (frontend.ends_with('~')) frontend.remove_suffix(1);
    const auto target = takeWord(rest);
    const size_t slash = target.find('/');
    if (slash == std::string_view::npos) return false;
    const auto word = takeWord(rest);
    entry.add("frontend", frontend);
    entry.add("backend", target.substr(0, slash));
    entry.add("server", target.substr(slash + 1));
    const auto http = timersOf(word, 5, 5);
    const auto tcp = http ? std::nullopt : timersOf(word, 3, 3);
    if (!(http && readHaproxyHttp(entry, *http, rest)) && !(tcp && readHaproxyTcp(entry, *tcp, rest)))
      return false;
  }
  entry.time = stamp;
  entry.message = message;
  return true;
}

/// One line a request, its fields by place, as load balancers of clouds deliver it.
bool readLoadBalancer(Entry& entry) {
  constexpr std::array<std::string_view, 9> kFirst = {"elb",
                                                      "client_host",
                                                      "target_host",
                                                      "request_processing_time",
                                                      "target_processing_time",
                                                      "response_processing_time",
                                                      "elb_status_code",
                                                      "target_status_code",
                                                      "received_bytes"};
  constexpr std::array<std::string_view, 14> kLast = {"user_agent",
                                                      "ssl_cipher",
                                                      "ssl_protocol",
                                                      "target_group_arn",
                                                      "trace_id",
                                                      "domain_name",
                                                      "chosen_cert_arn",
                                                      "matched_rule_priority",
                                                      "request_creation_time",
                                                      "actions_executed",
                                                      "redirect_url",
                                                      "error_reason",
                                                      "target_port_list",
                                                      "target_status_code_list"};
  constexpr std::array<std::string_view, 2> kMore = {"classification", "classification_reason"};
  auto rest = entry.text;
  const auto type = takeWord(rest);
  if (type != "http" && type != "https" && type != "h2" && type != "grpcs" && type != "ws" && type != "wss")
    return false;
  rest = trimLeft(rest);
  const auto stamp = readStamp(rest);
  if (!stamp || !stamp->zone) return false;
  entry.add("type", type);
  entry.add("timestamp", rest.substr(0, stamp->length));
  rest.remove_prefix(stamp->length);
  const auto next = [&] {
    std::string_view value;
    return takeQuoted(rest, value) ? value : takeWord(rest);
  };
  for (const auto key : kFirst) entry.addPresent(key, next());
  const auto status = entry.record.field("elb_status_code");
  if (!isStatus(status)) return false;
  entry.addPresent("sent_bytes", next());
  std::string_view request;
  if (!takeQuoted(rest, request)) return false;
  addRequest(entry, request);
  for (const auto key : kLast) entry.addPresent(key, next());
  for (const auto key : kMore) entry.addPresent(key, next());
  entry.addPresent("traceability_id", next());
  entry.time = stamp;
  entry.severity = severityOfStatus(status);
  entry.message = entry.text;
  return true;
}

}  // namespace aiops::parsing
