// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/silence.h"

#include <algorithm>

#include "detection/evidence.h"

namespace aiops::detection {
namespace {

constexpr uint64_t kSteadyLines = 50;
constexpr double kSteadyPerSecond = 0.5;
constexpr int kPauses = 3;
constexpr std::chrono::seconds kLeast{6};
constexpr size_t kLongLine = 4096;  ///< bytes; each of thousands of services keeps its last line

}  // namespace

void Silence::add(const model::LogBatch& batch, const model::LogRecord& record) {
  if (m_lines == 0) {
    m_first = m_last = record.eventTime;
    m_readAt = record.ingestTime;
    m_service = batch.service;
  }
  ++m_lines;
  if (record.eventTime < m_last) return;
  if (!m_told && !m_stepped)
    m_longestPause =
        std::max({m_longestPause, record.eventTime - m_last, base::Duration(record.ingestTime - m_readAt)});
  m_told = m_stepped = false;
  m_last = record.eventTime;
  m_readAt = record.ingestTime;
  if (m_source != batch.source) m_source = batch.source;
  m_longLine.reset();
  if (record.text.size() > kLongLine) {
    m_longLine = makeEvidence(batch, record);
    return;
  }
  m_text.assign(record.text);
  m_record.eventTime = record.eventTime;
  m_record.position = record.position;
}

void Silence::clockPutForward(base::Duration by) {
  m_first += by;
  m_stepped = true;
}

model::EvidenceRef Silence::lastLine() const {
  if (m_longLine) return *m_longLine;
  model::LogBatch batch;
  batch.source = m_source;
  batch.service = m_service;
  auto record = m_record;
  record.text = m_text;
  return makeEvidence(batch, record);
}

std::optional<model::Event> Silence::advance(base::TimePoint progress) {
  if (m_told || m_lines < kSteadyLines) return std::nullopt;
  if (progress - m_last < std::max<base::Duration>(kLeast, kPauses * m_longestPause)) return std::nullopt;
  const auto lived = std::chrono::duration<double>(m_last - m_first).count();
  if (static_cast<double>(m_lines) < kSteadyPerSecond * lived) return std::nullopt;
  m_told = true;
  model::Event event{.patternId = "silence",
                     .patternName = "Fell silent",
                     .signal = "service_silent",
                     .service = m_service,
                     .severity = model::Severity::Info,
                     .first = m_last,
                     .last = progress};
  event.evidence.push_back(lastLine());
  event.id = model::EventId("silence-" + event.evidence.front().id);
  return event;
}

}  // namespace aiops::detection
