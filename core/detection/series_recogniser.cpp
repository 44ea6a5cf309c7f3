// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/series_recogniser.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "detection/detector.h"
#include "detection/evidence.h"
#include "detection/matcher.h"
#include "detection/window_json.h"

namespace aiops::detection {
namespace {

using nlohmann::json;

constexpr size_t kKeptText = 4096;

/// Numbers that name something, or that grow by their nature, are no measurements.
bool isMeasurement(std::string_view field) {
  static constexpr std::array<std::string_view, 24> kNames = {
      "id",      "pid", "tid",       "uid",    "gid",     "port", "status", "code",
      "line",    "seq", "sequence",  "offset", "worker",  "time", "date",   "uptime",
      "version", "ts",  "timestamp", "epoch",  "counter", "no",   "number", "index"};
  const auto last = field.find_last_of("._-");
  const auto word = last == std::string_view::npos ? field : field.substr(last + 1);
  return std::ranges::find(kNames, word) == kNames.end() && !field.ends_with("Id") && !field.ends_with("ID");
}

}  // namespace

SeriesRecogniser::Series& SeriesRecogniser::seriesOf(const std::string& key) {
  auto& series = m_series.get(key, m_options.maxKeys, [&](const auto& left) {
    m_deadlines.erase({left.second.service, left.second.scheduled, left.first});
    ++m_evicted;
  });
  if (!series.condition) series.condition = m_make();
  return series;
}

/// A deadline that has moved on stays until it is met: then the new one is asked for.
void SeriesRecogniser::schedule(const std::string& key, Series& series) {
  const auto due = series.condition->due();
  if (due >= series.scheduled) return;
  if (series.scheduled != base::TimePoint::max()) m_deadlines.erase({series.service, series.scheduled, key});
  series.scheduled = due;
  m_deadlines.emplace(series.service, due, key);
}

model::EvidenceRef SeriesRecogniser::evidenceOf(const Series& series) {
  if (!series.restored.id.empty()) return series.restored;
  model::LogBatch batch;
  batch.source = series.source;
  batch.service = series.service;
  model::LogRecord record;
  record.text = series.text;
  record.eventTime = series.time;
  record.position = series.position;
  return makeEvidence(batch, record);
}

Occurrence SeriesRecogniser::occurrenceOf(const Series& series, TimeFinding finding) {
  for (auto& [name, value] : finding.captures) value = base::validUtf8Prefix(value, 256);
  return {
      finding.time, series.service,           series.group, std::move(finding.captures), {evidenceOf(series)},
      {},           std::move(finding.manner)};
}

void SeriesRecogniser::addTo(const std::string& field, double value, const Selected& selected,
                             std::vector<Occurrence>& out) {
  const auto& service = selected.batch.service;
  const auto key = joinedKey({service, selected.group, field});
  auto& series = seriesOf(key);
  const auto& record = selected.record;
  series.service = service;
  series.group = m_options.of != Of::EveryField ? selected.group
                 : selected.group.empty()       ? field
                                                : selected.group + '/' + field;
  series.source = selected.batch.source;
  series.text.assign(record.text.substr(0, kKeptText));
  series.position = record.position;
  series.position.length = static_cast<uint32_t>(series.text.size());
  series.time = record.eventTime;
  series.restored = {};
  if (auto finding = series.condition->add(record.eventTime, value))
    out.push_back(occurrenceOf(series, *std::move(finding)));
  schedule(key, series);
}

void SeriesRecogniser::add(const Selected& selected, std::vector<Occurrence>& out) {
  switch (m_options.of) {
    case Of::Records:
      return addTo({}, 1, selected, out);
    case Of::Field:
      if (const auto value = numberOf(m_options.field, selected.record, selected.captures))
        addTo({}, *value, selected, out);
      return;
    case Of::EveryField:
      for (const auto& [name, text] : selected.record.fields) {
        const auto value = isMeasurement(name) ? numberIn(text) : std::nullopt;
        if (value) addTo(base::validUtf8Prefix(name, 128), *value, selected, out);
      }
      return;
  }
}

void SeriesRecogniser::advance(const std::string& service, base::TimePoint progress,
                               std::vector<Occurrence>& out) {
  const auto passed = progress - m_options.lateness;
  auto at = service.empty() ? m_deadlines.begin() : m_deadlines.lower_bound({service, {}, {}});
  while (at != m_deadlines.end() && (service.empty() || std::get<0>(*at) == service)) {
    const auto [of, when, key] = *at;
    if (when >= passed) {
      if (!service.empty()) return;
      at = m_deadlines.lower_bound({of + '\0', {}, {}});
      continue;
    }
    m_deadlines.erase(at);
    if (auto* series = m_series.find(key)) {
      series->scheduled = base::TimePoint::max();
      while (auto finding = series->condition->pass(passed))
        out.push_back(occurrenceOf(*series, *std::move(finding)));
      schedule(key, *series);
    }
    at = service.empty() ? m_deadlines.lower_bound({of, {}, {}}) : m_deadlines.lower_bound({service, {}, {}});
  }
}

json SeriesRecogniser::snapshot() const {
  json all = json::array();
  for (const auto& [key, series] : m_series.entries()) {
    all.push_back(
        {key, series.service, series.group, writeEvidence(evidenceOf(series)), series.condition->snapshot()});
  }
  return all;
}

void SeriesRecogniser::restore(const json& state,
                               const std::function<bool(const std::string& source)>& watched) {
  for (const auto& stored : state) {
    auto evidence = readEvidence(stored.at(3));
    if (watched && !watched(evidence.source)) continue;
    const std::string key = stored.at(0);
    auto& series = seriesOf(key);
    series.service = stored.at(1);
    series.group = stored.at(2);
    series.restored = std::move(evidence);
    series.condition->restore(stored.at(4));
    schedule(key, series);
  }
}

}  // namespace aiops::detection
