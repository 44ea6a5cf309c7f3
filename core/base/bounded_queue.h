// A bounded FIFO between threads. A full queue is visible: tryPush says no, and the caller decides.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <utility>

#include "base/mutex.h"

namespace aiops::base {

/// Many producers, many consumers. After close() pushes are refused and pops drain what is left.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : m_capacity(capacity) {}

  /// False when full or closed; `value` is untouched then.
  bool tryPush(T&& value) AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    if (m_closed || m_items.size() >= m_capacity) return false;
    m_items.push_back(std::move(value));
    m_notEmpty.notifyOne();
    return true;
  }

  /// Waits for room; false when closed.
  bool push(T value) AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    while (!m_closed && m_items.size() >= m_capacity) m_notFull.wait(m_mutex);
    if (m_closed) return false;
    m_items.push_back(std::move(value));
    m_notEmpty.notifyOne();
    return true;
  }

  /// Waits for an item until `deadline`; empty on time-out, or when closed and drained.
  std::optional<T> popUntil(std::chrono::steady_clock::time_point deadline) AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    while (m_items.empty() && !m_closed) {
      if (!m_notEmpty.waitUntil(m_mutex, deadline)) break;
    }
    return takeFront();
  }

  /// Waits for an item; empty when closed and drained.
  std::optional<T> pop() AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    while (m_items.empty() && !m_closed) m_notEmpty.wait(m_mutex);
    return takeFront();
  }

  void close() AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    m_closed = true;
    m_notEmpty.notifyAll();
    m_notFull.notifyAll();
  }

  bool closed() const AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    return m_closed;
  }

  size_t size() const AIOPS_EXCLUDES(m_mutex) {
    MutexLock lock(m_mutex);
    return m_items.size();
  }

 private:
  std::optional<T> takeFront() AIOPS_REQUIRES(m_mutex) {
    if (m_items.empty()) return std::nullopt;
    std::optional<T> item(std::move(m_items.front()));
    m_items.pop_front();
    m_notFull.notifyOne();
    return item;
  }

  const size_t m_capacity;
  mutable Mutex m_mutex;
  CondVar m_notEmpty;
  CondVar m_notFull;
  std::deque<T> m_items AIOPS_GUARDED_BY(m_mutex);
  bool m_closed AIOPS_GUARDED_BY(m_mutex) = false;
};

}  // namespace aiops::base
