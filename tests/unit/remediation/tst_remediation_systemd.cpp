// Verbs on units of a real systemd, booted as PID 1 of its own namespaces: what goes well, and each way in
// which it does not. Needs root and the tool `nested-systemd` (AIOPS_NESTED_SYSTEMD, or ../shared/tools
// beside the checkout); says so and passes without them. The program copies itself inside and runs there as
// `inside`. SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/bounded_queue.h"
#include "base/bytes.h"
#include "remediation/executor_client.h"
#include "remediation/journal.h"
#include "remediation/planner.h"
#include "remediation/service_effect.h"
#include "remediation/service_manager.h"

using namespace aiops;
using namespace aiops::remediation;
using base::ErrorCode;
using model::FixState;
namespace fs = std::filesystem;

namespace {

const std::string kInside = "/opt/aiops-test";

int systemctl(const std::vector<std::string>& arguments) {
  QStringList list;
  for (const auto& argument : arguments) list << QString::fromStdString(argument);
  return QProcess::execute(QStringLiteral("systemctl"), list);
}

void writeUnit(const std::string& name, const std::string& text) {
  std::ofstream("/etc/systemd/system/" + name) << text;
}

std::unique_ptr<ServiceManager> managerOf(const std::string& unit, bool reload = false) {
  return openManager({.manager = "systemd", .unit = unit, .reloadManager = reload}, {});
}

/// As the executor calls it, without a journal.
VerbEnd act(
    const std::string& unit, const std::string& verb, int timeoutMs = 20000, bool reload = false,
    std::function<bool()> cancelled = [] { return false; }) {
  VerbHooks hooks;
  hooks.starting = [](int, const std::string& token) { return !token.empty(); };
  hooks.cancelled = std::move(cancelled);
  return managerOf(unit, reload)->act(verb, std::chrono::milliseconds(timeoutMs), hooks);
}

/// A fix of one restart, run by a real executor process.
class Fix {
 public:
  explicit Fix(const std::string& unit) {
    const fs::path root = m_directory.path().toStdString();
    fs::create_directories(root / "playbooks");
    fs::create_directories(root / "home");
    std::ofstream(root / "playbooks/restart.yaml") << R"(id: restart
version: "1"
title: "Restart {service}"
fix_kind: restart_service
cures: [unresponsive]
parameters:
  service: {type: service, from: target}
preconditions: [service_known, manager]
steps:
  - title: "Restart {service}"
    service: {verb: restart, timeout: 20s, stability: 1s}
validators:
  - service: {title: "{service} stays up", settle: 0s, interval: 1s, probes: 1}
risk: {base: medium}
)";
    m_config.home = root / "home";
    m_config.playbookDirectories = {root / "playbooks"};
    m_config.inventory.services = {{.name = "web", .manager = "systemd", .unit = unit}};
    const auto set = loadPlaybooks(m_config.playbookDirectories);
    auto world = systemWorld(m_config.policy);
    world.observe = [this](const model::ServiceEntry& service) {
      return observeService(service, m_config.policy);
    };
    model::Incident incident;
    model::Hypothesis hypothesis{.service = "web", .kind = "unresponsive", .confidence = 0.95};
    auto made =
        makePlan({set.playbooks.at(0), incident, hypothesis, {}, m_config.inventory, m_config.policy}, world);
    if (!made) qFatal("%s", made.error().line().c_str());
    m_bytes = model::canonicalBytes(made->plan);
    m_hash = made->planHash;
  }
  ~Fix() { m_client.reset(); }

  /// Until it ends or the executor does; Proposed for that.
  FixState run(const std::string& failpoint) {
    m_client.reset();
    qputenv("AIOPS_FAIL", QByteArray::fromStdString(failpoint));
    auto events = std::make_shared<base::BoundedQueue<ExecutorEvent>>(1000);
    m_client = std::make_unique<ExecutorClient>(m_config, kInside + "/remediation_helper");
    if (!m_client->spawn()) return FixState::Proposed;
    qunsetenv("AIOPS_FAIL");
    if (!m_client->connect({[events](const ExecutorEvent& event) { events->tryPush(ExecutorEvent(event)); },
                            [events](const std::string&) { events->close(); }}))
      return FixState::Proposed;
    if (!begin()) return FixState::Proposed;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (auto event = events->popUntil(deadline)) {
      if (event->kind != ExecutorEvent::Kind::State) continue;
      detail = event->detail;
      if (model::isFinal(event->state)) return event->state;
      if (event->state == FixState::Validating) (void)m_client->verdict(m_hash, true, "test");
    }
    return FixState::Proposed;
  }

