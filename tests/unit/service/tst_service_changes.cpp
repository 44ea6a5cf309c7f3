// The ledger of changes in a running engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "service/engine_operations.h"
#include "support/event_builder.h"
#include "support/tls_identity.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;

namespace {

class ChangingWorld : public EngineWorld {
 public:
  ChangingWorld() {
    write("web.conf", "limit = 48\npassword = Xk29sLq8ZpT4vW1m\n");
    settings.inventory.services = {{.name = "web", .dependsOn = {"db"}, .configFile = path("web.conf")},
                                   {.name = "db"},
                                   {.name = "mail"}};
  }
  static base::TimePoint now() { return base::SystemClock().now(); }
  void rewrite(const std::string& text) const { std::ofstream(root() / "web.conf", std::ios::trunc) << text; }
  void see(const std::string& service, const std::string& signal, base::TimePoint time,
           model::Severity severity = model::Severity::Error) {
    auto event = makeEvent(service, signal, 0, severity);
    event.first = event.last = time;
    const auto line = service + " says " + signal + " at " + base::toIso8601(time);
    event.evidence.front().text = line;
    event.evidence.front().time = time;
    event.evidence.front().id = line;
    if (!engine->store().commitIngest({.events = {event}})) qFatal("the store refuses");
  }
  std::vector<model::Change> changes(const std::string& service = {}) {
    return engine->changes().list({.service = service, .limit = 100}).value_or(std::vector<model::Change>{});
  }
  std::vector<model::Baseline> baselines() { return engine->changeScout().baselines(); }
};

/// Of the web's file, when it has been looked at.
bool isKnown(ChangingWorld& world) {
  return world.baselines().size() == 1;
}

}  // namespace

class TestChanges : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aChangedFileIsInTheLedgerWithoutItsSecrets();
  void whatChangedWhileNothingRanIsFound();
  void aPersonSetsTheBaseline();
  void anIncidentShowsWhatWasChangedBefore();
  void aChangeDuringAnIncidentIsTold();
  void packagesAreOfTheirServices();
  void aCertificateThatEndsIsForetold();
};

void TestChanges::aChangedFileIsInTheLedgerWithoutItsSecrets() {
  ChangingWorld world;
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  QVERIFY(world.changes().empty());  // the first look is no change
  world.rewrite("limit = 8\npassword = Xk29sLq8ZpT4vW1m\n");
  QTRY_COMPARE(world.changes().size(), size_t(1));
  const auto change = world.changes().front();
  QCOMPARE(change.service, std::string("web"));
  QVERIFY(change.kind == model::ChangeKind::ConfigFile);
  QCOMPARE(change.source, world.path("web.conf"));
  QVERIFY(change.difference.find("-limit = 48\n+limit = 8\n") != std::string::npos);
  QVERIFY2(change.difference.find("Xk29sLq8ZpT4vW1m") == std::string::npos, change.difference.c_str());
  QVERIFY(change.drift.empty() && change.goodSince.has_value());  // compared with the last known good
  QVERIFY(!world.baselines().front().same);

  world.rewrite("limit = 4\npassword = Xk29sLq8ZpT4vW1m\n");
  QTRY_COMPARE(world.changes().size(), size_t(2));
  const auto next = world.changes().front();
  QVERIFY(next.difference.find("-limit = 8\n+limit = 4\n") != std::string::npos);
  QVERIFY(next.drift.find("-limit = 48\n+limit = 4\n") != std::string::npos);

  world.rewrite("limit = 48\npassword = Xk29sLq8ZpT4vW1m\n");
  QTRY_COMPARE(world.changes().size(), size_t(3));
  QVERIFY(world.changes().front().what.find("last known good") != std::string::npos);
  QVERIFY(world.baselines().front().same);
}

void TestChanges::whatChangedWhileNothingRanIsFound() {
  ChangingWorld world;
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  world.end();
  world.rewrite("limit = 8\n");
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_COMPARE(world.changes().size(), size_t(1));
  world.end();
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  QTest::qWait(1500);
  QCOMPARE(world.changes().size(), size_t(1));  // once
  world.end();
  std::filesystem::remove(world.root() / "web.conf");
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_COMPARE(world.changes().size(), size_t(2));
  QVERIFY(world.changes().front().what.starts_with("lost its configuration"));
}

void TestChanges::aPersonSetsTheBaseline() {
  ChangingWorld world;
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  world.rewrite("limit = 8\n");
  QTRY_VERIFY(!world.baselines().front().same);
  const auto operations = service::makeEngineOperations(*world.engine);
  const auto set = [&](const service::Caller& caller, const std::string& path) {
    return answerOf<model::Baseline>(
        [&](auto reply) { operations->changes().setBaseline(caller, path, reply); });
  };
  QVERIFY(set({.name = "eve"}, world.path("web.conf")).error().code == ErrorCode::PermissionDenied);
  QVERIFY(set(admin(), "/etc/passwd").error().code == ErrorCode::NotFound);
  QVERIFY(world.audited("changes.baseline").empty());
  const auto done = set(admin(), world.path("web.conf"));
  QVERIFY2(done.has_value(), done ? "" : done.error().line().c_str());
  QVERIFY(done->same && done->by == "alice");
  QCOMPARE(world.audited("changes.baseline").size(), size_t(1));
  world.end();
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  QTRY_VERIFY(world.baselines().front().same);
  QCOMPARE(world.baselines().front().by, std::string("alice"));
}

