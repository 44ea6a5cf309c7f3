// The strict reading of a request's line and fields, before any other parser sees them. Whatever two programs
// could read differently (request smuggling) is refused. RFC 9112. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_response.h"
#include "api/server_config.h"

namespace aiops::api {

struct HeaderField {
  std::string name;   ///< lower case
  std::string value;  ///< without white space around it
};

struct RequestHead {
  std::string method;
  std::string target;  ///< origin form, as sent
  bool http11 = true;
  std::vector<HeaderField> fields;
  std::optional<uint64_t> contentLength;
  bool chunked = false;
  bool keepAlive = true;
  bool expectsContinue = false;

  /// The value of the first field of that name.
  const std::string* field(std::string_view lowerName) const;
  size_t count(std::string_view lowerName) const;
  bool hasBody() const { return chunked || contentLength.value_or(0) > 0; }
};

/// Finds the end of a head in bytes that arrive piece by piece. Refuses at the first byte that no valid head
/// has, so that a client that speaks something else isn't waited for.
class HeadScanner {
 public:
  explicit HeadScanner(const ServerLimits& limits) : m_limits(limits) {}

  /// `bytes` is everything of this request so far. Length of the head with its empty line; nothing: more is
  /// needed.
  std::expected<std::optional<size_t>, HttpResponse> scan(std::string_view bytes);
  void reset() { m_scanned = 0; }

 private:
  const ServerLimits& m_limits;
  size_t m_scanned = 0;
};

/// `head` ends with the empty line, as HeadScanner found it.
std::expected<RequestHead, HttpResponse> parseHead(std::string_view head, const ServerLimits& limits);

}  // namespace aiops::api
