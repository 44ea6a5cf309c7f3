// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/descriptor_feed.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace aiops::sources {
namespace {

constexpr size_t kReadBytes = 256 * 1024;

bool hasInput(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, 0) > 0;
}

}  // namespace

bool DescriptorFeed::take(std::string& into, base::Duration, base::TimePoint wall) {
  if (m_ended || !hasInput(m_fd)) return false;
  const auto before = into.size();
  into.resize(before + kReadBytes);
  const ssize_t got = ::read(m_fd, into.data() + before, kReadBytes);
  const int error = errno;
  into.resize(before + (got < 0 ? 0 : static_cast<size_t>(got)));
  if (got > 0) m_total += static_cast<uint64_t>(got);
  if (got > 0 || (got < 0 && (error == EINTR || error == EAGAIN))) return got > 0;
  m_ended = true;
  const auto why = got < 0 ? std::string(" (") + std::strerror(error) + ")" : std::string();
  m_health.push_back({wall, model::Severity::Info, "source",
                      "standard input has ended" + why + ": " + std::to_string(m_total) + " bytes were read",
                      ""});
  return false;
}

}  // namespace aiops::sources
