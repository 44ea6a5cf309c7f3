// What the agents do, as lines of the program's own log.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "agents/bus.h"
#include "base/logger.h"
#include "base/mutex.h"

namespace aiops::app {

/// Thread safe. One line for each step of an incident's and a fix's life, at level info.
class ProgramLog {
 public:
  explicit ProgramLog(const base::Logger& logger) : m_logger(logger) {}
  void note(const agents::Message& message) AIOPS_EXCLUDES(m_mutex);

 private:
  /// True when `id` was not in `state` before.
  bool isNews(const std::string& id, std::string_view state) AIOPS_EXCLUDES(m_mutex);

  const base::Logger& m_logger;
  base::Mutex m_mutex;
  std::map<std::string, std::string> m_states AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::app
