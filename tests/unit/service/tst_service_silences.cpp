// Silences and maintenance windows in a running engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "support/event_builder.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;

namespace {

class SilentWorld : public EngineWorld {
 public:
  SilentWorld() { settings.inventory.services = {{.name = "web"}, {.name = "db"}}; }
  static base::TimePoint now() { return base::SystemClock().now(); }
  void see(const std::string& service, base::TimePoint time) {
    auto event = makeEvent(service, "memory_exhausted", 0);
    event.first = event.last = time;
    if (!engine->store().commitIngest({.events = {event}})) qFatal("the store refuses");
  }
  uint64_t incidents() { return engine->store().incidents()->total; }
  size_t unassigned() { return engine->store().unassignedEvents()->size(); }
  model::Silence silence() const {
    return {.services = {"web"}, .reason = "move", .until = now() + std::chrono::hours(1)};
  }
};

}  // namespace

class TestSilences : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatIsUnknownIsRefused();
  void silencedEventsOpenNothingUntilItEnds();
  void maintenanceHoldsBackItsServices();
  void whatIsOverIsForgottenAfterADay();
};

void TestSilences::whatIsUnknownIsRefused() {
  SilentWorld world;
  QVERIFY(world.open().has_value());
  auto& book = world.engine->silences();
  auto wrong = world.silence();
  wrong.services = {"wbe"};
  auto refused = book.add("alice", wrong);
  QVERIFY(!refused && refused.error().code == ErrorCode::InvalidInput);
  QCOMPARE(refused.error().remedy, std::string("known: db, web"));
  wrong = world.silence();
  wrong.patterns = {"sme"};
  refused = book.add("alice", wrong);
  QVERIFY(!refused && refused.error().where == "patterns");
  wrong.patterns = {"some"};
  QVERIFY(book.add("alice", wrong).has_value());
  QVERIFY(!book.add("alice", model::MaintenanceWindow{.name = "backup"}));
  QVERIFY(book.removeSilence("alice", "none").error().code == ErrorCode::NotFound);
  QVERIFY(book.removeWindow("alice", "none").error().code == ErrorCode::NotFound);
  QCOMPARE(world.audited("silence.add").size(), size_t(1));
}

void TestSilences::silencedEventsOpenNothingUntilItEnds() {
  SilentWorld world;
  QVERIFY(world.open().has_value());
  const auto silence = world.engine->silences().add("alice", world.silence());
  QVERIFY2(silence.has_value(), silence ? "" : silence.error().line().c_str());
  QVERIFY(silence->active && silence->by == "alice");
  QCOMPARE(world.engine->status()->activeSilences, uint64_t(1));
  world.see("web", silence->from + std::chrono::milliseconds(2));  // stored to the millisecond
  world.start();
  QTest::qWait(500);
  QCOMPARE(world.incidents(), uint64_t(0));
  QCOMPARE(world.unassigned(), size_t(1));
  QVERIFY(world.engine->silences().holdsAllOf("web") && !world.engine->silences().holdsAllOf("db"));

  // It outlives the process, and so does its end.
  world.end();
  QVERIFY(world.open().has_value());
  QCOMPARE(world.engine->silences().silences().size(), size_t(1));
  QTest::qWait(20);
  QVERIFY(world.engine->silences().removeSilence("bob", silence->id).has_value());
  QVERIFY(world.engine->silences().removeSilence("bob", silence->id).error().code == ErrorCode::NotFound);
  QVERIFY(world.engine->silences().silences().empty());
  QCOMPARE(world.audited("silence.remove").size(), size_t(1));
  world.start();
  QTest::qWait(500);
  QCOMPARE(world.incidents(), uint64_t(0));  // seen while it was in force
  world.end();
  QVERIFY(world.open().has_value());
  world.see("web", SilentWorld::now());  // it lasts
  world.start();
  QTRY_COMPARE(world.incidents(), uint64_t(1));
  QTRY_COMPARE(world.unassigned(), size_t(0));
}

void TestSilences::maintenanceHoldsBackItsServices() {
  SilentWorld world;
  QVERIFY(world.open().has_value());
  const auto now = SilentWorld::now();
  // A window that is open now, whatever the time: it began up to a minute ago, perhaps yesterday.
  const auto minute = std::chrono::floor<std::chrono::minutes>(now);
  const auto day = std::chrono::floor<std::chrono::days>(minute);
  const auto start =
      QTime(0, 0).addSecs(int(std::chrono::duration_cast<std::chrono::seconds>(minute - day).count()));
  const auto window = world.engine->silences().add(
      "alice", model::MaintenanceWindow{.name = "backup",
                                        .services = {"web"},
                                        .days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
                                        .start = start.toString(QStringLiteral("HH:mm")).toStdString(),
                                        .durationMinutes = 60,
                                        .zone = "UTC"});
  QVERIFY2(window.has_value(), window ? "" : window.error().line().c_str());
  QVERIFY(window->active);
  QCOMPARE(world.engine->status()->activeMaintenance, uint64_t(1));
  world.see("web", window->createdAt + std::chrono::milliseconds(2));
  world.start();
  QTest::qWait(500);
  QCOMPARE(world.incidents(), uint64_t(0));
  world.end();
  QVERIFY(world.open().has_value());
  world.see("web", window->createdAt + std::chrono::minutes(61));  // the window is over, the trouble is not
  world.see("db", window->createdAt + std::chrono::minutes(61));
  world.start();
  QTRY_COMPARE(world.incidents(), uint64_t(1));
  QVERIFY(world.engine->silences().removeWindow("alice", window->id).has_value());
  QVERIFY(world.engine->silences().windows().empty());
  QCOMPARE(world.engine->status()->activeMaintenance, uint64_t(0));
}

void TestSilences::whatIsOverIsForgottenAfterADay() {
  SilentWorld world;
  QVERIFY(world.open().has_value());
  const auto now = SilentWorld::now();
  const auto put = [&](const std::string& id, std::chrono::hours ago) {
    const model::Silence silence{.id = id, .services = {"web"}, .until = now - ago};
    return world.engine->store().transact([&](storage::Writer& w) { return w.saveSilence(silence); });
  };
  QVERIFY(put("old", std::chrono::hours(25)).has_value() && put("new", std::chrono::hours(23)).has_value());
  world.end();
  QVERIFY(world.open().has_value());
  std::vector<model::Silence> kept;
  QVERIFY(world.engine->store().read([&](storage::Reader& reader) -> base::Result<> {
    kept = *reader.silences();
    return {};
  }));
  QCOMPARE(kept.size(), size_t(1));
  QCOMPARE(kept[0].id, std::string("new"));
}

QTEST_GUILESS_MAIN(TestSilences)
#include "tst_service_silences.moc"
