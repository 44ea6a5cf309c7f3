// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/routes.h"

#include <algorithm>
#include <vector>

#include "api/change_handlers.h"
#include "api/handlers.h"
#include "api/incident_handlers.h"
#include "api/knowledge_handlers.h"
#include "api/pattern_handlers.h"
#include "api/silence_handlers.h"
#include "api/source_handlers.h"

namespace aiops::api {

namespace {

using security::Scope;

constexpr size_t kNoBody = 0;
constexpr size_t kSmallBody = 16 * 1024;
constexpr size_t kPatternBody = 96 * 1024;          ///< a document of 64 kB with its escapes
constexpr size_t kKnowledgeBody = 2 * 1024 * 1024;  ///< as many facts as one export has
constexpr std::optional<Scope> kPublic;
constexpr std::string_view kVersionPrefix = "/api/v1";

constexpr std::array kRoutes = {
    Route{"GET", "/health", kPublic, kNoBody, false, {}, handlers::health},
    Route{"GET", "/status", Scope::Read, kNoBody, false, {}, handlers::status},
    Route{"GET",
          "/investigations",
          Scope::Read,
          kNoBody,
          false,
          {"limit", "before", "open"},
          handlers::investigations},
    Route{"GET", "/investigations/{id}", Scope::Read, kNoBody, false, {}, handlers::investigation},
    Route{"POST",
          "/investigations/{id}/acknowledge",
          Scope::Operate,
          kSmallBody,
          false,
          {},
          handlers::acknowledgeIncident},
    Route{"POST",
          "/investigations/{id}/dismiss",
          Scope::Operate,
          kSmallBody,
          true,
          {},
          handlers::dismissIncident},
    Route{"POST", "/investigations/{id}/cause", Scope::Operate, kSmallBody, false, {}, handlers::stateCause},
    Route{"POST",
          "/investigations/{id}/reopen",
          Scope::Operate,
          kSmallBody,
          false,
          {},
          handlers::reopenIncident},
    Route{
        "POST", "/investigations/{id}/merge", Scope::Operate, kSmallBody, true, {}, handlers::mergeIncident},
    Route{
        "POST", "/investigations/{id}/split", Scope::Operate, kSmallBody, true, {}, handlers::splitIncident},
    Route{"GET", "/fixes", Scope::Read, kNoBody, false, {"limit", "before", "open"}, handlers::fixes},
    Route{"GET", "/fixes/{id}", Scope::Read, kNoBody, false, {}, handlers::fix},
    Route{"POST", "/fixes/{id}/approve", Scope::Approve, kSmallBody, true, {}, handlers::approveFix},
    Route{"POST", "/fixes/{id}/reject", Scope::Approve, kSmallBody, true, {}, handlers::rejectFix},
    Route{"POST", "/fixes/{id}/dry-run", Scope::Operate, kSmallBody, false, {}, handlers::dryRunFix},
    Route{"POST", "/automation/stop", Scope::Operate, kSmallBody, false, {}, handlers::stopAutomation},
    Route{"POST", "/automation/resume", Scope::Approve, kSmallBody, false, {}, handlers::resumeAutomation},
    Route{"GET", "/outcomes", Scope::Read, kNoBody, false, {"limit"}, handlers::outcomes},
    Route{"GET", "/trust", Scope::Read, kNoBody, false, {}, handlers::trust},
    Route{"GET", "/silences", Scope::Read, kNoBody, false, {}, handlers::silences},
    Route{"POST", "/silences", Scope::Operate, kSmallBody, true, {}, handlers::addSilence},
    Route{"POST", "/silences/{id}/remove", Scope::Operate, kSmallBody, false, {}, handlers::removeSilence},
    Route{"GET", "/maintenance", Scope::Read, kNoBody, false, {}, handlers::maintenance},
    Route{"POST", "/maintenance", Scope::Operate, kSmallBody, true, {}, handlers::addMaintenance},
    Route{"POST",
          "/maintenance/{id}/remove",
          Scope::Operate,
          kSmallBody,
          false,
          {},
          handlers::removeMaintenance},
    Route{"GET", "/changes", Scope::Read, kNoBody, false, {"service", "since", "limit"}, handlers::changes},
    Route{"GET", "/changes/baselines", Scope::Read, kNoBody, false, {}, handlers::baselines},
    Route{"POST", "/changes/baseline", Scope::Operate, kSmallBody, true, {}, handlers::setBaseline},
    Route{"GET",
          "/knowledge",
          Scope::Read,
          kNoBody,
          false,
          {"type", "service", "q", "days", "limit", "offset", "forgotten"},
          handlers::knowledge},
    Route{"GET", "/knowledge/nodes/{id}", Scope::Read, kNoBody, false, {}, handlers::knowledgeNode},
    Route{"POST", "/knowledge/facts", Scope::Operate, kSmallBody, true, {}, handlers::addFact},
    Route{
        "POST", "/knowledge/facts/{id}/correct", Scope::Operate, kSmallBody, true, {}, handlers::correctFact},
    Route{
        "POST", "/knowledge/facts/{id}/forget", Scope::Operate, kSmallBody, false, {}, handlers::forgetFact},
    Route{"POST",
          "/knowledge/facts/{id}/restore",
          Scope::Operate,
          kSmallBody,
          false,
          {},
          handlers::restoreFact},
    Route{"GET", "/knowledge/export", Scope::Read, kNoBody, false, {}, handlers::exportKnowledge},
    Route{"POST", "/knowledge/import", Scope::Operate, kKnowledgeBody, true, {}, handlers::importKnowledge},
    Route{"GET", "/sources", Scope::Read, kNoBody, false, {}, handlers::sources},
    Route{"POST", "/sources", Scope::Admin, kSmallBody, true, {}, handlers::addSource},
    Route{"POST", "/sources/remove", Scope::Admin, kSmallBody, true, {}, handlers::removeSource},
    Route{"GET", "/sources/discover", Scope::Admin, kNoBody, false, {}, handlers::discoverSources},
    Route{"GET", "/patterns", Scope::Read, kNoBody, false, {}, handlers::patterns},
    Route{"POST", "/patterns", Scope::Admin, kPatternBody, true, {}, handlers::savePattern},
    Route{"POST", "/patterns/preview", Scope::Operate, kPatternBody, true, {}, handlers::previewPattern},
    Route{"GET", "/pattern-types", Scope::Read, kNoBody, false, {}, handlers::patternTypes},
    Route{"GET", "/patterns/{id}", Scope::Read, kNoBody, false, {}, handlers::pattern},
    Route{"POST", "/patterns/{id}/enable", Scope::Operate, kSmallBody, false, {}, handlers::enablePattern},
    Route{"POST", "/patterns/{id}/remove", Scope::Admin, kSmallBody, false, {}, handlers::removePattern},
    Route{"GET", "/logs", Scope::Read, kNoBody, false, {"from", "limit"}, handlers::logs},
    Route{"GET", "/audit", Scope::Admin, kNoBody, false, {"limit", "before"}, handlers::audit},
    Route{"GET", "/audit/verify", Scope::Admin, kNoBody, false, {}, handlers::verifyAudit},
    Route{"GET", "/settings", Scope::Admin, kNoBody, false, {}, handlers::settings},
    Route{"POST", "/settings/{id}", Scope::Admin, kSmallBody, true, {}, handlers::changeSetting},
    Route{"GET", "/agents/status", Scope::Read, kNoBody, false, {}, handlers::agents},
    Route{"POST", "/agents/{id}/enable", Scope::Operate, kSmallBody, false, {}, handlers::enableAgent},
    Route{"POST", "/agents/{id}/configure", Scope::Admin, kSmallBody, true, {}, handlers::configureAgent},
    Route{"POST", "/agents/{id}/restart", Scope::Admin, kSmallBody, false, {}, handlers::restartAgent},
    Route{"GET", "/learning/insights", Scope::Read, kNoBody, false, {}, handlers::insights},
    Route{"GET", "/learning/calibration", Scope::Read, kNoBody, false, {}, handlers::calibration},
    Route{"GET", "/analytics/metrics", Scope::Read, kNoBody, false, {"days"}, handlers::analytics},
    Route{"GET", "/metrics", kPublic, kNoBody, false, {}, handlers::metrics},
    Route{"POST", "/api-keys", Scope::Admin, kSmallBody, true, {}, handlers::createApiKey},
};

std::vector<std::string_view> segmentsOf(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

std::string_view withoutVersion(std::string_view path) {
  const bool versioned =
      path.starts_with(kVersionPrefix) && path.substr(kVersionPrefix.size()).starts_with('/');
  return versioned ? path.substr(kVersionPrefix.size()) : path;
}

/// The value for {id} (empty if the pattern has none), or nothing if the path is another.
std::optional<std::string_view> matched(std::string_view pattern, const std::vector<std::string_view>& path) {
  const auto wanted = segmentsOf(pattern);
  if (wanted.size() != path.size()) return {};
  std::string_view id;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool placeholder = wanted[i] == "{id}";
    if (path[i].empty() || (!placeholder && wanted[i] != path[i])) return {};
    if (placeholder) id = path[i];
  }
  return id;
}

}  // namespace

std::span<const Route> routeTable() {
  return kRoutes;
}

RouteMatch findRoute(std::string_view method, std::string_view path) {
  RouteMatch match;
  const auto segments = segmentsOf(withoutVersion(path));
  for (const auto& route : kRoutes) {
    const auto id = matched(route.path, segments);
    if (!id) continue;
    if (!route.scope) match.publicPath = true;
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : std::string(route.method);
    const bool same = method == route.method || (method == "HEAD" && route.method == "GET");
    if (!same) continue;
    match.route = &route;
    match.id = *id;
  }
  return match;
}

}  // namespace aiops::api
