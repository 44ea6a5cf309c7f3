// Zones as written, and zones worked out from the logs beside.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <random>

#include "base/zone.h"
#include "parsing/live_zone.h"
#include "parsing/zone_inference.h"

using namespace aiops;
using namespace std::chrono_literals;
using std::chrono::minutes;

namespace {

const base::TimePoint kBegin = *base::fromIso8601("2026-11-22T20:33:24Z");

/// Requests come in bursts; each is logged by several services within a second or two.
std::vector<base::TimePoint> activity(std::mt19937& random, size_t count, base::Duration span) {
  std::uniform_int_distribution<int64_t> at(0, span.count());
  std::vector<base::TimePoint> times;
  for (size_t i = 0; i < count; ++i) times.push_back(kBegin + base::Duration(at(random)));
  return times;
}

void addAll(parsing::ZoneInference& inference, std::string_view source,
            const std::vector<base::TimePoint>& times, minutes shift, bool zoned, size_t each = 1) {
  for (size_t i = 0; i < times.size(); i += each) inference.add(source, times[i] + shift, zoned);
}

}  // namespace

class TestZones : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void noNeighbourNoAnswer();
  void aPeriodicNeighbourDecidesNothing();
  void aSteadyNeighbourOfDaysDecidesNothing();
  void aSourceThatCoversMuchMoreIsNotPulledIn();
  void everyOffsetInUseIsFound_data();
  void everyOffsetInUseIsFound();
  void oneLineIsEnoughBesideAShortRecording();
  void activityDecidesWithinALongRecording();
  void aSourceWorkedOutSupportsTheNext();
  void theOrderOfFeedingDoesNotMatter();
  void zonesAreReadAsWritten_data();
  void zonesAreReadAsWritten();
  void regionsFollowSummerTime();
  void offsetsAreWrittenAsRead();
  void aLiveLineThatFitsTheClockChangesNothing();
  void aLiveLineOfTheFutureDecides_data();
  void aLiveLineOfTheFutureDecides();
  void threeLiveLinesOfThePastDecide();
  void lateLinesAreNoZone();
};

void TestZones::offsetsAreWrittenAsRead() {
  for (const int minutesEast : {0, 60, -60, 330, -210, 825, -720}) {
    const auto zone = base::zoneFromText(base::offsetText(minutes(minutesEast)));
    QVERIFY(zone && zone->offset == minutes(minutesEast));
  }
}

void TestZones::aLiveLineThatFitsTheClockChangesNothing() {
  parsing::LiveZone zone({});
  for (const auto age : {-5s, 0s, 1s, 60s}) QVERIFY(!zone.observe(kBegin - age, kBegin));
  QVERIFY(zone.rule() == base::ZoneRule{});
}

void TestZones::aLiveLineOfTheFutureDecides_data() {
  QTest::addColumn<int>("rule");
  QTest::addColumn<int>("real");
  for (const auto& [rule, real] :
       std::vector<std::pair<int, int>>{{0, 60}, {0, 330}, {-300, 0}, {60, 120}, {-720, 840}, {-210, -150}}) {
    QTest::addRow("%d is %d", rule, real) << rule << real;
  }
}

void TestZones::aLiveLineOfTheFutureDecides() {
  QFETCH(const int, rule);
  QFETCH(const int, real);
  parsing::LiveZone zone({.offset = minutes(rule)});
  const auto local = kBegin + minutes(real);
  const auto shift = zone.observe(local - minutes(rule), kBegin + 2s);
  QVERIFY(shift.has_value());
  QVERIFY(local - minutes(rule) + *shift == kBegin);
  QVERIFY(zone.rule().offset == minutes(real));
  QVERIFY(!zone.observe(kBegin + 1s, kBegin + 2s));
}

void TestZones::threeLiveLinesOfThePastDecide() {
  parsing::LiveZone zone({.offset = 2h});
  const auto seen = [&](base::Duration at) { return zone.observe(kBegin + at - 2h, kBegin + at); };
  QVERIFY(!seen(0s) && !seen(0s) && !seen(0s));  // one stamp, one witness
  QVERIFY(!seen(1s));
  QVERIFY(seen(2s) == minutes(120));
  QVERIFY(zone.rule().offset == minutes(0));
}

void TestZones::lateLinesAreNoZone() {
  parsing::LiveZone zone({});
  for (int i = 0; i < 1000; ++i) {
    const auto ingest = kBegin + std::chrono::seconds(i);
    QVERIFY(!zone.observe(ingest - 7min, ingest));
    QVERIFY(!zone.observe(ingest - 40h, ingest));
  }
}

void TestZones::noNeighbourNoAnswer() {
  parsing::ZoneInference inference;
  QVERIFY(inference.offsets().empty());
  inference.add("a", kBegin, false);
  QVERIFY(inference.offsets().empty());
}

void TestZones::aPeriodicNeighbourDecidesNothing() {
  parsing::ZoneInference inference;
  for (int i = 0; i < 1000; ++i) {
    inference.add("probe", kBegin + minutes(15) * i, true);
    if (i >= 300 && i < 700) inference.add("a", kBegin + minutes(15) * i, false);
  }
  QVERIFY(inference.offsets().empty());
}

