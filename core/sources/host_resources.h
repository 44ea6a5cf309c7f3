// What is left of the resources of this host that a service needs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/reading.h"

namespace aiops::sources {

struct ResourceUser {
  std::string service;
  std::vector<std::string> paths;  ///< it writes to the file systems of these; what is not there is left out
  std::string unit;                ///< of systemd, or empty: then nothing is read of memory and so on
};

/// Reads the kernel's tables: file systems (statvfs), and of a unit's control group, version 2 or 1, its
/// working set (usage without the file pages that are given up first, as the kubelet counts), the fullest
/// table of file descriptors, and of version 2 how long something waited for the processor in the last
/// minute (https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/accounting/psi.html).
/// What can't be read is left out. Thread safe.
class HostResources {
 public:
  /// `root` is "/" but for tests.
  explicit HostResources(std::filesystem::path root = "/") : m_root(std::move(root)) {}

  std::vector<model::Reading> read(const ResourceUser& user, base::TimePoint now) const;

 private:
  using Readings = std::vector<model::Reading>;
  static void addDisks(const ResourceUser& user, Readings& readings);
  std::optional<std::filesystem::path> group(const std::string& unit, bool& unified) const;
  void addMemory(const std::filesystem::path& group, bool unified, Readings& readings) const;
  void addDescriptors(const std::filesystem::path& group, Readings& readings) const;
  void addProcessor(const std::filesystem::path& group, Readings& readings) const;

  const std::filesystem::path m_root;
};

}  // namespace aiops::sources
