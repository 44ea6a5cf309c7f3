// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_sources.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "agents/engine.h"
#include "config/checks.h"
#include "pipeline/lane.h"
#include "sources/log_sample.h"
#include "sources/path_pattern.h"

namespace aiops::service {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kMostAtOnce = 200;
constexpr size_t kMostAdded = 1000;

std::unexpected<base::Error> tooMany() {
  return fail(ErrorCode::Unavailable, "too many questions wait", "", "try again");
}

std::unexpected<base::Error> notAdmin() {
  return fail(ErrorCode::PermissionDenied, "this needs the scope admin");
}

/// Below `directory`, also by way of "." or a link.
bool isBelow(const std::string& path, const std::string& directory) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error).string();
  const auto root = std::filesystem::weakly_canonical(directory, error).string();
  return real == root || real.starts_with(root + "/");
}

}  // namespace

std::string EngineSources::serviceOf(const std::string& path) const {
  return config::serviceFor(path, m_engine.settings().inventory);
}

void EngineSources::discoverLogs(Reply<std::vector<model::FoundLog>> reply) {
  if (!m_worker.post([this, reply] { reply(discover()); })) reply(tooMany());
}

base::Result<std::vector<model::FoundLog>> EngineSources::discover() const {
  sources::DiscoveryOptions options;
  options.places = m_places;
  options.serviceOf = [this](const std::string& path) { return serviceOf(path); };
  auto found = sources::discoverLogs(options, m_engine.clock());
  std::set<std::string> watched;
  for (const auto& status : m_engine.monitor().statuses()) watched.insert(status.source);
  for (auto& log : found.logs) {
    log.watched = watched.contains(log.path);
    log.worthWatching = log.worthWatching && !isBelow(log.path, m_engine.settings().home);
  }
  if (!found.cutShort.empty()) {
    m_engine.health().report(model::Severity::Warning, "source",
                             "the search for logs is not complete: " + found.cutShort,
                             "Name further logs by their path.");
  }
  return std::move(found.logs);
}

void EngineSources::previewLog(std::string path, Reply<model::LogPreview> reply) {
  const bool taken = m_worker.post([this, path = std::move(path), reply] {
    if (auto allowed = config::wrongPath(path)) {
      return reply(fail(ErrorCode::InvalidInput, "this is no path of a log", path, *allowed));
    }
    reply(sources::previewLog(path, serviceOf(path), {.zone = {.host = true}}, m_engine.clock().now()));
  });
  if (!taken) reply(tooMany());
}

void EngineSources::addSources(Caller caller, std::vector<model::SourceChoice> choices,
                               Reply<std::vector<model::SourceStatus>> reply) {
  if (!caller.isAdmin) return reply(notAdmin());
  const bool taken = m_worker.post([this, caller = std::move(caller), choices = std::move(choices), reply] {
    reply(add(caller, choices));
  });
  if (!taken) reply(tooMany());
}

/// A path that can be watched: a regular file (perhaps one that may not be read yet), a directory or a glob,
/// none of our own.
base::Result<> EngineSources::check(const model::SourceChoice& choice) const {
  const auto& path = choice.path;
  const bool listens = path != "-" && pipeline::isStream(path);
  if (auto allowed = listens ? std::nullopt : config::wrongPath(path)) {
    return fail(ErrorCode::InvalidInput, "this can't be watched", path, *allowed);
  }
  if (!choice.service.empty()) {
    if (auto allowed = config::wrongName(choice.service)) {
      return fail(ErrorCode::InvalidInput, "'" + choice.service + "' is no name of a service", path,
                  *allowed);
    }
  }
  if (listens) {
    if (auto good = pipeline::checkAddress(path); !good) return good;
  }
  if (!listens && isBelow(path, m_engine.settings().home)) {
    return fail(ErrorCode::InvalidInput, "the program's own files are not watched", path);
  }
  for (const auto& status : m_engine.monitor().statuses()) {
    if (status.watchedAs == path) return fail(ErrorCode::Conflict, "this is watched already", path);
  }
  if (listens || sources::standsForSeveral(path)) return {};
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == EACCES) return {};  // it is watched as soon as that is allowed
    return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io, std::strerror(errno), path,
                "give a file that exists, a directory, or a glob such as /var/log/nginx/*.log");
  }
  if (S_ISREG(info.st_mode)) return {};
  return fail(ErrorCode::InvalidInput, "this is no regular file", path);
}

