// The newest lines of the live log, packed into blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "model/log_line.h"

namespace aiops::ui {

/// A line is known by its *ordinal*: the count of lines added before it, so it keeps its name while older
/// lines leave. Lines are [first(), end()); views returned here live until the line is evicted. UI thread
/// only.
class LogBuffer {
 public:
  struct Entry {
    base::TimePoint time;
    uint64_t sequence = 0;
    model::BytePosition position;
    uint32_t textFirst = 0, textLength = 0;        ///< in the bytes of the block
    uint32_t messageFirst = 0, messageLength = 0;  ///< part of the text where possible
    uint32_t source = 0, service = 0;              ///< indexes into sources() and services()
    model::Severity severity = model::Severity::Info;
    bool hasTime = false;
    bool plain = false;  ///< the message is printable ASCII: what is shown are the bytes themselves
  };

  /// Lines made ready off the UI thread: adding them is copying. Indexes are into its own names, places into
  /// its own bytes.
  struct Packed {
    std::string bytes;
    std::vector<Entry> entries;
    std::vector<std::string> sources, services;
    /// Adds a line at the end.
    void add(const model::LogLine& line);
  };

  /// Adds all lines of `packed`; the first one's ordinal. Nothing is evicted here.
  uint64_t append(const Packed& packed);
  /// Drops oldest lines until at most `lines` remain.
  void trimTo(size_t lines);

  uint64_t first() const { return m_first; }
  uint64_t end() const { return m_end; }
  size_t size() const { return static_cast<size_t>(m_end - m_first); }
  bool contains(uint64_t ordinal) const { return ordinal >= m_first && ordinal < m_end; }

  const Entry& entry(uint64_t ordinal) const;
  std::string_view text(uint64_t ordinal) const;
  std::string_view message(uint64_t ordinal) const;
  const std::string& source(uint64_t ordinal) const { return m_sources[entry(ordinal).source]; }
  const std::string& service(uint64_t ordinal) const { return m_services[entry(ordinal).service]; }
  /// The message as it is shown (escaped, UTF-8). Uses `scratch` only where an escape may be needed.
  std::string_view shownMessage(uint64_t ordinal, std::string& scratch) const;

  /// All seen so far, in order of first appearance.
  const std::vector<std::string>& services() const { return m_services; }
  const std::vector<std::string>& sources() const { return m_sources; }

 private:
  static constexpr uint64_t kBlockLines = 1024;
  struct Block {
    std::string bytes;
    std::vector<Entry> entries;
  };

  const Block& blockOf(uint64_t ordinal) const;

  std::deque<Block> m_blocks;
  uint64_t m_blockBase = 0;  ///< ordinal of the first entry of the first block, evicted or not
  uint64_t m_first = 0;
  uint64_t m_end = 0;
  std::vector<std::string> m_services;
  std::vector<std::string> m_sources;
};

}  // namespace aiops::ui
