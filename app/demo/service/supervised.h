// One child of the supervisor: a program of this executable, started, watched and ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::demo {

/// Used by the supervisor's only thread; the child is killed by the kernel when that thread ends.
/// The destructor ends the child.
class Supervised {
 public:
  /// `arguments` are those of this executable, `["web", "--config", ...]`.
  Supervised(std::string name, std::vector<std::string> arguments)
      : m_name(std::move(name)), m_arguments(std::move(arguments)) {}
  ~Supervised() { stop(); }
  Supervised(Supervised&& other) noexcept;
  Supervised& operator=(Supervised&&) = delete;

  const std::string& name() const { return m_name; }
  pid_t pid() const { return m_pid; }
  bool running() const { return m_pid > 0; }
  /// What the program said of itself when it became ready.
  const nlohmann::json& properties() const { return m_properties; }

  /// Starts the child and waits up to ten seconds until it is ready. Gives up when `interrupt` becomes
  /// readable. After a failure nothing of it runs.
  base::Result<> start(int interrupt);
  /// SIGTERM, three seconds, SIGKILL. Nothing to do when it is not running.
  void stop();
  /// Takes note of a child that ended by itself; returns "exit 1" or "signal 9", or empty while it runs.
  std::string collect();

 private:
  base::Result<> awaitReady(int ready, int interrupt);
  base::Result<> takeReport(int ready);

  std::string m_name;
  std::vector<std::string> m_arguments;
  nlohmann::json m_properties = nlohmann::json::object();
  pid_t m_pid = 0;
  base::Fd m_pidFd;
};

}  // namespace aiops::demo
