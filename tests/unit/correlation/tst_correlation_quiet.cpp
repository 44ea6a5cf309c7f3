// When silences and maintenance windows are in force, above all where clocks change.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "base/zone_time.h"
#include "correlation/quiet_times.h"
#include "support/event_builder.h"

using namespace aiops;
using correlation::check;
using correlation::holds;
using correlation::holdsAllOf;
using correlation::inForce;

namespace {

base::TimePoint utc(const char* text) {
  return base::fromIso8601(text).value();
}

model::MaintenanceWindow window(const std::string& start, uint32_t minutes) {
  return {.name = "backup",
          .days = {"sun"},
          .start = start,
          .durationMinutes = minutes,
          .zone = "Europe/Paris",
          .createdAt = utc("2026-01-01T00:00:00Z")};
}

bool within(const model::MaintenanceWindow& which, const char* text) {
  return inForce(which, utc(text));
}

}  // namespace

class TestQuietTimes : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatCannotBeIsRefused() {
    const auto now = utc("2026-03-01T00:00:00Z");
    const model::Silence good{.services = {"web"}, .reason = "move", .until = now + std::chrono::hours(1)};
    QVERIFY(check(good, now));
    auto silence = good;
    silence.services.clear();
    QVERIFY(!check(silence, now));
    silence = good;
    silence.reason.clear();
    QCOMPARE(check(silence, now).error().where, std::string("reason"));
    for (const auto until : {now, now - std::chrono::hours(1), now + std::chrono::hours(7 * 24 + 1)}) {
      silence = good;
      silence.until = until;
      QCOMPARE(check(silence, now).error().where, std::string("until"));
    }

