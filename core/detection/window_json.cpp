// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/window_json.h"

#include <algorithm>

namespace aiops::detection {
namespace {

using nlohmann::json;

int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}
base::TimePoint timeAt(const json& value) {
  return base::TimePoint(base::Duration(value.get<int64_t>()));
}

/// Model JSON keeps milliseconds only; here the microseconds count.
json writeEvidence(const model::EvidenceRef& ref) {
  json out = ref;
  out["micros"] = micros(ref.time);
  return out;
}

model::EvidenceRef readEvidence(const json& value) {
  auto ref = value.get<model::EvidenceRef>();
  ref.time = timeAt(value.at("micros"));
  return ref;
}

}  // namespace

json WindowJson::write(const Window& window) {
  json matches = json::array();
  for (const auto& match : window.m_matches) {
    json entry = {{"at", micros(match.time)}};
    if (!match.evidence.id.empty()) entry["evidence"] = writeEvidence(match.evidence);
    matches.push_back(std::move(entry));
  }
  json out = {{"service", window.service}, {"key", window.groupKey}, {"matches", std::move(matches)}};
  if (!window.m_active) return out;
  const auto& episode = window.m_episode;
  json evidence = json::array();
  for (const auto& ref : episode.evidence) evidence.push_back(writeEvidence(ref));
  out["episode"] = {{"first", micros(episode.first)},
                    {"last", micros(episode.last)},
                    {"fired", micros(episode.fired)},
                    {"count", episode.count},
                    {"evidence", std::move(evidence)}};
  return out;
}

Window WindowJson::read(const json& stored) {
  Window window;
  window.service = stored.at("service");
  window.groupKey = stored.at("key");
  for (const auto& entry : stored.at("matches")) {
    WindowMatch match{timeAt(entry.at("at")), {}};
    if (entry.contains("evidence")) match.evidence = readEvidence(entry.at("evidence"));
    window.m_matches.push_back(std::move(match));
  }
  std::stable_sort(window.m_matches.begin(), window.m_matches.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  if (!stored.contains("episode")) return window;
  const auto& episode = stored.at("episode");
  window.m_active = true;
  window.m_episode = {timeAt(episode.at("first")),
                      timeAt(episode.at("last")),
                      timeAt(episode.at("fired")),
                      episode.at("count").get<uint64_t>(),
                      {}};
  for (const auto& ref : episode.at("evidence")) window.m_episode.evidence.push_back(readEvidence(ref));
  return window;
}

}  // namespace aiops::detection
