// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>

#include "base/fd.h"

namespace aiops::sandbox {

std::optional<ProcessInfo> parseStat(const std::string& text) {
  const auto nameEnd = text.rfind(')');
  if (nameEnd == std::string::npos) return std::nullopt;
  ProcessInfo info;
  std::istringstream head(text), rest(text.substr(nameEnd + 1));
  head >> info.pid;
  rest >> info.state >> info.parent >> info.group >> info.session;
  std::string skipped;
  for (int field = 7; field < 20; ++field) rest >> skipped;
  rest >> info.threads >> skipped >> info.startTime;
  if (!head || !rest) return std::nullopt;
  return info;
}

std::optional<ProcessInfo> readProcess(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  char buffer[1024];
  const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
  if (got <= 0) return std::nullopt;
  return parseStat(std::string(buffer, static_cast<size_t>(got)));
}

std::vector<ProcessInfo> listProcesses() {
  std::vector<ProcessInfo> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (!proc) return out;
  while (const dirent* entry = ::readdir(proc.get())) {
    const std::string_view name(entry->d_name);
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) continue;
    if (auto info = readProcess(pid)) out.push_back(std::move(*info));
  }
  return out;
}

std::vector<ProcessInfo> treeBelow(const std::vector<ProcessInfo>& all, const std::set<pid_t>& roots) {
  std::multimap<pid_t, const ProcessInfo*> children;
  for (const auto& info : all) children.emplace(info.parent, &info);
  std::vector<ProcessInfo> tree;
  std::set<pid_t> seen;
  const auto take = [&](const ProcessInfo& info) {
    if (seen.insert(info.pid).second) tree.push_back(info);
  };
  for (const auto& info : all) {
    if (roots.contains(info.pid)) take(info);
  }
  for (size_t i = 0; i < tree.size(); ++i) {  // tree grows while it is walked
    const auto [first, last] = children.equal_range(tree[i].pid);
    for (auto child = first; child != last; ++child) take(*child->second);
  }
  return tree;
}

namespace {

/// Holds the process before it is compared, so that a reused pid is never signalled.
void signalOne(const ProcessInfo& info, int signal) {
  const base::Fd held(static_cast<int>(::syscall(SYS_pidfd_open, info.pid, 0)));
  const auto now = readProcess(info.pid);
  if (!held.valid() || !now || now->startTime != info.startTime) return;
  ::syscall(SYS_pidfd_send_signal, held.get(), signal, nullptr, 0);
}

}  // namespace

void signalTree(const std::vector<ProcessInfo>& tree, int signal) {
  const pid_t ownGroup = ::getpgrp();
  std::set<pid_t> groups;
  for (const auto& info : tree) {
    // A group of the caller's session could hold others; every group of another session is the tree's own.
    if (info.group > 1 && info.group != ownGroup && info.session != ::getsid(0)) groups.insert(info.group);
  }
  for (const pid_t group : groups) ::kill(-group, signal);
  for (const auto& info : tree) {
    if (!groups.contains(info.group) && !info.dead()) signalOne(info, signal);
  }
}

}  // namespace aiops::sandbox
