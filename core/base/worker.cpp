// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/worker.h"

#include <pthread.h>

namespace aiops::base {

Worker::Worker(std::string name, size_t capacity, Task tick, std::chrono::milliseconds tickEvery)
    : m_name(std::move(name)), m_tick(std::move(tick)), m_tickEvery(tickEvery), m_queue(capacity) {
  m_thread = std::thread([this] { run(); });
}

Worker::~Worker() {
  stop();
}

void Worker::stop() {
  m_queue.close();
  if (m_thread.joinable()) m_thread.join();
}

void Worker::run() {
  pthread_setname_np(pthread_self(), m_name.substr(0, 15).c_str());  // the kernel keeps 15 characters
  if (!m_tick) {
    while (auto task = m_queue.pop()) (*task)();
    return;
  }
  auto next = std::chrono::steady_clock::now() + m_tickEvery;
  for (;;) {
    auto task = m_queue.popUntil(next);
    if (task) (*task)();
    if (!task && m_queue.closed()) return;
    if (std::chrono::steady_clock::now() >= next) {
      m_tick();
      next = std::chrono::steady_clock::now() + m_tickEvery;
    }
  }
}

}  // namespace aiops::base
