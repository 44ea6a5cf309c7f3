// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

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

  void attackersAreListedWhole() {
    Logs logs;
    std::ofstream out(logs.path() + "/sshd.log");
    const auto line = [&](double t, const std::string& text) {
      out << base::toIso8601(at(t)) << " host sshd[266]: " << text << '\n';
    };
    for (int i = 0; i < 400; ++i) {
      const auto address = "203.0.113." + std::to_string(1 + i % 20);
      line(i * 0.5, "Failed password for invalid user u" + std::to_string(i % 9) + " from " + address +
                        " port 39017 ssh2");
    }
    for (int i = 0; i < 14; ++i) line(200 + i, "Failed password for root from 198.51.100.9 port 39017 ssh2");
    line(215, "Accepted password for root from 198.51.100.9 port 39018 ssh2");
    line(216, "Accepted publickey for deploy from 203.0.113.1 port 39018 ssh2: ED25519 SHA256:abc");
    for (int i = 0; i < 130; ++i)
      line(217 + i * 0.5, "Failed password for root from 198.51.100.9 port 39017 ssh2");
    out.close();
    const auto report =
        agents::analyseOffline({.paths = {logs.path()}, .topology = {}, .zones = {}}, shipped());
    QVERIFY(report);
    QCOMPARE(report->incidents.size(), size_t(1));
    const auto& findings = report->incidents.front().diagnosis.findings;
    QCOMPARE(findings.size(), size_t(2));
    QVERIFY(findings[0].title.find("succeeded after many failures, from 198.51.100.9") != std::string::npos);
    QVERIFY(findings[1].title.starts_with("21 addresses try passwords"));
    QVERIFY(findings[1].text.starts_with("198.51.100.9\n"));
    QCOMPARE(std::ranges::count(findings[1].text, '\n'), 21);
    for (const auto& finding : findings) {
      QVERIFY(!finding.evidence.empty());
      for (const auto& citation : finding.evidence) QVERIFY(citation.verified);
    }
  }

  void aPlanInTheLogGivesTheIndex() {
    Logs logs;
    MiniShop shop;
    shop.quiet(0, 30);
    for (double t = 30; t < 60; t += 1) {
      shop.database(t,
                    "app@shop LOG:  duration: 2503.250 ms  plan:\n\tQuery Text: SELECT * FROM orders WHERE "
                    "customer_id = 42\n"
                    "\tSeq Scan on orders  (cost=0.00..24540.00 rows=20 width=20) (actual time=2.0..2502.9 "
                    "rows=24 loops=1)\n"
                    "\t  Filter: (customer_id = 42)\n\t  Rows Removed by Filter: 999976");
      shop.database(t + 0.2, "app@shop ERROR:  canceling statement due to statement timeout");
      shop.visit(t + 0.3, false, "ERROR database error: canceling statement due to statement timeout");
    }
    const auto report = logs.analyse(shop);
    QCOMPARE(report.incidents.size(), size_t(1));
    const auto& findings = report.incidents.front().diagnosis.findings;
    QCOMPARE(findings.size(), size_t(1));
    QCOMPARE(findings[0].text, std::string("CREATE INDEX CONCURRENTLY ON \"orders\" (\"customer_id\");"));
    QVERIFY(findings[0].evidence.front().verified);
  }

  void slowEntriesOfMysqlAreRead() {
    Logs logs;
    std::ofstream out(logs.path() + "/mysql.log");
    for (int i = 0; i < 40; ++i) {
      out << "# Time: " << base::toIso8601(at(i)) << "\n# User@Host: app[app] @ web [10.0.0.5]  Id:    12\n"
          << "# Query_time: 3.204123  Lock_time: 0.000123 Rows_sent: 1  Rows_examined: 1203441\n"
          << "SET timestamp=1795000000;\nSELECT * FROM orders WHERE customer_id = " << i << ";\n";
    }
    for (int i = 0; i < 40; ++i) {
      out << base::toIso8601(at(40 + i))
          << " 12 [ERROR] [MY-010000] [Server] Lock wait timeout exceeded; try restarting transaction\n";
    }
    out.close();
    const auto report =
        agents::analyseOffline({.paths = {logs.path()}, .topology = {}, .zones = {}}, shipped());
    QVERIFY(report);
    QCOMPARE(report->incidents.size(), size_t(1));
    const auto& findings = report->incidents.front().diagnosis.findings;
    QCOMPARE(findings.size(), size_t(1));
    QCOMPARE(findings[0].text,
             std::string("ALTER TABLE `orders` ADD INDEX (`customer_id`), ALGORITHM=INPLACE, LOCK=NONE;"));
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
