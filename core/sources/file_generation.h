// One generation of a log file: an open descriptor, who it is, and the cutting of its bytes into lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "parsing/raw_chunk.h"

namespace aiops::sources {

/// Tells generations apart, also when the file system gives an inode back at once.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  std::string headHash;     ///< SHA-256 of the first `headLength` bytes
  uint64_t headLength = 0;  ///< at most 1024
  int64_t born = 0;         ///< nanoseconds; birth time, or the change time where there is none
};

struct GenerationLimits {
  size_t readBytes = 256 * 1024;  ///< per read
  size_t lineBytes = 64 * 1024;   ///< kept of one physical line; the rest is skipped
};

/// Not thread safe. Reads with pread, so its offset is its own.
class FileGeneration {
 public:
  /// Opens a regular file (never a pipe, device or directory).
  static base::Result<std::unique_ptr<FileGeneration>> open(const std::string& path,
                                                            GenerationLimits limits = {});
  /// Opens a compressed file (compressed.h) as what it holds; the identity is the compressed file's. Why it
  /// ends early is in `problem`.
  static base::Result<std::unique_ptr<FileGeneration>> openCompressed(const std::string& path,
                                                                      std::string& problem,
                                                                      GenerationLimits limits = {});

  const FileIdentity& identity() const { return m_identity; }
  uint64_t offset() const { return m_offset; }
  uint64_t lineNumber() const { return m_line; }
  /// Bytes of an unfinished line that were read but not delivered.
  size_t unfinished() const { return m_carry.size(); }
  uint64_t size() const;
  /// Whether the file was written to (or its size set) since this was asked last.
  bool touched();
  /// Whether the first bytes are still those of `hash`.
  bool headMatches(const std::string& hash, uint64_t length) const;
  /// Takes the head's hash again once the file has grown past what was hashed. False when the head changed.
  bool refreshHead();

  /// Whether head and the last byte read are as they were. A writer that keeps its offset over a truncation
  /// leaves zero bytes where its lines were.
  bool standsAsRead();

  /// Begins at `offset`; `line` physical lines lie before it. In the middle of a line, the part that lies
  /// within its first `lineBytes` is still delivered.
  void seek(uint64_t offset, uint64_t line);
  /// Begins at the beginning, after zero bytes: a writer that keeps its offset over a truncation leaves a
  /// hole.
  void seekStart();
  /// Begins at the end; the rest of a line that is being written is skipped. Counts the lines before it:
  /// O(size).
  void seekEnd();

  /// The next bytes as lines. A chunk without lines may still move endOffset. Nothing at the end of the file.
  base::Result<std::optional<parsing::RawChunk>> read();
  /// A chunk without bytes at the present offset.
  parsing::RawChunk newChunk();
  /// The unfinished line as it is, marked partial.
  std::optional<parsing::RawChunk> takePartial();

 private:
  FileGeneration(base::Fd fd, GenerationLimits limits) : m_fd(std::move(fd)), m_limits(limits) {}
  void split(parsing::RawChunk& chunk, size_t scanFrom);
  void addLine(parsing::RawChunk& chunk, size_t at, size_t end, bool cut, bool partial) const;
  size_t skipRest(parsing::RawChunk& chunk, size_t at);
  std::string head(uint64_t length) const;

  base::Fd m_fd;
  base::Fd m_archive;  ///< whose content it is
  GenerationLimits m_limits;
  FileIdentity m_identity;
  uint64_t m_offset = 0;     ///< next byte to read
  uint64_t m_line = 0;       ///< physical lines before the unfinished one
  uint64_t m_lineStart = 0;  ///< where the physical line under way begins
  std::string m_carry;       ///< unfinished line, ends at m_offset
  bool m_skipping = false;   ///< dropping the rest of a line that was cut
  bool m_first = true;
  int64_t m_touched = 0;
  char m_lastByte = '\n';  ///< at m_offset - 1
};

/// The file in `directory` with this inode and head, or empty. Looks at names only, never into
/// sub-directories.
std::filesystem::path findByIdentity(const std::filesystem::path& directory, uint64_t inode,
                                     const std::string& headHash, uint64_t headLength);

}  // namespace aiops::sources
