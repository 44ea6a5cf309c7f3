// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/zone_inference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

#include "parsing/zone_offsets.h"

namespace aiops::parsing {
namespace {

using std::chrono::minutes;
using Lines = std::map<int64_t, uint32_t>;

// How close two lines are when they count as one activity, and how much earlier or later than its neighbours
// a source may begin or end; seconds.
constexpr int64_t kBucket = 5;
constexpr int64_t kEdge = 120;
// Shares of lines that come at any time within what the neighbours cover, and at any time of the day.
constexpr double kWithin = 0.2;
constexpr double kOutside = 0.01;
constexpr double kDay = 26.0 * 3600;  // from -12:00 to +14:00
// Lines of one second are one witness, at most this strong; nats.
constexpr double kWitnessMost = 4.0;
// Odds of 100 to 1 against the next best offset, for each of the offsets tried; nats.
constexpr double kEnough = 8.3;
// More seconds of one source are thinned out evenly.
constexpr size_t kWitnesses = 20'000;

constexpr double kOffTheHourHandicap = 2.0;  // nats: few places

/// How likely a second is to have a line, from the lines of sources with zones.
class Activity {
 public:
  explicit Activity(const Lines& lines) {
    if (lines.empty()) return;
    m_first = lines.begin()->first - kEdge;
    m_last = lines.rbegin()->first + kEdge;
    std::unordered_map<int64_t, double> counts;
    double total = 0;
    for (const auto& [second, count] : lines) {
      const double weight = 1 + std::log(count);  // a burst of thousands is one activity
      counts[floorDiv(second)] += weight;
      total += weight;
    }
    for (const auto& [bucket, weight] : counts) {
      for (const int64_t near : {bucket - 1, bucket, bucket + 1})
        m_density[near] += weight * (near == bucket ? 0.5 : 0.25) / (total * kBucket);
    }
  }

  bool empty() const { return m_density.empty(); }

  int64_t span() const { return m_last - m_first + 1; }

  /// How much more likely a line in this second is than one at any time within what is covered; nats.
  /// `outsideTells`: a second outside is unlikely, else it tells nothing.
  double witness(int64_t second, bool outsideTells) const {
    const double uniform = 1.0 / static_cast<double>(span());
    const double anywhere = kOutside / kDay / uniform;
    if (second < m_first || second > m_last) return outsideTells ? std::log(anywhere) : 0;
    const auto found = m_density.find(floorDiv(second));
    const double active = found == m_density.end() ? 0 : (1 - kWithin - kOutside) * found->second / uniform;
    return std::min(std::log(anywhere + kWithin + active), kWitnessMost);
  }

 private:
  static int64_t floorDiv(int64_t second) {
    return second >= 0 ? second / kBucket : -((-second + kBucket - 1) / kBucket);
  }

  int64_t m_first = 0;
  int64_t m_last = -1;
  std::unordered_map<int64_t, double> m_density;  ///< per second, by bucket
};

struct Candidate {
  int offset = 0;
  double handicap = 0;
};

std::vector<Candidate> candidates() {
  std::vector<Candidate> all;
  for (int hour = kFirstHour; hour <= kLastHour; ++hour) all.push_back({hour * 60, 0});
  for (const int offset : kOffTheHour) all.push_back({offset, kOffTheHourHandicap});
  return all;
}

std::vector<int64_t> witnesses(const Lines& lines) {
  std::vector<int64_t> seconds;
  const size_t step = lines.size() / kWitnesses + 1;
  size_t index = 0;
  for (const auto& [second, count] : lines) {
    if (index++ % step == 0) seconds.push_back(second);
  }
  return seconds;
}

std::optional<minutes> fittingOffset(const Lines& lines, const Activity& activity) {
  const auto seconds = witnesses(lines);
  const auto span = seconds.back() - seconds.front();
  if (span > 2 * activity.span()) return std::nullopt;  // most of it is beside what the neighbours cover
  const bool fitsInside = span <= activity.span();
  double best = -std::numeric_limits<double>::infinity(), second = best;
  int bestOffset = 0;
  for (const auto& [offset, handicap] : candidates()) {
    double score = -handicap;
    for (const auto local : seconds) score += activity.witness(local - offset * 60, fitsInside);
    if (score > best) {
      second = best;
      best = score;
      bestOffset = offset;
    } else {
      second = std::max(second, score);
    }
  }
  if (best - second < kEnough) return std::nullopt;
  return minutes(bestOffset);
}

}  // namespace

void ZoneInference::add(std::string_view source, base::TimePoint time, bool zoned) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (zoned) {
    ++m_zoned[second];
    return;
  }
  auto known = m_zoneless.find(source);
  if (known == m_zoneless.end()) known = m_zoneless.try_emplace(std::string(source)).first;
  ++known->second.lines[second];
}

std::map<std::string, minutes> ZoneInference::offsets() const {
  std::map<std::string, minutes> decided;
  auto zoned = m_zoned;
  for (bool more = true; more;) {
    more = false;
    const Activity activity(zoned);
    if (activity.empty()) break;
    for (const auto& [source, seconds] : m_zoneless) {
      if (decided.contains(source)) continue;
      const auto offset = fittingOffset(seconds.lines, activity);
      if (!offset) continue;
      decided[source] = *offset;
      more = true;
      for (const auto& [local, count] : seconds.lines) zoned[local - offset->count() * 60] += count;
    }
  }
  return decided;
}

}  // namespace aiops::parsing
