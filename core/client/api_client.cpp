// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/api_client.h"

#include <algorithm>
#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

namespace aiops::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using base::ErrorCode;
using beast::error_code;
using nlohmann::json;

namespace {

constexpr size_t kLargestAnswer = 64u << 20;
constexpr int kDeepestAnswer = 100;
constexpr std::string_view kScheme = "http://";

struct Address {
  std::string host;
  std::string port = "80";
  std::string prefix;
};

base::Result<Address> splitUrl(const std::string& url) {
  if (url.starts_with("https://")) {
    return base::fail(ErrorCode::Unavailable, "https is not built into this program", url,
                      "use http on the server's own machine, or an SSH tunnel to it");
  }
  if (!url.starts_with(kScheme)) {
    return base::fail(ErrorCode::InvalidInput, "not an http URL", url, "use http://127.0.0.1:8500");
  }
  Address address;
  std::string rest = url.substr(kScheme.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  address.prefix = rest.substr(slash);
  while (address.prefix.ends_with('/')) address.prefix.pop_back();
  rest.resize(slash);
  const auto colon = rest.rfind(':');
  if (colon != std::string::npos && !rest.ends_with(']')) {
    address.port = rest.substr(colon + 1);
    rest.resize(colon);
  }
  address.host = rest;
  const bool digits = std::ranges::all_of(address.port, [](char c) { return c >= '0' && c <= '9'; });
  if (address.host.empty() || address.port.empty() || address.port.size() > 5 || !digits ||
      std::stoi(address.port) > 65535 || std::stoi(address.port) == 0) {
    return base::fail(ErrorCode::InvalidInput, "the URL has no valid host and port", url);
  }
  return address;
}

/// Numeric addresses of a loopback host; empty for any other. No name service is asked.
std::vector<asio::ip::address> loopbackAddresses(const std::string& host) {
  if (host == "localhost") return {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  error_code error;
  const auto address = asio::ip::make_address(bracketed ? host.substr(1, host.size() - 2) : host, error);
  if (error || !address.is_loopback()) return {};
  return {address};
}

/// One request and its answer, with a deadline over all of it.
class Exchange {
 public:
  explicit Exchange(std::chrono::milliseconds timeout) { m_stream.expires_after(timeout); }

  error_code run(const std::vector<tcp::endpoint>& endpoints,
                 const http::request<http::string_body>& request) {
    m_parser.body_limit(kLargestAnswer);
    m_stream.async_connect(endpoints, [&](error_code error, const tcp::endpoint&) {
      if (failed(error)) return;
      m_connected = true;
      http::async_write(m_stream, request, [&](error_code written, size_t) {
        if (failed(written)) return;
        http::async_read(m_stream, m_buffer, m_parser, [&](error_code read, size_t) { failed(read); });
      });
    });
    m_io.run();
    return m_error;
  }
  bool connected() const { return m_connected; }
  const http::response<http::string_body>& response() const { return m_parser.get(); }

 private:
  bool failed(error_code error) {
    m_error = error;
    return error.failed();
  }

  asio::io_context m_io{1};
  beast::tcp_stream m_stream{m_io};
  beast::flat_buffer m_buffer;
  http::response_parser<http::string_body> m_parser;
  error_code m_error;
  bool m_connected = false;
};

base::Error exchangeError(const error_code& error, bool connected, const std::string& url) {
  if (error == beast::error::timeout) {
    return {ErrorCode::Timeout, "no answer in time", url,
            "what was asked for may still happen: look before retrying"};
  }
  if (!connected) {
    return {ErrorCode::Unavailable, "can't reach the server: " + error.message(), url,
            "start it with ai-ops-core --server, or name another one with --url"};
  }
  if (error == http::error::body_limit) return {ErrorCode::Corrupt, "the answer is too large", url, {}};
  if (error.category() == make_error_code(http::error::bad_version).category()) {
    return {ErrorCode::Corrupt, "the answer is not HTTP: " + error.message(), url,
            "is another program on this port?"};
  }
  return {ErrorCode::Unavailable, "the connection broke: " + error.message(), url, {}};
}

/// An answer as JSON; nothing if it is not, or nested so deep that nobody made it in good faith.
std::optional<json> parsed(const std::string& body) {
  bool tooDeep = false;
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    tooDeep = tooDeep || depth > kDeepestAnswer;
    return !tooDeep;
  };
  auto result = json::parse(body, watch, false);
  if (tooDeep || result.is_discarded()) return {};
  return result;
}

ErrorCode codeOfStatus(unsigned status) {
  switch (status) {
    case 400:
    case 422:
      return ErrorCode::InvalidInput;
    case 401:
    case 403:
      return ErrorCode::PermissionDenied;
    case 404:
      return ErrorCode::NotFound;
    case 408:
      return ErrorCode::Timeout;
    case 409:
      return ErrorCode::Conflict;
    case 413:
    case 429:
      return ErrorCode::LimitExceeded;
    case 503:
      return ErrorCode::Unavailable;
    default:
      return ErrorCode::Internal;
  }
}

/// The server names its own errors by their code; refusals of the HTTP layer have other names.
ErrorCode codeOf(const std::string& name, unsigned status) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
    if (base::toString(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return codeOfStatus(status);
}

std::string textAt(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::Error serverError(unsigned status, const std::optional<json>& body, const std::string& url) {
  base::Error error{
      codeOfStatus(status), "the server answered with status " + std::to_string(status), url, {}};
  if (!body || !body->is_object() || !body->contains("error") || !body->at("error").is_object()) return error;
  const auto& details = body->at("error");
  error.code = codeOf(textAt(details, "code"), status);
  if (const auto message = textAt(details, "message"); !message.empty())
    error = {error.code, message, {}, {}};
  error.remedy = textAt(details, "hint");
  return error;
}

bool hasControls(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

std::string camel(const std::string& snake) {
  std::string result;
  for (size_t i = 0; i < snake.size(); ++i) {
    const bool joint = snake[i] == '_' && i + 1 < snake.size() && snake[i + 1] >= 'a' && snake[i + 1] <= 'z';
    if (joint) ++i;
    result += joint ? static_cast<char>(snake[i] - 'a' + 'A') : snake[i];
  }
  return result;
}

}  // namespace

base::Result<ApiClient> ApiClient::create(ApiClientOptions options) {
  auto address = splitUrl(options.url);
  if (!address) return std::unexpected(std::move(address.error()));
  if (loopbackAddresses(address->host).empty()) {
    return base::fail(ErrorCode::PermissionDenied, "plain http would show the key to the network",
                      options.url, "open an SSH tunnel and use http://127.0.0.1:PORT");
  }
  if (hasControls(options.key) || hasControls(options.url)) {
    return base::fail(ErrorCode::InvalidInput, "the key or the URL has white space or control characters", {},
                      "check AIOPS_API_KEY and --url");
  }
  return ApiClient(std::move(options), address->host, address->port, address->prefix);
}

ApiClient::ApiClient(ApiClientOptions options, std::string host, std::string port, std::string prefix)
    : m_options(std::move(options)),
      m_host(std::move(host)),
      m_port(std::move(port)),
      m_prefix(std::move(prefix)) {}

base::Result<json> ApiClient::get(const std::string& path) const {
  return call("GET", path, {});
}

base::Result<json> ApiClient::post(const std::string& path, const json& body) const {
  return call("POST", path, body.dump(-1, ' ', false, json::error_handler_t::replace));
}

base::Result<json> ApiClient::call(const std::string& method, const std::string& path,
                                   const std::string& body) const {
  if (!path.starts_with('/') || hasControls(path))
    return base::fail(ErrorCode::InvalidInput, "not a path", path);
  http::request<http::string_body> request(http::string_to_verb(method), m_prefix + path, 11);
  request.set(http::field::host, m_host + ":" + m_port);
  request.set(http::field::accept, "application/json");
  request.set(http::field::connection, "close");
  if (!m_options.key.empty()) request.set(http::field::authorization, "Bearer " + m_options.key);
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();

  std::vector<tcp::endpoint> endpoints;
  for (const auto& address : loopbackAddresses(m_host)) {
    endpoints.emplace_back(address, static_cast<uint16_t>(std::stoi(m_port)));
  }
  Exchange exchange(m_options.timeout);
  const auto error = exchange.run(endpoints, request);
  const std::string url = m_options.url;
  if (error) return std::unexpected(exchangeError(error, exchange.connected(), url));
  auto answer = parsed(exchange.response().body());
  const unsigned status = exchange.response().result_int();
  if (status != 200) return std::unexpected(serverError(status, answer, url));
  if (!answer)
    return base::fail(ErrorCode::Corrupt, "the answer is not JSON", url, "is another program on this port?");
  return *std::move(answer);
}

json toModelKeys(const json& answer) {
  if (answer.is_array()) {
    auto result = json::array();
    for (const auto& item : answer) result.push_back(toModelKeys(item));
    return result;
  }
  if (!answer.is_object()) return answer;
  auto result = json::object();
  for (const auto& [key, value] : answer.items()) {
    const bool data = key == "captures" || key == "parameters";
    result[camel(key)] = data ? value : toModelKeys(value);
  }
  return result;
}

}  // namespace aiops::client