  base::Result<model::DryRun> dryRun() { return m_client->dryRun(m_bytes, m_hash); }
  std::vector<std::string> violations() {
    m_client.reset();
    const auto journal = Journal::open(executorDirectory(m_config.home) / "journal");
    return journal ? invariantViolations((*journal)->records()) : std::vector<std::string>{"no journal"};
  }
  std::string detail;

 private:
  bool begin() {
    const auto status = m_client->statusOfRuns();
    if (!status) return false;
    if (status->runs.empty() && !m_client->approve(m_bytes, m_hash, "tester", "")) return false;
    const bool claimed = !status->runs.empty() && status->runs[0].state != FixState::Approved;
    return claimed ? m_client->recover().has_value() : m_client->execute(m_bytes, m_hash).has_value();
  }

  QTemporaryDir m_directory;
  ExecutorConfig m_config;
  std::string m_bytes, m_hash;
  std::unique_ptr<ExecutorClient> m_client;
};

size_t startsOfGood() {
  const auto ledger = base::readFile("/run/aiops-good.ledger").value_or("");
  return static_cast<size_t>(std::ranges::count(ledger, '\n'));
}

}  // namespace

/// Runs inside, on the booted systemd.
class TestInside : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    writeUnit("aiops-good.service",
              "[Service]\nExecStartPre=/bin/sh -c 'echo start >> /run/aiops-good.ledger'\n"
              "ExecStart=/bin/sleep infinity\nExecReload=/bin/true\n"
              "[Unit]\nStartLimitIntervalSec=0\n");
    writeUnit("aiops-dies.service",
              "[Service]\nExecStart=/bin/sh -c 'sleep 0.4; exit 3'\n[Unit]\nStartLimitIntervalSec=0\n");
    writeUnit("aiops-limit.service",
              "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n"
              "[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n");
    writeUnit("aiops-limit-failed.service",
              "[Service]\nType=oneshot\nExecStart=/bin/false\n"
              "[Unit]\nStartLimitIntervalSec=600\nStartLimitBurst=2\n");
    writeUnit("aiops-hangs.service",
              "[Service]\nType=notify\nExecStart=/bin/sleep "
              "infinity\nTimeoutStartSec=infinity\nTimeoutStopSec=1\n");
    writeUnit("aiops-changed.service", "[Service]\nExecStart=/bin/sleep infinity\n");
    QCOMPARE(systemctl({"daemon-reload"}), 0);
    QCOMPARE(systemctl({"start", "aiops-good.service", "aiops-changed.service"}), 0);
  }

  void aUnitThatDoesNotExist() {
    const auto state = managerOf("aiops-none.service")->state();
    QVERIFY(state.error().code == ErrorCode::NotFound);
    const auto end = act("aiops-none.service", "restart");
    QVERIFY(!end.ok && !end.sent);
  }

  void aMaskedUnit() {
    fs::create_symlink("/dev/null", "/etc/systemd/system/aiops-masked.service");
    QCOMPARE(systemctl({"daemon-reload"}), 0);
    const auto state = managerOf("aiops-masked.service")->state();
    QVERIFY(!state);
    QVERIFY2(state.error().line().find("masked") != std::string::npos, state.error().line().c_str());
    const auto end = act("aiops-masked.service", "start");
    QVERIFY(!end.ok && !end.sent);
  }

  void aRestartThatWorks() {
    const auto before = managerOf("aiops-good.service")->state();
    QVERIFY(before && before->active && before->mainPid > 0);
    const auto end = act("aiops-good.service", "restart");
    QVERIFY2(end.ok && end.sent, end.detail.c_str());
    const auto after = managerOf("aiops-good.service")->state();
    QVERIFY(after && after->active && after->mainPid != before->mainPid);
    QVERIFY(judgeVerb("restart", *before, *after) == StepEffect::Applied);
  }

  void aReloadIsSeen() {
    const auto before = managerOf("aiops-good.service")->state();
    const auto end = act("aiops-good.service", "reload");
    QVERIFY2(end.ok, end.detail.c_str());
    const auto after = managerOf("aiops-good.service")->state();
    QCOMPARE(after->invocation, before->invocation);
    QVERIFY(judgeVerb("reload", *before, *after) == StepEffect::Applied);
  }

  void stopAndStart() {
    QVERIFY(act("aiops-good.service", "stop").ok);
    QVERIFY(!managerOf("aiops-good.service")->state()->active);
    QVERIFY(act("aiops-good.service", "start").ok);
    QVERIFY(managerOf("aiops-good.service")->state()->active);
  }

  void theStartLimit() {
    for (int i = 0; i < 3; ++i) (void)systemctl({"restart", "aiops-limit.service"});
    const auto state = managerOf("aiops-limit.service")->state();
    QCOMPARE(state->note, std::string("start-limit-hit"));
    const auto end = act("aiops-limit.service", "restart");
    QVERIFY(!end.ok && !end.sent);
    QVERIFY2(end.detail.find("start limit") != std::string::npos, end.detail.c_str());
    QCOMPARE(managerOf("aiops-limit.service")->state()->note, std::string("start-limit-hit"));  // never reset
  }

  /// systemd keeps the earlier result of such a unit, and refuses the job itself.
  void theStartLimitAfterFailures() {
    for (int i = 0; i < 3; ++i) (void)systemctl({"start", "aiops-limit-failed.service"});
    const auto before = managerOf("aiops-limit-failed.service")->state();
    QCOMPARE(before->note, std::string("exit-code"));
    QVERIFY(!act("aiops-limit-failed.service", "start").ok);
    QVERIFY(!managerOf("aiops-limit-failed.service")->state()->active);
  }

  void aJobThatNeverEnds() {
    const auto end = act("aiops-hangs.service", "start", 700);
    QVERIFY(!end.ok && end.sent);
    QVERIFY2(end.detail.find("did not end in time") != std::string::npos, end.detail.c_str());
    QTRY_VERIFY(managerOf("aiops-hangs.service")->busy("") == std::optional<bool>(false));
    int asked = 0;
    const auto cancelled = act("aiops-hangs.service", "start", 20000, false, [&] { return ++asked > 3; });
    QVERIFY(!cancelled.ok && cancelled.cancelled);
    (void)systemctl({"stop", "aiops-hangs.service"});
  }

  void filesThatSystemdHasNotRead() {
    QTest::qWait(1100);  // the time stamp of the file must differ
    writeUnit("aiops-changed.service", "[Service]\nExecStart=/bin/sleep infinity\nNice=1\n");
    QTRY_VERIFY(!managerOf("aiops-changed.service")->state());
    const auto state = managerOf("aiops-changed.service")->state();
    QVERIFY2(state.error().line().find("daemon-reload") != std::string::npos, state.error().line().c_str());
    QVERIFY(!act("aiops-changed.service", "restart").ok);
    QVERIFY(act("aiops-changed.service", "restart", 20000, true).ok);
    QVERIFY(managerOf("aiops-changed.service")->state().has_value());
  }

  void aUserWithoutTheRight() {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(9);
      const auto end = act("aiops-good.service", "restart", 5000);
      ::_exit(!end.ok && !end.sent && end.detail.find("does not allow") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
  }

  void theExecutorRestarts() {
    Fix fix("aiops-good.service");
    const size_t before = startsOfGood();
    const auto state = fix.run("");
    QVERIFY2(state == FixState::Succeeded, fix.detail.c_str());
    QCOMPARE(startsOfGood(), before + 1);
    QVERIFY(fix.violations().empty());
  }

  void theExecutorSeesThatItDies() {
    QCOMPARE(systemctl({"start", "aiops-dies.service"}), 0);
    QTRY_VERIFY(!managerOf("aiops-dies.service")->state()->active);
    Fix fix("aiops-dies.service");
    // It starts, and is gone within the stability window. It did not run before: nothing is to be put right.
    QVERIFY2(fix.run("") == FixState::RolledBack, fix.detail.c_str());
    QVERIFY2(fix.detail.find("step 1 failed") != std::string::npos, fix.detail.c_str());
    QVERIFY(fix.violations().empty());
  }

  void killedAroundTheVerb_data() {
    QTest::addColumn<QString>("place");
    for (const char* place :
         {"before_intent", "after_intent", "after_started", "after_verb", "before_result", "after_result"})
      QTest::newRow(place) << QStringLiteral("exec.%1.0:kill").arg(QLatin1String(place));
  }
  void killedAroundTheVerb() {
    QFETCH(QString, place);
    Fix fix("aiops-good.service");
    const size_t before = startsOfGood();
    QVERIFY(fix.run(place.toStdString()) == FixState::Proposed);
    const auto state = fix.run("");
    QVERIFY2(state == FixState::Succeeded, fix.detail.c_str());
    QCOMPARE(startsOfGood(), before + 1);  // never twice
    const auto broken = fix.violations();
    QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
  }

  /// The last one: nothing can be asked after it.
  void theBusIsGone() {
    int asked = 0;
    const auto end = act("aiops-hangs.service", "start", 20000, false, [&] {
      if (++asked == 3) (void)systemctl({"stop", "dbus.socket", "dbus.service"});
      return false;
    });
    QVERIFY(!end.ok && end.sent);
    QVERIFY2(end.detail.find("system bus") != std::string::npos, end.detail.c_str());
    const auto state = managerOf("aiops-good.service")->state();
    QVERIFY(state.error().code == ErrorCode::Unavailable);
    const auto refused = act("aiops-good.service", "restart");
    QVERIFY(!refused.ok && !refused.sent);
  }
};

