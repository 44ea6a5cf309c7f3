// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/silence.h"

#include <algorithm>

#include "detection/detector.h"

namespace aiops::detection {
namespace {

constexpr uint64_t kSteadyLines = 50;
constexpr double kSteadyPerSecond = 0.5;
constexpr int kPauses = 3;
constexpr std::chrono::seconds kLeast{6};

}  // namespace

void Silence::add(const model::LogBatch& batch, const model::LogRecord& record) {
  if (m_lines == 0) {
    m_first = m_last = record.eventTime;
    m_readAt = record.ingestTime;
    m_service = batch.service;
  }
  ++m_lines;
  if (record.eventTime < m_last) return;
  if (!m_told)
    m_longestPause =
        std::max({m_longestPause, record.eventTime - m_last, base::Duration(record.ingestTime - m_readAt)});
  m_told = false;
  m_last = record.eventTime;
  m_readAt = record.ingestTime;
  if (m_source != batch.source) m_source = batch.source;
  m_text.assign(record.text);
  m_record.eventTime = record.eventTime;
  m_record.position = record.position;
}

std::optional<model::Event> Silence::advance(base::TimePoint progress) {
  if (m_told || m_lines < kSteadyLines) return std::nullopt;
  if (progress - m_last < std::max<base::Duration>(kLeast, kPauses * m_longestPause)) return std::nullopt;
  const auto lived = std::chrono::duration<double>(m_last - m_first).count();
  if (static_cast<double>(m_lines) < kSteadyPerSecond * lived) return std::nullopt;
  m_told = true;
  model::LogBatch batch;
  batch.source = m_source;
  batch.service = m_service;
  auto record = m_record;
  record.text = m_text;
  model::Event event{.patternId = "silence",
                     .patternName = "Fell silent",
                     .signal = "service_silent",
                     .service = m_service,
                     .severity = model::Severity::Info,
                     .first = m_last,
                     .last = progress};
  event.evidence.push_back(makeEvidence(batch, record));
  event.id = model::EventId("silence-" + event.evidence.front().id);
  return event;
}

}  // namespace aiops::detection
