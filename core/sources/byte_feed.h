// Where the bytes of a stream come from: an open descriptor, syslog senders, a program that pushes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
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
  /// Readable when something has come, or -1 for good.
  virtual int pollFd() const = 0;
  /// Appends what has come, at most some hundred kilobytes, as lines. Nothing is taken from a sender before
  /// this is called: who does not call holds it up. True when there was something.
  virtual bool take(std::string& into, base::Duration now, base::TimePoint wall) = 0;
  /// Nothing comes any more.
  virtual bool ended() const { return false; }
  /// Why nothing can come just now, or empty.
  virtual std::string problem() const { return {}; }
  virtual std::vector<model::HealthEvent> takeHealth() { return {}; }
};

}  // namespace aiops::sources
