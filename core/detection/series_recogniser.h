// Watches series: how often a service's records come, or the numbers in them. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <set>
#include <tuple>

#include "detection/key_map.h"
#include "detection/recogniser.h"
#include "detection/time_condition.h"

namespace aiops::detection {

/// One TimeCondition for each series: of a service and group the selected records themselves, the values of a
/// field, or every numeric field that is no identifier (then the field's name is part of the group). The
/// newest record of a series is kept as what a finding rests on.
class SeriesRecogniser final : public Recogniser {
 public:
  enum class Of : uint8_t { Records, Field, EveryField };
  using MakeCondition = std::function<std::unique_ptr<TimeCondition>()>;

  struct Options {
    Of of = Of::Records;
    std::string field;
    base::Duration lateness{0};
    size_t maxKeys = 10'000;
  };

  SeriesRecogniser(Options options, MakeCondition make)
      : m_options(std::move(options)), m_make(std::move(make)) {}

  void add(const Selected& selected, std::vector<Occurrence>& out) override;
  void advance(const std::string& service, base::TimePoint progress, std::vector<Occurrence>& out) override;
  uint64_t takeEvicted() override { return std::exchange(m_evicted, 0); }
  nlohmann::json snapshot() const override;
  void restore(const nlohmann::json& state,
               const std::function<bool(const std::string& source)>& watched) override;

 private:
  struct Series {
    std::string service;
    std::string group;
    std::string source;
    std::string text;  ///< of the newest record
    model::BytePosition position;
    base::TimePoint time;
    model::EvidenceRef restored;  ///< stands for the newest record until one comes; its id is empty then
    base::TimePoint scheduled = base::TimePoint::max();
    std::unique_ptr<TimeCondition> condition;
  };
  using Deadline = std::tuple<std::string, base::TimePoint, std::string>;  ///< service, when, key

  void addTo(const std::string& field, double value, const Selected& selected, std::vector<Occurrence>& out);
  Series& seriesOf(const std::string& key);
  void schedule(const std::string& key, Series& series);
  static model::EvidenceRef evidenceOf(const Series& series);
  static Occurrence occurrenceOf(const Series& series, TimeFinding finding);

  const Options m_options;
  const MakeCondition m_make;
  KeyMap<Series> m_series;
  std::set<Deadline> m_deadlines;
  uint64_t m_evicted = 0;
};

}  // namespace aiops::detection
