// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/time_condition.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "detection/bucket_ring.h"

namespace aiops::detection {
namespace {

using base::Duration;
using base::TimePoint;
using nlohmann::json;

constexpr TimePoint kNever = TimePoint::max();
constexpr size_t kMostSlack = 64;  // parts kept for records that come late

int64_t micros(TimePoint time) {
  return time.time_since_epoch().count();
}
TimePoint timeAt(const json& value) {
  return TimePoint(Duration(value.get<int64_t>()));
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

double seconds(Duration time) {
  return std::chrono::duration<double>(time).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// What conditions over parts share: parts are judged in order, each once.
class OverParts : public TimeCondition {
 public:
  OverParts(Duration window, size_t parts, Duration lateness)
      : m_window(window),
        m_parts(static_cast<int64_t>(parts)),
        m_ring(window / static_cast<int64_t>(parts),
               parts + 2 + std::min<size_t>(kMostSlack, slack(window, parts, lateness))) {}

  std::optional<TimeFinding> add(TimePoint time, double value) override {
    const bool fresh = m_ring.empty();
    if (!m_ring.add(time, value)) return std::nullopt;
    if (fresh) m_judged = m_ring.newest() - 1;
    return early(time, value);
  }
  std::optional<TimeFinding> pass(TimePoint passed) override {
    if (m_ring.empty()) return std::nullopt;
    const auto last = m_ring.numberOf(passed) - 1;
    // Of a long silence only what the newest window shows is worth a look.
    m_judged = std::max(m_judged, std::min(last, m_ring.newest() + m_parts) - m_parts - 1);
    while (m_judged < std::min(last, m_ring.newest() + m_parts)) {
      if (auto finding = settle(++m_judged)) return finding;
    }
    return std::nullopt;
  }
  TimePoint due() const override {
    if (m_ring.empty() || m_judged >= m_ring.newest() + m_parts) return kNever;
    return m_ring.endOf(m_judged + 1);
  }
  json snapshot() const override { return {m_ring.snapshot(), m_judged, m_holds, micros(m_told)}; }
  void restore(const json& state) override {
    m_ring.restore(state.at(0));
    if (m_ring.empty()) return;
    m_judged = state.at(1);
    m_holds = state.at(2);
    m_told = timeAt(state.at(3));
  }

 protected:
  /// What there is to say when the window that ends with part `last` holds; nothing when it doesn't.
  virtual std::optional<TimeFinding> judge(int64_t last) const = 0;
  /// What can be said before the part is over.
  virtual std::optional<TimeFinding> early(TimePoint, double) { return std::nullopt; }

  bool covered(int64_t last) const { return m_ring.first() <= last - m_parts + 1; }
  /// `finding` is told unless one was within this window.
  std::optional<TimeFinding> tell(TimeFinding finding) {
    if (m_holds && finding.time < m_told + m_window) return std::nullopt;
    m_holds = true;
    m_told = finding.time;
    return finding;
  }

  const Duration m_window;
  const int64_t m_parts;
  BucketRing m_ring;

 private:
  static size_t slack(Duration window, size_t parts, Duration lateness) {
    const auto width = std::max<int64_t>(window.count() / static_cast<int64_t>(parts), 1);
    return static_cast<size_t>(lateness.count() / width) + 1;
  }
  std::optional<TimeFinding> settle(int64_t last) {
    auto finding = judge(last);
    if (finding) return tell(*std::move(finding));
    // Parts from before what was told early say nothing about it.
    if (m_ring.endOf(last) > m_told) m_holds = false;
    return std::nullopt;
  }

  int64_t m_judged = 0;
  bool m_holds = false;
  TimePoint m_told{};
};

class RateSpike final : public OverParts {
 public:
  RateSpike(const TemporalKind& kind, Duration lateness)
      : OverParts(kind.window, 10, lateness), m_ratio(kind.threshold.value_or(3)) {}

 private:
  std::optional<TimeFinding> judge(int64_t last) const override { return look(last, m_ring.endOf(last)); }
  std::optional<TimeFinding> early(TimePoint time, double) override {
    const auto now = m_ring.numberOf(time);
    auto finding = now == m_ring.newest() ? look(now, time) : std::nullopt;
    return finding ? tell(*std::move(finding)) : std::nullopt;
  }
  std::optional<TimeFinding> look(int64_t last, TimePoint time) const {
    if (!covered(last)) return std::nullopt;
    double before = 0;
    for (auto part = last - m_parts + 1; part < last; ++part)
      before += static_cast<double>(m_ring[part].count);
    const double usual = before / static_cast<double>(m_parts - 1);
    const auto count = static_cast<double>(m_ring[last].count);
    if (count < m_ratio * usual || count - usual < 4 * std::sqrt(std::max(usual, 1.0)) + 3)
      return std::nullopt;
    const auto each = seconds(m_ring.width());
    return TimeFinding{time,
                       {{"value", number(count / each)},
                        {"usual", number(usual / each)},
                        {"explanation", number(count) + " in " + number(each) + " s, where " + number(usual) +
                                            " are usual"}}};
  }

  const double m_ratio;
};

class ValueSpike final : public OverParts {
 public:
  ValueSpike(const TemporalKind& kind, Duration lateness)
      : OverParts(kind.window, 10, lateness), m_ratio(kind.threshold.value_or(3)) {}

 private:
  static constexpr size_t kEnough = 5;

  std::optional<TimeFinding> judge(int64_t last) const override {
    const auto bucket = m_ring[last];
    return bucket.count == 0 ? std::nullopt : look(last, bucket.mean(), m_ring.endOf(last));
  }
  std::optional<TimeFinding> early(TimePoint time, double value) override {
    auto finding = look(m_ring.numberOf(time), value, time);
    return finding ? tell(*std::move(finding)) : std::nullopt;
  }
  std::optional<TimeFinding> look(int64_t last, double value, TimePoint time) const {
    std::vector<double> before;
    for (auto part = last - m_parts; part < last; ++part) {
      if (const auto bucket = m_ring[part]; bucket.count > 0) before.push_back(bucket.mean());
    }
    if (before.size() < kEnough) return std::nullopt;
    const double usual = median(before);
    for (auto& mean : before) mean = std::abs(mean - usual);
    const double spread = median(std::move(before));
    if (value < m_ratio * usual || value <= usual || value - usual <= 6 * spread) return std::nullopt;
    return TimeFinding{time,
                       {{"value", number(value)},
                        {"usual", number(usual)},
                        {"explanation", number(value) + ", where " + number(usual) + " is usual"}}};
  }

  const double m_ratio;
};

class SustainedRate final : public OverParts {
 public:
  SustainedRate(const TemporalKind& kind, Duration lateness)
      : OverParts(kind.window, partsOf(kind), lateness), m_threshold(kind.threshold.value_or(1)) {}

 private:
  static size_t partsOf(const TemporalKind& kind) {
    const double expected = kind.threshold.value_or(1) * static_cast<double>(kind.window.count());
    return static_cast<size_t>(std::clamp(expected / 3, 1.0, 10.0));
  }
  std::optional<TimeFinding> judge(int64_t last) const override {
    if (!covered(last)) return std::nullopt;
    const double each = seconds(m_ring.width());
    uint64_t all = 0;
    for (auto part = last - m_parts + 1; part <= last; ++part) {
      const auto count = m_ring[part].count;
      if (static_cast<double>(count) < m_threshold * each) return std::nullopt;
      all += count;
    }
    const auto rate = number(static_cast<double>(all) / seconds(m_window));
    return TimeFinding{m_ring.endOf(last),
                       {{"value", rate},
                        {"usual", number(m_threshold)},
                        {"explanation", rate + " a second for " + number(seconds(m_window)) + " s"}}};
  }

  const double m_threshold;
};

class SustainedValue final : public OverParts {
 public:
  SustainedValue(const TemporalKind& kind, Duration lateness)
      : OverParts(kind.window, 10, lateness), m_threshold(kind.threshold.value_or(0)) {}

 private:
  std::optional<TimeFinding> judge(int64_t last) const override {
    uint64_t count = 0;
    double least = std::numeric_limits<double>::infinity();
    for (auto part = last - m_parts + 1; part <= last; ++part) {
      const auto bucket = m_ring[part];
      count += bucket.count;
      least = std::min(least, bucket.least);
    }
    const bool whole = covered(last) && m_ring[last].count > 0 && m_ring[last - m_parts + 1].count > 0;
    if (!whole || count < 3 || least < m_threshold) return std::nullopt;
    return TimeFinding{
        m_ring.endOf(last),
        {{"value", number(least)},
         {"usual", number(m_threshold)},
         {"explanation", "never below " + number(least) + " for " + number(seconds(m_window)) + " s"}}};
  }

  const double m_threshold;
};

class SustainedGrowth final : public OverParts {
 public:
  SustainedGrowth(const TemporalKind& kind, bool ofValues, Duration lateness)
      : OverParts(kind.window, 20, lateness),
        m_threshold(kind.threshold.value_or(0.8)),
        m_ofValues(ofValues) {}

 private:
  static constexpr size_t kEnough = 8;
  static constexpr double kMaterial = 0.1;  // growth over the window, of the level

  struct Point {
    double at = 0;  ///< part
    double level = 0;
  };

  std::vector<Point> points(int64_t last) const {
    std::vector<Point> out;
    for (auto part = last - m_parts + 1; part <= last; ++part) {
      const auto bucket = m_ring[part];
      if (m_ofValues && bucket.count == 0) continue;
      out.push_back(
          {static_cast<double>(part), m_ofValues ? bucket.mean() : static_cast<double>(bucket.count)});
    }
    return out;
  }
  std::optional<TimeFinding> judge(int64_t last) const override {
    if (!covered(last)) return std::nullopt;
    const auto all = points(last);
    const auto begin = static_cast<double>(last - m_parts + 1);
    if (all.size() < kEnough || all.front().at > begin + 2 || all.back().at < static_cast<double>(last) - 2)
      return std::nullopt;
    double rises = 0;
    std::vector<double> slopes, levels;
    for (size_t i = 0; i < all.size(); ++i) {
      levels.push_back(std::abs(all[i].level));
      for (size_t j = i + 1; j < all.size(); ++j) {
        rises += all[j].level > all[i].level ? 1 : all[j].level == all[i].level ? 0.5 : 0;
        slopes.push_back((all[j].level - all[i].level) / (all[j].at - all[i].at));
      }
    }
    const double share = rises / static_cast<double>(slopes.size());
    const double growth = median(std::move(slopes)) * static_cast<double>(m_parts);
    if (share < m_threshold || growth < kMaterial * median(std::move(levels)) || growth <= 0)
      return std::nullopt;
    return TimeFinding{m_ring.endOf(last),
                       {{"value", number(all.back().level)},
                        {"usual", number(all.front().level)},
                        {"explanation", "from " + number(all.front().level) + " to " +
                                            number(all.back().level) + " in " + number(seconds(m_window)) +
                                            " s, " + number(share * 100) + " % of the way rising"}}};
  }

  const double m_threshold;
  const bool m_ofValues;
};

class Absence final : public TimeCondition {
 public:
  explicit Absence(const TemporalKind& kind) : m_window(kind.window) {}

  std::optional<TimeFinding> add(TimePoint time, double) override {
    if (!m_last || time > *m_last) m_told = false;
    m_last = std::max(m_last.value_or(time), time);
    return std::nullopt;
  }
  std::optional<TimeFinding> pass(TimePoint passed) override {
    if (!m_last || m_told || passed <= *m_last + m_window) return std::nullopt;
    m_told = true;
    const auto length = number(seconds(m_window));
    return TimeFinding{
        *m_last + m_window,
        {{"value", "0"},
         {"explanation", "nothing for " + length + " s, the last at " + base::toIso8601(*m_last)}}};
  }
  TimePoint due() const override { return m_last && !m_told ? *m_last + m_window : kNever; }
  json snapshot() const override { return m_last ? json{micros(*m_last), m_told} : json::array(); }
  void restore(const json& state) override {
    if (state.empty()) return;
    m_last = timeAt(state.at(0));
    m_told = state.at(1);
  }

 private:
  const Duration m_window;
  std::optional<TimePoint> m_last;
  bool m_told = false;
};

class Periodic final : public TimeCondition {
 public:
  std::optional<TimeFinding> add(TimePoint time, double) override {
    m_beats.insert(std::ranges::upper_bound(m_beats, time), time);
    while (m_beats.size() > kMost) m_beats.pop_front();
    m_missed = 0;
    learn();
    return std::nullopt;
  }
  std::optional<TimeFinding> pass(TimePoint passed) override {
    if (m_period.count() == 0 || m_missed > 0 || passed <= due()) return std::nullopt;
    ++m_missed;
    const auto expected = m_beats.back() + m_period;
    return TimeFinding{
        expected,
        {{"value", number(seconds(m_period))},
         {"explanation", "comes each " + number(seconds(m_period)) + " s, the last at " +
                             base::toIso8601(m_beats.back()) + ", and not at " + base::toIso8601(expected)}}};
  }
  TimePoint due() const override {
    return m_period.count() == 0 || m_missed > 0 ? kNever : m_beats.back() + m_period + m_period / 4;
  }
  json snapshot() const override {
    json beats = json::array();
    for (const auto beat : m_beats) beats.push_back(micros(beat));
    return {std::move(beats), m_missed, m_period.count()};
  }
  void restore(const json& state) override {
    m_beats.clear();
    for (const auto& beat : state.at(0)) m_beats.push_back(timeAt(beat));
    std::ranges::sort(m_beats);
    m_missed = state.at(1);
    m_period = Duration(state.at(2).get<int64_t>());
    if (m_beats.empty()) m_period = Duration(0);
  }

 private:
  static constexpr size_t kMost = 32, kIntervals = 5;

  /// One beat may be several records close together: gaps below a tenth of the long ones are inside a beat.
  /// The newest intervals must be alike; a beat that was missed makes one of about twice or three times the
  /// length.
  void learn() {
    std::vector<Duration> gaps;
    for (size_t i = 1; i < m_beats.size(); ++i) gaps.push_back(m_beats[i] - m_beats[i - 1]);
    if (gaps.size() < kIntervals) return;
    auto sorted = gaps;
    std::ranges::sort(sorted);
    const auto inside = sorted[sorted.size() * 9 / 10] / 10;
    std::vector<Duration> intervals;
    Duration sum{0};
    for (const auto gap : gaps) {
      sum += gap;
      if (gap <= inside) continue;
      intervals.push_back(sum);
      sum = Duration(0);
    }
    if (intervals.size() < kIntervals) return;
    intervals.erase(intervals.begin(), intervals.end() - static_cast<ptrdiff_t>(std::min<size_t>(
                                                             intervals.size(), 2 * kIntervals)));
    auto ordered = intervals;
    std::ranges::sort(ordered);
    const auto usual = ordered[ordered.size() / 2];
    const auto alike = std::ranges::count_if(intervals, [&](Duration interval) {
      const auto times = std::max<int64_t>(1, (interval + usual / 2) / usual);
      const auto off = std::chrono::abs(interval - times * usual);
      return times <= 3 && off <= usual / 8;
    });
    const bool regular = static_cast<size_t>(alike) * 10 >= intervals.size() * 9;
    m_period = regular && usual.count() > 0 ? usual : Duration(0);
  }

  std::deque<TimePoint> m_beats;
  uint32_t m_missed = 0;
  Duration m_period{0};
};

}  // namespace

std::unique_ptr<TimeCondition> makeTimeCondition(const TemporalKind& kind, bool ofValues, Duration lateness) {
  switch (kind.condition) {
    case TemporalCondition::Spike:
      if (ofValues) return std::make_unique<ValueSpike>(kind, lateness);
      return std::make_unique<RateSpike>(kind, lateness);
    case TemporalCondition::SustainedRate:
      if (ofValues) return std::make_unique<SustainedValue>(kind, lateness);
      return std::make_unique<SustainedRate>(kind, lateness);
    case TemporalCondition::SustainedGrowth:
      return std::make_unique<SustainedGrowth>(kind, ofValues, lateness);
    case TemporalCondition::Periodic:
      return std::make_unique<Periodic>();
    case TemporalCondition::Absence:
      return std::make_unique<Absence>(kind);
  }
  return nullptr;
}

}  // namespace aiops::detection
