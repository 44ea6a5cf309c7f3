// The log of a demo program: whole lines appended to a file, stamped in local time as most services do.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::demo {

/// "2026-11-22 20:35:23.062", local time.
std::string localStamp();
/// "22/Nov/2026:20:35:23 +0000", local time with its offset, as access logs write it.
std::string accessStamp();

/// Appends lines to one file. Each line is one write(2) with O_APPEND, so any thread may call it without a
/// lock.
class LogFile {
 public:
  static base::Result<LogFile> open(const std::string& path);

  /// "STAMP LEVEL service: message".
  void write(const char* level, const std::string& service, const std::string& message) const;
  /// The line as it is.
  void writeLine(const std::string& line) const;

 private:
  explicit LogFile(base::Fd fd) : m_fd(std::move(fd)) {}

  base::Fd m_fd;
};

}  // namespace aiops::demo
