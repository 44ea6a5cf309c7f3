// std::mutex and std::condition_variable with Clang's thread safety annotations. Only core/base names a
// condition variable; everyone else uses BoundedQueue or Worker.
// Annotations: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define AIOPS_TSA(x) __attribute__((x))
#else
#define AIOPS_TSA(x)
#endif
#define AIOPS_CAPABILITY(x) AIOPS_TSA(capability(x))
#define AIOPS_SCOPED_CAPABILITY AIOPS_TSA(scoped_lockable)
#define AIOPS_GUARDED_BY(x) AIOPS_TSA(guarded_by(x))
#define AIOPS_REQUIRES(...) AIOPS_TSA(requires_capability(__VA_ARGS__))
#define AIOPS_EXCLUDES(...) AIOPS_TSA(locks_excluded(__VA_ARGS__))
#define AIOPS_ACQUIRE(...) AIOPS_TSA(acquire_capability(__VA_ARGS__))
#define AIOPS_RELEASE(...) AIOPS_TSA(release_capability(__VA_ARGS__))
#define AIOPS_NO_TSA AIOPS_TSA(no_thread_safety_analysis)

namespace aiops::base {

class AIOPS_CAPABILITY("mutex") Mutex {
 public:
  void lock() AIOPS_ACQUIRE() { m_mutex.lock(); }
  void unlock() AIOPS_RELEASE() { m_mutex.unlock(); }

 private:
  friend class CondVar;
  std::mutex m_mutex;
};

class AIOPS_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) AIOPS_ACQUIRE(mutex) : m_mutex(mutex) { m_mutex.lock(); }
  ~MutexLock() AIOPS_RELEASE() { m_mutex.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& m_mutex;
};

/// Waits with the mutex held by the caller; used inside core/base only.
class CondVar {
 public:
  void wait(Mutex& mutex) AIOPS_REQUIRES(mutex) AIOPS_NO_TSA {
    std::unique_lock lock(mutex.m_mutex, std::adopt_lock);
    m_cv.wait(lock);
    lock.release();
  }
  /// False when the time ran out first.
  template <class TimePoint>
  bool waitUntil(Mutex& mutex, TimePoint deadline) AIOPS_REQUIRES(mutex) AIOPS_NO_TSA {
    std::unique_lock lock(mutex.m_mutex, std::adopt_lock);
    const bool inTime = m_cv.wait_until(lock, deadline) == std::cv_status::no_timeout;
    lock.release();
    return inTime;
  }
  void notifyOne() { m_cv.notify_one(); }
  void notifyAll() { m_cv.notify_all(); }

 private:
  std::condition_variable m_cv;
};

}  // namespace aiops::base
