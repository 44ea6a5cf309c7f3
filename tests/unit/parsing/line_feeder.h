// Cuts text into physical lines as a source does; every call goes on where the last one ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/log_record.h"
#include "parsing/raw_chunk.h"

namespace aiops::test {

class LineFeeder {
 public:
  explicit LineFeeder(uint64_t inode = 7) : m_inode(inode) {}

  parsing::RawChunk chunk(std::string bytes) {
    parsing::RawChunk chunk;
    chunk.inode = m_inode;
    chunk.newGeneration = m_offset == 0;
    size_t at = 0;
    while (at < bytes.size()) {
      const size_t end = std::min(bytes.find('\n', at), bytes.size());
      ++m_line;
      if (end > at)
        chunk.lines.push_back({at, static_cast<uint32_t>(end - at), m_offset + at, m_line, false, false});
      at = end + 1;
    }
    m_offset += bytes.size();
    chunk.bytes = std::move(bytes);
    chunk.endOffset = m_offset;
    chunk.endLine = m_line;
    return chunk;
  }

 private:
  uint64_t m_inode;
  uint64_t m_offset = 0;
  uint64_t m_line = 0;
};

inline std::vector<std::string> texts(const model::LogBatch& batch) {
  std::vector<std::string> out;
  for (const auto& record : batch.records) out.emplace_back(record.text);
  return out;
}

}  // namespace aiops::test