void TestZones::aSteadyNeighbourOfDaysDecidesNothing() {
  parsing::ZoneInference inference;
  for (int i = 0; i < 40'000; ++i) inference.add("busy", kBegin + 5s * i, true);
  for (int i = 0; i < 20; ++i) inference.add("a", kBegin + 86'400s + 311s * i, false);
  QVERIFY(inference.offsets().empty());
}

void TestZones::aSourceThatCoversMuchMoreIsNotPulledIn() {
  parsing::ZoneInference inference;
  for (int i = 0; i < 60; ++i) inference.add("short", kBegin + 1s * i, true);
  for (int i = 0; i < 1000; ++i) inference.add("long", kBegin - 48h + 337s * i, false);
  for (int i = 0; i < 50; ++i) inference.add("long", kBegin - 7h + 1s * i, false);  // a burst elsewhere
  QVERIFY(!inference.offsets().contains("long") || inference.offsets().at("long") == minutes(0));
}

void TestZones::everyOffsetInUseIsFound_data() {
  QTest::addColumn<int>("offset");
  for (const int offset : {-720, -570, -300, -210, 0, 60, 120, 330, 345, 390, 525, 765, 840})
    QTest::addRow("%d minutes", offset) << offset;
}

void TestZones::everyOffsetInUseIsFound() {
  QFETCH(int, offset);
  std::mt19937 random(7);
  parsing::ZoneInference inference;
  const auto times = activity(random, 200, 240s);
  addAll(inference, "web", times, minutes(0), true);
  addAll(inference, "error", times, minutes(offset), false, 20);
  const auto found = inference.offsets();
  QCOMPARE(found.size(), size_t(1));
  QCOMPARE(found.at("error"), minutes(offset));
}

void TestZones::oneLineIsEnoughBesideAShortRecording() {
  std::mt19937 random(7);
  parsing::ZoneInference inference;
  const auto times = activity(random, 100, 240s);
  addAll(inference, "web", times, minutes(0), true);
  inference.add("error", times[50] + 60min, false);
  QCOMPARE(inference.offsets().at("error"), minutes(60));
}

void TestZones::activityDecidesWithinALongRecording() {
  std::mt19937 random(7);
  parsing::ZoneInference inference;
  const auto times = activity(random, 3000, 72h);  // about one in 90 s
  addAll(inference, "web", times, minutes(0), true);
  addAll(inference, "error", times, minutes(-300), false, 50);
  const auto others = activity(random, 60, 72h);
  addAll(inference, "unrelated", others, minutes(0), false);
  const auto found = inference.offsets();
  QCOMPARE(found.at("error"), minutes(-300));
  QVERIFY(!found.contains("unrelated"));
}

void TestZones::aSourceWorkedOutSupportsTheNext() {
  std::mt19937 random(7);
  parsing::ZoneInference inference;
  const auto times = activity(random, 2000, 72h);
  addAll(inference, "zoned", times, minutes(0), true, 9);
  addAll(inference, "middle", times, minutes(120), false, 3);  // meets the first now and then
  addAll(inference, "last", times, minutes(60), false, 6);
  const auto found = inference.offsets();
  QCOMPARE(found.at("middle"), minutes(120));
  QCOMPARE(found.at("last"), minutes(60));
}

void TestZones::theOrderOfFeedingDoesNotMatter() {
  std::mt19937 random(11);
  auto times = activity(random, 300, 3h);
  parsing::ZoneInference forward, backward;
  addAll(forward, "web", times, minutes(0), true);
  addAll(forward, "error", times, minutes(60), false, 7);
  addAll(backward, "error", times, minutes(60), false, 7);
  std::reverse(times.begin(), times.end());
  addAll(backward, "web", times, minutes(0), true);
  QVERIFY(forward.offsets() == backward.offsets());
  QCOMPARE(forward.offsets().at("error"), minutes(60));
}

void TestZones::zonesAreReadAsWritten_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<int>("offset");  // 10000: no zone
  const auto row = [](const char* text, int offset) {
    QTest::newRow(text) << QString::fromLatin1(text) << offset;
  };
  row("UTC", 0);
  row("Z", 0);
  row("+01:00", 60);
  row("-0530", -330);
  row("+02", 120);
  row("CET", 60);
  row("PDT", -420);
  row("IST", 10'000);
  row("Nowhere/Atall", 10'000);
  row("../../etc/passwd", 10'000);
  row("+25:00", 10'000);
  row("+1:00", 10'000);
  row("utc", 10'000);
  row("", 10'000);
}

void TestZones::zonesAreReadAsWritten() {
  QFETCH(QString, text);
  QFETCH(int, offset);
  const auto zone = base::zoneFromText(text.toStdString());
  QCOMPARE(zone.has_value(), offset != 10'000);
  if (zone) QCOMPARE(zone->offset, minutes(offset));
}

void TestZones::regionsFollowSummerTime() {
  const auto zone = base::zoneFromText("Europe/Paris");
  if (!zone) QSKIP("this machine has no zone data");
  const auto at = [](std::string_view text) {
    return std::chrono::local_seconds(
        std::chrono::floor<std::chrono::seconds>(base::fromIso8601(text)->time_since_epoch()));
  };
  QCOMPARE(base::zoneOffset(*zone, at("2026-01-15T12:00:00Z")), minutes(60));
  QCOMPARE(base::zoneOffset(*zone, at("2026-07-15T12:00:00Z")), minutes(120));
}

QTEST_GUILESS_MAIN(TestZones)
#include "tst_parsing_zones.moc"
