// The demo beside a running console: a process of its own with a window of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <filesystem>

#include "base/result.h"

namespace aiops::app::demo {

/// Runs `ai-ops-core demo web-503 --gui` in `home`, which no other instance may hold. At most one at a time.
/// UI thread only. The destructor asks it to end and waits up to 10 s: the demo leaves no process behind.
class DemoWindow {
 public:
  DemoWindow(std::filesystem::path program, std::filesystem::path home);
  ~DemoWindow();
  DemoWindow(const DemoWindow&) = delete;
  DemoWindow& operator=(const DemoWindow&) = delete;

  /// Conflict while it runs.
  base::Result<> start();

 private:
  const std::filesystem::path m_program;
  const std::filesystem::path m_home;
  QProcess m_process;
};

}  // namespace aiops::app::demo
