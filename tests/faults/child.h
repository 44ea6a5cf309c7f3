// A process of a fault test: started with its own environment, watched, ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aiops::test {

/// Looks again and again until `holds` or the time is over; the last answer.
template <class Condition>
bool eventually(Condition holds, std::chrono::milliseconds limit);

/// A child that dies with the thread that started it. Its output goes to a file. One thread uses it.
class Child {
 public:
  struct Start {
    std::vector<std::string> argv;                   ///< argv[0] is the program's absolute path
    std::map<std::string, std::string> environment;  ///< on top of this process' own, less its AIOPS_*
    std::filesystem::path output;                    ///< standard output; errors go to OUTPUT.errors
  };
  /// Throws std::runtime_error.
  explicit Child(const Start& start);
  ~Child();  ///< kills it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return m_pid; }
  bool alive();
  /// The status of wait(2) once it has ended within `limit`.
  std::optional<int> waitForEnd(std::chrono::milliseconds limit);
  void signal(int number) const;
  std::string output() const;
  std::string errors() const;

 private:
  std::filesystem::path m_output;
  pid_t m_pid = 0;
  std::optional<int> m_status;
};

/// Orphans of this process' descendants become its own children from now on, so that none can hide.
void adoptOrphans();
/// Reaps all that has ended; the command lines of what still lives after `limit`. No Child may be alive.
std::vector<std::string> leftOverProcesses(std::chrono::milliseconds limit);

void pause(std::chrono::milliseconds time);

template <class Condition>
bool eventually(Condition holds, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    pause(std::chrono::milliseconds(50));
  }
  return true;
}

}  // namespace aiops::test
