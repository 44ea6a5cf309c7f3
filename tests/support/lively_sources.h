// SourceOperations that behave: found logs can be looked at and watched. For tests and pictures of the
// console. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "service/source_operations.h"
#include "support/fake_log_data.h"
#include "support/wrapped_operations.h"

namespace aiops::test {

inline model::FoundLog foundLog(const std::string& path, const std::string& format, double perHour,
                                uint64_t bytes, bool worth = true) {
  return {.path = path,
          .service = path.substr(path.rfind('/') + 1, path.rfind('.') - path.rfind('/') - 1),
          .format = format,
          .bytes = bytes,
          .linesPerHour = perHour,
          .readable = true,
          .worthWatching = worth};
}

/// A machine with some services, a log that can't be read, and one that is quiet.
inline std::vector<model::FoundLog> someFoundLogs() {
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

class LivelySources final : public service::SourceOperations {
 public:
  std::vector<model::FoundLog> logs = someFoundLogs();
  std::vector<model::SourceChoice> watched;
  std::optional<base::Error> discoverFailure, addFailure;

  void discoverLogs(service::Reply<std::vector<model::FoundLog>> reply) override {
    if (discoverFailure) return reply(std::unexpected(*discoverFailure));
    reply(logs);
  }
  void previewLog(std::string path, service::Reply<model::LogPreview> reply) override {
    const auto known =
        std::find_if(logs.begin(), logs.end(), [&path](const auto& log) { return log.path == path; });
    if (known == logs.end()) return reply(base::fail(base::ErrorCode::NotFound, "no such file", path));
    model::LogPreview preview{.path = path, .format = known->format};
    preview.lines = generatedLines(700, 40).lines;
    reply(std::move(preview));
  }
  void addSources(service::Caller caller, std::vector<model::SourceChoice> choices,
                  service::Reply<std::vector<model::SourceStatus>> reply) override {
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
  void removeSource(service::Caller, std::string path, service::Reply<std::string> reply) override {
    reply(path);
  }
};

/// Operations with these sources.
class WithSources final : public WrappedOperations {
 public:
  using WrappedOperations::WrappedOperations;
  LivelySources lively;
  service::SourceOperations& sources() override { return lively; }
};

}  // namespace aiops::test
