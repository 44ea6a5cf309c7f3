// Forecasts of the next peak against series whose answer is known, and against what a simple rule foresees.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <fstream>
#include <numbers>
#include <random>

#include "detection/peak_forecast.h"
#include "support/eval_data.h"

using namespace aiops;
using namespace aiops::detection;
using namespace std::chrono_literals;

namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// A Monday.
const base::TimePoint kMonday = *base::fromIso8601("2026-11-02T00:00:00Z");

base::TimePoint on(int day, double hour) {
  return kMonday + hours(24 * day) + base::Duration(static_cast<int64_t>(hour * 3.6e9));
}

/// A hill of `height` around `hour` of each day for which `days` is true, on a ground of 100.
template <class Days>
std::vector<SeriesPoint> hills(int length, double hour, double height, double noise, const Days& days) {
  std::mt19937 random(5);
  std::normal_distribution<double> error(0, noise);
  std::vector<SeriesPoint> points;
  for (int slot = 0; slot < length * 96; ++slot) {
    const int day = slot / 96;
    const double apart = (slot % 96) / 4.0 - hour;
    const double hill = days(day) ? height * std::exp(-apart * apart / 2) : 0;
    points.push_back({on(day, slot % 96 / 4.0), 100 + hill + error(random)});
  }
  return points;
}
constexpr auto kEachDay = [](int) { return true; };

/// "timestamp,value" with "2014-07-01 00:30:00".
std::vector<SeriesPoint> readSeries(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  std::vector<SeriesPoint> points;
  while (std::getline(in, line)) {
    const auto comma = line.find(',');
    auto stamp = line.substr(0, std::min<size_t>(comma, 19)) + 'Z';
    stamp[10] = 'T';
    const auto time = base::fromIso8601(stamp);
    if (time) points.push_back({*time, std::stod(line.substr(comma + 1))});
  }
  return points;
}

std::optional<double> meanWithin(std::span<const SeriesPoint> points, base::TimePoint from,
                                 base::Duration length) {
  double sum = 0;
  int count = 0;
  const auto begin = std::ranges::lower_bound(points, from, {}, &SeriesPoint::time);
  for (auto at = begin; at != points.end() && at->time < from + length; ++at, ++count) sum += at->value;
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

}  // namespace

