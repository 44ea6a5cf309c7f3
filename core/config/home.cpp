// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/home.h"

#include <sys/stat.h>
#include <unistd.h>

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Result;
namespace fs = std::filesystem;

namespace {

std::string valueOf(const std::map<std::string, std::string>& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

// Ours and closed to others, also when it existed before with wider rights.
Result<> makePrivate(const fs::path& directory) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return failErrno(errno, "can't create the directory", directory.string());
  }
  struct stat info = {};
  if (stat(directory.c_str(), &info) != 0) return failErrno(errno, "can't read", directory.string());
  if (!S_ISDIR(info.st_mode)) return fail(ErrorCode::Io, "is no directory", directory.string());
  if (info.st_uid != geteuid()) {
    return fail(ErrorCode::PermissionDenied, "the home belongs to another user", directory.string(),
                "set AIOPS_HOME to a directory of your own");
  }
  if ((info.st_mode & 07777) == 0700 || chmod(directory.c_str(), 0700) == 0) return {};
  return failErrno(errno, "can't close the directory to others", directory.string());
}

}  // namespace

Result<fs::path> homeFromEnvironment(const std::map<std::string, std::string>& environment) {
  if (const std::string home = valueOf(environment, "AIOPS_HOME"); !home.empty()) {
    if (fs::path(home).is_absolute()) return fs::path(home).lexically_normal();
    return fail(ErrorCode::InvalidInput, "AIOPS_HOME is '" + home + "'", "environment",
                "give an absolute path");
  }
  // A relative XDG path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  if (const fs::path data = valueOf(environment, "XDG_DATA_HOME"); data.is_absolute())
    return data / "ai-ops-core";
  if (const fs::path user = valueOf(environment, "HOME"); user.is_absolute()) {
    return user / ".local" / "share" / "ai-ops-core";
  }
  return fail(ErrorCode::InvalidInput, "no place for the home is known", "environment", "set AIOPS_HOME");
}

Result<Home> Home::create(const fs::path& path) {
  if (!path.is_absolute()) {
    return fail(ErrorCode::InvalidInput, "the home is no absolute path", path.string(), "set AIOPS_HOME");
  }
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error)
    return fail(ErrorCode::Io, "can't create the directory: " + error.message(), path.parent_path().string());
  Home home(path);
  for (const fs::path& directory : {home.path(), home.executorDir(), home.runDir()}) {
    if (auto made = makePrivate(directory); !made) return std::unexpected(made.error());
  }
  return home;
}

}  // namespace aiops::config
