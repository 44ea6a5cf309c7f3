// The routes of the API as data: one row each. They answer at the root and under /api/v1 alike.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "api/responder.h"
#include "security/api_keys.h"
#include "security/redaction.h"
#include "service/operations.h"

namespace aiops::api {

/// A request that passed all checks.
struct RequestContext {
  std::string id;                            ///< what stood for {id}
  std::map<std::string, std::string> query;  ///< decoded; only names that the route lists
  nlohmann::json body;                       ///< an object, also if nothing was sent
  service::Caller caller;
  std::shared_ptr<const security::Redactor> redactor;
};

/// Runs on the server's thread and must not block.
using Handler = void (*)(service::Operations& operations, const RequestContext& request, Responder respond);

struct Route {
  std::string_view method;               ///< GET (which answers HEAD too) or POST
  std::string_view path;                 ///< segments; {id} stands for one
  std::optional<security::Scope> scope;  ///< nothing: no key needed
  size_t maxBody;
  bool needsBody;
  std::array<std::string_view, 7> query;  ///< names that may stand in the query
  Handler handler;
};

std::span<const Route> routeTable();

/// What a path leads to. Without a route: nothing at this path (`allow` empty) or not by this method.
struct RouteMatch {
  const Route* route = nullptr;
  std::string id;
  std::string allow;        ///< methods of this path, "GET, HEAD"
  bool publicPath = false;  ///< some route at this path needs no key
};
/// `path` is decoded and without the query.
RouteMatch findRoute(std::string_view method, std::string_view path);

}  // namespace aiops::api
