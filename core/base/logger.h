// What the program writes about itself to standard error.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace aiops::base {

enum class LogLevel : uint8_t { Debug, Info, Warning, Error };
enum class LogFormat : uint8_t { Text, Json };
std::string_view toString(LogLevel level);

/// One line an event, in one write, so that lines of several threads never mix:
///
///     2026-01-05T10:00:00.123Z warning sources: can't read the file path=/var/log/x remedy="..."
///     {"time":"...","level":"warning","part":"sources","message":"can't read the file","path":"/var/log/x"}
///
/// Thread safe. Every text passes `redact`, and is safe for a terminal: control characters and invalid UTF-8
/// are escaped. What can't be written is dropped: standard error may be a closed pipe.
class Logger {
 public:
  using Fields = std::vector<std::pair<std::string_view, std::string>>;
  using Redact = std::function<std::string(std::string_view)>;

  /// `fd` stays the caller's. Without `redact` texts go out as they are.
  Logger(const Clock& clock, int fd, Redact redact = {});

  void setLevel(LogLevel level) { m_level = level; }
  void setFormat(LogFormat format) { m_format = format; }
  bool writes(LogLevel level) const { return level >= m_level.load(); }

  /// `part` is the room or agent that speaks: "sources", "settings".
  void log(LogLevel level, std::string_view part, std::string_view message, const Fields& fields = {}) const;
  void debug(std::string_view part, std::string_view message, const Fields& fields = {}) const {
    log(LogLevel::Debug, part, message, fields);
  }
  void info(std::string_view part, std::string_view message, const Fields& fields = {}) const {
    log(LogLevel::Info, part, message, fields);
  }
  void warning(std::string_view part, std::string_view message, const Fields& fields = {}) const {
    log(LogLevel::Warning, part, message, fields);
  }
  void error(std::string_view part, std::string_view message, const Fields& fields = {}) const {
    log(LogLevel::Error, part, message, fields);
  }

 private:
  std::string asText(LogLevel level, std::string_view part, std::string_view message,
                     const Fields& fields) const;
  std::string asJson(LogLevel level, std::string_view part, std::string_view message,
                     const Fields& fields) const;
  std::string clean(std::string_view text) const;

  const Clock& m_clock;
  const int m_fd;
  const Redact m_redact;
  std::atomic<LogLevel> m_level{LogLevel::Info};
  std::atomic<LogFormat> m_format{LogFormat::Text};
};

}  // namespace aiops::base
