// Baselines on generated series whose truth is known, false alarms on noise, snapshots, and the NAB score.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "detection/baseline.h"
#include "support/eval_data.h"

using namespace aiops;
using detection::Baseline;
using detection::BaselineScore;

namespace {

const base::TimePoint kStart = *base::fromIso8601("2026-03-02T00:00:00Z");

base::TimePoint at(int index, int seconds) {
  return kStart + std::chrono::seconds(int64_t{index} * seconds);
}

/// The same numbers on every machine, unlike the distributions of the standard library.
class Noise {
 public:
  explicit Noise(uint64_t seed) : m_random(seed) {}
  double even() { return static_cast<double>(m_random() >> 11) * 0x1p-53; }
  double normal() { return std::sqrt(-2 * std::log(1 - even())) * std::cos(2 * M_PI * even()); }
  double heavy() {  // Student's t with three degrees of freedom
    const double a = normal(), b = normal(), c = normal();
    return normal() / std::sqrt((a * a + b * b + c * c) / 3);
  }

 private:
  std::mt19937_64 m_random;
};

using Series = std::function<double(Noise&, int)>;

/// The indices that are alarmed on.
std::vector<int> alarms(const Series& series, int count, uint64_t seed, int seconds = 60,
                        double sensitivity = detection::kDefaultSensitivity) {
  Noise noise(seed);
  Baseline baseline;
  std::vector<int> out;
  for (int i = 0; i < count; ++i) {
    const auto found = baseline.add(at(i, seconds), series(noise, i));
    if (found.alarm >= detection::alarmThreshold(sensitivity)) out.push_back(i);
  }
  return out;
}

int within(const std::vector<int>& found, int from, int to) {
  return static_cast<int>(std::ranges::count_if(found, [&](int i) { return i >= from && i < to; }));
}

/// Level 100 with a spread of 5 from `from` to `to`, `other` behind.
Series shifted(int when, double other) {
  return [=](Noise& noise, int i) { return (i < when ? 100 : other) + 5 * noise.normal(); };
}

struct Labelled {
  std::vector<std::string> times;
  std::vector<double> scores;
  std::vector<std::pair<size_t, size_t>> windows;
};

Labelled scored(const std::filesystem::path& file, const nlohmann::json& windows) {
  Labelled out;
  Baseline baseline;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    out.times.push_back(line.substr(0, 19));
    auto iso = out.times.back() + "Z";
    iso[10] = 'T';
    out.scores.push_back(
        baseline.add(*base::fromIso8601(iso), std::stod(line.substr(line.find(',') + 1))).score);
  }
  for (const auto& window : windows) {
    const auto index = [&](size_t end) {
      const auto found = std::ranges::find(out.times, window[end].get<std::string>().substr(0, 19));
      return static_cast<size_t>(found - out.times.begin());
    };
    out.windows.emplace_back(index(0), index(1));
  }
  return out;
}

double sigmoid(double x) {
  return x > 3 ? -1 : 2 / (1 + std::exp(5 * x)) - 1;
}

/// NAB's standard profile at a fixed threshold: what the alarms of one file are worth, all misses counted.
double worth(const Labelled& series, double threshold) {
  const auto count = series.scores.size();
  const auto quiet = std::min<size_t>(static_cast<size_t>(0.15 * static_cast<double>(count)), 750);
  std::vector<double> best(series.windows.size(), -1);
  double total = 0;
  size_t next = 0;
  for (size_t i = 0; i < count; ++i) {
    while (next < series.windows.size() && i > series.windows[next].second) ++next;
    if (i < quiet || series.scores[i] < threshold) continue;
    if (next < series.windows.size() && i >= series.windows[next].first) {
      const auto [left, right] = series.windows[next];
      const double place = -static_cast<double>(right - i + 1) / static_cast<double>(right - left + 1);
      best[next] = std::max(best[next], sigmoid(place) / sigmoid(-1));
    } else if (next == 0) {
      total -= 0.11;
    } else {
      const auto [left, right] = series.windows[next - 1];
      total += 0.11 * sigmoid(static_cast<double>(i - right) / static_cast<double>(right - left));
    }
  }
  for (const double value : best) total += value;
  return total;
}

}  // namespace

