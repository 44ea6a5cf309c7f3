// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/path_pattern.h"

#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

namespace aiops::sources {
namespace {

constexpr std::string_view kWild = "*?[";
constexpr std::array<std::string_view, 5> kCompressed = {".gz", ".xz", ".bz2", ".zst", ".Z"};
constexpr size_t kDateDigits = 6;

bool isDirectory(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool isWild(std::string_view text) {
  return text.find_first_of(kWild) != std::string_view::npos;
}

std::string globOf(const std::string& path) {
  return isDirectory(path) ? path + "/*.log" : path;
}

/// Names in `directory`, up to what is left of `budget`.
std::vector<std::string> namesIn(const std::string& directory, size_t& budget, std::string& problem) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.empty() ? "/" : directory.c_str()),
                                                   &::closedir);
  if (!stream) {
    problem = directory + ": " + std::strerror(errno);
    return names;
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    if (budget == 0) {
      problem = "there are too many files to look at";
      break;
    }
    --budget;
    names.emplace_back(entry->d_name);
  }
  return names;
}

struct Walk {
  size_t budget = 0;
  std::string problem;
  std::vector<std::string> found;
};

/// Extends `prefix` (without a slash at its end) by the components of `rest`.
void walk(const std::string& prefix, std::string_view rest, Walk& out) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  const auto slash = rest.find('/');
  const std::string part(rest.substr(0, slash));
  const bool last = slash == std::string_view::npos;
  const auto next = last ? std::string_view() : rest.substr(slash);
  if (!isWild(part)) {
    const auto path = prefix + "/" + part;
    if (last) return out.found.push_back(path);
    return walk(path, next, out);
  }
  for (const auto& name : namesIn(prefix, out.budget, out.problem)) {
    if (name == "." || name == ".." || ::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) != 0) continue;
    const auto path = prefix + "/" + name;
    if (last) {
      out.found.push_back(path);
    } else if (isDirectory(path)) {
      walk(path, next, out);
    }
  }
}

std::string_view withoutCompression(std::string_view name) {
  for (const auto ending : kCompressed) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

bool isStamp(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.-_:T") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

size_t digitsIn(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

/// "app.log.1", "app.log-20261122"
std::string baseOfSuffixed(std::string_view name) {
  const auto end = name.find_last_not_of("0123456789.-_:T");
  if (end == std::string_view::npos) return {};
  // The stamp may have eaten a 'T' or digits of the name itself: it begins at a '.' or '-'.
  for (size_t at = end + 1; at < name.size(); ++at) {
    if ((name[at] == '.' || name[at] == '-') && isStamp(name.substr(at + 1))) {
      return std::string(name.substr(0, at));
    }
  }
  return {};
}

/// "app.1.log", "app-20261122.log"
std::string baseOfInfixed(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const auto base = baseOfSuffixed(name.substr(0, dot));
  if (base.empty()) return {};
  const auto stamp = name.substr(base.size() + 1, dot - base.size() - 1);
  // "web-1.log" is as likely a log of its own: only a dot before a number, or a date, counts.
  const bool number = name[base.size()] == '.' && digitsIn(stamp) == stamp.size();
  if (!number && digitsIn(stamp) < kDateDigits) return {};
  return base + std::string(name.substr(dot));
}

std::string directoryOf(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

std::string nameOf(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::vector<MatchedFile> filesOf(const std::vector<std::string>& paths) {
  std::vector<MatchedFile> files;
  for (const auto& path : paths) {
    struct stat info{};
    struct stat link{};
    if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    const bool isLink = ::lstat(path.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
    files.push_back({path, info.st_dev, info.st_ino,
                     info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec, isLink});
  }
  std::ranges::sort(files, {}, &MatchedFile::path);
  return files;
}

/// Each file once: its own name goes before a link to it.
void dropSecondNames(std::vector<MatchedFile>& files) {
  std::set<std::pair<uint64_t, uint64_t>> taken;
  for (const bool link : {false, true}) {
    std::erase_if(files, [&](const MatchedFile& file) {
      return file.link == link && !taken.emplace(file.device, file.inode).second;
    });
  }
}

void dropOlderGenerations(std::vector<MatchedFile>& files) {
  std::set<std::string> paths;
  for (const auto& file : files) paths.insert(file.path);
  std::erase_if(files, [&](const MatchedFile& file) {
    const auto base = baseOfRotated(nameOf(file.path));
    return !base.empty() && paths.contains(directoryOf(file.path) + "/" + base);
  });
}

}  // namespace

bool standsForSeveral(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) return S_ISDIR(info.st_mode);
  return isWild(path);
}

bool matchesPattern(const std::string& pattern, const std::string& path) {
  return ::fnmatch(globOf(pattern).c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

Expansion expandPattern(const std::string& pattern, size_t mostEntries) {
  Walk found{.budget = mostEntries, .problem = {}, .found = {}};
  walk("", globOf(pattern), found);
  Expansion out{.files = filesOf(found.found), .problem = std::move(found.problem)};
  dropOlderGenerations(out.files);
  dropSecondNames(out.files);
  return out;
}

bool isCompressedName(std::string_view name) {
  return withoutCompression(name).size() != name.size();
}

std::string baseOfRotated(std::string_view name) {
  const auto plain = withoutCompression(name);
  if (auto base = baseOfSuffixed(plain); !base.empty()) return base;
  return baseOfInfixed(plain);
}

}  // namespace aiops::sources
