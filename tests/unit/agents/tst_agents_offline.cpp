// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>

#include "agents/offline_engine.h"
#include "agents/offline_files.h"
#include "support/mini_shop.h"

using namespace aiops;
using test::at;
using test::MiniShop;

namespace {

const agents::OfflineKnowledge& shipped() {
  static const auto known = agents::loadOfflineKnowledge({AIOPS_SOURCE_DIR "/resources"});
  return known;
}

struct Logs {
  QTemporaryDir dir;
  std::string path() const { return dir.path().toStdString(); }

  agents::OfflineReport analyse(const MiniShop& shop, bool withTopology = true,
                                std::map<std::string, std::string> zones = {}) {
    shop.write(path());
    const auto report = agents::analyseOffline({.paths = {path()},
                                                .topology = withTopology ? path() + "/topology.json" : "",
                                                .zones = std::move(zones)},
                                               shipped());
    if (!report) qFatal("%s", report.error().line().c_str());
    for (const auto& problem : report->problems) qWarning("%s", problem.c_str());
    return *report;
  }
};

/// A disk that fills from `from` on: the database says so, the application and the front show the effect.
void fillDisk(MiniShop& shop, double from, double to) {
  for (double t = from; t < to; t += 0.5) {
    shop.database(t, "app@shop ERROR:  could not extend file \"base/1/2\": No space left on device");
    shop.visit(t + 0.1, false, "ERROR database error: No space left on device");
  }
}

void refuse(MiniShop& shop, double from, double to) {
  for (double t = from; t < to; t += 0.25)
    shop.visit(t, false, "ERROR connect to postgres.example:5432 failed: Connection refused");
}

const model::Hypothesis& best(const agents::OfflineIncident& found) {
  return found.diagnosis.hypotheses.front();
}

}  // namespace

