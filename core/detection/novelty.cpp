// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/novelty.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "detection/evidence.h"
#include "detection/template_miner.h"

namespace aiops::detection {
namespace {

constexpr std::chrono::seconds kReadFor{60};
constexpr uint64_t kLeastRecords = 20;
constexpr std::chrono::seconds kNothingNewFor{30};
constexpr std::chrono::minutes kTellWindow{10};
constexpr int kMostTold = 10;
constexpr size_t kShown = 256;

}  // namespace

Novelty::Seen Novelty::add(uint64_t templateId) {
  const bool known = m_records >= kBlock && m_fresh + m_freshBefore <= kQuiet;
  if (m_records++ % kBlock == 0) m_freshBefore = std::exchange(m_fresh, 0);
  if (m_seen.size() >= kMostTemplates) *this = {};
  if (!m_seen.insert(templateId).second) return Seen::Before;
  ++m_fresh;
  return known ? Seen::News : Seen::First;
}

void Novelty::merge(uint64_t from, uint64_t into) {
  if (m_seen.erase(from) > 0) m_seen.insert(into);
}

void Novelty::split(uint64_t from, uint64_t into) {
  if (m_seen.contains(from)) m_seen.insert(into);
}

nlohmann::json Novelty::snapshot() const {
  std::vector<uint64_t> seen(m_seen.begin(), m_seen.end());
  std::ranges::sort(seen);
  return {m_records, m_fresh, m_freshBefore, std::move(seen)};
}

void Novelty::restore(const nlohmann::json& state) {
  m_records = state.at(0);
  m_fresh = state.at(1);
  m_freshBefore = state.at(2);
  for (const auto& id : state.at(3)) m_seen.insert(id.get<uint64_t>());
}

bool NewMessages::mayTell(base::TimePoint now) {
  if (now >= m_windowStart + kTellWindow || now < m_windowStart) {
    m_windowStart = now;
    m_told = 0;
  }
  return ++m_told <= kMostTold;
}

std::optional<model::Event> NewMessages::add(const model::LogBatch& batch, const model::LogRecord& record,
                                             uint64_t templateId, const TemplateMiner& templates) {
  const auto now = record.eventTime;
  if (!m_first) m_first = m_lastNew = now;
  const auto seen = m_novelty.add(templateId);
  if (seen == Novelty::Seen::Before) return std::nullopt;
  const bool longKnown =
      m_novelty.records() > kLeastRecords && now - *m_first >= kReadFor && now - m_lastNew >= kNothingNewFor;
  m_lastNew = std::max(m_lastNew, now);
  if (seen != Novelty::Seen::News && !longKnown) return std::nullopt;
  if (!mayTell(now)) return std::nullopt;
  model::Event event{.patternId = "new-message",
                     .patternName = "Message never seen before",
                     .signal = "new_message",
                     .service = batch.service,
                     .severity = model::Severity::Info,
                     .first = now,
                     .last = now};
  if (const auto found = templates.find(templateId))
    event.captures["template"] = base::validUtf8Prefix(found->typed, kShown);
  event.captures["explanation"] =
      "never seen among " + std::to_string(m_novelty.records() - 1) + " records of the service";
  event.evidence.push_back(makeEvidence(batch, record));
  event.id = model::EventId("new-message-" + event.evidence.front().id);
  return event;
}

}  // namespace aiops::detection
