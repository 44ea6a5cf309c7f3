// Reads the systemd journal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/byte_feed.h"

namespace aiops::sources {

/// "journal:", "journal:?unit=nginx.service&unit=ssh.service", "journal:?directory=/mnt/var/log/journal/ID".
struct JournalAddress {
  std::vector<std::string> units;  ///< what they wrote and what systemd says of them; empty: everything
  std::string directory;           ///< absolute; empty: this machine's
};

bool isJournalAddress(const std::string& path);
/// InvalidInput says what is wrong and what is allowed. A unit without a dot is a service.
base::Result<JournalAddress> parseJournalAddress(const std::string& path);

/// Entries as lines (journal_line.h). After resume() it goes on behind the cursor of the last line, over
/// rotations and boots. When that entry and others behind it are gone (a vacuum), a health note says from
/// when to when, and it goes on with the oldest that is there. Without a last line it begins with what comes
/// from now on, or with `history` with the oldest entry. When nothing can be read, problem() says why and
/// what would allow it, and it is tried again every few seconds. Not thread safe; one thread for its whole
/// life from the first take() on.
class JournalFeed final : public ByteFeed {
 public:
  JournalFeed(JournalAddress address, bool history);
  ~JournalFeed() override;

  std::string name() const override { return "the journal"; }
  bool resume(std::string_view lastLine, std::optional<base::TimePoint> since) override;
  int pollFd() const override;
  bool take(std::string& into, base::Duration now, base::TimePoint wall) override;
  std::string problem() const override;
  std::vector<model::HealthEvent> takeHealth() override;
  std::map<std::string, uint64_t> drops() const override;

 private:
  class Impl;
  const std::unique_ptr<Impl> m_impl;
};

}  // namespace aiops::sources
