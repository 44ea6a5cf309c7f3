// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/http_client.h"

#include <algorithm>

#include "integrations/http_exchange.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;

base::Result<QUrl> checkedUrl(const std::string& text) {
  const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
  const bool scheme = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
  if (!url.isValid() || !scheme || url.host().isEmpty() || url.port(1) == 0) {
    return fail(ErrorCode::InvalidInput, "not an http or https address", text);
  }
  // Not repeated: it may hold a password.
  if (!url.userInfo().isEmpty() || url.hasFragment())
    return fail(ErrorCode::InvalidInput, "an address with a user or a fragment", url.host().toStdString());
  return url;
}

bool isPlain(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

base::Result<> checkHeaders(const HttpPost& request) {
  for (const auto& [name, value] : request.headers) {
    const bool named = isPlain(name) && name.find_first_of(" :") == std::string::npos;
    if (!named || !isPlain(value)) {
      return fail(ErrorCode::InvalidInput, "a header whose value can't be sent", named ? name : "header",
                  "a key must be printable and without line ends");
    }
  }
  return {};
}

}  // namespace

HttpClient::HttpClient(HttpLimits limits, HttpWorld world) : m_limits(limits), m_world(std::move(world)) {}

base::Result<HttpAnswer> HttpClient::post(const HttpPost& request, const OnBody& onBody,
                                          const base::CancelToken& cancel) const {
  const auto url = checkedUrl(request.url);
  if (!url) return std::unexpected(url.error());
  if (auto checked = checkHeaders(request); !checked) return std::unexpected(checked.error());
  return HttpExchange(request, *url, m_limits, m_world, onBody, cancel).run();
}

}  // namespace aiops::integrations
