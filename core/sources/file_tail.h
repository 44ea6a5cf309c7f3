// Follows one log file through growth, rotation by rename, truncation, absence and lost permission.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/log_line.h"
#include "model/status.h"
#include "parsing/raw_chunk.h"
#include "sources/log_reader.h"

namespace aiops::sources {

struct PastGeneration;

enum class StartAt {
  Beginning,
  End,  ///< only for a file that exists when it is first looked at; one that appears later is read whole
};

struct TailOptions {
  StartAt startAt = StartAt::End;
  /// Without a stored position: the files that the log was before are read as well, compressed ones too, the
  /// oldest first, and then the log from its beginning.
  bool history = false;
  GenerationLimits limits;
  base::Duration partialWait = std::chrono::seconds(5);  ///< an unfinished last line leaves after this
  base::Duration rotationGrace =
      std::chrono::seconds(1);  ///< quiet at the end of a rotated file before its successor
  base::Duration lateWatch =
      std::chrono::seconds(5);  ///< how long a rotated file is looked after for late writes
};

/// Reads `path` generation by generation (device, inode, birth, hash of its head). Call read() until it gives
/// nothing, again after a change notice, and once a second in any case.
///
/// * Rotation by rename, or a symbolic link that points elsewhere: the old file is read to its end and until
/// it was quiet for `rotationGrace`, then the files that were rotated in between, in order of birth, then the
/// new file from 0. Late writes to the old file are still read for `lateWatch` (chunk.late); these alone
/// could be missed by a crash at that moment.
/// * Truncation or replacement in place (smaller than read, or another head): what was not read yet is taken
/// from the copy that a copying rotation left beside it, then the file from 0. What was written between the
/// copy and the truncation is lost; a health note says so.
/// * A file that is absent or unreadable: readable() is false with a problem; it is tried again at each
/// read().
/// * From a stored position: the file with that inode and head, also if it was renamed in its directory; else
/// its copy, or what it was compressed into; if all are gone, the current file from 0 with a health note.
class FileTail final : public LogReader {
 public:
  FileTail(std::string path, TailOptions options, std::optional<model::SourcePosition> stored);
  ~FileTail() override;

  std::optional<parsing::RawChunk> read(base::Duration now, base::TimePoint wall) override;
  const std::string& path() const override { return m_path; }
  bool readable() const override { return m_problem.empty(); }
  const std::string& problem() const override { return m_problem; }
  uint64_t cutLines() const override { return m_cutLines; }
  model::SourcePosition positionAt(uint64_t inode, uint64_t offset, uint64_t line) const override;
  std::optional<model::SourcePosition> position() const override;
  std::vector<model::HealthEvent> takeHealth() override;
  std::map<std::string, uint64_t> drops() const override { return {{"cut", m_cutLines}, {"gaps", m_gaps}}; }
  std::optional<base::Duration> dueAt() const override;
  bool knows(const FileIdentity& file) const override;
  std::optional<Unread> unread() const override;

 private:
  void openFirst();
  void openStored();
  bool openCurrent(bool atEnd);
  std::optional<parsing::RawChunk> atEndOfFile(base::Duration now);
  std::optional<parsing::RawChunk> atEndOfPast(base::Duration now);
  bool openFrom(const std::vector<PastGeneration>& all, size_t begin);
  size_t behindCurrent(const std::vector<PastGeneration>& all) const;
  std::optional<parsing::RawChunk> readLate(base::Duration now);
  std::optional<parsing::RawChunk> deliver(parsing::RawChunk chunk, base::Duration now);
  std::unique_ptr<FileGeneration> nextGeneration() const;
  bool wasRead(const FileGeneration& file) const;
  void moveOn();
  /// `offset` and `line`: how far the generation was read before it changed.
  parsing::RawChunk restart(const std::string& why, uint64_t offset, uint64_t line);
  void noteCut(const parsing::RawChunk& chunk, base::Duration now);
  void setProblem(std::string problem);
  void note(model::Severity severity, std::string what, std::string remedy = {});

  const std::string m_path;
  const TailOptions m_options;
  std::optional<model::SourcePosition> m_stored;
  std::unique_ptr<FileGeneration> m_current;
  std::unique_ptr<FileGeneration> m_late;
  base::Duration m_lateUntil{0};
  std::optional<base::Duration> m_rotatedAt;
  std::optional<base::Duration> m_partialSince;
  bool m_fromCopy = false;          ///< m_current is what a copying rotation left: nobody writes to it
  bool m_inPast = false;            ///< m_current is older than the log, in the order of allGenerations()
  std::deque<FileIdentity> m_read;  ///< generations already read, the newest last
  std::string m_problem{kNotOpened};
  bool m_seen = false;
  bool m_announced = false;
  uint64_t m_cutLines = 0;
  uint64_t m_gaps = 0;  ///< times that lines may have been lost with a generation
  uint64_t m_cutUntold = 0;
  uint64_t m_longestCut = 0;
  std::optional<base::Duration> m_cutToldAt;
  base::TimePoint m_wall;
  std::vector<model::HealthEvent> m_health;
};

}  // namespace aiops::sources