void TestChanges::anIncidentShowsWhatWasChangedBefore() {
  ChangingWorld world;
  QVERIFY(world.open().has_value());
  const auto now = ChangingWorld::now();
  // What waits in the store is taken up at the start, in the order of time.
  world.see("mail", "config_reloaded", now - std::chrono::seconds(40), model::Severity::Info);
  world.see("db", "config_reloaded", now - std::chrono::seconds(30), model::Severity::Info);
  world.see("web", "memory_exhausted", now - std::chrono::seconds(10));
  world.start();
  const auto incidents = [&] { return world.engine->store().incidents()->items; };
  QTRY_COMPARE(incidents().size(), size_t(1));
  const auto id = incidents().front().id;
  QStringList told;
  const auto entries = world.engine->store().timeline(id);
  for (const auto& entry : *entries) {
    if (entry.kind == "change") told += QString::fromStdString(entry.service + ": " + entry.text);
  }
  QCOMPARE(told, QStringList{QStringLiteral("db: read its configuration anew")});
  const auto operations = service::makeEngineOperations(*world.engine);
  const auto view =
      answerOf<service::Investigation>([&](auto reply) { operations->investigation(id.str(), reply); });
  QVERIFY(view.has_value());
  QCOMPARE(view->changes.size(), size_t(1));
  QCOMPARE(view->changes.front().service, std::string("db"));
  QVERIFY(view->timeline.from <= now - std::chrono::seconds(40));
  const auto listed = answerOf<std::vector<model::Change>>(
      [&](auto reply) { operations->changes().listChanges({.service = "mail"}, reply); });
  QCOMPARE(listed->size(), size_t(1));
}

void TestChanges::aChangeDuringAnIncidentIsTold() {
  ChangingWorld world;
  QVERIFY(world.open().has_value());
  world.see("web", "memory_exhausted", ChangingWorld::now());
  world.start();
  QTRY_COMPARE(world.engine->store().incidents()->total, uint64_t(1));
  QTRY_VERIFY(isKnown(world));
  const auto id = world.engine->store().incidents()->items.front().id;
  QTRY_VERIFY(world.engine->store().diagnosis(id).has_value());
  world.rewrite("limit = 8\n");
  const auto told = [&] {
    const auto entries = world.engine->store().timeline(id);
    return std::ranges::count(*entries, "change", &model::TimelineEntry::kind);
  };
  QTRY_COMPARE(told(), 1);
}

void TestChanges::packagesAreOfTheirServices() {
  ChangingWorld world;
  const auto stamp =
      QDateTime::currentDateTime().addSecs(-60).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toStdString();
  const auto log = world.write("dpkg.log", stamp + " upgrade web-core:amd64 1.0 1.1\n" + stamp +
                                               " upgrade libssl3:amd64 3.0.1 3.0.2\n" +
                                               "2020-01-01 10:00:00 upgrade web-core:amd64 0.1 0.2\n");
  world.changePlaces = {.packageLog = log, .unitDirectory = {}, .host = "host-1"};
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_COMPARE(world.changes().size(), size_t(2));  // what is long ago is left out
  const auto web = world.changes("web");
  QCOMPARE(web.size(), size_t(1));
  QCOMPARE(web.front().what + " " + web.front().from + " " + web.front().to,
           std::string("had the package web-core upgraded 1.0 1.1"));
  QCOMPARE(web.front().host, std::string("host-1"));
  for (const auto& change : world.changes())
    QVERIFY(change.service == "web" ||
            (change.service.empty() && change.what == "the package libssl3 was upgraded"));
}

void TestChanges::aCertificateThatEndsIsForetold() {
  ChangingWorld world;
  world.write("web.pem", makeIdentity(-3600, 2 * 86400 + 7200).certificate);
  world.write("web.conf", "ssl_certificate " + world.path("web.pem") + ";\n");
  world.write("web.conf", "ssl_certificate " + world.path("none.pem") + ";\n");
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_COMPARE(world.changes().size(), size_t(1));
  const auto change = world.changes().front();
  QVERIFY(change.kind == model::ChangeKind::Certificate && change.foretold);
  QVERIFY2(change.what.starts_with("has a certificate that ends in 2 days"), change.what.c_str());
  QCOMPARE(change.source, world.path("web.pem"));
  const auto said = [&](const std::string& words) {
    const auto health = world.engine->status()->health;
    return std::ranges::count_if(
        health, [&](const auto& event) { return event.what.find(words) != std::string::npos; });
  };
  QTRY_COMPARE(said("ends in 2 days"), 1);
  QTRY_COMPARE(said("none.pem of web is not known"), 1);
  world.end();
  QVERIFY(world.open().has_value());
  world.start();
  QTRY_VERIFY(isKnown(world));
  QTest::qWait(1500);
  QCOMPARE(world.changes().size(), size_t(1));  // told once
}

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_service_changes.moc"
