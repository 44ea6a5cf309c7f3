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

}  // namespace

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

json writeEvidence(const Evidence& refs) {
  json out = json::array();
  for (const auto& ref : refs) out.push_back(writeEvidence(ref));
  return out;
}

Evidence readEvidenceList(const json& value) {
  Evidence refs;
  // States written before an occurrence could rest on several records hold one without a list.
  if (value.is_object()) refs.push_back(readEvidence(value));
  if (value.is_array()) {
    for (const auto& ref : value) refs.push_back(readEvidence(ref));
  }
  return refs;
}

json WindowJson::writeTally(const ValueTally& tally) {
  json values = json::array();
  for (const auto& [name, value] : tally.m_values) {
    json with = json::object();
    for (const auto& [companion, count] : value.with) with[companion] = count;
    values.push_back({{"value", name},
                      {"count", value.count},
                      {"marked", value.marked},
                      {"first", micros(value.first)},
                      {"last", micros(value.last)},
                      {"with", std::move(with)}});
  }
  return {{"values", std::move(values)}, {"left", tally.m_left}, {"last", micros(tally.m_last)}};
}

ValueTally WindowJson::readTally(const json& stored) {
  ValueTally tally;
  for (const auto& entry : stored.at("values")) {
    if (tally.m_values.size() >= ValueTally::kMostValues) break;
    auto& value = tally.m_values[entry.at("value").get<std::string>()];
    value.count = entry.at("count").get<uint64_t>();
    value.marked = entry.at("marked").get<uint64_t>();
    value.first = timeAt(entry.at("first"));
    value.last = timeAt(entry.at("last"));
    for (const auto& [companion, count] : entry.at("with").items()) {
      if (value.with.size() < ValueTally::kMostWith) value.with[companion] = count.get<uint64_t>();
    }
  }
  tally.m_left = stored.at("left").get<uint64_t>();
  tally.m_last = timeAt(stored.at("last"));
  return tally;
}

json WindowJson::write(const Window& window) {
  json matches = json::array();
  for (const auto& match : window.m_matches) {
    json entry = {{"at", micros(match.time)}};
    if (!match.value.empty()) entry["value"] = match.value;
    if (!match.evidence.empty()) entry["evidence"] = writeEvidence(match.evidence);
    matches.push_back(std::move(entry));
  }
  json out = {{"service", window.service}, {"key", window.groupKey}, {"matches", std::move(matches)}};
  if (!window.manner.empty()) out["manner"] = window.manner;
  if (window.m_seen) out["seen"] = true;
  if (!window.tally.empty()) out["tally"] = writeTally(window.tally);
  if (!window.m_active) return out;
  const auto& episode = window.m_episode;
  out["episode"] = {{"first", micros(episode.first)},
                    {"last", micros(episode.last)},
                    {"fired", micros(episode.fired)},
                    {"count", episode.count},
                    {"evidence", writeEvidence(episode.evidence)}};
  return out;
}

Window WindowJson::read(const json& stored) {
  Window window;
  window.service = stored.at("service");
  window.groupKey = stored.at("key");
  window.manner = stored.value("manner", std::string());
  window.m_seen = stored.value("seen", false);
  if (stored.contains("tally")) window.tally = readTally(stored.at("tally"));
  for (const auto& entry : stored.at("matches")) {
    WindowMatch match{timeAt(entry.at("at")), {}, entry.value("value", std::string())};
    if (entry.contains("evidence")) match.evidence = readEvidenceList(entry.at("evidence"));
    window.m_matches.push_back(std::move(match));
  }
  std::stable_sort(window.m_matches.begin(), window.m_matches.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  const auto hasValue = [](const WindowMatch& match) { return !match.value.empty(); };
  if (std::ranges::any_of(window.m_matches, hasValue)) window.link();
  if (!stored.contains("episode")) return window;
  const auto& episode = stored.at("episode");
  window.m_active = true;
  window.m_episode = {timeAt(episode.at("first")),
                      timeAt(episode.at("last")),
                      timeAt(episode.at("fired")),
                      episode.at("count").get<uint64_t>(),
                      {}};
  window.m_episode.evidence = readEvidenceList(episode.at("evidence"));
  return window;
}

}  // namespace aiops::detection
