// A stream as a log: what comes in is kept in a file of ours, and that file is followed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/fd.h"
#include "sources/byte_feed.h"
#include "sources/file_tail.h"

namespace aiops::sources {

struct StreamOptions {
  uint64_t keepBytes = 32u << 20;  ///< of the file; at most this much again is kept of the one before it
  GenerationLimits limits;
  base::Duration partialWait = std::chrono::seconds(5);
};

/// Lines of a stream are cited as any others because their bytes stay in `keptIn` for a while. What was taken
/// from the stream but not stored before a crash is read from there; what the writer had not got rid of is
/// the writer's. A full disk stops the reading, and with it the writer. The stream's end is a health note.
///
/// Nothing is taken before the first read() has returned: so the position at which a new file begins can be
/// stored before there is anything to lose. Of a line that a crash cut, the part is thrown away when the feed
/// gives it again, else it is a line. The end of this is as end().
class StreamTail final : public LogReader {
 public:
  /// `keptIn` is created (0600) with its directory.
  StreamTail(std::unique_ptr<ByteFeed> feed, std::string keptIn, std::optional<model::SourcePosition> stored,
             StreamOptions options = {});
  ~StreamTail() override;

  std::optional<parsing::RawChunk> read(base::Duration now, base::TimePoint wall) override;
  const std::string& path() const override { return m_tail->path(); }
  bool readable() const override { return m_failure.empty(); }
  const std::string& problem() const override { return m_failure.empty() ? m_feedProblem : m_failure; }
  uint64_t cutLines() const override { return m_tail->cutLines(); }
  model::SourcePosition positionAt(uint64_t inode, uint64_t offset, uint64_t line) const override {
    return m_tail->positionAt(inode, offset, line);
  }
  std::optional<model::SourcePosition> position() const override { return m_tail->position(); }
  std::vector<model::HealthEvent> takeHealth() override;
  std::map<std::string, uint64_t> drops() const override;
  void end(base::Duration now, base::TimePoint wall) override;
  std::optional<base::Duration> dueAt() const override { return m_begun ? m_tail->dueAt() : m_now; }
  bool knows(const FileIdentity& file) const override { return m_tail->knows(file); }
  int pollFd() const override {
    return m_ended || m_feed->ended() || !m_failure.empty() ? -1 : m_feed->pollFd();
  }

 private:
  bool openFile();
  void resume();
  bool mayGrow();
  bool pump();
  bool keep();
  void fail(std::string problem);

  const std::unique_ptr<ByteFeed> m_feed;
  const StreamOptions m_options;
  std::unique_ptr<FileTail> m_tail;
  std::optional<model::SourcePosition> m_stored;  ///< until it was gone on from
  bool m_resumed = false;
  base::Fd m_file;
  std::string m_pending;  ///< taken from the stream, not in the file yet
  uint64_t m_inode = 0;
  uint64_t m_size = 0;
  bool m_created = false;     ///< the file was not there before
  bool m_comesAgain = false;  ///< what was not kept, the feed gives again to the next run
  bool m_begun = false;       ///< read() was called
  bool m_ended = false;
  std::string m_failure;
  std::string m_feedProblem{kNotOpened};
  base::Duration m_now{0};
  base::TimePoint m_wall;
  std::vector<model::HealthEvent> m_health;
};

}  // namespace aiops::sources
