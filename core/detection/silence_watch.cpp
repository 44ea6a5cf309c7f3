// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/silence_watch.h"

#include "detection/detector.h"

namespace aiops::detection {
namespace {

constexpr std::chrono::seconds kCheckEvery{1};

}  // namespace

void SilenceWatch::add(const model::LogBatch& batch, const model::LogRecord& record) {
  auto& service = m_services[batch.service];
  if (service.lines == 0) service.first = service.last = record.eventTime;
  ++service.lines;
  if (record.eventTime < service.last) return;
  const auto pause = record.eventTime - service.last;
  if (!service.told) service.longestPause = std::max(service.longestPause, pause);
  service.told = false;
  service.last = record.eventTime;
  service.source = batch.source;
  service.text.assign(record.text);
  service.record.eventTime = record.eventTime;
  service.record.position = record.position;
}

std::vector<model::Event> SilenceWatch::advance(base::TimePoint now) {
  std::vector<model::Event> events;
  if (now < m_checked + kCheckEvery) return events;
  m_checked = now;
  for (auto& [name, service] : m_services) {
    const auto lived = std::chrono::duration<double>(service.last - service.first).count();
    const bool steady = service.lines >= m_options.steadyLines &&
                        static_cast<double>(service.lines) >= m_options.steadyPerSecond * lived;
    const auto silence = std::max(m_options.least, m_options.factor * service.longestPause);
    if (service.told || !steady || now - service.last < silence) continue;
    service.told = true;
    model::LogBatch batch;
    batch.source = service.source;
    batch.service = name;
    auto record = service.record;
    record.text = service.text;
    model::Event event{.patternId = "silence",
                       .patternName = "Fell silent",
                       .signal = "service_silent",
                       .service = name,
                       .severity = model::Severity::Info,
                       .first = service.last,
                       .last = now};
    event.evidence.push_back(makeEvidence(batch, record));
    event.id = model::EventId("silence-" + event.evidence.front().id);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace aiops::detection
