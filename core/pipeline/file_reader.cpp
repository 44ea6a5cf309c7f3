// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/file_reader.h"

#include <utility>

#include "sources/compressed.h"

namespace aiops::pipeline {
namespace {

constexpr std::chrono::hours kLeap{1};  // a jump ahead of this size that is taken back is not believed

}  // namespace

base::Result<std::unique_ptr<FileReader>> FileReader::open(const std::string& path,
                                                           const std::string& service,
                                                           parsing::ParserOptions parser,
                                                           base::TimePoint ingest) {
  std::string problem;
  auto file = sources::isCompressed(path) ? sources::FileGeneration::openCompressed(path, problem)
                                          : sources::FileGeneration::open(path);
  if (!file) return std::unexpected(file.error());
  std::unique_ptr<FileReader> reader(new FileReader(std::move(*file), path, service, parser, ingest));
  reader->m_problem = std::move(problem);
  return reader;
}

FileReader::FileReader(std::unique_ptr<sources::FileGeneration> file, const std::string& path,
                       const std::string& service, parsing::ParserOptions parser, base::TimePoint ingest)
    : m_file(std::move(file)), m_assembler(path, service, parser), m_ingest(ingest) {
  m_view.source = path;
  m_view.service = service;
}

bool FileReader::next() {
  while (m_at >= m_batch.records.size()) {
    if (!fill()) return false;
  }
  m_view.records.assign(1, std::move(m_batch.records[m_at]));
  ++m_at;
  return true;
}

/// The next batch; false when there is none.
bool FileReader::fill() {
  if (m_ended) return false;
  m_at = 0;
  auto chunk = m_file->read();
  if (!chunk) m_problem = chunk.error().line();
  if (chunk && *chunk) {
    m_bytes = m_file->offset();
    m_lines = m_file->lineNumber();
    m_batch = m_assembler.add(std::move(**chunk), m_ingest, base::Duration(0));
  } else if (auto partial = m_file->takePartial()) {
    ++m_lines;
    m_batch = m_assembler.add(std::move(*partial), m_ingest, base::Duration(0));
  } else {
    m_ended = true;
    m_batch = m_assembler.flush(base::Duration(0), true);
  }
  settleTimes();
  return true;
}

void FileReader::settleTimes() {
  auto& records = m_batch.records;
  for (size_t i = 0; i < records.size(); ++i) {
    auto& record = records[i];
    const bool leaps = record.hasEventTime && m_last && record.eventTime > *m_last + kLeap &&
                       i + 1 < records.size() && records[i + 1].hasEventTime &&
                       records[i + 1].eventTime + kLeap < record.eventTime;
    if (record.hasEventTime && !leaps) {
      m_last = record.eventTime;
      continue;
    }
    for (size_t j = i; !m_last && j < records.size(); ++j) {
      if (records[j].hasEventTime) m_last = records[j].eventTime;
    }
    record.eventTime = m_last.value_or(m_ingest);
  }
}

}  // namespace aiops::pipeline
