// Where the bytes of a stream come from: an open descriptor, syslog senders, a program that pushes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/status.h"

namespace aiops::sources {

/// Not thread safe, unless a feed says so of its other side.
class ByteFeed {
 public:
  virtual ~ByteFeed() = default;

  /// What people call it, as the beginning of a sentence: "standard input".
  virtual std::string name() const = 0;
  /// Once before the first take(): how far an earlier run came. `lastLine` is the last whole line that was
  /// kept (without its end), or empty; then `since` is when keeping began, if it had begun at all. True when
  /// what comes goes on exactly behind that line, so that a part of a line behind it may be thrown away.
  virtual bool resume(std::string_view lastLine, std::optional<base::TimePoint> since) {
    static_cast<void>(lastLine);
    static_cast<void>(since);
    return false;
  }
  /// Readable when something has come, or -1.
  virtual int pollFd() const = 0;
  /// Appends what has come, at most some hundred kilobytes, as lines. Nothing is taken from a sender before
  /// this is called: who does not call holds it up. True when there was something, if only a part of a line.
  virtual bool take(std::string& into, base::Duration now, base::TimePoint wall) = 0;
  /// Appends what has come and is no whole line yet, as a line, and lets go of all senders: nothing comes
  /// after this.
  virtual void finish(std::string& into) { static_cast<void>(into); }
  /// Nothing comes any more.
  virtual bool ended() const { return false; }
  /// Why nothing can come just now, or empty.
  virtual std::string problem() const { return {}; }
  virtual std::vector<model::HealthEvent> takeHealth() { return {}; }
  /// What was lost since the start, by reason (SourceStatus::drops).
  virtual std::map<std::string, uint64_t> drops() const { return {}; }
};

}  // namespace aiops::sources
