// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/log_file.h"

#include <fcntl.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "app/demo/service/text.h"

namespace aiops::demo {

std::string localStamp() {
  timeval now{};
  gettimeofday(&now, nullptr);
  tm local{};
  localtime_r(&now.tv_sec, &local);
  char text[64];
  const size_t length = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
  std::snprintf(text + length, sizeof text - length, ".%03ld", now.tv_usec / 1000);
  return text;
}

std::string accessStamp() {
  const time_t now = std::time(nullptr);
  tm local{};
  localtime_r(&now, &local);
  char text[64];
  strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S %z", &local);
  return text;
}

base::Result<LogFile> LogFile::open(const std::string& path) {
  base::Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return base::failErrno(errno, "cannot open the log file", path);
  return LogFile(std::move(fd));
}

void LogFile::write(const char* level, const std::string& service, const std::string& message) const {
  writeLine(concat(localStamp(), ' ', level, ' ', service, ": ", message));
}

void LogFile::writeLine(const std::string& line) const {
  if (!base::writeAll(m_fd.get(), line + '\n')) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace aiops::demo
