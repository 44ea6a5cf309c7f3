// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/http_response.h"

#include <nlohmann/json.hpp>

#include "base/bytes.h"

namespace aiops::api {

namespace {

constexpr std::string_view kRetryAfterSeconds = "1";

unsigned statusOf(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::InvalidInput:
      return 422;
    case base::ErrorCode::NotFound:
      return 404;
    case base::ErrorCode::Conflict:
    case base::ErrorCode::Stale:
      return 409;
    case base::ErrorCode::PermissionDenied:
      return 403;
    case base::ErrorCode::LimitExceeded:
      return 429;
    case base::ErrorCode::Unavailable:
    case base::ErrorCode::Timeout:
    case base::ErrorCode::Cancelled:
      return 503;
    case base::ErrorCode::Corrupt:
    case base::ErrorCode::Io:
    case base::ErrorCode::Internal:
      break;
  }
  return 500;
}

std::string dump(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

HttpResponse jsonResponse(const nlohmann::json& json) {
  return {.body = dump(json)};
}

HttpResponse refusal(unsigned status, std::string_view code, std::string_view message,
                     std::string_view hint) {
  nlohmann::json error = {{"code", code}, {"message", message}};
  if (!hint.empty()) error["hint"] = hint;
  return {.status = status, .body = dump({{"error", std::move(error)}}), .errorCode = std::string(code)};
}

HttpResponse refusalAndClose(unsigned status, std::string_view code, std::string_view message,
                             std::string_view hint) {
  auto response = refusal(status, code, message, hint);
  response.close = true;
  return response;
}

HttpResponse refusal(const base::Error& error) {
  auto message = error.what;
  if (!error.where.empty()) message += " (" + error.where + ")";
  auto response = refusal(statusOf(error.code), base::toString(error.code), message, error.remedy);
  if (response.status == 503 || response.status == 429)
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return response;
}

HttpResponse busy(std::string_view message) {
  auto response = refusalAndClose(503, "unavailable", message);
  response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return response;
}

std::string_view reasonPhrase(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

}  // namespace aiops::api