/// Boots, goes inside, and reports what was found there.
class TestNested : public QObject {
  Q_OBJECT

  static QString tool() {
    const QString given = qEnvironmentVariable("AIOPS_NESTED_SYSTEMD");
    return given.isEmpty() ? QStringLiteral(AIOPS_SOURCE_DIR "/../shared/tools/nested-systemd") : given;
  }

  /// The tool's booted systemd keeps our pipes open: it gets none.
  static int quietly(const QStringList& arguments) {
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(tool(), arguments);
    return process.waitForFinished(60000) ? process.exitCode() : -1;
  }

 private Q_SLOTS:
  void onARealSystemd() {
    if (!fs::exists(tool().toStdString())) QSKIP("nested-systemd is not here (AIOPS_NESTED_SYSTEMD)");
    if (::geteuid() != 0) QSKIP("needs root to boot a systemd");
    const QTemporaryDir directory;
    const QString place = directory.path();
    int booted = -1;
    for (int attempt = 0; attempt < 3 && booted != 0; ++attempt)
      booted = quietly({QStringLiteral("start"), place});
    if (booted != 0) QSKIP("a systemd can't be booted in namespaces here");
    const auto pid = base::readFile((place + QStringLiteral("/pid")).toStdString()).value_or("");
    const fs::path inside = "/proc/" + pid.substr(0, pid.find('\n')) + "/root" + kInside;
    fs::create_directories(inside);
    fs::copy_file("/proc/self/exe", inside / "tests");
    fs::copy_file(AIOPS_HELPER, inside / "remediation_helper");
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(tool(), {QStringLiteral("exec"), place, QString::fromStdString(kInside + "/tests"),
                           QStringLiteral("inside")});
    const bool ended = process.waitForFinished(400000);
    const QByteArray said = process.readAll();
    (void)quietly({QStringLiteral("stop"), place});
    if (!ended || process.exitCode() != 0) qWarning("%s", said.constData());
    QVERIFY(ended);
    QVERIFY2(said.contains("Totals:"), said.constData());
    QCOMPARE(process.exitCode(), 0);
  }
};

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  const bool inside = argc > 1 && std::string_view(argv[1]) == "inside";
  if (!inside) {
    TestNested test;
    return QTest::qExec(&test, argc, argv);
  }
  TestInside test;
  return QTest::qExec(&test, {QString::fromLocal8Bit(argv[0])});
}
#include "tst_remediation_systemd.moc"