    const auto refused = [](auto change) {
      auto wrong = window("02:30", 60);
      change(wrong);
      const auto result = check(wrong);
      return result ? std::string("accepted") : result.error().where;
    };
    QVERIFY(check(window("02:30", 60)));
    QCOMPARE(refused([](auto& w) { w.name.clear(); }), std::string("name"));
    QCOMPARE(refused([](auto& w) { w.days.clear(); }), std::string("days"));
    QCOMPARE(refused([](auto& w) { w.days = {"someday"}; }), std::string("days"));
    QCOMPARE(refused([](auto& w) { w.date = "2026-03-29"; }), std::string("days"));
    for (const char* date : {"2026-02-30", "29.03.2026", "2026-3-29", "2026-03-2x"})
      QCOMPARE(refused([&](auto& w) { w.days.clear(), w.date = date; }), std::string("date"));
    for (const char* start : {"", "2:30", "24:00", "02:60", "-1:30", "02:30:00"})
      QCOMPARE(refused([&](auto& w) { w.start = start; }), std::string("start"));
    for (const uint32_t minutes : {0u, 1441u})
      QCOMPARE(refused([&](auto& w) { w.durationMinutes = minutes; }), std::string("duration_minutes"));
    for (const char* zone : {"", "CET", "+01:00", "host", "Europe/Atlantis", "../../etc/passwd"})
      QCOMPARE(refused([&](auto& w) { w.zone = zone; }), std::string("zone"));
    QCOMPARE(refused([](auto& w) { w.zone = "UTC"; }), std::string("accepted"));
  }

  void aWindowComesEveryWeekByTheClocksThere() {
    const auto backup = window("02:30", 60);
    QVERIFY(!within(backup, "2026-02-01T01:29:59Z") && within(backup, "2026-02-01T01:30:00Z"));  // winter
    QVERIFY(within(backup, "2026-02-01T02:29:59Z") && !within(backup, "2026-02-01T02:30:00Z"));
    QVERIFY(!within(backup, "2026-07-05T00:29:59Z") && within(backup, "2026-07-05T00:30:00Z"));  // summer
    QVERIFY(!within(backup, "2026-02-02T01:30:00Z"));
  }

  /// On 29 March 2026 the clocks go from 02:00 to 03:00: 02:30 is not there.
  void aStartThatIsLeftOutComesAsMuchLater() {
    const auto backup = window("02:30", 60);
    QVERIFY(!within(backup, "2026-03-29T01:29:59Z") && within(backup, "2026-03-29T01:30:00Z"));
    QVERIFY(within(backup, "2026-03-29T02:29:59Z") && !within(backup, "2026-03-29T02:30:00Z"));
    const auto over = window("01:30", 60);  // the change within it takes nothing from it
    QVERIFY(within(over, "2026-03-29T00:30:00Z") && within(over, "2026-03-29T01:29:59Z"));
    QVERIFY(!within(over, "2026-03-29T01:30:00Z"));
  }

  /// On 25 October 2026 they go from 03:00 to 02:00: 02:30 comes twice.
  void aStartThatComesTwiceCountsOnce() {
    const auto backup = window("02:30", 45);
    QVERIFY(!within(backup, "2026-10-25T00:29:59Z") && within(backup, "2026-10-25T00:30:00Z"));
    QVERIFY(within(backup, "2026-10-25T01:14:59Z") && !within(backup, "2026-10-25T01:15:00Z"));
    QVERIFY(!within(backup, "2026-10-25T01:30:00Z"));
    const auto after = window("03:30", 30);
    QVERIFY(!within(after, "2026-10-25T01:30:00Z") && within(after, "2026-10-25T02:30:00Z"));
  }

  void clocksFarFromUtcHaveAnotherDate() {
    auto far = window("00:30", 60);
    far.zone = "Pacific/Kiritimati";  // 14 hours ahead
    QVERIFY(within(far, "2026-01-31T10:30:00Z") && !within(far, "2026-02-01T10:30:00Z"));
    far = window("23:30", 24 * 60);
    far.zone = "Pacific/Pago_Pago";  // 11 hours behind
    QVERIFY(within(far, "2026-02-02T10:30:00Z") && within(far, "2026-02-03T10:29:59Z"));
    QVERIFY(!within(far, "2026-02-03T10:30:00Z") && !within(far, "2026-02-02T10:29:59Z"));
  }

  void aDateIsOnce() {
    auto once = window("22:00", 180);
    once.days.clear();
    once.date = "2026-02-10";
    QVERIFY(within(once, "2026-02-10T21:00:00Z") && within(once, "2026-02-10T23:59:59Z"));
    QVERIFY(!within(once, "2026-02-11T00:00:00Z") && !within(once, "2026-02-17T21:00:00Z"));
  }

  void itHoldsFromItsMakingToItsRemoval() {
    auto backup = window("02:30", 60);
    backup.createdAt = utc("2026-02-01T01:45:00Z");
    QVERIFY(!within(backup, "2026-02-01T01:40:00Z") && within(backup, "2026-02-01T01:50:00Z"));
    backup.removedAt = utc("2026-02-01T02:00:00Z");
    QVERIFY(within(backup, "2026-02-01T01:50:00Z") && !within(backup, "2026-02-01T02:00:00Z"));
    QVERIFY(!within(backup, "2026-02-08T01:50:00Z"));
  }

  void whatIsHeldBackIsOfServicesAndOfPatterns() {
    const auto event = test::makeEvent("web", "memory_exhausted", 10);
    model::Silence silence{.services = {"web"}, .from = test::at(5), .until = test::at(20)};
    QVERIFY(holds(silence, event) && holdsAllOf(silence, "web", test::at(10)));
    QVERIFY(!holdsAllOf(silence, "db", test::at(10)) && !holdsAllOf(silence, "web", test::at(20)));
    silence.patterns = {event.patternId};
    QVERIFY(holds(silence, event) && !holdsAllOf(silence, "web", test::at(10)));
    silence.services = {"db"};
    QVERIFY(!holds(silence, event));
    silence.services.clear();
    QVERIFY(holds(silence, event));
    silence.until = event.last;  // seen after its end
    QVERIFY(!holds(silence, event));
  }

  void zonesWithoutChangesAreSimple() {
    using namespace std::chrono_literals;
    const auto local = std::chrono::local_days(std::chrono::year(2026) / 3 / 29) + 2h + 30min;
    QVERIFY(base::momentOf({}, local) == utc("2026-03-29T02:30:00Z"));
    QVERIFY(base::momentOf({.offset = 90min}, local) == utc("2026-03-29T01:00:00Z"));
    QVERIFY(base::momentOf({.region = "Asia/Tokyo"}, local) == utc("2026-03-28T17:30:00Z"));
  }
};

QTEST_GUILESS_MAIN(TestQuietTimes)
#include "tst_correlation_quiet.moc"
