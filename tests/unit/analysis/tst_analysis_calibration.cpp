// Calibration beside curves that are known, with few and with hostile cases.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>
#include <random>

#include "analysis/calibration.h"
#include "analysis/odds.h"

using namespace aiops;
using analysis::Calibration;
using model::JudgedDiagnosis;

namespace {

JudgedDiagnosis judged(double confidence, bool right, int second = 0,
                       model::Judge by = model::Judge::Person) {
  return {.incident = model::IncidentId::create(),
          .at = base::TimePoint(std::chrono::seconds(1'700'000'000 + second)),
          .by = by,
          .hypotheses = {{"web", "disk_full", confidence, confidence, right}}};
}

/// A consensus that tells with log-odds x what is true with log-odds slope * x + offset.
std::deque<JudgedDiagnosis> consensus(double slope, double offset, int cases, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> odds(-3, 4), unit(0, 1);
  std::deque<JudgedDiagnosis> out;
  for (int i = 0; i < cases; ++i) {
    const double x = odds(random);
    out.push_back(
        judged(analysis::probability(x), unit(random) < analysis::probability(slope * x + offset), i));
  }
  return out;
}

double brier(const std::deque<JudgedDiagnosis>& cases, const Calibration& calibration) {
  double sum = 0;
  for (const auto& one : cases) {
    const auto& best = one.hypotheses.front();
    const double miss = calibration.told(best.pooled) - (best.right ? 1 : 0);
    sum += miss * miss;
  }
  return sum / static_cast<double>(cases.size());
}

std::deque<JudgedDiagnosis> opinions(const std::string& analyst, double confidence, int cases, int right) {
  std::deque<JudgedDiagnosis> out;
  for (int i = 0; i < cases; ++i) {
    out.push_back(judged(0.7, true, i));
    out.back().opinions.push_back({analyst, confidence, i < right});
  }
  return out;
}

}  // namespace

class TestCalibration : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutCasesNothingChanges();
  void fewCasesChangeLittle();
  void aDistortionIsLearntAndHelpsWhatWasNotSeen_data();
  void aDistortionIsLearntAndHelpsWhatWasNotSeen();
  void theOrderStays();
  void anUndoneFixCountsHalf();
  void eachAnalystIsBelievedByItsRecord();
  void extremesBreakNothing();
  void theReportIsThatOfTheDefinition();
  void theBookKeepsOneOfEachIncident();
};

void TestCalibration::withoutCasesNothingChanges() {
  const auto calibration = analysis::learnCalibration({});
  for (double p = 0; p <= 1; p += 0.01) QCOMPARE(calibration.told(p), p);
  QCOMPARE(calibration.reliabilityOf("Signatures"), analysis::kReliability);
  const auto report = analysis::calibrationReport({}, calibration);
  QCOMPARE(report.cases, 0U);
  QVERIFY(!report.brier && !report.error && report.bins.empty());
}

void TestCalibration::fewCasesChangeLittle() {
  std::deque<JudgedDiagnosis> two{judged(0.9, false), judged(0.9, false, 1)};
  const double told = analysis::learnCalibration(two).told(0.9);
  QVERIFY2(told < 0.88 && told > 0.65, qPrintable(QString::number(told)));
  const double after = analysis::learnCalibration({judged(0.9, true), judged(0.9, true, 1)}).told(0.9);
  QVERIFY2(after >= 0.9 && after < 0.93, qPrintable(QString::number(after)));
}

void TestCalibration::aDistortionIsLearntAndHelpsWhatWasNotSeen_data() {
  QTest::addColumn<double>("slope");
  QTest::addColumn<double>("offset");
  QTest::newRow("too sure") << 0.4 << 0.0;
  QTest::newRow("too timid") << 1.9 << 0.0;
  QTest::newRow("too high") << 1.0 << -1.2;
  QTest::newRow("sure and high") << 0.5 << -0.8;
}

void TestCalibration::aDistortionIsLearntAndHelpsWhatWasNotSeen() {
  QFETCH(double, slope);
  QFETCH(double, offset);
  const auto calibration = analysis::learnCalibration(consensus(slope, offset, 1000, 7));
  QVERIFY2(std::abs(calibration.slope - slope) < 0.2 * std::max(1.0, slope),
           qPrintable(QString::number(calibration.slope)));
  QVERIFY2(std::abs(calibration.offset - offset) < 0.3, qPrintable(QString::number(calibration.offset)));
  const auto unseen = consensus(slope, offset, 2000, 8);
  QVERIFY(brier(unseen, calibration) < brier(unseen, Calibration{}));
  // As good as if the distortion were known, but for a hundredth.
  QVERIFY(brier(unseen, calibration) < brier(unseen, Calibration{slope, offset, {}}) + 0.01);
}

void TestCalibration::theOrderStays() {
  for (unsigned seed = 0; seed < 40; ++seed) {
    // Also taught the opposite of the truth.
    const auto calibration = analysis::learnCalibration(consensus(seed % 2 == 0 ? -1.5 : 0.7, 0.3, 60, seed));
    double before = calibration.told(0.001);
    for (double p = 0.01; p < 1; p += 0.01) {
      QVERIFY(calibration.told(p) > before);
      before = calibration.told(p);
    }
  }
}

void TestCalibration::anUndoneFixCountsHalf() {
  std::deque<JudgedDiagnosis> byPerson, byFix;
  for (int i = 0; i < 10; ++i) {
    byPerson.push_back(judged(0.9, false, i));
    byFix.push_back(judged(0.9, false, i, model::Judge::UndoneFix));
  }
  const auto told = [](const std::deque<JudgedDiagnosis>& cases) {
    return analysis::learnCalibration(cases).told(0.9);
  };
  QVERIFY(told(byPerson) < told(byFix) && told(byFix) < 0.9);
  byPerson.erase(byPerson.begin() + 5, byPerson.end());
  QVERIFY(std::abs(told(byPerson) - told(byFix)) < 1e-6);
}

void TestCalibration::eachAnalystIsBelievedByItsRecord() {
  const auto of = [](int right) {
    return analysis::learnCalibration(opinions("Analyst", 0.8, 200, right)).reliabilityOf("Analyst");
  };
  const double byItsWord = of(160), guessing = of(100), wrong = of(40);
  QVERIFY2(std::abs(byItsWord - 1) < 0.05, qPrintable(QString::number(byItsWord)));
  QVERIFY2(guessing < 0.25, qPrintable(QString::number(guessing)));
  QVERIFY(wrong <= guessing && wrong > 0);  // it is not turned round
  const auto known = analysis::learnCalibration(opinions("Analyst", 0.8, 200, 100));
  QCOMPARE(known.reliabilityOf("Somebody else"), analysis::kReliability);
}

void TestCalibration::extremesBreakNothing() {
  std::deque<JudgedDiagnosis> cases;
  for (const double p : {0.0, 1.0, 1.0, 0.0, 1.0, 0.5}) {
    cases.push_back(judged(p, p < 0.5));
    cases.back().opinions = {{"Sure", p, false}};
  }
  const auto calibration = analysis::learnCalibration(cases);
  for (const double p : {0.0, 0.3, 1.0}) {
    QVERIFY(std::isfinite(calibration.told(p)) && calibration.told(p) >= 0 && calibration.told(p) <= 1);
  }
  QVERIFY(calibration.slope > 0 && std::isfinite(calibration.reliabilityOf("Sure")));
  const auto report = analysis::calibrationReport(cases, calibration);
  QCOMPARE(report.bins.front().from, 0.0);
  QCOMPARE(report.bins.back().to, 1.0);  // what is told with 1 is in the last one
}

void TestCalibration::theReportIsThatOfTheDefinition() {
  std::deque<JudgedDiagnosis> cases;
  for (int i = 0; i < 10; ++i) cases.push_back(judged(0.85, i < 8, i));
  for (int i = 0; i < 4; ++i) cases.push_back(judged(0.32, false, 20 + i));
  for (auto& one : cases) one.hypotheses.front().pooled = 0.95;
  const auto report = analysis::calibrationReport(cases, {});
  QCOMPARE(report.cases, 14U);
  QCOMPARE(report.right, 8U);
  QVERIFY(std::abs(*report.brier - (8 * 0.15 * 0.15 + 2 * 0.85 * 0.85 + 4 * 0.32 * 0.32) / 14) < 1e-12);
  QVERIFY(std::abs(*report.brierPooled - (8 * 0.05 * 0.05 + 6 * 0.95 * 0.95) / 14) < 1e-12);
  QVERIFY(std::abs(*report.error - (10 * 0.05 + 4 * 0.32) / 14) < 1e-12);
  QCOMPARE(report.bins.size(), size_t(2));
  const auto& high = report.bins.back();
  QVERIFY(std::abs(high.from - 0.8) < 1e-12 && std::abs(high.to - 0.9) < 1e-12 && high.cases == 10);
  QVERIFY(std::abs(high.right - 0.8) < 1e-12);
  // The ends of an interval are where the share that was seen is 1.645 standard deviations away.
  for (const double end : {high.low, high.high}) {
    QVERIFY(std::abs(std::abs(end - 0.8) - 1.645 * std::sqrt(end * (1 - end) / 10)) < 1e-9);
  }
  QVERIFY(report.bins.front().low == 0 && report.bins.front().high > 0.3);
}

void TestCalibration::theBookKeepsOneOfEachIncident() {
  analysis::CalibrationBook book, other;
  auto first = judged(0.9, true, 1), second = judged(0.8, false, 2);
  book.judge(second);
  book.judge(first);
  other.load({second, first});
  QCOMPARE(book.report().cases, 2U);
  QCOMPARE(book.inForce().slope, other.inForce().slope);
  QVERIFY(book.knows(first.incident));
  first.hypotheses.front().right = false;  // somebody corrects the cause
  book.judge(first);
  QCOMPARE(book.report().cases, 2U);
  QCOMPARE(book.report().right, 0U);
  book.forget(first.incident);
  book.forget(second.incident);
  QVERIFY(!book.knows(first.incident));
  QCOMPARE(book.inForce().told(0.9), 0.9);
  book.judge({.incident = first.incident});  // nothing was said, so nothing was right or wrong
  QCOMPARE(book.report().cases, 0U);
  std::vector<JudgedDiagnosis> many;
  for (size_t i = 0; i < model::kMostJudged + 5; ++i)
    many.push_back(judged(0.9, i >= 5, static_cast<int>(i)));
  book.load(many);
  QCOMPARE(book.report().cases, static_cast<uint32_t>(model::kMostJudged));
  QCOMPARE(book.report().right, static_cast<uint32_t>(model::kMostJudged));  // the oldest, wrong ones left
}

QTEST_GUILESS_MAIN(TestCalibration)
#include "tst_analysis_calibration.moc"
