// An open descriptor as a feed: standard input, a pipe.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>

#include "sources/byte_feed.h"

namespace aiops::sources {

/// Its end, or an error of it, is a health note.
class DescriptorFeed final : public ByteFeed {
 public:
  /// `fd` must outlive it and stays open.
  explicit DescriptorFeed(int fd) : m_fd(fd) {}

  std::string name() const override { return "standard input"; }
  int pollFd() const override { return m_ended ? -1 : m_fd; }
  bool take(std::string& into, base::Duration now, base::TimePoint wall) override;
  bool ended() const override { return m_ended; }
  std::string problem() const override { return m_ended ? "standard input has ended" : ""; }
  std::vector<model::HealthEvent> takeHealth() override { return std::exchange(m_health, {}); }

 private:
  const int m_fd;
  uint64_t m_total = 0;
  bool m_ended = false;
  std::vector<model::HealthEvent> m_health;
};

}  // namespace aiops::sources
