// What a lane asks of a source of bytes, whatever is behind it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/log_line.h"
#include "model/status.h"
#include "parsing/raw_chunk.h"
#include "sources/file_generation.h"

namespace aiops::sources {

/// The problem of a reader that was not asked yet.
inline constexpr std::string_view kNotOpened = "not opened yet";

/// Where the part of a file begins that was not read yet, at the beginning of a line.
struct Unread {
  uint64_t inode = 0;
  uint64_t offset = 0;
  uint64_t line = 0;  ///< physical lines before it
};

/// Not thread safe: one lane owns it.
class LogReader {
 public:
  virtual ~LogReader() = default;

  /// The next chunk, or nothing when all was read (or nothing can be). `now` is Clock::sinceBoot(), `wall`
  /// stamps health notes.
  virtual std::optional<parsing::RawChunk> read(base::Duration now, base::TimePoint wall) = 0;
  /// The file that positions and citations name.
  virtual const std::string& path() const = 0;
  virtual bool readable() const = 0;
  /// Why not readable, or what else is to be known; empty when all is well.
  virtual const std::string& problem() const = 0;
  /// Lines that were cut at the limit.
  virtual uint64_t cutLines() const = 0;
  /// The position for bytes that left as records up to `offset` and `line` of generation `inode`.
  virtual model::SourcePosition positionAt(uint64_t inode, uint64_t offset, uint64_t line) const = 0;
  /// Where reading stands (or would begin); empty until something was opened.
  virtual std::optional<model::SourcePosition> position() const = 0;
  virtual std::vector<model::HealthEvent> takeHealth() = 0;
  /// What was lost since the start, by reason (SourceStatus::drops).
  virtual std::map<std::string, uint64_t> drops() const { return {{"cut", cutLines()}}; }
  /// Takes what senders have sent already and lets go of them; read() still gives it.
  virtual void end(base::Duration now, base::TimePoint wall) {
    static_cast<void>(now);
    static_cast<void>(wall);
  }
  /// When read() is due though nothing changed (an unfinished line, a rotation under way).
  virtual std::optional<base::Duration> dueAt() const = 0;
  /// Whether this file is a generation that this source reads or has read. Births are not compared when
  /// `file.born` is 0.
  virtual bool knows(const FileIdentity& file) const = 0;
  /// Of the file that is there now under path(); empty while another one is read, or for what is no file.
  virtual std::optional<Unread> unread() const { return {}; }
  /// Polled for input while waiting, or -1.
  virtual int pollFd() const { return -1; }
};

}  // namespace aiops::sources
