// A thread that runs tasks in order from a bounded queue.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "base/bounded_queue.h"

namespace aiops::base {

/// Owns one named thread. Tasks run one at a time in the order posted; an exception in a task ends the
/// program with its text (a task must turn failures into values).
/// post() may be called from any thread. The destructor refuses new tasks, runs what is queued, and joins.
class Worker {
 public:
  using Task = std::function<void()>;

  /// `tick`, if given, runs on the thread every `tickEvery`, also when no task comes.
  explicit Worker(std::string name, size_t capacity = 1024, Task tick = {},
                  std::chrono::milliseconds tickEvery = std::chrono::milliseconds(100));
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// False when the queue is full or the worker is stopping.
  bool post(Task task) { return m_queue.tryPush(std::move(task)); }
  /// Waits for room in the queue. Never call it from the worker's own thread.
  bool postWaiting(Task task) { return m_queue.push(std::move(task)); }
  size_t queued() const { return m_queue.size(); }
  bool isCurrentThread() const { return std::this_thread::get_id() == m_thread.get_id(); }
  /// Refuses new tasks, runs what is queued, joins. Idempotent; never from the worker's own thread.
  void stop();

 private:
  void run();

  const std::string m_name;
  const Task m_tick;
  const std::chrono::milliseconds m_tickEvery;
  BoundedQueue<Task> m_queue;
  std::thread m_thread;
};

}  // namespace aiops::base
