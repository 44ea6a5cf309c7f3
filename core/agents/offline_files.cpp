// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/offline_files.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sources/compressed.h"

namespace aiops::agents {
namespace {

namespace fs = std::filesystem;

base::Result<> addDirectory(const fs::path& directory, std::vector<std::string>& files) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const auto& entry = *entries;
    std::error_code unknown;
    if (entry.path().extension() == ".log" && entry.is_regular_file(unknown)) {
      files.push_back(entry.path().lexically_normal().string());
    }
  }
  if (error) return base::failErrno(error.value(), "can't read the directory", directory.string());
  return {};
}

}  // namespace

base::Result<std::vector<std::string>> filesOf(const std::vector<fs::path>& paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (fs::is_directory(status)) {
      if (auto added = addDirectory(path, files); !added) return std::unexpected(added.error());
      continue;
    }
    if (!fs::is_regular_file(status)) {
      return base::failErrno(error ? error.value() : EINVAL, "not a log file or a directory of them",
                             path.string());
    }
    files.push_back(path.lexically_normal().string());
  }
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  for (const auto& file : files) {
    if (::access(file.c_str(), R_OK) != 0) return base::failErrno(errno, "can't read the log file", file);
  }
  return files;
}

std::string serviceOfFile(const fs::path& path, const std::set<std::string>& names) {
  auto base = path.filename().string();
  base = sources::withoutCompression(base);
  if (base.size() > 4 && base.ends_with(".log")) base.resize(base.size() - 4);
  if (names.contains(base)) return base;
  std::string best;
  for (const auto& name : names) {
    const bool prefix = base.size() > name.size() && base.starts_with(name) &&
                        (base[name.size()] == '-' || base[name.size()] == '.');
    if (prefix && name.size() > best.size()) best = name;
  }
  return best.empty() ? base : best;
}

}  // namespace aiops::agents