class TestDetectionBaseline : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void refusesWhatIsNoNumber() {
    Baseline baseline, same;
    for (int i = 0; i < 200; ++i) {
      baseline.add(at(i, 60), i % 7);
      same.add(at(i, 60), i % 7);
    }
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e31, -1e308}) {
      const auto found = baseline.add(at(200, 60), bad);
      QVERIFY(!found.accepted && found.score == 0);
    }
    QVERIFY(baseline.snapshot() == same.snapshot());
  }

  void staysFiniteWithHugeValues() {
    Baseline baseline;
    for (int i = 0; i < 2000; ++i) {
      const double value = (i % 2 ? 1 : -1) * std::pow(10, (i * 7) % 31);
      const auto found = baseline.add(at(i, 60), i % 3 ? value : 0);
      QVERIFY(found.accepted && std::isfinite(found.expected) && std::isfinite(found.z) && found.spread > 0);
      QVERIFY(found.score >= 0 && found.score < 1);
    }
    QVERIFY(Baseline::restore(baseline.snapshot()).has_value());
  }

  void takesTimesInAnyOrder() {
    Noise noise(3);
    Baseline baseline;
    int count = 0;
    for (int i = 0; i < 3000; ++i) {
      const auto time = i % 50 == 0 ? at(i - 40, 60) : i % 77 == 0 ? at(-i * 1000, 60) : at(i, 60);
      const auto found = baseline.add(time, 100 + 5 * noise.normal());
      QVERIFY(found.accepted);
      count += found.alarm >= detection::alarmThreshold();
    }
    QVERIFY(count <= 2);
  }

  void sensitivityIsMonotone() {
    double before = 1;
    for (double sensitivity = 0.1; sensitivity <= 10; sensitivity += 0.1) {
      const double now = detection::scoreThreshold(sensitivity);
      QVERIFY(now > 0 && now < before);
      before = now;
    }
    for (double sensitivity = 0.1; sensitivity <= 10; sensitivity += 0.1)
      QVERIFY(detection::alarmThreshold(sensitivity) > detection::scoreThreshold(sensitivity));
    QVERIFY(qFuzzyCompare(detection::alarmThreshold(1.5), detection::scoreOfSurprise(4)));
    QVERIFY(detection::alarmThreshold(std::nan("")) == detection::alarmThreshold(0.1));
    QVERIFY(detection::scoreThreshold(0) == detection::scoreThreshold(0.1));
    QVERIFY(detection::scoreThreshold(std::nan("")) == detection::scoreThreshold(0.1));
    QVERIFY(detection::scoreThreshold(99) == detection::scoreThreshold(10));
    QVERIFY(qFuzzyCompare(detection::scoreThreshold(1.5), detection::scoreOfSurprise(2)));
  }

  void isSilentWhileLearning() {
    Noise noise(1);
    Baseline baseline;
    for (int i = 0; i < Baseline::kWarmUp; ++i) {
      const auto found = baseline.add(at(i, 60), i % 10 == 9 ? 1e6 : noise.heavy());
      QVERIFY(!found.warm && found.score == 0 && found.alarm == 0);
    }
    QVERIFY(baseline.add(at(Baseline::kWarmUp, 60), 0).warm);
  }

  void falseAlarmsAreFew_data() {
    QTest::addColumn<int>("kind");
    const char* names[] = {"normal",        "heavy tails", "log-normal",  "latency", "daily season",
                           "weekly season", "correlated",  "rare counts", "counts",  "two levels"};
    for (int kind = 0; kind < 10; ++kind) QTest::newRow(names[kind]) << kind;
  }

  void falseAlarmsAreFew() {
    QFETCH(int, kind);
    double state = 0;
    const Series series = [&](Noise& noise, int i) {
      const double day = 100 + 50 * std::sin(i * 60 / 86400.0 * 2 * M_PI);
      switch (kind) {
        case 0:
          return 100 + 10 * noise.normal();
        case 1:
          return 100 + 10 * noise.heavy();
        case 2:
          return std::exp(noise.normal());
        case 3:
          return 40 * std::exp(0.5 * noise.normal());
        case 4:
          return day + 5 * noise.normal();
        case 5:
          return day * (i / 1440 % 7 >= 5 ? 0.5 : 1) + 5 * noise.normal();
        case 6:
          return state = 0.9 * state + noise.normal();
        case 7:
          return noise.even() < 0.05 ? 1 + std::floor(3 * noise.even()) : 0;
        case 8:
          return std::round(std::max(0.0, 60 + std::sqrt(60) * noise.normal()));
        default:
          return (noise.even() < 0.5 ? 20 : 80) + 2 * noise.normal();
      }
    };
    constexpr int kSeries = 4, kValues = 20'000;
    size_t usual = 0, strict = 0;
    for (uint64_t seed = 1; seed <= kSeries; ++seed) {
      usual += alarms(series, kValues, seed).size();
      strict += alarms(series, kValues, seed, 60, 0.75).size();
    }
    constexpr double kTenThousands = kSeries * kValues / 1e4;
    qInfo() << "alarms in 10,000 values:" << static_cast<double>(usual) / kTenThousands << "at 1.5,"
            << static_cast<double>(strict) / kTenThousands << "at 0.75";
    QVERIFY(static_cast<double>(usual) <= 2.5 * kTenThousands);
    QVERIFY(static_cast<double>(strict) <= 1.0 * kTenThousands);
  }

  void aDriftIsToldOnceAndLearnt() {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const auto drift = [](Noise& noise, int i) {
        return 100 + std::max(0, i - 3000) * 0.02 + 5 * noise.normal();
      };
      const auto found = alarms(drift, 12'000, seed);
      QVERIFY(within(found, 3000, 5000) >= 1);
      QVERIFY2(within(found, 3000, 12'000) <= 2, qPrintable(QString::number(found.size())));
    }
  }

  void aShiftIsToldOnceAndLearnt() {
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      const auto found = alarms(shifted(2000, 160), 3000, seed, 60, 1);
      QCOMPARE(within(found, 2000, 2004), 1);
      QCOMPARE(within(found, 2004, 2500), 0);
    }
    Noise noise(1);
    Baseline baseline;
    BaselineScore last;
    for (int i = 0; i < 3000; ++i) last = baseline.add(at(i, 60), shifted(2000, 160)(noise, i));
    QVERIFY(std::fabs(last.expected - 160) < 10);
  }

  void aSpikeIsTold() {
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      const auto spike = [](Noise& noise, int i) { return i == 2000 ? 200 : 100 + 5 * noise.normal(); };
      QCOMPARE(within(alarms(spike, 2100, seed), 2000, 2001), 1);
    }
  }

  void theDirectionIsTold() {
    Noise noise(1);
    Baseline baseline;
    for (int i = 0; i < 500; ++i) baseline.add(at(i, 60), 100 + noise.normal());
    Baseline other = baseline;
    QVERIFY(baseline.add(at(500, 60), 150).direction == BaselineScore::Direction::Above);
    const auto below = other.add(at(500, 60), 50);
    QVERIFY(below.direction == BaselineScore::Direction::Below && below.z < -10);
  }

  void aMissingPeakIsTold() {
    int told = 0;
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const auto peaks = [](Noise& noise, int i) {
        const int day = i / 288, slot = i % 288;
        return (slot >= 120 && slot < 150 && day != 14 ? 80 : 20) + 2 * noise.normal();
      };
      // At the usual sensitivity it stays below what noise reaches once in 10,000 values.
      told += within(alarms(peaks, 288 * 15, seed, 300, 3), 14 * 288 + 120, 14 * 288 + 150) >= 1;
    }
    QVERIFY2(told >= 4, qPrintable(QString::number(told)));
  }

  void outliersDontBlind() {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const auto series = [](Noise& noise, int i) {
        if (i < 2500 && noise.even() < 0.05) return 1000 * noise.even();
        return (i < 3500 ? 100 : 150) + 5 * noise.normal();
      };
      QVERIFY(within(alarms(series, 3600, seed), 3500, 3510) >= 1);
    }
  }

  void aConstantSeriesHasOneDeviation() {
    const auto constant = [](Noise&, int i) { return i == 700 ? 46.0 : 45.0; };
    QCOMPARE(alarms(constant, 1500, 1), std::vector<int>{700});
    const auto zero = [](Noise&, int i) { return i == 700 ? 1.0 : 0.0; };
    QCOMPARE(alarms(zero, 1500, 1), std::vector<int>{700});
  }

  void aBurstAmongZerosIsTold() {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      const auto counts = [](Noise& noise, int i) {
        return i == 2000 ? 30.0 : noise.even() < 0.05 ? 1.0 : 0.0;
      };
      const auto found = alarms(counts, 2500, seed);
      QCOMPARE(within(found, 2000, 2001), 1);
      QVERIFY(found.size() <= 5);
    }
  }

  void anyIntervalWillDo() {
    for (const int seconds : {1, 10, 300, 3600, 6 * 3600}) {
      const auto found = alarms(shifted(1500, 160), 1600, 7, seconds);
      QCOMPARE(within(found, 1500, 1504), 1);
    }
  }

  void takesConstantMemory() {
    QVERIFY(sizeof(Baseline) <= 5 * 1024);  // 10,000 series: below 50 MB
    Baseline baseline;
    const auto before = baseline.snapshot().size();
    for (int i = 0; i < 5000; ++i) baseline.add(at(i, 60), i);
    QCOMPARE(baseline.snapshot().size(), before);
  }

  void goesOnBitIdentically() {
    Noise noise(9);
    Baseline baseline;
    for (int i = 0; i < 700; ++i) {
      const auto restored = Baseline::restore(baseline.snapshot());
      QVERIFY(restored.has_value());
      if (i % 70 == 0) continueBoth(baseline, *restored, i);
      baseline = *restored;
      baseline.add(at(i, 300), i % 50 == 0 ? 1e4 : 20 + noise.heavy());
    }
  }

  void isDeterministic() {
    QVERIFY(alarms(shifted(900, 130), 2000, 4) == alarms(shifted(900, 130), 2000, 4));
  }

  void refusesDamagedSnapshots() {
    Baseline baseline;
    for (int i = 0; i < 200; ++i) baseline.add(at(i, 60), i % 9);
    const auto good = baseline.snapshot();
    QVERIFY(!Baseline::restore("").has_value());
    QVERIFY(!Baseline::restore("{}").has_value());
    QVERIFY(!Baseline::restore("aiops-baseline 3 " + good.substr(17)).has_value());
    for (size_t length = 0; length < good.size(); length += 61)
      QVERIFY(!Baseline::restore(std::string_view(good).substr(0, length)).has_value());
    for (size_t place = 0; place < good.size(); place += 37) {
      auto bad = good;
      bad[place] = bad[place] == 'x' ? 'y' : 'x';
      const auto restored = Baseline::restore(bad);
      QVERIFY(!restored.has_value() && restored.error().code == base::ErrorCode::Corrupt);
    }
  }

  void scoresOnNab() {
    const auto folder = test::evalData("nab");
    if (!folder) QSKIP("the evaluation data is not there");
    std::ifstream in(*folder / "labels" / "combined_windows.json");
    const auto labels = nlohmann::json::parse(in);
    double total = 0, windows = 0;
    for (const auto& [name, spans] : labels.items()) {
      const auto series = scored(*folder / "data" / name, spans);
      total += worth(series, detection::scoreThreshold());
      windows += static_cast<double>(series.windows.size());
    }
    const double score = 100 * (total + windows) / (2 * windows);
    qInfo() << "NAB, standard profile, at the default sensitivity:" << score;
    QVERIFY(score >= 55);
  }

 private:
  static void continueBoth(Baseline one, Baseline other, int from) {
    Noise noise(static_cast<uint64_t>(from) + 1);
    for (int i = from; i < from + 300; ++i) {
      const double value = 20 + noise.heavy();
      const auto a = one.add(at(i, 300), value), b = other.add(at(i, 300), value);
      QVERIFY(a.score == b.score && a.expected == b.expected && a.spread == b.spread && a.z == b.z);
    }
    QVERIFY(one.snapshot() == other.snapshot());
  }
};

QTEST_GUILESS_MAIN(TestDetectionBaseline)
#include "tst_detection_baseline.moc"
