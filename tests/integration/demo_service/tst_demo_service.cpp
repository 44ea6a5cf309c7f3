// The web-503 scenario on real loopback ports: it fails, recovers, breaks and ends as its header says.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <unistd.h>

#include <QFile>
#include <QHostAddress>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/demo/demo_scenario.h"
#include "base/bytes.h"

using namespace aiops;
using demo::Web503Scenario;
using demo::Web503Variant;
using nlohmann::json;

namespace {

constexpr int kPatience = 30000;
const std::string kBinary = std::string(AIOPS_BIN_DIR) + "/aiops-demo-service";

struct Answer {
  int status = 0;
  std::string body;
};

/// Status 0: nobody answered.
Answer get(uint16_t port, const QByteArray& target) {
  QTcpSocket socket;
  socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
  if (!socket.waitForConnected(2000)) return {};
  socket.write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  QByteArray bytes;
  while (socket.waitForReadyRead(2000)) bytes += socket.readAll();
  bytes += socket.readAll();
  const int body = bytes.indexOf("\r\n\r\n");
  return {bytes.mid(9, 3).toInt(), body < 0 ? std::string() : bytes.mid(body + 4).toStdString()};
}

bool listens(uint16_t port) {
  QTcpSocket socket;
  socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
  return socket.waitForConnected(2000);
}

int ctl(const Web503Scenario& scenario, const QStringList& words) {
  QStringList arguments = {QStringLiteral("ctl"), QStringLiteral("--dir"),
                           QString::fromStdString(scenario.directory().string())};
  QProcess process;
  process.start(QString::fromStdString(kBinary), arguments + words);
  if (!process.waitForFinished(kPatience) || process.exitStatus() != QProcess::NormalExit) return -1;
  return process.exitCode();
}

int statusOfWeb(const Web503Scenario& scenario, int limit) {
  return ctl(scenario, {QStringLiteral("status"), QStringLiteral("web"), QStringLiteral("--expect-limit"),
                        QString::number(limit)});
}

int restartWeb(const Web503Scenario& scenario, const QString& token) {
  return ctl(scenario, {QStringLiteral("restart"), QStringLiteral("web"), QStringLiteral("--token"), token});
}

std::string contents(const std::filesystem::path& path) {
  return base::readFile(path).value_or(std::string());
}

bool fileHas(const std::filesystem::path& path, std::string_view text) {
  return contents(path).find(text) != std::string::npos;
}

/// What the engine's fix does: one value, every other byte as it was.
void setLimit(const Web503Scenario& scenario, const std::string& from, const std::string& to) {
  std::string text = contents(scenario.webConfig());
  const std::string key = "memory_limit_mb = ";
  const size_t at = text.find(key + from + "\n");
  QVERIFY(at != std::string::npos);
  text.replace(at + key.size(), from.size(), to);
  QVERIFY(base::writeFileAtomic(scenario.webConfig(), text));
}

std::vector<json> ledgerOf(const Web503Scenario& scenario, const std::string& action) {
  std::vector<json> lines;
  std::ifstream file(scenario.ledger());
  for (std::string line; std::getline(file, line);) {
    json entry = json::parse(line);
    if (entry["action"] == action) lines.push_back(std::move(entry));
  }
  return lines;
}

/// A process that runs: neither gone nor waiting to be reaped.
bool isAlive(int pid) {
  QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!file.open(QIODevice::ReadOnly)) return false;
  const QByteArray stat = file.readAll();
  return stat.mid(stat.lastIndexOf(')') + 2, 1) != "Z";
}

bool anyAlive(const std::vector<int>& pids) {
  return std::ranges::any_of(pids, isAlive);
}

std::vector<int> servicePids(const Web503Scenario& scenario) {
  std::vector<int> pids;
  for (const json& line : ledgerOf(scenario, "start")) pids.push_back(line["pid"]);
  return pids;
}

}  // namespace

