// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/target.h"

#include <algorithm>
#include <array>
#include <optional>

namespace aiops::api {

namespace {

HttpResponse bad(std::string_view message, std::string_view hint = {}) {
  return refusal(400, "bad_request", message, hint);
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Nothing for a broken escape or one that hides a control byte.
std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hexDigit(text[i + 1]) < 0 || hexDigit(text[i + 2]) < 0) return {};
    const auto byte = static_cast<unsigned char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
    if (byte < 0x20 || byte == 0x7f) return {};
    result += static_cast<char>(byte);
    i += 2;
  }
  return result;
}

bool isPathChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

bool hasDotSegment(std::string_view path) {
  const std::string bounded = std::string(path) + "/";
  return bounded.find("/../") != std::string::npos || bounded.find("/./") != std::string::npos;
}

std::optional<HttpResponse> readPath(std::string_view raw, Target& target) {
  const auto path = decoded(raw);
  if (!path || !std::ranges::all_of(*path, isPathChar) ||
      std::ranges::count(*path, '/') != std::ranges::count(raw, '/')) {
    return bad("the path has characters that no route has");
  }
  if (hasDotSegment(*path)) return bad("the path has dot segments");
  target.path = *path;
  return {};
}

bool isKey(const std::string& name, const std::string& value) {
  constexpr std::array<std::string_view, 7> kNames = {"key",   "api_key",      "apikey",       "api-key",
                                                      "token", "access_token", "authorization"};
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::ranges::find(kNames, lower) != kNames.end() || value.find("aiops_") != std::string::npos;
}

std::optional<HttpResponse> readPair(std::string_view pair, Target& target) {
  const auto equals = std::min(pair.find('='), pair.size());
  const auto name = decoded(pair.substr(0, equals));
  const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
  if (!name || !value || name->empty()) return bad("the query is malformed");
  if (isKey(*name, *value)) {
    return bad("a key in the URL is refused, because URLs end up in logs",
               "send it as Authorization: Bearer KEY, and replace this one");
  }
  if (!target.query.emplace(*name, *value).second) return bad("a query name stands twice");
  return {};
}

}  // namespace

std::expected<Target, HttpResponse> parseTarget(std::string_view text) {
  Target target;
  if (text.find('#') != std::string_view::npos) return std::unexpected(bad("the target has a fragment"));
  const auto mark = std::min(text.find('?'), text.size());
  auto problem = readPath(text.substr(0, mark), target);
  if (problem) return std::unexpected(*std::move(problem));
  auto query = text.substr(std::min(mark + 1, text.size()));
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    problem = readPair(query.substr(0, end), target);
    if (problem) return std::unexpected(*std::move(problem));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return target;
}

}  // namespace aiops::api
