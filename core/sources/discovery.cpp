// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/discovery.h"

#include <dirent.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>

#include "sources/log_sample.h"
#include "sources/path_pattern.h"

namespace aiops::sources {
namespace {

constexpr const char* kLogGroup = "adm";  // what Debian lets read /var/log
constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+@:,=";

std::string userName() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry ? entry->pw_name : std::to_string(::geteuid());
}

std::string groupOf(const struct stat& info) {
  const group* entry = ::getgrgid(info.st_gid);
  return entry ? entry->gr_name : "";
}

bool isNamedLog(std::string_view name) {
  return name.ends_with(".log") || name.ends_with(".err") || name.ends_with(".out");
}

class Search {
 public:
  Search(const DiscoveryOptions& options, const base::Clock& clock)
      : m_options(options),
        m_clock(clock),
        m_until(clock.sinceBoot() + options.maxTime),
        m_user(options.user.empty() ? userName() : options.user) {}

  Discovery run() {
    for (const auto& place : m_options.places) {
      for (const auto& directory : directoriesOf(place.path)) enter(directory, place, 0);
    }
    std::ranges::stable_sort(m_out.logs, std::greater(),
                             [](const model::FoundLog& log) { return log.changedAt; });
    return std::move(m_out);
  }

 private:
  bool over() {
    if (m_entries >= m_options.maxEntries)
      m_out.cutShort = "there are more than " + std::to_string(m_entries) + " names";
    if (m_out.logs.size() >= m_options.maxFiles)
      m_out.cutShort = "there are more than " + std::to_string(m_options.maxFiles) + " logs";
    if (m_clock.sinceBoot() >= m_until) m_out.cutShort = "the search took too long";
    return !m_out.cutShort.empty();
  }

  std::vector<std::string> namesIn(const std::string& directory) {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
    if (!stream) {
      if (errno == EACCES) addClosedDirectory(directory);
      return names;
    }
    while (const dirent* entry = ::readdir(stream.get())) {
      if (over()) break;
      ++m_entries;
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    std::ranges::sort(names);
    return names;
  }

  /// "/opt/*/logs" as the directories that there are.
  std::vector<std::string> directoriesOf(const std::string& place) {
    const auto star = place.find("/*");
    if (star == std::string::npos) return {place};
    std::vector<std::string> out;
    for (const auto& name : namesIn(place.substr(0, star))) {
      for (auto& found : directoriesOf(place.substr(0, star) + "/" + name + place.substr(star + 2))) {
        out.push_back(std::move(found));
      }
    }
    return out;
  }

  void enter(const std::string& directory, const LogPlace& place, size_t depth) {
    struct stat info{};
    if (over() || ::stat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return;
    if (!m_seen.emplace(info.st_dev, info.st_ino).second) return;
    const auto names = namesIn(directory);
    std::vector<std::string> files;
    for (const auto& name : names) {
      const auto path = directory + "/" + name;
      if (::lstat(path.c_str(), &info) != 0) continue;
      if (S_ISDIR(info.st_mode) && depth + 1 < m_options.maxDepth) enter(path, place, depth + 1);
      if (S_ISREG(info.st_mode) && (!place.namedLogsOnly || isNamedLog(name))) files.push_back(name);
    }
    for (const auto& name : newestOfEach(directory, files)) {
      if (over()) return;
      addFile(directory + "/" + name);
    }
  }

  /// Without older generations. Of files that carry a date each, the newest stays.
  static std::vector<std::string> newestOfEach(const std::string& directory,
                                               const std::vector<std::string>& names) {
    std::map<std::string, std::pair<int64_t, std::string>> newest;
    for (const auto& name : names) {
      if (isCompressedName(name)) continue;
      const auto base = baseOfRotated(name);
      struct stat info{};
      if (::stat((directory + "/" + name).c_str(), &info) != 0) continue;
      const int64_t rank = base.empty() ? INT64_MAX : info.st_mtim.tv_sec;  // the plain name goes first
      auto& best = newest[base.empty() ? name : base];
      if (best.second.empty() || rank > best.first) best = {rank, name};
    }
    std::vector<std::string> out;
    for (auto& [base, best] : newest) out.push_back(std::move(best.second));
    return out;
  }

  void addClosedDirectory(const std::string& directory) {
    model::FoundLog log;
    log.path = directory;
    log.problem = "this directory may not be read";
    log.howToAllow = command("setfacl -m u:" + m_user + ":rx ", directory);
    m_out.logs.push_back(std::move(log));
  }

  void addFile(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0 || !m_seen.emplace(info.st_dev, info.st_ino).second) return;
    model::FoundLog log;
    log.path = path;
    log.service = m_options.serviceOf ? m_options.serviceOf(path) : "";
    log.bytes = static_cast<uint64_t>(info.st_size);
    log.changedAt = base::TimePoint(std::chrono::seconds(info.st_mtim.tv_sec));
    const auto sample = sampleOf(path, m_clock.now());
    if (!sample) {
      if (sample.error().code != base::ErrorCode::PermissionDenied) return;
      log.problem = "this file may not be read";
      log.howToAllow = howToAllow(path, info);
    } else {
      if (sample->binary) return;
      log.readable = true;
      log.format = sample->format;
      log.linesPerHour = sample->linesPerHour;
      log.worthWatching = log.bytes > 0 && m_clock.now() - *log.changedAt <= m_options.recent;
    }
    m_out.logs.push_back(std::move(log));
  }

  std::string command(const std::string& start, const std::string& path) const {
    const auto quoted = shellQuoted(path);
    return quoted.empty() ? std::string() : "sudo " + start + quoted;
  }

  /// The group that may read it anyway, where that is the one made for it; else this user for this file.
  std::string howToAllow(const std::string& path, const struct stat& info) const {
    const bool byGroup = (info.st_mode & S_IRGRP) != 0 && groupOf(info) == kLogGroup;
    if (byGroup) return "sudo usermod -aG " + std::string(kLogGroup) + " " + m_user;
    return command("setfacl -m u:" + m_user + ":r ", path);
  }

  const DiscoveryOptions& m_options;
  const base::Clock& m_clock;
  const base::Duration m_until;
  const std::string m_user;
  size_t m_entries = 0;
  std::set<std::pair<uint64_t, uint64_t>> m_seen;
  Discovery m_out;
};

}  // namespace

std::vector<LogPlace> usualLogPlaces() {
  return {{"/var/log"},
          {"/var/opt/*/log"},
          {"/var/opt/*/logs"},
          {"/opt/*/log", true},
          {"/opt/*/logs", true},
          {"/srv/*/log", true},
          {"/srv/*/logs", true},
          {"/usr/local/var/log"},
          {"/usr/local/*/logs", true},
          {"/var/lib/pgsql/data/log"},
          {"/var/lib/mysql", true}};
}

Discovery discoverLogs(const DiscoveryOptions& options, const base::Clock& clock) {
  return Search(options, clock).run();
}

std::string shellQuoted(const std::string& path) {
  const bool shown = std::ranges::all_of(path, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  if (!shown) return {};
  if (path.find_first_not_of(kPlain) == std::string::npos) return path;
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace aiops::sources
