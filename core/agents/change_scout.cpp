// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/change_scout.h"

#include <algorithm>

#include "base/bytes.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;
using model::ChangeKind;

constexpr std::chrono::milliseconds kEvery{250};
constexpr std::chrono::seconds kPackagesEvery{5};
constexpr std::chrono::minutes kSlowEvery{1};
constexpr uint32_t kIncidentsLookedAt = 200;
constexpr const char* kSeen = "seen";
constexpr const char* kGood = "good";

std::string idOf(std::initializer_list<std::string> parts) {
  std::string text;
  for (const auto& part : parts) text += part + '\n';
  return base::sha256Hex(text).substr(0, 32);
}

/// "nginx-core" is of nginx, "postgresql-15" of postgresql; "nginxx" is not.
bool isOf(const std::string& package, std::string name) {
  name = name.substr(0, name.find_first_of("@."));
  if (name.size() < 3 || !package.starts_with(name)) return false;
  return package.size() == name.size() || package[name.size()] == '-' || package[name.size()] == '.';
}

storage::StoredBaseline stored(const std::string& path, const char* role, const sources::FileState& state,
                               const std::string& by = {}) {
  return {.path = path, .role = role, .digest = state.digest, .at = state.at, .bytes = state.bytes, .by = by};
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::find(list, name) != list.end();
}

}  // namespace

ChangeScout::ChangeScout(Parts parts)
    : m_parts(std::move(parts)), m_packages(m_parts.places.packageLog, base::ZoneRule{.host = true}) {}

void ChangeScout::start() {
  m_worker = std::make_unique<base::Worker>("changes", 16, [this] { look(); }, kEvery);
}

std::vector<sources::WatchedFile> ChangeScout::filesToWatch() const {
  std::vector<sources::WatchedFile> files;
  const auto add = [&](sources::WatchedFile file) {
    if (std::ranges::find(files, file.path, &sources::WatchedFile::path) == files.end())
      files.push_back(std::move(file));
  };
  for (const auto& service : m_parts.inventory.services) {
    if (!service.configFile.empty()) add({.path = service.configFile, .service = service.name});
    const auto& unit = service.unit;
    const bool plain = !unit.empty() && unit.find('/') == std::string::npos;
    if (service.manager != "systemd" || !plain || m_parts.places.unitDirectory.empty()) continue;
    const auto name = unit.find('.') == std::string::npos ? unit + ".service" : unit;
    for (const auto& path : {"/" + name, "/" + name + ".d/override.conf"}) {
      add({.path = m_parts.places.unitDirectory + path,
           .service = service.name,
           .kind = ChangeKind::Unit,
           .mayBeMissing = true});
    }
  }
  return files;
}

/// Takes up what an earlier run saw, and lets go of files that are no longer watched.
base::Result<> ChangeScout::begin() {
  auto files = filesToWatch();
  std::map<std::string, sources::FileState> known;
  const auto watched = [&](const std::string& path) {
    return std::ranges::find(files, path, &sources::WatchedFile::path) != files.end();
  };
  Baselines certificates;
  Baselines good;
  const auto done = m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    auto baselines = writer.baselines();
    if (!baselines) return std::unexpected(baselines.error());
    for (auto& one : *baselines) {
      const bool isCertificate = one.role != kSeen && one.role != kGood;
      if (isCertificate) {
        certificates[one.path] = std::move(one);
      } else if (!watched(one.path)) {
        if (auto dropped = writer.dropBaselines(one.path); !dropped) return dropped;
      } else if (one.role == kSeen && !one.digest.empty()) {  // else it was gone
        known[one.path] = {std::move(one.bytes), std::move(one.digest), one.at};
      } else if (one.role == kGood) {
        good[one.path] = std::move(one);
      }
    }
    return {};
  });
  if (!done) return done;
  m_certificates = std::move(certificates);
  m_good = std::move(good);
  m_watch = std::make_unique<sources::ChangeWatch>(std::move(files), known, m_parts.clock,
                                                   sources::ChangeWatch::Options{});
  return {};
}

