// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/lively_sources.h"

#include <algorithm>

namespace aiops::test {

model::FoundLog foundLog(const std::string& path, const std::string& format, double perHour, uint64_t bytes,
                         bool worth) {
  return {.path = path,
          .service = path.substr(path.rfind('/') + 1, path.rfind('.') - path.rfind('/') - 1),
          .format = format,
          .bytes = bytes,
          .linesPerHour = perHour,
          .readable = true,
          .worthWatching = worth};
}

std::vector<model::FoundLog> someFoundLogs() {
  return {foundLog("/var/log/nginx/access.log", "common or combined access", 82'800, 1'210'000),
          foundLog("/var/log/nginx/error.log", "nginx error", 12, 1'100),
          foundLog("/srv/shop/web.log", "Python logging", 9'400, 121'000),
          foundLog("/srv/shop/orders.log", "JSON lines", 9'300, 204'000),
          foundLog("/srv/shop/catalog.log", "logfmt", 14'700, 310'400),
          foundLog("/var/log/postgresql/postgresql-15-main.log", "PostgreSQL", 720, 20'300),
          foundLog("/var/log/redis/redis-server.log", "Redis", 0, 1'020),
          {.path = "/var/log/auth.log",
           .service = "auth",
           .problem = "permission denied",
           .howToAllow = "sudo setfacl -m u:$(id -un):r /var/log/auth.log"},
          foundLog("/var/log/dpkg.log", "line that begins with a time", 0, 603'000, false),
          foundLog("/var/log/alternatives.log", "line that begins with a time", 0, 41'000, false)};
}

LivelySources::LivelySources() = default;

LivelySources::~LivelySources() = default;

void LivelySources::discoverLogs(service::Reply<std::vector<model::FoundLog>> reply) {
  if (discoverFailure) return reply(std::unexpected(*discoverFailure));
  reply(logs);
}

void LivelySources::previewLog(std::string path, service::Reply<model::LogPreview> reply) {
  const auto known =
      std::find_if(logs.begin(), logs.end(), [&path](const auto& log) { return log.path == path; });
  if (known == logs.end()) return reply(base::fail(base::ErrorCode::NotFound, "no such file", path));
  model::LogPreview preview{.path = path, .format = known->format};
  preview.lines = generatedLines(700, 40).lines;
  reply(std::move(preview));
}

void LivelySources::addSources(service::Caller caller, std::vector<model::SourceChoice> choices,
                               service::Reply<std::vector<model::SourceStatus>> reply) {
  if (addFailure) return reply(std::unexpected(*addFailure));
  if (!caller.isAdmin)
    return reply(base::fail(base::ErrorCode::PermissionDenied, "the scope admin is needed"));
  std::vector<model::SourceStatus> statuses;
  for (auto& choice : choices) {
    statuses.push_back({.source = choice.path, .service = choice.service, .readable = true});
    watched.push_back(std::move(choice));
  }
  reply(std::move(statuses));
}

void LivelySources::removeSource(service::Caller, std::string path, service::Reply<std::string> reply) {
  reply(path);
}

WithSources::WithSources(service::Operations& inner) : WrappedOperations(inner) {}

WithSources::~WithSources() = default;

service::SourceOperations& WithSources::sources() {
  return lively;
}

}  // namespace aiops::test
