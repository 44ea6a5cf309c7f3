// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_buffer.h"

#include <algorithm>

#include "security/safe_text.h"

namespace aiops::ui {
namespace {

bool isPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char byte) { return byte >= 0x20 && byte < 0x7F; });
}

uint32_t intern(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<uint32_t>(found - names.begin());
  names.push_back(name);
  return static_cast<uint32_t>(names.size() - 1);
}

}  // namespace

void LogBuffer::Packed::add(const model::LogLine& line) {
  Entry entry;
  entry.time = line.time;
  entry.hasTime = line.hasTime;
  entry.sequence = line.sequence;
  entry.severity = line.severity;
  entry.position = line.position;
  entry.source = intern(sources, line.source);
  entry.service = intern(services, line.service);
  entry.plain = isPrintableAscii(line.message);
  entry.textFirst = static_cast<uint32_t>(bytes.size());
  entry.textLength = static_cast<uint32_t>(line.text.size());
  entry.messageLength = static_cast<uint32_t>(line.message.size());
  const auto inText = line.text.rfind(line.message);
  bytes += line.text;
  if (inText != std::string::npos) {
    entry.messageFirst = entry.textFirst + static_cast<uint32_t>(inText);
  } else {
    entry.messageFirst = static_cast<uint32_t>(bytes.size());
    bytes += line.message;
  }
  entries.push_back(entry);
}

uint64_t LogBuffer::append(const Packed& packed) {
  const uint64_t first = m_end;
  std::vector<uint32_t> sources, services;
  for (const auto& name : packed.sources) sources.push_back(intern(m_sources, name));
  for (const auto& name : packed.services) services.push_back(intern(m_services, name));
  for (const Entry& line : packed.entries) {
    if (m_blocks.empty() || m_blocks.back().entries.size() == kBlockLines) {
      m_blocks.emplace_back().entries.reserve(kBlockLines);
    }
    Block& block = m_blocks.back();
    Entry& entry = block.entries.emplace_back(line);
    entry.source = sources[line.source];
    entry.service = services[line.service];
    const auto shift = static_cast<uint32_t>(block.bytes.size()) - line.textFirst;
    entry.textFirst += shift;
    entry.messageFirst += shift;
    const auto end = std::max(line.textFirst + line.textLength, line.messageFirst + line.messageLength);
    block.bytes.append(packed.bytes, line.textFirst, end - line.textFirst);
    ++m_end;
  }
  return first;
}

void LogBuffer::trimTo(size_t lines) {
  if (size() <= lines) return;
  m_first = m_end - lines;
  while (!m_blocks.empty() && m_blockBase + kBlockLines <= m_first) {
    m_blocks.pop_front();
    m_blockBase += kBlockLines;
  }
}

const LogBuffer::Block& LogBuffer::blockOf(uint64_t ordinal) const {
  return m_blocks[static_cast<size_t>((ordinal - m_blockBase) / kBlockLines)];
}

const LogBuffer::Entry& LogBuffer::entry(uint64_t ordinal) const {
  return blockOf(ordinal).entries[static_cast<size_t>((ordinal - m_blockBase) % kBlockLines)];
}

std::string_view LogBuffer::text(uint64_t ordinal) const {
  const Entry& at = entry(ordinal);
  return std::string_view(blockOf(ordinal).bytes).substr(at.textFirst, at.textLength);
}

std::string_view LogBuffer::message(uint64_t ordinal) const {
  const Entry& at = entry(ordinal);
  return std::string_view(blockOf(ordinal).bytes).substr(at.messageFirst, at.messageLength);
}

std::string_view LogBuffer::shownMessage(uint64_t ordinal, std::string& scratch) const {
  const auto raw = message(ordinal);
  if (entry(ordinal).plain) return raw;
  scratch = security::SafeText::from(raw).text();
  return scratch;
}

}  // namespace aiops::ui