class TstDemoService : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<Web503Scenario> prepare(Web503Variant variant) {
    auto scenario =
        Web503Scenario::prepare({m_home.path().toStdString(), kBinary, variant, std::chrono::seconds(90)});
    if (!scenario) qFatal("%s", scenario.error().line().c_str());
    return std::move(*scenario);
  }

  QTemporaryDir m_home;

 private Q_SLOTS:
  void failsAtItsLimitAndRecoversWithMore() {
    const auto scenario = prepare(Web503Variant::Fixable);
    setLimit(*scenario, "48", "4");
    QVERIFY(scenario->start());
    QTRY_COMPARE_WITH_TIMEOUT(get(scenario->webPort(), "/healthz").status, 503, kPatience);
    const json failing = json::parse(get(scenario->webPort(), "/healthz").body);
    QCOMPARE(failing["status"].get<std::string>(), std::string("failing"));
    QCOMPARE(failing["memory_limit_bytes"].get<int>(), 4 << 20);
    QVERIFY(failing["memory_used_ratio"].get<double>() > 0.5);
    QTRY_VERIFY_WITH_TIMEOUT(fileHas(scenario->frontLog(), "\"POST /cart HTTP/1.1\" 503 "), kPatience);
    QVERIFY(fileHas(scenario->frontLog(), " upstream_status=503 "));
    QVERIFY(fileHas(scenario->webLog(),
                    " ERROR web: cannot store session: memory limit reached, 4194304 of 4194304 bytes in use "
                    "(memory_limit_mb=4)"));
    QVERIFY(fileHas(scenario->webLog(), " WARN web: session memory is nearly full"));
    QCOMPARE(statusOfWeb(*scenario, 4), 0);
    QCOMPARE(statusOfWeb(*scenario, 96), 1);

    setLimit(*scenario, "4", "96");
    QCOMPARE(restartWeb(*scenario, QStringLiteral("run-1")), 0);
    QCOMPARE(statusOfWeb(*scenario, 96), 0);
    QCOMPARE(statusOfWeb(*scenario, 4), 1);
    const Answer after = get(scenario->webPort(), "/healthz");
    QCOMPARE(after.status, 200);
    QCOMPARE(json::parse(after.body)["memory_limit_bytes"].get<int>(), 96 << 20);
    QCOMPARE(get(scenario->frontPort(), "/").status, 200);
    QCOMPARE(get(scenario->frontPort(), "/missing").status, 404);
    const auto restarts = ledgerOf(*scenario, "restart");
    QCOMPARE(restarts.size(), size_t(1));
    QCOMPARE(restarts[0]["token"].get<std::string>(), std::string("run-1"));
    QVERIFY(restarts[0]["ok"].get<bool>());
  }

  void refusesToStartAboveItsMaximum() {
    const auto scenario = prepare(Web503Variant::BreakSomething);
    QVERIFY(scenario->start());
    const std::string before = scenario->bytesOfConfig().value();
    setLimit(*scenario, "48", "96");
    QCOMPARE(restartWeb(*scenario, QStringLiteral("t")), 1);
    QCOMPARE(statusOfWeb(*scenario, 96), 1);
    QVERIFY(!listens(scenario->webPort()));
    QCOMPARE(get(scenario->frontPort(), "/").status, 502);
    QVERIFY(fileHas(scenario->webLog(),
                    "CRITICAL web: invalid configuration, not starting: memory_limit_mb 96 "
                    "exceeds memory_max_mb 64"));
    QVERIFY(fileHas(scenario->frontErrorLog(), " ERROR front: upstream 127.0.0.1:"));

    QVERIFY(base::writeFileAtomic(scenario->webConfig(), before));
    QCOMPARE(restartWeb(*scenario, QStringLiteral("undo")), 0);
    QCOMPARE(statusOfWeb(*scenario, 48), 0);
    QCOMPARE(get(scenario->frontPort(), "/").status, 200);
  }

  void runsShortOfMemoryAgainWhenVisitorsGrow() {
    const auto scenario = prepare(Web503Variant::FailValidation);
    setLimit(*scenario, "48", "96");
    QVERIFY(scenario->start());
    QTRY_VERIFY_WITH_TIMEOUT(fileHas(scenario->webLog(), "ERROR web: cannot store session"), kPatience);
    QVERIFY(fileHas(scenario->webLog(), "(memory_limit_mb=96)"));
  }

  void statusIsUnknownWithoutASupervisor() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QCOMPARE(statusOfWeb(*scenario, 48), 2);
    QCOMPARE(restartWeb(*scenario, QStringLiteral("t")), 1);
  }

  void refusesWhatItDoesNotKnow() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QVERIFY(scenario->start());
    QCOMPARE(ctl(*scenario, {QStringLiteral("status"), QStringLiteral("db")}), 2);
    QCOMPARE(ctl(*scenario, {QStringLiteral("restart"), QStringLiteral("db")}), 1);
    QCOMPARE(ctl(*scenario, {QStringLiteral("restart")}), 2);
    QCOMPARE(ctl(*scenario, {QStringLiteral("restart"), QStringLiteral("web"), QStringLiteral("--force")}),
             2);
    QVERIFY(ledgerOf(*scenario, "restart").empty());
    QVERIFY(!scenario->start());
  }

  void worksInAFolderLongerThanASocketAddress() {
    const std::string home = m_home.path().toStdString() + "/" + std::string(120, 'x');
    auto scenario =
        Web503Scenario::prepare({home, kBinary, Web503Variant::Fixable, std::chrono::seconds(60)});
    QVERIFY(scenario);
    QVERIFY((*scenario)->start());
    QCOMPARE(statusOfWeb(**scenario, 48), 0);
  }

  void stopLeavesNothing() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QVERIFY(scenario->start());
    auto pids = servicePids(*scenario);
    QCOMPARE(pids.size(), size_t(3));
    pids.push_back(scenario->supervisorPid());
    QVERIFY(std::ranges::all_of(pids, isAlive));
    scenario->stop();
    QVERIFY(!anyAlive(pids));
    QVERIFY(!listens(scenario->webPort()));
    QVERIFY(!listens(scenario->frontPort()));
    QVERIFY(!std::filesystem::exists(scenario->directory()));
    scenario->stop();
  }

  void servicesEndWithAKilledSupervisor() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QVERIFY(scenario->start());
    const auto pids = servicePids(*scenario);
    kill(scenario->supervisorPid(), SIGKILL);
    QTRY_VERIFY_WITH_TIMEOUT(!anyAlive(pids), kPatience);
    QVERIFY(!listens(scenario->webPort()));
    QVERIFY(!listens(scenario->frontPort()));
    QCOMPARE(statusOfWeb(*scenario, 48), 2);
  }

  void supervisorEndsWithItsKilledParent() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral("\"$0\" supervisor --dir \"$1\" --parent $$ & wait"),
                 QString::fromStdString(kBinary), QString::fromStdString(scenario->directory().string())});
    QTRY_COMPARE_WITH_TIMEOUT(statusOfWeb(*scenario, 48), 0, kPatience);
    const auto pids = servicePids(*scenario);
    shell.kill();
    QVERIFY(shell.waitForFinished(kPatience));
    QTRY_VERIFY_WITH_TIMEOUT(!anyAlive(pids), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(scenario->directory() / "supervisor.sock"), kPatience);
  }

  void supervisorRefusesAParentThatIsNotItsOwn() {
    const auto scenario = prepare(Web503Variant::Fixable);
    QProcess process;
    process.start(QString::fromStdString(kBinary), {QStringLiteral("supervisor"), QStringLiteral("--dir"),
                                                    QString::fromStdString(scenario->directory().string()),
                                                    QStringLiteral("--parent"), QStringLiteral("1")});
    QVERIFY(process.waitForFinished(kPatience));
    QCOMPARE(process.exitCode(), 3);
    QVERIFY(!std::filesystem::exists(scenario->ledger()));
  }

  void prepareRemovesWhatAKilledRunLeft() {
    const auto leftOver = std::filesystem::path(m_home.path().toStdString()) / "demo" / "web-503-999999999";
    const auto other = leftOver.parent_path() / "keep-me";
    std::filesystem::create_directories(leftOver / "logs");
    std::filesystem::create_directories(other);
    const auto scenario = prepare(Web503Variant::Fixable);
    QVERIFY(!std::filesystem::exists(leftOver));
    QVERIFY(std::filesystem::exists(other));
    QVERIFY(std::filesystem::exists(scenario->webConfig()));
  }

  void prepareNeedsTheServices() {
    const auto scenario = Web503Scenario::prepare(
        {m_home.path().toStdString(), "/nonexistent/service", Web503Variant::Fixable, {}});
    QVERIFY(!scenario);
    QVERIFY(
        !std::filesystem::exists(m_home.path().toStdString() + "/demo/web-503-" + std::to_string(getpid())));
  }
};

QTEST_GUILESS_MAIN(TstDemoService)
#include "tst_demo_service.moc"
