// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/lookout.h"

#include <algorithm>

#include "base/cpu_time.h"

namespace aiops::pipeline {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kBehindFor = 2s;
constexpr base::Duration kEvery = 1s;
constexpr std::chrono::nanoseconds kMostTime = 250ms;  ///< of processor, in a turn
constexpr size_t kPiece = 4096;
constexpr int kOfOneForm = 3;
constexpr size_t kMostRecords = 300;
constexpr size_t kMostForms = 10'000;
constexpr size_t kOfForm = 512;  ///< bytes of a line
constexpr size_t kLinesOfRecord = 60;
constexpr size_t kBytesOfRecord = 64 * 1024;

/// The same for lines that differ in their numbers alone.
uint64_t formOf(std::string_view line) {
  constexpr uint64_t kOffset = 14'695'981'039'346'656'037u, kPrime = 1'099'511'628'211u;  // FNV-1a
  uint64_t hash = kOffset;
  bool inNumber = false;
  for (const char c : line.substr(0, kOfForm)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || !inNumber) hash = (hash ^ static_cast<unsigned char>(digit ? '0' : c)) * kPrime;
    inNumber = digit;
  }
  return hash;
}

}  // namespace

Lookout::Lookout(std::string path, std::string service, parsing::JoinLimits join)
    : m_path(std::move(path)), m_service(std::move(service)), m_join(join) {}

bool Lookout::isDue(base::Duration now) {
  if (!m_behindSince) m_behindSince = now;
  return now - *m_behindSince >= kBehindFor && now >= m_notBefore;
}

/// The file from where it was looked through last, or from where it is being read if that is further.
bool Lookout::follow(const sources::Unread& unread) {
  const bool shrunk = m_file && m_file->size() < m_file->offset();
  if (!m_file || shrunk || m_file->identity().inode != unread.inode) {
    auto opened = sources::FileGeneration::open(m_path);
    if (!opened || (*opened)->identity().inode != unread.inode) return false;
    m_file = *std::move(opened);
    m_file->seek(unread.offset, unread.line);
  }
  if (m_file->offset() - m_file->unfinished() < unread.offset) m_file->seek(unread.offset, unread.line);
  return true;
}

std::vector<model::LogBatch> Lookout::look(const sources::Unread& unread,
                                           const parsing::ParserOptions& parser, base::TimePoint wall,
                                           base::Duration now) {
  m_notBefore = now + kEvery;
  std::vector<model::LogBatch> out;
  if (!follow(unread)) return out;
  m_forms.clear();
  m_given = 0;
  if (!m_words) m_words.emplace();
  parsing::RecordAssembler assembler(m_path, m_service, parser, m_join);
  const auto begun = base::threadCpuTime();
  while (base::threadCpuTime() - begun < kMostTime) {
    auto chunk = m_file->read();
    if (!chunk || !*chunk) break;
    lookThrough(**chunk, assembler, wall, now, out);
  }
  return out;
}

/// Some lines at once: most pieces have no such word, and one call tells.
void Lookout::lookThrough(const parsing::RawChunk& chunk, parsing::RecordAssembler& assembler,
                          base::TimePoint wall, base::Duration now, std::vector<model::LogBatch>& out) {
  const std::string_view bytes = chunk.bytes;
  for (size_t first = 0; first < chunk.lines.size();) {
    size_t end = first + 1;
    const auto begin = chunk.lines[first].at;
    const auto sizeWith = [&](size_t last) {
      return chunk.lines[last].at + chunk.lines[last].length - begin;
    };
    while (end < chunk.lines.size() && sizeWith(end) <= kPiece) ++end;
    const bool any = m_words->mayHave(bytes.substr(begin, sizeWith(end - 1)));
    for (size_t i = first; any && i < end; ++i) {
      const auto line = bytes.substr(chunk.lines[i].at, chunk.lines[i].length);
      if (m_given >= kMostRecords || !m_words->mayHave(line) || !isTakenUp(line)) continue;
      auto batch = recordAt(chunk, i, assembler, wall, now);
      if (!batch) continue;
      ++m_given;
      out.push_back(*std::move(batch));
    }
    first = end;
  }
}

bool Lookout::isTakenUp(std::string_view line) {
  if (m_forms.size() >= kMostForms) m_forms.clear();
  return ++m_forms[formOf(line)] <= kOfOneForm;
}

/// The record that begins with this line, with what joins it; empty when it is no error.
std::optional<model::LogBatch> Lookout::recordAt(const parsing::RawChunk& chunk, size_t line,
                                                 parsing::RecordAssembler& assembler, base::TimePoint wall,
                                                 base::Duration now) const {
  const auto begin = chunk.lines[line].at;
  parsing::RawChunk part;
  part.inode = chunk.inode;
  part.newGeneration = true;
  for (size_t i = line; i < std::min(chunk.lines.size(), line + kLinesOfRecord); ++i) {
    auto raw = chunk.lines[i];
    if (raw.at + raw.length - begin > kBytesOfRecord && i > line) break;
    raw.at -= begin;
    part.lines.push_back(raw);
  }
  const auto& last = part.lines.back();
  part.bytes = chunk.bytes.substr(begin, last.at + last.length);
  part.endOffset = last.offset + last.length;
  part.endLine = last.line;
  auto batch = assembler.add(std::move(part), wall, now);
  auto held = assembler.flush(now, true);
  if (batch.records.empty()) batch = std::move(held);
  if (batch.records.empty()) return std::nullopt;
  batch.records.resize(1);
  const auto& record = batch.records.front();
  const bool ahead = record.hasEventTime && record.eventTime > wall + model::kMostAhead;
  if (record.severity < model::Severity::Error || ahead) return std::nullopt;
  return batch;
}

}  // namespace aiops::pipeline
