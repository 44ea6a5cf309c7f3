// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/push_feed.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <utility>

namespace aiops::sources {
namespace {

size_t countLines(std::string_view lines) {
  size_t count = 0;
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    count += line.find_first_not_of("\r") != std::string_view::npos;
  }
  return count;
}

}  // namespace

PushQueue::PushQueue(size_t mostBytes)
    : m_mostBytes(mostBytes), m_ready(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

base::Result<size_t> PushQueue::push(std::string_view lines) {
  const size_t count = countLines(lines);
  const size_t bytes = lines.size() + (lines.empty() || lines.ends_with('\n') ? 0 : 1);
  if (bytes > m_mostBytes) {
    return base::fail(base::ErrorCode::LimitExceeded,
                      "the batch has " + std::to_string(bytes) + " bytes; at most " +
                          std::to_string(m_mostBytes) + " are taken at once",
                      "", "make it smaller");
  }
  base::MutexLock lock(m_mutex);
  if (m_closed) return base::fail(base::ErrorCode::Conflict, "nothing is taken in any more");
  if (m_lines.size() + bytes > m_mostBytes) {
    return base::fail(base::ErrorCode::LimitExceeded, "the lines before these are not stored yet", "",
                      "try again in a moment");
  }
  m_lines += lines;
  if (bytes > lines.size()) m_lines += '\n';
  ::eventfd_write(m_ready.get(), 1);
  return count;
}

size_t PushQueue::waiting() const {
  base::MutexLock lock(m_mutex);
  return m_lines.size();
}

void PushQueue::close() {
  base::MutexLock lock(m_mutex);
  m_closed = true;
  ::eventfd_write(m_ready.get(), 1);
}

bool PushQueue::isOver() const {
  base::MutexLock lock(m_mutex);
  return m_closed && m_lines.empty();
}

bool PushQueue::takeAll(std::string& into) {
  base::MutexLock lock(m_mutex);
  eventfd_t count = 0;
  ::eventfd_read(m_ready.get(), &count);
  into += m_lines;
  const bool any = !m_lines.empty();
  m_lines.clear();
  return any;
}

bool PushFeed::take(std::string& into, base::Duration, base::TimePoint) {
  return m_queue->takeAll(into);
}

void PushFeed::finish(std::string& into) {
  m_queue->close();
  m_queue->takeAll(into);
}

}  // namespace aiops::sources
