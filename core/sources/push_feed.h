// Lines that other parts of the program, and others by way of them, push.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/result.h"
#include "sources/byte_feed.h"

namespace aiops::sources {

/// Between those who push and the feed. Thread safe. What was taken in but not yet stored is lost when the
/// program is killed: who needs more waits until `waiting()` is 0.
class PushQueue {
 public:
  explicit PushQueue(size_t mostBytes = 8u << 20);

  /// Lines, the last one with or without its end; a batch is taken whole or not at all. How many lines it
  /// had, without blank ones. LimitExceeded: there is no room just now, try again later (or, for a batch that
  /// could never fit, make it smaller). Conflict: closed.
  base::Result<size_t> push(std::string_view lines);
  /// Bytes that nobody has taken yet.
  size_t waiting() const;
  /// Nothing is taken in any more; what waits is still given out.
  void close();

 private:
  friend class PushFeed;
  bool takeAll(std::string& into);
  bool isOver() const;
  int fd() const { return m_ready.get(); }

  const size_t m_mostBytes;
  const base::Fd m_ready;
  mutable base::Mutex m_mutex;
  std::string m_lines AIOPS_GUARDED_BY(m_mutex);
  bool m_closed AIOPS_GUARDED_BY(m_mutex) = false;
};

/// The side that is read. Not thread safe.
class PushFeed final : public ByteFeed {
 public:
  PushFeed(std::string name, std::shared_ptr<PushQueue> queue)
      : m_name(std::move(name)), m_queue(std::move(queue)) {}
  /// Closes the queue.
  ~PushFeed() override { m_queue->close(); }

  std::string name() const override { return m_name; }
  int pollFd() const override { return m_queue->fd(); }
  bool take(std::string& into, base::Duration now, base::TimePoint wall) override;
  void finish(std::string& into) override;
  bool ended() const override { return m_queue->isOver(); }

 private:
  const std::string m_name;
  const std::shared_ptr<PushQueue> m_queue;
};

}  // namespace aiops::sources
