// Sees errors in the part of a file that will be read only later. Internal to pipeline.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "detection/trouble_words.h"
#include "model/log_record.h"
#include "parsing/record_assembler.h"
#include "sources/file_generation.h"
#include "sources/log_reader.h"

namespace aiops::pipeline {

/// A file is read in its order; in a flood a rare error at its end would wait for all that stands before it.
/// Once a second the lookout goes through what is not read yet, only for lines that have a word of trouble
/// (TroubleWords), and parses those: a few of each form, some hundred in all. It takes at most a fifth of the
/// thread's time; a file that grows faster still than that is looked through late. What it gives is read
/// again in its turn, with the same bytes at the same place, so whoever counts has to leave it out.
/// Not thread safe.
class Lookout {
 public:
  Lookout(std::string path, std::string service, parsing::JoinLimits join);

  /// Records of error or worse from `unread` on that were not given before, each alone in a batch. Nothing
  /// while the reader is not behind for long, or when it is not time yet.
  std::vector<model::LogBatch> look(const sources::Unread& unread, const parsing::ParserOptions& parser,
                                    base::TimePoint wall, base::Duration now);
  /// The reader has caught up.
  void caughtUp() { m_behindSince.reset(); }
  /// Whether look() may give something at `now`; told for each turn in which the reader was not done.
  bool isDue(base::Duration now);

 private:
  bool follow(const sources::Unread& unread);
  void lookThrough(const parsing::RawChunk& chunk, parsing::RecordAssembler& assembler, base::TimePoint wall,
                   base::Duration now, std::vector<model::LogBatch>& out);
  std::optional<model::LogBatch> recordAt(const parsing::RawChunk& chunk, size_t line,
                                          parsing::RecordAssembler& assembler, base::TimePoint wall,
                                          base::Duration now) const;
  bool isTakenUp(std::string_view line);

  const std::string m_path;
  const std::string m_service;
  const parsing::JoinLimits m_join;
  std::optional<detection::TroubleWords> m_words;  ///< once something was looked for
  std::unique_ptr<sources::FileGeneration> m_file;
  std::optional<base::Duration> m_behindSince;
  base::Duration m_notBefore{0};
  std::unordered_map<uint64_t, int> m_forms;  ///< of this turn: how many of each were taken up
  size_t m_given = 0;                         ///< in this turn
};

}  // namespace aiops::pipeline
