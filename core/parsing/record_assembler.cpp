// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/record_assembler.h"

#include <algorithm>
#include <utility>

#include "parsing/container_line.h"
#include "parsing/entry.h"
#include "parsing/line_format.h"

namespace aiops::parsing {
namespace {

/// Told from a few bytes: surely an object or a request. Such a record need not wait for its next line.
bool surelyOneLine(std::string_view text) {
  if (text.front() == '{') return text.back() == '}';
  return (isDigit(text.front()) || text.front() == ':') &&
         text.substr(0, 256).find("] \"") != std::string_view::npos;
}

}  // namespace

RecordAssembler::RecordAssembler(std::string source, std::string service, ParserOptions parser,
                                 JoinLimits limits)
    : m_source(std::move(source)), m_service(std::move(service)), m_limits(limits), m_parser(parser) {}

model::LogBatch RecordAssembler::newBatch() const {
  model::LogBatch batch;
  batch.source = m_source;
  batch.service = m_service;
  batch.bytes = std::make_unique<std::string>();
  return batch;
}

bool RecordAssembler::joins(const RawChunk& chunk, const RawLine& line, std::string_view text,
                            std::string_view bytes) {
  if (!m_held || !m_held->joinable || chunk.late != m_held->late) return false;
  if (m_held->inode != chunk.inode || m_held->lines >= m_limits.maxLines) return false;
  if (line.offset + line.length - m_held->offset > m_limits.maxBytes) return false;
  const auto held = bytes.substr(m_held->at, m_held->length);
  const auto wrapped = containerLine(text);
  if (m_held->stream != (wrapped ? wrapped->stream : std::string_view())) return false;
  if (wrapped) {
    if (m_held->containerGoes) return true;
    return m_held->trace.accepts(wrapped->text()) && formatOf(containerLine(firstLine(held))->text()).joins;
  }
  if (!m_held->trace.accepts(text)) return continuesPostgres(held, text);
  if (!m_held->formatJoins) m_held->formatJoins = formatOf(firstLine(held)).joins;
  return *m_held->formatJoins;
}

void RecordAssembler::hold(const RawChunk& chunk, const RawLine& line, std::string_view text,
                           base::TimePoint ingest, base::Duration now) {
  Held held;
  held.at = line.at;
  held.length = line.length;
  held.lines = 1;
  held.inode = chunk.inode;
  held.offset = line.offset;
  held.line = line.line;
  const auto wrapped = containerLine(text);
  const auto content = wrapped ? wrapped->text() : std::string();
  held.joinable = !line.cut && !line.partial;
  if (wrapped) {
    held.stream = wrapped->stream;
    held.containerGoes = wrapped->partial;
    held.joinable = held.joinable && (wrapped->partial || content.empty() || !surelyOneLine(content));
  } else {
    held.joinable = held.joinable && !surelyOneLine(text);
  }
  // The runtime's stamp is as good as one of the container's own.
  if (wrapped)
    held.trace.begin(std::string(wrapped->time) + ' ' + content);
  else
    held.trace.begin(text);
  held.late = chunk.late;
  held.ingest = ingest;
  held.since = held.touched = now;
  m_held = std::move(held);
}

void RecordAssembler::extend(const RawLine& line, std::string_view text, base::Duration now) {
  m_held->length = line.offset + line.length - m_held->offset;
  ++m_held->lines;
  m_held->touched = now;
  const auto wrapped = containerLine(text);
  m_held->trace.extend(wrapped ? wrapped->text() : text);
  m_held->containerGoes = wrapped && wrapped->partial;
  m_held->joinable = !line.cut && !line.partial;
}

void RecordAssembler::release(model::LogBatch& batch) {
  if (!m_held) return;
  const auto text = std::string_view(*batch.bytes).substr(m_held->at, m_held->length);
  auto record = m_parser.parse(text, m_held->ingest, batch);
  record.position = {m_held->inode, m_held->offset, static_cast<uint32_t>(m_held->length), m_held->line};
  batch.records.push_back(std::move(record));
  m_held.reset();
}

void RecordAssembler::storeHeld(model::LogBatch& batch) {
  m_held->bytes = batch.bytes->substr(m_held->at, std::string::npos);
  m_held->at = 0;
}

model::LogBatch RecordAssembler::add(RawChunk chunk, base::TimePoint ingest, base::Duration now) {
  auto batch = newBatch();
  size_t shift = 0;
  if (m_held) {
    *batch.bytes = std::move(m_held->bytes);
    shift = batch.bytes->size();
    batch.bytes->append(chunk.bytes);
  } else {
    *batch.bytes = std::move(chunk.bytes);
  }
  if (m_held && (chunk.newGeneration || m_held->inode != chunk.inode)) release(batch);
  batch.records.reserve(chunk.lines.size() + 1);
  for (auto line : chunk.lines) {
    line.at += shift;
    const auto text = std::string_view(*batch.bytes).substr(line.at, line.length);
    if (joins(chunk, line, text, *batch.bytes)) {
      extend(line, text, now);
    } else {
      release(batch);
      hold(chunk, line, text, ingest, now);
    }
    if (!m_held->joinable) release(batch);
  }
  if (!chunk.late || chunk.inode == m_end.inode) m_end = {chunk.inode, chunk.endOffset, chunk.endLine};
  if (m_held && batch.bytes->size() - m_held->at > 2 * m_limits.maxBytes)
    release(batch);  // a flood of blank lines
  if (m_held) storeHeld(batch);
  m_consumed = m_held && m_held->inode == m_end.inode
                   ? Consumed{m_held->inode, m_held->offset, m_held->line - 1}
                   : m_end;
  return batch;
}

model::LogBatch RecordAssembler::flush(base::Duration now, bool force) {
  auto batch = newBatch();
  const auto due = dueAt();
  if (!due || (!force && now < *due)) return batch;
  *batch.bytes = std::move(m_held->bytes);
  release(batch);
  m_consumed = m_end;
  return batch;
}

std::optional<base::Duration> RecordAssembler::dueAt() const {
  if (!m_held) return std::nullopt;
  const auto quiet = m_held->lines > 1 ? m_limits.quietJoined : m_limits.quietSingle;
  return std::min(m_held->since + m_limits.maxWait, m_held->touched + quiet);
}

}  // namespace aiops::parsing
