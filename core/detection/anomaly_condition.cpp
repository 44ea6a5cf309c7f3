// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/anomaly_condition.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "detection/baseline.h"
#include "detection/bucket_ring.h"

namespace aiops::detection {
namespace {

using base::Duration;
using base::TimePoint;
using nlohmann::json;

constexpr TimePoint kNever = TimePoint::max();
constexpr int64_t kMostEmpty = 500;  // buckets of a silence that are learnt
constexpr size_t kMostSlack = 256;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// A baseline with what an operator wants told of it.
class Judge {
 public:
  Judge(double sensitivity, Direction direction)
      : m_threshold(alarmThreshold(sensitivity)), m_direction(direction) {}

  std::optional<TimeFinding> add(TimePoint time, double value, const std::string& unit) {
    const auto score = m_baseline.add(time, value);
    using Way = BaselineScore::Direction;
    const bool wanted = m_direction == Direction::Both ||
                        (m_direction == Direction::Up && score.direction == Way::Above) ||
                        (m_direction == Direction::Down && score.direction == Way::Below);
    if (!score.warm || score.alarm < m_threshold || !wanted) return std::nullopt;
    return TimeFinding{time,
                       {{"value", number(value)},
                        {"usual", number(score.expected)},
                        {"score", number(score.alarm)},
                        {"explanation", number(value) + unit + ", where " + number(score.expected) +
                                            " give or take " + number(score.spread) + " is usual"}},
                       score.direction == Way::Below ? "below" : "above"};
  }
  json snapshot() const { return m_baseline.snapshot(); }
  void restore(const json& state) {
    if (auto restored = Baseline::restore(state.get_ref<const std::string&>())) m_baseline = *restored;
  }

 private:
  Baseline m_baseline;
  const double m_threshold;
  const Direction m_direction;
};

class RateAnomaly final : public TimeCondition {
 public:
  RateAnomaly(const AnomalyKind& kind, double sensitivity, Duration lateness)
      : m_ring(kind.bucket, 3 + std::min<size_t>(kMostSlack, static_cast<size_t>(lateness / kind.bucket))),
        m_judge(sensitivity, kind.direction),
        m_unit(" in " + std::to_string(kind.bucket.count()) + " s") {}

  std::optional<TimeFinding> add(TimePoint time, double) override {
    const bool fresh = m_ring.empty();
    if (m_ring.add(time, 1) && fresh) m_judged = m_ring.newest();  // the first one is not whole
    return std::nullopt;
  }
  std::optional<TimeFinding> pass(TimePoint passed) override {
    if (m_ring.empty()) return std::nullopt;
    const auto last = std::min(m_ring.numberOf(passed) - 1, m_ring.newest() + kMostEmpty);
    while (m_judged < last) {
      const auto count = static_cast<double>(m_ring[++m_judged].count);
      if (auto finding = m_judge.add(m_ring.endOf(m_judged), count, m_unit)) return finding;
    }
    return std::nullopt;
  }
  TimePoint due() const override {
    return m_ring.empty() || m_judged >= m_ring.newest() + kMostEmpty ? kNever : m_ring.endOf(m_judged + 1);
  }
  json snapshot() const override { return {m_ring.snapshot(), m_judged, m_judge.snapshot()}; }
  void restore(const json& state) override {
    m_ring.restore(state.at(0));
    if (m_ring.empty()) return;
    m_judged = state.at(1);
    m_judge.restore(state.at(2));
  }

 private:
  BucketRing m_ring;
  Judge m_judge;
  const std::string m_unit;
  int64_t m_judged = 0;
};

class ValueAnomaly final : public TimeCondition {
 public:
  ValueAnomaly(const AnomalyKind& kind, double sensitivity) : m_judge(sensitivity, kind.direction) {}

  std::optional<TimeFinding> add(TimePoint time, double value) override {
    return m_judge.add(time, value, {});
  }
  std::optional<TimeFinding> pass(TimePoint) override { return std::nullopt; }
  TimePoint due() const override { return kNever; }
  json snapshot() const override { return m_judge.snapshot(); }
  void restore(const json& state) override { m_judge.restore(state); }

 private:
  Judge m_judge;
};

class Silence final : public TimeCondition {
 public:
  explicit Silence(double sensitivity) : m_factor(4.5 / sensitivity) {}

  std::optional<TimeFinding> add(TimePoint time, double) override {
    if (m_count == 0) m_last = time;
    ++m_count;
    if (time < m_last) return std::nullopt;
    const auto pause = time - m_last;
    // A silence that was told is no usual pause; an old one is forgotten after two blocks.
    if (!m_told) m_longest = std::max(m_longest, pause);
    if (m_count % kBlock == 0) {
      m_before = m_longest;
      m_longest = Duration(0);
    }
    m_told = false;
    m_last = time;
    return std::nullopt;
  }
  std::optional<TimeFinding> pass(TimePoint passed) override {
    if (passed <= due()) return std::nullopt;
    m_told = true;
    const auto length = std::chrono::duration<double>(pauseAllowed()).count();
    const auto usual = std::chrono::duration<double>(std::max(m_longest, m_before)).count();
    return TimeFinding{
        m_last + pauseAllowed(),
        {{"value", number(length)},
         {"usual", number(usual)},
         {"explanation", "nothing for " + number(length) + " s, where pauses last " + number(usual) +
                             " s at most, the last at " + base::toIso8601(m_last)}}};
  }
  TimePoint due() const override { return m_told || m_count < kEnough ? kNever : m_last + pauseAllowed(); }
  json snapshot() const override {
    return {m_count, m_last.time_since_epoch().count(), m_longest.count(), m_before.count(), m_told};
  }
  void restore(const json& state) override {
    m_count = state.at(0);
    m_last = TimePoint(Duration(state.at(1).get<int64_t>()));
    m_longest = Duration(state.at(2).get<int64_t>());
    m_before = Duration(state.at(3).get<int64_t>());
    m_told = state.at(4);
  }

 private:
  static constexpr uint64_t kEnough = 50, kBlock = 1000;

  Duration pauseAllowed() const {
    const auto longest = static_cast<double>(std::max(m_longest, m_before).count()) * m_factor;
    return std::max(Duration(std::chrono::seconds(6)), Duration(static_cast<int64_t>(longest)));
  }

  const double m_factor;
  uint64_t m_count = 0;
  TimePoint m_last{};
  Duration m_longest{0}, m_before{0};
  bool m_told = false;
};

}  // namespace

std::unique_ptr<TimeCondition> makeAnomalyCondition(const AnomalyKind& kind, double sensitivity,
                                                    Duration lateness) {
  switch (kind.of) {
    case AnomalyOf::Rate:
      return std::make_unique<RateAnomaly>(kind, sensitivity, lateness);
    case AnomalyOf::Value:
      return std::make_unique<ValueAnomaly>(kind, sensitivity);
    case AnomalyOf::Silence:
      return std::make_unique<Silence>(sensitivity);
    case AnomalyOf::NewTemplate:
    case AnomalyOf::TemplateShare:
      break;
  }
  return nullptr;
}

}  // namespace aiops::detection
