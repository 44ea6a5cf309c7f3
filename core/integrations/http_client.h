// One outgoing HTTP exchange, within strict limits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"

namespace aiops::integrations {

struct HttpLimits {
  std::chrono::milliseconds firstByte{20'000};  ///< from the start to the end of the answer's head
  std::chrono::milliseconds idle{20'000};       ///< between two pieces of the body
  std::chrono::milliseconds total{60'000};      ///< all of it, the look-up of the name with it
  size_t bodyBytes = 256 * 1024;                ///< a longer body is an error
};

/// Which addresses may be asked. Link-local addresses (there clouds hand out credentials) and multicast
/// never.
enum class Reach : uint8_t {
  Public,      ///< https to addresses of the Internet
  Configured,  ///< the operator named it: also loopback and private networks, and there http too
};

struct HttpPost {
  std::string url;                                           ///< http or https; no user, no fragment
  std::vector<std::pair<std::string, std::string>> headers;  ///< values may be secret: no error repeats them
  std::string body;
  Reach reach = Reach::Public;
  std::chrono::milliseconds within{60'000};  ///< all of it, when the client's own limit is longer
};

struct HttpAnswer {
  int status = 0;
  std::string contentType;  ///< lower case, without parameters
  std::string retryAfter;   ///< as it stands; empty: none
  std::string body;         ///< what `onBody` did not get
};

/// Takes the body of a 200 as it comes. False: enough, the exchange ends well.
using OnBody = std::function<bool(std::string_view)>;

/// What the world gives, injected for tests.
struct HttpWorld {
  /// Addresses of a host name; empty: none. Without it the system is asked.
  std::function<std::vector<std::string>(const std::string& host)> resolve;
  /// Certificates (PEM) that are believed besides the system's.
  std::string trustedCertificates;
};

/// POSTs and reads the answer on the calling thread in a private event loop. Each call stands alone: one
/// connection, no proxy, no cookies, no cache, no redirect (a 3xx is an answer), no repetition. The name is
/// looked up once and the connection goes to an address that was looked at, so that a name server that
/// changes its answer gains nothing. TLS errors fail, always.
///
/// Why not Qt's access manager: Qt 6.4 sends a request again by itself when the connection ends before an
/// answer, which an exchange that costs money must not, and waits for the end of a head however long it gets.
///
/// Thread safe. Call it from any thread that is not the UI's; it needs a QCoreApplication.
class HttpClient {
 public:
  explicit HttpClient(HttpLimits limits = {}, HttpWorld world = {});

  /// Errors, all with the address but never a header or the body: InvalidInput (URL or header; an answer that
  /// is no HTTP), PermissionDenied (an address that may not be asked, a
  /// certificate that is not trusted), Timeout, LimitExceeded, Cancelled,
  /// Unavailable.
  base::Result<HttpAnswer> post(const HttpPost& request, const OnBody& onBody,
                                const base::CancelToken& cancel) const;
  const HttpLimits& limits() const { return m_limits; }

 private:
  const HttpLimits m_limits;
  const HttpWorld m_world;
};

}  // namespace aiops::integrations
