// Reads one whole log file as records, for analysis offline.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/log_record.h"
#include "parsing/record_assembler.h"
#include "sources/file_generation.h"

namespace aiops::pipeline {

/// Compressed files are read as what they hold. The record under way stays valid until next(). A record
/// without a time of its own, or with one that is hours ahead of the lines around it, takes the time of the
/// record before it (the first ones: of the first that has one). Not thread safe.
class FileReader {
 public:
  /// `ingest` stands for the time of reading: it resolves stamps without a year.
  static base::Result<std::unique_ptr<FileReader>> open(const std::string& path, const std::string& service,
                                                        parsing::ParserOptions parser,
                                                        base::TimePoint ingest);

  /// Moves to the next record; false at the end, or when the file can't be read on (see problem()).
  bool next();
  /// A batch with the one record under way; its views point into this reader.
  const model::LogBatch& current() const { return m_view; }
  const model::LogRecord& record() const { return m_view.records.front(); }
  const std::string& problem() const { return m_problem; }
  uint64_t lines() const { return m_lines; }
  uint64_t bytes() const { return m_bytes; }

 private:
  FileReader(std::unique_ptr<sources::FileGeneration> file, const std::string& path,
             const std::string& service, parsing::ParserOptions parser, base::TimePoint ingest);
  bool fill();
  void settleTimes();

  std::unique_ptr<sources::FileGeneration> m_file;
  parsing::RecordAssembler m_assembler;
  const base::TimePoint m_ingest;
  model::LogBatch m_batch;
  size_t m_at = 0;
  model::LogBatch m_view;
  std::optional<base::TimePoint> m_last;
  std::string m_problem;
  bool m_ended = false;
  uint64_t m_lines = 0;
  uint64_t m_bytes = 0;
};

}  // namespace aiops::pipeline