class TestAgentsOffline : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void healthyLogsRaiseNothing() {
    Logs logs;
    MiniShop shop;
    shop.database(0, "LOG:  database system is ready to accept connections");
    shop.quiet(1, 120);
    const auto report = logs.analyse(shop);
    QVERIFY(report.incidents.empty());
    QCOMPARE(report.files, size_t{3});
    QCOMPARE(report.lines, uint64_t{1 + 4 * 119});
  }

  void aDiskThatFillsIsOneIncidentOfTheDatabase() {
    Logs logs;
    MiniShop shop;
    shop.database(0, "LOG:  database system is ready to accept connections");
    shop.quiet(1, 60);
    fillDisk(shop, 60, 90);
    const auto report = logs.analyse(shop);
    QCOMPARE(report.incidents.size(), size_t{1});
    const auto& found = report.incidents.front();
    QCOMPARE(best(found).service, std::string("postgres"));
    QCOMPARE(best(found).kind, std::string("disk_full"));
    QVERIFY(found.incident.detectedAt >= at(60) && found.incident.detectedAt <= at(62));
    QVERIFY(!found.incident.endedAt);
    QVERIFY(found.incident.services.size() == 3);
    for (const auto& hypothesis : found.diagnosis.hypotheses) {
      if (hypothesis.verdict != model::Verdict::Rejected) QVERIFY(!hypothesis.evidenceFor.empty());
      for (const auto& citation : hypothesis.evidenceFor) QVERIFY(citation.evidence.position.line > 0);
    }
  }

  void anIncidentEndsWhenItsFailureEnded() {
    Logs logs;
    MiniShop shop;
    shop.quiet(1, 60);
    fillDisk(shop, 60, 70);
    shop.quiet(70, 400);
    const auto report = logs.analyse(shop);
    QCOMPARE(report.incidents.size(), size_t{1});
    QVERIFY(report.incidents.front().incident.endedAt);
    QVERIFY(*report.incidents.front().incident.endedAt <= at(71));
  }

  void whoNoLongerAnswersIsBlamedAndNotWhoComplains() {
    Logs logs;
    MiniShop shop;
    shop.database(0, "LOG:  listening on IPv4 address \"127.0.0.1\", port 5432");
    shop.quiet(1, 60);
    refuse(shop, 60, 90);
    const auto report = logs.analyse(shop);
    QCOMPARE(report.incidents.size(), size_t{1});
    const auto& found = report.incidents.front();
    QCOMPARE(best(found).service, std::string("postgres"));
    QCOMPARE(best(found).kind, std::string("process_killed"));
    QVERIFY(found.incident.detectedAt >= at(65));  // it had to last
    QVERIFY(found.incident.detectedAt <= at(75));
  }

  void aRestartIsNoIncident() {
    Logs logs;
    MiniShop shop;
    shop.quiet(1, 60);
    shop.database(60, "LOG:  received fast shutdown request");
    refuse(shop, 60.1, 63);
    shop.database(63, "LOG:  database system is ready to accept connections");
    shop.quiet(63.2, 120);
    QVERIFY(logs.analyse(shop).incidents.empty());
  }

  void twoUnrelatedFailuresStayApart() {
    Logs logs;
    MiniShop shop;
    shop.quiet(1, 60);
    fillDisk(shop, 60, 90);
    for (double t = 61; t < 90; t += 0.5) shop.mail(t, "ERROR mail: out of memory");
    const auto report = logs.analyse(shop);
    QCOMPARE(report.incidents.size(), size_t{2});
    QCOMPARE(best(report.incidents[0]).service, std::string("postgres"));
    QCOMPARE(best(report.incidents[1]).service, std::string("mail"));
  }

  void withoutTopologyTimeRelates() {
    Logs logs;
    MiniShop shop;
    shop.quiet(1, 60);
    fillDisk(shop, 60, 90);
    const auto report = logs.analyse(shop, false);
    QCOMPARE(report.incidents.size(), size_t{1});
    QCOMPARE(best(report.incidents.front()).kind, std::string("disk_full"));
  }

  void localTimesAreMovedToTheirPlace() {
    for (const int hours : {-5, 1, 9}) {
      Logs logs;
      MiniShop shop(hours);
      shop.quiet(1, 200);
      fillDisk(shop, 200, 230);
      const auto report = logs.analyse(shop);
      QCOMPARE(report.incidents.size(), size_t{1});
      QCOMPARE(report.incidents.front().incident.services.size(), size_t{3});
      QVERIFY(report.incidents.front().incident.startedAt >= at(199));
    }
  }

  void aGivenZoneIsTaken() {
    Logs logs;
    MiniShop shop(3);
    fillDisk(shop, 0, 30);
    const auto report = logs.analyse(shop, true, {{"front", "+03:00"}});
    QCOMPARE(report.incidents.size(), size_t{1});
    QVERIFY(report.incidents.front().incident.startedAt == at(0));
  }

  void unknownZonesPathsAndTopologiesAreNamed() {
    Logs logs;
    MiniShop shop;
    shop.quiet(1, 3);
    shop.write(logs.path());
    const auto zone = agents::analyseOffline({{logs.path()}, "", {{"front", "Mars/Olympus"}}}, shipped());
    QVERIFY(!zone && zone.error().what.find("Mars/Olympus") != std::string::npos);
    const auto whose = agents::analyseOffline({{logs.path()}, "", {{"nobody", "UTC"}}}, shipped());
    QVERIFY(!whose && whose.error().where.find("nobody") != std::string::npos);
    const auto gone = agents::analyseOffline({{logs.path() + "/gone.log"}, "", {}}, shipped());
    QVERIFY(!gone && gone.error().where.find("gone.log") != std::string::npos);
    std::ofstream(logs.path() + "/bad.json") << "[[[[[[[[[[";
    const auto topology = agents::analyseOffline({{logs.path()}, logs.path() + "/bad.json", {}}, shipped());
    QVERIFY(!topology && topology.error().where.find("bad.json") != std::string::npos);
  }

  void filesBelongToTheLongestServiceName() {
    const std::set<std::string> names{"nginx", "web", "web-1", "nginx-error-x"};
    QCOMPARE(agents::serviceOfFile("/x/nginx.log", names), std::string("nginx"));
    QCOMPARE(agents::serviceOfFile("/x/nginx-error.log", names), std::string("nginx"));
    QCOMPARE(agents::serviceOfFile("/x/web-1.log", names), std::string("web-1"));
    QCOMPARE(agents::serviceOfFile("/x/web-12.log", names), std::string("web"));
    QCOMPARE(agents::serviceOfFile("/x/web.2026-11-22.log", names), std::string("web"));
    QCOMPARE(agents::serviceOfFile("/x/webber.log", names), std::string("webber"));
    QCOMPARE(agents::serviceOfFile("messages", {}), std::string("messages"));
  }
};

QTEST_GUILESS_MAIN(TestAgentsOffline)
#include "tst_agents_offline.moc"
