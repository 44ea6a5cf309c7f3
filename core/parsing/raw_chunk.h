// What a source hands to parsing: bytes of one file generation, cut into physical lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiops::parsing {

/// One physical line inside RawChunk::bytes. Blank lines are not listed.
struct RawLine {
  size_t at = 0;         ///< index of the first byte in the chunk
  uint32_t length = 0;   ///< kept bytes, without newline and carriage return
  uint64_t offset = 0;   ///< of the first byte in the file
  uint64_t line = 0;     ///< physical line number from 1
  bool cut = false;      ///< longer than the limit: the rest was skipped
  bool partial = false;  ///< no newline came in time
};

/// Lines are in order of offset; bytes between two listed lines are in `bytes` too.
struct RawChunk {
  std::string bytes;
  std::vector<RawLine> lines;
  uint64_t inode = 0;
  uint64_t endOffset = 0;      ///< everything before it is listed, blank, or skipped
  uint64_t endLine = 0;        ///< physical lines before endOffset
  bool newGeneration = false;  ///< the first chunk of a file generation: joins with nothing before it
  uint32_t cutEnded = 0;       ///< lines whose skipped rest ended in this chunk
  uint64_t longestCut = 0;     ///< the original length of the longest of them, in bytes
  bool late = false;  ///< written to a rotated file after its successor was begun; no position follows
};

}  // namespace aiops::parsing