class TestDetectionPeaks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tooLittleIsNoForecast() {
    QVERIFY(!forecastPeak({}, on(5, 0)).forecast);
    QVERIFY(!forecastPeak({}, on(5, 0)).why.empty());
    const auto two = hills(2, 9, 400, 5, kEachDay);
    const auto answer = forecastPeak(two, on(2, 0));
    QVERIFY(!answer.forecast);
    QVERIFY(answer.why.find("three past days; 2") != std::string::npos);
  }
  void noiseAndFlatSeriesHaveNoPeak() {
    QVERIFY(!forecastPeak(hills(10, 9, 0, 20, kEachDay), on(10, 0)).forecast);
    QVERIFY(!forecastPeak(hills(10, 9, 0, 0, kEachDay), on(10, 0)).forecast);
    // A walk has no day.
    std::mt19937 random(3);
    std::normal_distribution<double> step(0, 1);
    std::vector<SeriesPoint> walk;
    double value = 100;
    for (int slot = 0; slot < 10 * 96; ++slot) walk.push_back({on(0, slot / 4.0), value += step(random)});
    QVERIFY(!forecastPeak(walk, on(10, 0)).forecast);
  }
  void hostileValuesDoNoHarm() {
    auto points = hills(8, 9, 400, 5, kEachDay);
    points.push_back({on(3, 1), NAN});
    points.push_back({on(3, 2), INFINITY});
    points.push_back({on(3, 3), 1e300});
    const auto answer = forecastPeak(points, on(8, 0));
    QVERIFY(answer.forecast && std::isfinite(answer.forecast->expected));
  }
  void aDailyPeakIsForeseen_data() {
    QTest::addColumn<double>("noise");
    QTest::addColumn<bool>("gaps");
    QTest::newRow("clean") << 1.0 << false;
    QTest::newRow("noisy") << 60.0 << false;
    QTest::newRow("a day and some hours are missing") << 20.0 << true;
  }
  void aDailyPeakIsForeseen() {
    QFETCH(double, noise);
    QFETCH(bool, gaps);
    auto points = hills(10, 9, 400, noise, kEachDay);
    if (gaps) {
      std::erase_if(points, [](const SeriesPoint& p) {
        return (p.time >= on(4, 0) && p.time < on(5, 0)) || (p.time >= on(7, 2) && p.time < on(7, 6));
      });
    }
    const auto answer = forecastPeak(points, on(10, 13));
    QVERIFY2(answer.forecast, answer.why.c_str());
    const auto& found = *answer.forecast;
    QCOMPARE(found.period.count(), 24L);
    QVERIFY(std::chrono::abs(found.at - on(11, 9)) <= 1h);
    QVERIFY(std::fabs(found.expected - 500) < 60);
    QVERIFY(found.low <= found.expected && found.expected <= found.high);
    // Counted back from one in the afternoon the day that is missing spoils two periods.
    QVERIFY(found.periods >= (gaps ? 7 : 8) && found.better > 0.25);
  }
  void oneOutlierMovesNothing() {
    auto points = hills(10, 9, 400, 5, kEachDay);
    for (auto& point : points) {
      if (point.time >= on(8, 20) && point.time < on(8, 22)) point.value = 5000;
    }
    const auto answer = forecastPeak(points, on(10, 0));
    QVERIFY2(answer.forecast, answer.why.c_str());
    QVERIFY(std::chrono::abs(answer.forecast->at - on(10, 9)) <= 1h);
    QVERIFY(answer.forecast->expected < 700);
  }
  void aWeeklyPeakIsForeseen() {
    const auto points = hills(35, 14, 400, 10, [](int day) { return day % 7 == 2; });
    const auto answer = forecastPeak(points, on(35, 5));
    QVERIFY2(answer.forecast, answer.why.c_str());
    QCOMPARE(answer.forecast->period.count(), 168L);
    QVERIFY(std::chrono::abs(answer.forecast->at - on(37, 14)) <= 2h);
  }
  void fourOfFiveValuesLieBetweenTheBounds() {
    int inside = 0, all = 0;
    for (int last = 6; last < 30; ++last) {
      const auto points = hills(31, 9, 400, 40, kEachDay);
      std::span<const SeriesPoint> known(points.data(), static_cast<size_t>(last) * 96);
      const auto answer = forecastPeak(known, on(last, 0));
      QVERIFY2(answer.forecast, answer.why.c_str());
      const auto value = meanWithin(points, answer.forecast->at - 450s, 15min);
      QVERIFY(value);
      ++all;
      inside += *value >= answer.forecast->low && *value <= answer.forecast->high ? 1 : 0;
    }
    qInfo("%d of %d heights lie between the bounds", inside, all);
    QVERIFY(inside * 10 >= all * 6);
  }

  void fewOrRandomTimesHaveNoRhythm() {
    QVERIFY(!recurrence({}, on(9, 0)));
    QVERIFY(!recurrence({on(0, 9), on(1, 9), on(2, 9)}, on(2, 10)));
    std::mt19937 random(11);
    int told = 0;
    for (int round = 0; round < 300; ++round) {
      std::vector<base::TimePoint> times;
      for (int i = 0; i < 12; ++i) times.push_back(on(0, static_cast<double>(random() % 33600) / 100));
      told += recurrence(times, on(14, 0)) ? 1 : 0;
    }
    qInfo("a rhythm in %d of 300 random cases", told);
    QVERIFY(told <= 6);
  }
  void oneLongOutageIsNoRhythm() {
    std::vector<base::TimePoint> times;
    for (int i = 0; i < 40; ++i) times.push_back(on(0, 9 + i * 0.05));
    QVERIFY(!recurrence(times, on(0, 12)));
  }
  void rhythmsAreFound() {
    std::mt19937 random(2);
    const auto jitter = [&] { return (static_cast<double>(random() % 20) - 10) / 60; };
    std::vector<base::TimePoint> daily, weekdays, weekly, hourly;
    for (int day = 0; day < 14; ++day) {
      if (day != 5) daily.push_back(on(day, 9 + jitter()));
      if (day % 7 < 5) weekdays.push_back(on(day, 9 + jitter()));
    }
    for (int week = 0; week < 5; ++week) weekly.push_back(on(week * 7 + 3, 2 + jitter()));
    for (int hour = 0; hour < 12; ++hour) hourly.push_back(on(0, hour + 0.5 + jitter() / 10));
    auto found = recurrence(daily, on(13, 12));
    QVERIFY(found && !found->weekdays);
    QCOMPARE(found->period.count(), 1440L);
    QCOMPARE(found->came, 13);
    QCOMPARE(found->could, 14);
    QVERIFY(std::chrono::abs(found->next - on(14, 9)) <= 20min);
    found = recurrence(weekdays, on(11, 12));  // a Friday
    QVERIFY(found && found->weekdays);
    QVERIFY(std::chrono::abs(found->next - on(14, 9)) <= 20min);
    found = recurrence(weekly, on(31, 12));
    QVERIFY(found);
    QCOMPARE(found->period.count(), 10080L);
    QVERIFY(std::chrono::abs(found->next - on(38, 2)) <= 20min);
    found = recurrence(hourly, on(0, 11.7));
    QVERIFY(found);
    QCOMPARE(found->period.count(), 60L);
    QVERIFY(std::chrono::abs(found->next - on(0, 12.5)) <= 3min);
  }
  void whatStayedAwayIsNoRhythmAnyMore() {
    std::vector<base::TimePoint> times;
    for (int day = 0; day < 6; ++day) times.push_back(on(day, 9));
    QVERIFY(recurrence(times, on(6, 0)));
    QVERIFY(!recurrence(times, on(30, 0)));
  }
  void aroundMidnightIsOneTime() {
    std::vector<base::TimePoint> times;
    for (int day = 1; day < 9; ++day) times.push_back(on(day, day % 2 == 0 ? 0.1 : -0.1));
    const auto found = recurrence(times, on(8, 1));
    QVERIFY(found);
    QVERIFY(std::chrono::abs(found->next - on(9, 0)) <= 15min);
  }

  /// The hour from `now` on, one day ahead, against the same time yesterday.
  void backtestOnRecordedSeries() {
    const auto folder = test::evalData("nab/data");
    if (!folder) QSKIP("no evaluation data: set AIOPS_EVAL");
    double ours = 0;
    int series = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
      if (entry.path().extension() != ".csv") continue;
      const auto points = readSeries(entry.path());
      if (points.size() < 96) continue;
      double sum = 0, sumNaive = 0;
      int count = 0;
      for (auto now = points.front().time + hours(24 * 5); now < points.back().time - 1h; now += hours(25)) {
        const auto end = std::ranges::lower_bound(points, now, {}, &SeriesPoint::time);
        const std::span<const SeriesPoint> known(points.begin(), end);
        const auto foreseen = seasonalValue(known, now);
        const auto value = meanWithin(points, now, 15min), yesterday = meanWithin(points, now - 24h, 15min);
        if (!foreseen || !value || !yesterday) continue;
        sum += std::fabs(*foreseen - *value);
        sumNaive += std::fabs(*yesterday - *value);
        ++count;
      }
      if (count < 5 || sumNaive == 0) continue;
      qInfo("%-45s %3d forecasts, error %.3f of that of yesterday's value", entry.path().filename().c_str(),
            count, sum / sumNaive);
      ours += std::log(std::max(sum / sumNaive, 1e-3));
      ++series;
    }
    QVERIFY(series > 3);
    qInfo("%d series: error %.3f of that of yesterday's value (geometric mean)", series,
          std::exp(ours / series));
    QVERIFY(std::exp(ours / series) < 1);
  }
};

QTEST_GUILESS_MAIN(TestDetectionPeaks)
#include "tst_detection_peaks.moc"
