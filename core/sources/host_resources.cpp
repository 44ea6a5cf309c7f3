// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/host_resources.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>
#include <utility>

#include "base/bytes.h"

namespace aiops::sources {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostBytes = 64 * 1024;
constexpr size_t kMostProcesses = 256;  // of one unit
constexpr size_t kMostDescriptors = 1u << 20;
constexpr double kNoLimit = 1e18;  // version 1 says "no limit" by a number near 2^63

std::string textOf(const fs::path& path) {
  auto text = base::readFile(path, kMostBytes);
  return text ? *std::move(text) : std::string();
}

std::optional<double> numberIn(std::string_view text) {
  const auto begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), value);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// What follows `name` on the line that begins with it.
std::string_view lineOf(std::string_view text, std::string_view name) {
  for (size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    if (line.starts_with(name)) return line.substr(name.size());
    at = end + 1;
  }
  return {};
}

}  // namespace

void HostResources::addDisks(const ResourceUser& user, Readings& readings) {
  std::set<unsigned long> seen;
  for (const auto& path : user.paths) {
    struct statvfs disk{};
    if (::statvfs(path.c_str(), &disk) != 0 || !seen.insert(disk.f_fsid).second) continue;
    const auto block = static_cast<double>(disk.f_frsize);
    const auto blocks = static_cast<double>(disk.f_blocks), left = static_cast<double>(disk.f_bavail);
    // What is kept for root is no room for a service.
    const double usable = blocks - (static_cast<double>(disk.f_bfree) - left);
    readings.push_back({.resource = model::Resource::Disk,
                        .where = path,
                        .used = (usable - left) * block,
                        .limit = usable * block});
    if (disk.f_files == 0) continue;  // a file system without a fixed number of them
    const auto files = static_cast<double>(disk.f_files);
    readings.push_back({.resource = model::Resource::Inodes,
                        .where = path,
                        .used = files - static_cast<double>(disk.f_favail),
                        .limit = files});
  }
}

std::optional<fs::path> HostResources::group(const std::string& unit, bool& unified) const {
  if (unit.empty() || unit.find('/') != std::string::npos) return std::nullopt;
  const auto name = unit.find('.') == std::string::npos ? unit + ".service" : unit;
  for (const auto& [hierarchy, isUnified] :
       {std::pair("sys/fs/cgroup", true), std::pair("sys/fs/cgroup/memory", false)}) {
    const auto path = m_root / hierarchy / "system.slice" / name;
    std::error_code error;
    if (!fs::is_regular_file(path / (isUnified ? "memory.current" : "memory.usage_in_bytes"), error))
      continue;
    unified = isUnified;
    return path;
  }
  return std::nullopt;
}

void HostResources::addMemory(const fs::path& group, bool unified, Readings& readings) const {
  const auto limit = numberIn(textOf(group / (unified ? "memory.max" : "memory.limit_in_bytes")));
  const auto usage = numberIn(textOf(group / (unified ? "memory.current" : "memory.usage_in_bytes")));
  if (!limit || !usage || *limit <= 0 || *limit > kNoLimit) return;  // "max" has no number
  const auto stat = textOf(group / "memory.stat");
  const auto idle = numberIn(lineOf(stat, unified ? "inactive_file " : "total_inactive_file ")).value_or(0);
  readings.push_back(
      {.resource = model::Resource::Memory, .used = std::max(0.0, *usage - idle), .limit = *limit});
}

void HostResources::addDescriptors(const fs::path& group, Readings& readings) const {
  std::istringstream processes(textOf(group / "cgroup.procs"));
  model::Reading fullest{.resource = model::Resource::Descriptors};
  std::string process;
  for (size_t looked = 0; looked < kMostProcesses && processes >> process; ++looked) {
    const auto folder = m_root / "proc" / process;
    const auto limit = numberIn(lineOf(textOf(folder / "limits"), "Max open files"));
    std::error_code error;
    size_t open = 0;
    for (auto entry = fs::directory_iterator(folder / "fd", error);
         !error && entry != fs::directory_iterator() && open < kMostDescriptors; entry.increment(error)) {
      ++open;
    }
    if (error || !limit || *limit <= 0) continue;
    const auto used = static_cast<double>(open);
    if (fullest.limit > 0 && used / *limit <= fullest.used / fullest.limit) continue;
    fullest.used = used;
    fullest.limit = *limit;
  }
  if (fullest.limit > 0) readings.push_back(std::move(fullest));
}

void HostResources::addProcessor(const fs::path& group, Readings& readings) const {
  const auto pressure = textOf(group / "cpu.pressure");
  const auto some = lineOf(pressure, "some ");
  const auto at = some.find("avg60=");
  if (at == std::string_view::npos) return;
  const auto percent = numberIn(some.substr(at + 6));
  if (percent)
    readings.push_back({.resource = model::Resource::Processor, .used = *percent / 100, .limit = 1});
}

std::vector<model::Reading> HostResources::read(const ResourceUser& user, base::TimePoint now) const {
  Readings readings;
  addDisks(user, readings);
  bool unified = false;
  if (const auto path = group(user.unit, unified)) {
    addMemory(*path, unified, readings);
    addDescriptors(*path, readings);
    if (unified) addProcessor(*path, readings);
  }
  for (auto& reading : readings) {
    reading.service = user.service;
    reading.at = now;
    if (reading.where.empty()) reading.where = user.unit;
  }
  return readings;
}

}  // namespace aiops::sources
