// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/request_head.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace aiops::api {

namespace {

using Refused = std::optional<HttpResponse>;

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kLongestMethod = 32;
constexpr size_t kLongestLengthDigits = 19;  // fits 64 bits

HttpResponse bad(std::string_view message) {
  return refusalAndClose(400, "bad_request", message);
}

/// RFC 9110 section 5.6.2.
bool isTokenChar(char c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isTokenChar);
}

bool isControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

HttpResponse tooLarge(std::string_view bytes) {
  if (bytes.find('\n') == std::string_view::npos) {
    return refusalAndClose(414, "uri_too_long", "the request line is too long");
  }
  return refusalAndClose(431, "header_too_large", "the request's header is too large");
}

Refused versionProblem(std::string_view version, RequestHead& head) {
  if (version == "HTTP/1.1" || version == "HTTP/1.0") {
    head.http11 = version == "HTTP/1.1";
    return {};
  }
  const bool wellFormed = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
  if (!wellFormed) return bad("the request line is malformed");
  return refusalAndClose(505, "version_not_supported", "only HTTP/1.0 and HTTP/1.1 are spoken here");
}

Refused readRequestLine(std::string_view line, const ServerLimits& limits, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("the request line is malformed");
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!isToken(method) || method.size() > kLongestMethod) return bad("the method is malformed");
  if (auto problem = versionProblem(line.substr(last + 1), head)) return problem;
  if (target.size() > limits.targetBytes)
    return refusalAndClose(414, "uri_too_long", "the target is too long");
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!target.starts_with('/') || !std::ranges::all_of(target, visible)) {
    return bad("the target must be a path of visible ASCII characters");
  }
  head.method = method;
  head.target = target;
  return {};
}

Refused readField(std::string_view line, RequestHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return bad("folded header lines are refused");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
    return bad("a header line is malformed");
  const auto value = trimmed(line.substr(colon + 1));
  if (std::ranges::any_of(value, [](char c) { return isControl(c) && c != '\t'; })) {
    return bad("a header value has control characters");
  }
  head.fields.push_back({base::asciiLower(line.substr(0, colon)), std::string(value)});
  return {};
}

Refused readLength(RequestHead& head) {
  const auto* text = head.field("content-length");
  if (!text) return {};
  const bool digits =
      !text->empty() && std::ranges::all_of(*text, [](char c) { return c >= '0' && c <= '9'; });
  if (head.count("content-length") > 1 || !digits) return bad("Content-Length must be one number");
  if (text->size() > kLongestLengthDigits)
    return refusalAndClose(413, "payload_too_large", "the body is too large");
  uint64_t length = 0;
  std::from_chars(text->data(), text->data() + text->size(), length);
  head.contentLength = length;
  return {};
}

Refused readTransferEncoding(RequestHead& head) {
  const auto* coding = head.field("transfer-encoding");
  if (!coding) return {};
  if (head.contentLength) return bad("Content-Length and Transfer-Encoding exclude each other");
  if (!head.http11) return bad("HTTP/1.0 has no Transfer-Encoding");
  if (head.count("transfer-encoding") > 1 || base::asciiLower(*coding) != "chunked") {
    return bad("the only Transfer-Encoding taken is chunked");
  }
  head.chunked = true;
  return {};
}

Refused readExpect(RequestHead& head) {
  const auto* expect = head.field("expect");
  if (!expect) return {};
  if (base::asciiLower(*expect) != "100-continue" || head.count("expect") > 1) {
    return refusalAndClose(417, "expectation_failed", "only Expect: 100-continue is understood");
  }
  head.expectsContinue = head.http11;
  return {};
}

void readConnection(RequestHead& head) {
  head.keepAlive = head.http11;
  for (const auto& [name, value] : head.fields) {
    if (name != "connection") continue;
    const auto options = base::asciiLower(value);
    if (options.find("close") != std::string::npos) {
      head.keepAlive = false;
      return;
    }
    if (options.find("keep-alive") != std::string::npos) head.keepAlive = true;
  }
}

/// What must be there once, and what may be there once at most.
Refused countProblem(const RequestHead& head) {
  if (head.count("host") != 1) return bad("exactly one Host header is needed");
  for (const auto name : {"authorization", "content-type", "origin"}) {
    if (head.count(name) > 1) return bad(std::string("more than one header ") + name);
  }
  return {};
}

}  // namespace

const std::string* RequestHead::field(std::string_view lowerName) const {
  const auto found = std::ranges::find(fields, lowerName, &HeaderField::name);
  return found == fields.end() ? nullptr : &found->value;
}

size_t RequestHead::count(std::string_view lowerName) const {
  return static_cast<size_t>(std::ranges::count(fields, lowerName, &HeaderField::name));
}

std::expected<std::optional<size_t>, HttpResponse> HeadScanner::scan(std::string_view bytes) {
  for (; m_scanned < bytes.size(); ++m_scanned) {
    const size_t at = m_scanned;
    const char c = bytes[at];
    const bool afterReturn = at > 0 && bytes[at - 1] == '\r';
    if (at == 0 && !isTokenChar(c)) return std::unexpected(bad("this is not an HTTP request"));
    if (afterReturn != (c == '\n')) return std::unexpected(bad("lines must end with CR LF"));
    if (isControl(c) && c != '\r' && c != '\n' && c != '\t') {
      return std::unexpected(bad("the header has control characters"));
    }
    if (at >= m_limits.headerBytes) return std::unexpected(tooLarge(bytes.substr(0, at)));
    if (c == '\n' && bytes.substr(0, at + 1).ends_with("\r\n\r\n")) return at + 1;
  }
  return std::nullopt;
}

std::expected<RequestHead, HttpResponse> parseHead(std::string_view head, const ServerLimits& limits) {
  RequestHead result;
  bool first = true;
  while (!head.empty()) {
    const auto end = head.find(kLineEnd);
    const auto line = head.substr(0, end);
    head.remove_prefix(end + kLineEnd.size());
    if (line.empty()) break;
    auto problem = first ? readRequestLine(line, limits, result) : readField(line, result);
    if (problem) return std::unexpected(*std::move(problem));
    first = false;
    if (result.fields.size() > limits.headerFields) {
      return std::unexpected(
          refusalAndClose(431, "header_too_large", "the request has too many header fields"));
    }
  }
  for (const auto check : {readLength, readTransferEncoding, readExpect}) {
    if (auto problem = check(result)) return std::unexpected(*std::move(problem));
  }
  if (auto problem = countProblem(result)) return std::unexpected(*std::move(problem));
  readConnection(result);
  return result;
}

}  // namespace aiops::api