base::Result<> EngineSources::addOne(const Caller& caller, const model::SourceChoice& choice) {
  auto& monitor = m_engine.monitor();
  auto audited =
      m_engine.fixes().audit({.who = caller.name,
                              .what = "source.add",
                              .target = choice.path,
                              .result = choice.service.empty() ? "watched" : "watched as " + choice.service});
  if (!audited) return audited;
  const auto now = m_engine.clock().now();
  auto saved = m_engine.store().saveAddedSource({choice.path, choice.service, caller.name, now});
  if (!saved) return saved;
  auto added = monitor.addSource({.path = choice.path, .service = choice.service, .added = true});
  if (!added) {
    static_cast<void>(m_engine.store().removeAddedSource(choice.path));
    return added;
  }
  m_engine.health().report(model::Severity::Info, "source",
                           choice.path + " is watched from now on; " + caller.name + " added it", "");
  return {};
}

base::Result<std::vector<model::SourceStatus>> EngineSources::add(
    const Caller& caller, const std::vector<model::SourceChoice>& choices) {
  const auto kept = m_engine.store().addedSources();
  if (!kept) return std::unexpected(kept.error());
  if (choices.empty() || choices.size() > kMostAtOnce || kept->size() + choices.size() > kMostAdded) {
    return fail(ErrorCode::InvalidInput, "give 1 to " + std::to_string(kMostAtOnce) + " sources, at most " +
                                             std::to_string(kMostAdded) + " in all");
  }
  std::set<std::string> paths;
  for (const auto& choice : choices) {
    if (auto checked = check(choice); !checked) return std::unexpected(checked.error());
    if (!paths.insert(choice.path).second) {
      return fail(ErrorCode::InvalidInput, "this is given twice", choice.path);
    }
  }
  for (const auto& choice : choices) {
    if (auto added = addOne(caller, choice); !added) return std::unexpected(added.error());
  }
  std::vector<model::SourceStatus> out;
  for (auto& status : m_engine.monitor().statuses()) {
    if (paths.contains(status.watchedAs)) out.push_back(std::move(status));
  }
  return out;
}

void EngineSources::removeSource(Caller caller, std::string path, Reply<std::string> reply) {
  if (!caller.isAdmin) return reply(notAdmin());
  const bool taken = m_worker.post(
      [this, caller = std::move(caller), path = std::move(path), reply] { reply(remove(caller, path)); });
  if (!taken) reply(tooMany());
}

base::Result<std::string> EngineSources::remove(const Caller& caller, const std::string& path) {
  if (m_engine.monitor().isConfigured(path)) {
    return fail(ErrorCode::Conflict, "the configuration names this source", path,
                "take it out of config.yaml or --watch and start again");
  }
  for (const auto& status : m_engine.monitor().statuses()) {
    if (status.source != path || status.watchedAs == path) continue;
    return fail(ErrorCode::Conflict, "this is watched by way of " + status.watchedAs, path,
                "remove that instead");
  }
  const auto kept = m_engine.store().addedSources();
  if (!kept) return std::unexpected(kept.error());
  if (std::ranges::find(*kept, path, &model::AddedSource::path) == kept->end()) {
    return fail(ErrorCode::NotFound, "this is not watched", path);
  }
  auto audited = m_engine.fixes().audit(
      {.who = caller.name, .what = "source.remove", .target = path, .result = "not watched any more"});
  if (!audited) return std::unexpected(audited.error());
  if (auto removed = m_engine.store().removeAddedSource(path); !removed)
    return std::unexpected(removed.error());
  if (auto left = m_engine.monitor().removeSource(path); !left && left.error().code != ErrorCode::NotFound) {
    return std::unexpected(left.error());
  }
  m_engine.health().report(model::Severity::Info, "source",
                           path + " is not watched any more; " + caller.name + " removed it", "");
  return path;
}

}  // namespace aiops::service
