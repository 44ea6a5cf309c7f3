// Follows one log file through growth, rotation by rename, truncation, absence and lost permission.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/log_line.h"
#include "model/status.h"
#include "parsing/raw_chunk.h"
#include "sources/file_generation.h"

namespace aiops::sources {

enum class StartAt {
  Beginning,
  End,  ///< only for a file that exists when it is first looked at; one that appears later is read whole
};

struct TailOptions {
  StartAt startAt = StartAt::End;
  GenerationLimits limits;
  base::Duration partialWait = std::chrono::seconds(5);  ///< an unfinished last line leaves after this
  base::Duration rotationGrace =
      std::chrono::seconds(1);  ///< quiet at the end of a rotated file before its successor
  base::Duration lateWatch =
      std::chrono::seconds(5);  ///< how long a rotated file is looked after for late writes
};

/// Reads `path` generation by generation (device, inode, hash of its head). Call read() until it gives
/// nothing, again after a change notice, and once a second in any case. Not thread safe: one lane owns it.
///
/// * Rotation by rename: the old file is read to its end and until it was quiet for `rotationGrace`, then the
/// files that were
///   rotated in between (numbered or dated siblings, by time of birth), then the new file from 0. Late writes
///   to the old file are still read for `lateWatch` (chunk.late); these alone could be missed by a crash at
///   that moment.
/// * Truncation or replacement in place (smaller than read, or another head): from 0, with a health note.
/// * A file that is absent or unreadable: readable() is false with a problem; it is tried again at each
/// read().
/// * From a stored position: the file with that inode and head, also if it was renamed in its directory; if
/// it is
///   gone, the current file from 0 with a health note.
class FileTail {
 public:
  FileTail(std::string path, TailOptions options, std::optional<model::SourcePosition> stored);
  ~FileTail();

  /// The next chunk, or nothing when all was read (or nothing can be). `now` is Clock::sinceBoot(), `wall`
  /// stamps health notes.
  std::optional<parsing::RawChunk> read(base::Duration now, base::TimePoint wall);

  bool readable() const { return m_problem.empty(); }
  const std::string& problem() const { return m_problem; }
  const std::string& path() const { return m_path; }
  /// Bytes of lines that were cut off, and how many lines.
  uint64_t cutLines() const { return m_cutLines; }
  /// The position for bytes that left as records up to `offset` and `line` of generation `inode`.
  model::SourcePosition positionAt(uint64_t inode, uint64_t offset, uint64_t line) const;
  /// Where reading stands (or would begin); empty until the file was first opened.
  std::optional<model::SourcePosition> position() const;
  std::vector<model::HealthEvent> takeHealth();
  /// When read() is due though nothing changed (an unfinished line, a rotation under way).
  std::optional<base::Duration> dueAt() const;

 private:
  void openFirst();
  void openStored();
  bool openCurrent(bool atEnd);
  std::optional<parsing::RawChunk> atEndOfFile(base::Duration now);
  std::optional<parsing::RawChunk> readLate(base::Duration now);
  std::optional<parsing::RawChunk> deliver(parsing::RawChunk chunk, base::Duration now);
  void moveOn();
  parsing::RawChunk restart(const std::string& why);
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
  std::deque<FileIdentity> m_read;  ///< generations already read, the newest last
  std::string m_problem = "not opened yet";
  bool m_seen = false;
  bool m_announced = false;
  uint64_t m_cutLines = 0;
  base::TimePoint m_wall;
  std::vector<model::HealthEvent> m_health;
};

}  // namespace aiops::sources
