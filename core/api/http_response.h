// An answer before it becomes bytes, and the words of the refusals.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace aiops::api {

struct HttpResponse {
  unsigned status = 200;
  std::string body;
  std::string contentType = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string errorCode;  ///< of a refusal, else empty
  bool close = false;     ///< the connection can't be used after this answer
};

/// 200 with `json`; text that is not UTF-8 is repaired.
HttpResponse jsonResponse(const nlohmann::json& json);
/// {"error":{"code","message","hint"?}}; `code` is part of the contract.
HttpResponse refusal(unsigned status, std::string_view code, std::string_view message,
                     std::string_view hint = {});
/// As refusal(), for a client whose bytes can't be trusted any further.
HttpResponse refusalAndClose(unsigned status, std::string_view code, std::string_view message,
                             std::string_view hint = {});
/// What an error of the engine is over HTTP.
HttpResponse refusal(const base::Error& error);
/// 503 with Retry-After.
HttpResponse busy(std::string_view message);
/// RFC 9110 section 15.
std::string_view reasonPhrase(unsigned status);

}  // namespace aiops::api
