// Ending what a crashed executor left behind.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <set>

#include "base/bytes.h"
#include "sandbox/command_runner.h"
#include "sandbox/process_table.h"

namespace aiops::sandbox {
namespace {

constexpr std::chrono::milliseconds kPatience{5000};

uint64_t ticks(const std::string& startTime) {
  uint64_t value = 0;
  std::from_chars(startTime.data(), startTime.data() + startTime.size(), value);
  return value;
}

bool hasNoNewPrivileges(pid_t pid) {
  const auto status = base::readFile("/proc/" + std::to_string(pid) + "/status");
  return status && status->find("\nNoNewPrivs:\t1\n") != std::string::npos;
}

/// The leader, what is below it, and its session. A session's number is not given to a new process while the
/// session lives; the marks guard against a number that came round again after it died.
std::vector<ProcessInfo> findTree(pid_t leader, const std::string& startTime, const std::set<pid_t>& known) {
  const auto all = listProcesses();
  std::set<pid_t> roots = known;
  for (const auto& info : all) {
    const bool isLeader = info.pid == leader && info.startTime == startTime;
    const bool isMember = info.pid != leader && info.session == leader &&
                          ticks(info.startTime) >= ticks(startTime) && hasNoNewPrivileges(info.pid);
    if (isLeader || isMember) roots.insert(info.pid);
  }
  auto tree = treeBelow(all, roots);
  std::erase_if(tree, [](const auto& info) { return info.dead(); });
  return tree;
}

/// Stops the tree until no new process shows up, so that killing a parent can't hide its children.
std::vector<ProcessInfo> freeze(pid_t leader, const std::string& startTime) {
  std::set<pid_t> known;
  for (;;) {
    auto tree = findTree(leader, startTime, known);
    const bool grown =
        std::ranges::any_of(tree, [&](const auto& info) { return known.insert(info.pid).second; });
    for (const auto& info : tree) known.insert(info.pid);
    if (!grown) return tree;
    signalTree(tree, SIGSTOP);
  }
}

bool anyAlive(const std::vector<ProcessInfo>& tree) {
  return std::ranges::any_of(tree, [](const auto& info) {
    const auto now = readProcess(info.pid);
    return now && now->startTime == info.startTime && !now->dead();
  });
}

}  // namespace

unsigned endLeftOver(int pid, const std::string& startTime) {
  if (pid <= 1 || ticks(startTime) == 0) return 0;
  const auto now = readProcess(pid);
  if (now && now->startTime != startTime) return 0;
  const auto tree = freeze(pid, startTime);
  signalTree(tree, SIGKILL);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (anyAlive(tree) && std::chrono::steady_clock::now() < deadline) ::poll(nullptr, 0, 1);
  return static_cast<unsigned>(tree.size());
}

}  // namespace aiops::sandbox
