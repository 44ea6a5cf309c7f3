// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/log_sample.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "parsing/line_format.h"
#include "parsing/record_assembler.h"
#include "sources/file_generation.h"

namespace aiops::sources {
namespace {

constexpr size_t kPreviewBytes = 256 * 1024;
constexpr size_t kPreviewText = 4096;  // as LogLine::text says

/// Control bytes that text does not hold. A few of them are noise in a log; a hundredth are another format.
bool isBinary(std::string_view bytes) {
  const auto odd = std::ranges::count_if(bytes, [](unsigned char c) {
    return c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b;
  });
  return static_cast<size_t>(odd) * 100 > bytes.size();
}

std::vector<std::string_view> linesOf(const parsing::RawChunk& chunk) {
  std::vector<std::string_view> lines;
  for (const auto& line : chunk.lines)
    lines.push_back(std::string_view(chunk.bytes).substr(line.at, line.length));
  return lines;
}

model::LogBatch parse(parsing::RawChunk chunk, const std::string& path, const std::string& service,
                      const parsing::ParserOptions& parser, base::TimePoint now, model::LogBatch& last) {
  parsing::RecordAssembler assembler(path, service, parser);
  auto batch = assembler.add(std::move(chunk), now, base::Duration(0));
  last = assembler.flush(base::Duration(0), true);
  return batch;
}

double rateOf(const parsing::RawChunk& chunk, base::TimePoint now) {
  model::LogBatch last;
  const auto batch = parse(chunk, "", "", {}, now, last);
  std::optional<base::TimePoint> first, newest;
  size_t stamped = 0;
  for (const auto& record : batch.records) {
    if (!record.hasEventTime) continue;
    ++stamped;
    if (!first) first = record.eventTime;
    newest = record.eventTime;
  }
  if (stamped < 2 || *newest <= *first) return 0;
  const auto hours = std::chrono::duration<double, std::ratio<3600>>(*newest - *first).count();
  return static_cast<double>(stamped - 1) / hours;
}

}  // namespace

base::Result<LogSample> sampleOf(const std::string& path, base::TimePoint now, size_t most) {
  auto file = FileGeneration::open(path, {.readBytes = most});
  if (!file) return std::unexpected(file.error());
  const uint64_t size = (*file)->size();
  (*file)->seek(size > most ? size - most : 0, 0);
  auto chunk = (*file)->read();
  if (!chunk) return std::unexpected(chunk.error());
  LogSample sample;
  if (!*chunk) {
    sample.format = "empty";
    return sample;
  }
  sample.chunk = std::move(**chunk);
  if (auto rest = (*file)->takePartial(); rest && sample.chunk.lines.empty()) sample.chunk = std::move(*rest);
  auto& lines = sample.chunk.lines;
  if (size > most && lines.size() > 1) lines.erase(lines.begin());  // its beginning is not there
  sample.binary = isBinary(sample.chunk.bytes);
  if (sample.binary) return sample;
  sample.format = parsing::formatName(linesOf(sample.chunk));
  sample.linesPerHour = rateOf(sample.chunk, now);
  return sample;
}

base::Result<model::LogPreview> previewLog(const std::string& path, const std::string& service,
                                           const parsing::ParserOptions& parser, base::TimePoint now,
                                           size_t most) {
  auto sample = sampleOf(path, now, kPreviewBytes);
  if (!sample) return std::unexpected(sample.error());
  model::LogPreview preview;
  preview.path = path;
  preview.format = sample->format;
  if (sample->binary) {
    preview.problem = "this is no text";
    return preview;
  }
  model::LogBatch last;
  const auto batch = parse(std::move(sample->chunk), path, service, parser, now, last);
  for (const auto* part : {&batch, static_cast<const model::LogBatch*>(&last)}) {
    for (const auto& record : part->records) {
      preview.lines.push_back({.time = record.eventTime,
                               .hasTime = record.hasEventTime,
                               .severity = record.severity,
                               .source = path,
                               .service = service,
                               .text = base::validUtf8Prefix(record.text, kPreviewText),
                               .message = base::validUtf8Prefix(record.message, kPreviewText),
                               .position = record.position});
    }
  }
  if (preview.lines.size() > most)
    preview.lines.erase(preview.lines.begin(), preview.lines.end() - static_cast<ptrdiff_t>(most));
  return preview;
}

}  // namespace aiops::sources