void ChangeScout::look() {
  base::MutexLock lock(m_mutex);
  std::vector<model::Change> changes;
  base::Result<> done;
  if (!m_watch) done = begin();
  if (done) done = lookAtAll(changes);
  if (done) done = publish(std::move(changes));
  const auto problem = done ? std::string() : done.error().line();
  if (std::exchange(m_shownProblem, problem) != problem && !problem.empty()) {
    m_parts.health.report(model::Severity::Warning, "changes", "changes can't be kept: " + problem,
                          "It is tried again.");
  }
}

base::Result<> ChangeScout::lookAtAll(std::vector<model::Change>& changes) {
  if (auto done = lookAtFiles(); !done) return done;
  tellProblems();
  const auto now = m_parts.clock.sinceBoot();
  if (now >= m_nextPackages) {
    m_nextPackages = now + kPackagesEvery;
    lookAtPackages(changes);
  }
  if (now < m_nextSlow) return {};
  m_nextSlow = now + kSlowEvery;
  if (auto done = lookAtCertificates(changes); !done) return done;
  return findGood();
}

base::Result<> ChangeScout::lookAtFiles() {
  for (const auto& news : m_watch->look()) {
    m_nextSlow = base::Duration(0);  // it may name other certificates
    if (auto taken = take(news); !taken) return taken;
  }
  return {};
}

/// The change is kept before what was seen: after a crash between them it is found again, and known by its
/// id.
base::Result<> ChangeScout::take(const sources::FileNews& news) {
  const auto& path = news.file.path;
  const bool isFirst = !news.before && !m_good.contains(path);
  if (!isFirst) {
    if (auto kept = publish({changeOf(news)}); !kept) return kept;
  }
  if (!news.after) {
    return m_parts.store.transact([&](storage::Writer& writer) {
      return writer.saveBaseline(
          {.path = path, .role = kSeen, .digest = {}, .at = news.at, .bytes = {}, .by = {}});
    });
  }
  if (auto saved = save(stored(path, kSeen, *news.after)); !saved) return saved;
  return isFirst ? makeGood(path, *news.after, "") : base::Result<>();
}

model::Change ChangeScout::changeOf(const sources::FileNews& news) const {
  const auto& path = news.file.path;
  const std::string before = news.before ? news.before->bytes : "",
                    after = news.after ? news.after->bytes : "";
  const std::string digest = news.after ? news.after->digest : "";
  const std::string thing = news.file.kind == ChangeKind::Unit ? "unit file" : "configuration";
  model::Change change{.id = idOf({"file", path, digest, base::toIso8601(news.at)}),
                       .at = news.at,
                       .service = news.file.service,
                       .host = m_parts.places.host,
                       .kind = news.file.kind,
                       .what = "was given another " + thing + " (" + path + ")",
                       .source = path,
                       .difference = sources::shownDifference(before, after, path, m_parts.redact)};
  if (!news.after) change.what = "lost its " + thing + " (" + path + ")";
  const auto good = m_good.find(path);
  if (good == m_good.end()) return change;
  change.goodSince = good->second.at;
  if (good->second.digest == digest) {
    change.what = "was given back its last known good " + thing + " (" + path + ")";
  } else if (!news.before || good->second.digest != news.before->digest) {
    change.drift = sources::shownDifference(good->second.bytes, after, path, m_parts.redact);
  }
  return change;
}

std::string ChangeScout::serviceOfPackage(const std::string& package) const {
  for (const auto& service : m_parts.inventory.services) {
    if (isOf(package, service.name) || isOf(package, service.unit)) return service.name;
  }
  return {};
}

void ChangeScout::lookAtPackages(std::vector<model::Change>& changes) {
  if (m_packages.path().empty()) return;
  const auto oldest = m_parts.clock.now() - std::chrono::days(2);
  for (const auto& one : m_packages.look()) {
    if (one.at < oldest) continue;
    const auto service = serviceOfPackage(one.package);
    const std::string verb = one.verb == "upgrade"   ? "upgraded"
                             : one.verb == "install" ? "installed"
                                                     : "removed";
    changes.push_back({.id = idOf({"package", base::toIso8601(one.at), one.verb, one.package, one.to}),
                       .at = one.at,
                       .service = service,
                       .host = m_parts.places.host,
                       .kind = ChangeKind::Package,
                       .what = "had the package " + one.package + " " + verb,
                       .from = one.from,
                       .to = one.to,
                       .source = m_packages.path()});
    if (service.empty()) changes.back().what = "the package " + one.package + " was " + verb;
  }
}

/// The service is in no open incident, and in none that ended just now.
base::Result<> ChangeScout::findGood() {
  const auto now = m_parts.clock.now();
  const auto incidents = m_parts.store.incidents({.limit = kIncidentsLookedAt});
  if (!incidents) return std::unexpected(incidents.error());
  for (const auto& file : m_watch->files()) {
    const auto* state = m_watch->stateOf(file.path);
    const auto good = m_good.find(file.path);
    if (state == nullptr || state->at + kGoodAfter > now) continue;
    if (good != m_good.end() && good->second.digest == state->digest) continue;
    const bool troubled = std::ranges::any_of(incidents->items, [&](const auto& incident) {
      const bool over = incident.endedAt && *incident.endedAt + kGoodAfter <= now;
      return !over && has(incident.services, file.service);
    });
    if (troubled) continue;
    if (auto made = makeGood(file.path, *state, ""); !made) return made;
  }
  return {};
}

base::Result<> ChangeScout::makeGood(const std::string& path, const sources::FileState& state,
                                     const std::string& by) {
  auto good = stored(path, kGood, state, by);
  if (auto saved = save(good); !saved) return saved;
  m_good[path] = std::move(good);
  return {};
}

base::Result<> ChangeScout::save(const storage::StoredBaseline& baseline) {
  return m_parts.store.transact([&](storage::Writer& writer) { return writer.saveBaseline(baseline); });
}

base::Result<> ChangeScout::publish(std::vector<model::Change> changes) {
  if (changes.empty()) return {};
  auto fresh = m_parts.book.add(std::move(changes));
  if (!fresh) return std::unexpected(fresh.error());
  for (const auto& change : *fresh) {
    if (!change.foretold) continue;
    m_parts.health.report(model::Severity::Warning, "certificates", change.service + " " + change.what,
                          "Renew it and have the service read it again.");
  }
  if (!fresh->empty()) m_parts.bus.publish(ChangesSeen{*std::move(fresh)});
  return {};
}

void ChangeScout::tellProblems() {
  for (const auto& problem : m_watch->takeProblems()) {
    m_parts.health.report(model::Severity::Warning, "changes",
                          "changes of " + problem.path + " are not seen: " + problem.what, problem.remedy);
  }
}

model::Baseline ChangeScout::shown(const storage::StoredBaseline& good, const std::string& service) const {
  const auto* state = m_watch ? m_watch->stateOf(good.path) : nullptr;
  return {.path = good.path,
          .service = service,
          .digest = good.digest,
          .at = good.at,
          .same = state != nullptr && state->digest == good.digest,
          .by = good.by};
}

std::vector<model::Baseline> ChangeScout::baselines() const {
  base::MutexLock lock(m_mutex);
  std::vector<model::Baseline> out;
  if (!m_watch) return out;
  for (const auto& file : m_watch->files()) {
    if (const auto good = m_good.find(file.path); good != m_good.end())
      out.push_back(shown(good->second, file.service));
  }
  return out;
}

base::Result<model::Baseline> ChangeScout::setBaseline(const std::string& who, const std::string& path) {
  base::MutexLock lock(m_mutex);
  const auto* state = m_watch ? m_watch->stateOf(path) : nullptr;
  if (state == nullptr) {
    return fail(ErrorCode::NotFound, "no such configuration file is watched", path,
                "give the path of a service's config_file as it stands in config.yaml");
  }
  const auto audited = m_parts.audit({.who = who,
                                      .what = "changes.baseline",
                                      .target = path,
                                      .why = "it is right as it is",
                                      .result = "sha256 " + state->digest});
  if (!audited) return std::unexpected(audited.error());
  if (auto made = makeGood(path, *state, who); !made) return std::unexpected(made.error());
  const auto file = std::ranges::find(m_watch->files(), path, &sources::WatchedFile::path);
  return shown(m_good[path], file->service);
}

}  // namespace aiops::agents
