// Restarting an agent of a running engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "service/engine_operations.h"
#include "service/operations.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;
using model::AgentStatus;

namespace {

class AgentWorld : public EngineWorld {
 public:
  ~AgentWorld() {
    if (engine) engine->stop();
    operations.reset();
  }
  void openAgents() {
    const auto opened = open();
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
    operations = service::makeEngineOperations(*engine);
  }
  void startAgents() {
    openAgents();
    start();
  }
  base::Result<AgentStatus> restart(const std::string& id, service::Caller caller = admin()) {
    return answerOf<AgentStatus>([&](auto reply) { operations->agents().restartAgent(caller, id, reply); });
  }
  base::Result<AgentStatus> enable(const std::string& id, bool enabled) {
    return answerOf<AgentStatus>(
        [&](auto reply) { operations->agents().enableAgent(admin(), id, enabled, reply); });
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& line : engine->logs().slice(0, 100).lines) out.push_back(line.text);
    return out;
  }

  std::unique_ptr<service::Operations> operations;
};

}  // namespace

class TestServiceAgents : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aRestartIsForAdmins() {
    AgentWorld world;
    world.startAgents();
    const service::Caller approver{.name = "bob", .mayOperate = true, .mayApprove = true};
    QVERIFY(world.restart("learning", approver).error().code == ErrorCode::PermissionDenied);
    QCOMPARE(world.engine->agent("learning")->status().operatorRestarts, 0u);
    QVERIFY(world.audited("agent.restart").empty());
  }

  void anUnknownAgentIsNamedWithThoseThereAre() {
    AgentWorld world;
    world.startAgents();
    const auto refused = world.restart("janitor");
    QVERIFY(refused.error().code == ErrorCode::NotFound);
    QVERIFY(refused.error().what.find("janitor") != std::string::npos);
    QVERIFY(refused.error().remedy.find("root_cause") != std::string::npos);
    QVERIFY(world.audited("agent.restart").empty());
  }

  void aDisabledAgentIsEnabledNotRestarted() {
    AgentWorld world;
    world.startAgents();
    QVERIFY(world.enable("learning", false).has_value());
    const auto refused = world.restart("learning");
    QVERIFY(refused.error().code == ErrorCode::Conflict);
    QVERIFY(refused.error().what.find("disabled") != std::string::npos);
    QVERIFY(refused.error().remedy.find("enable") != std::string::npos);
    QVERIFY(world.audited("agent.restart").empty());
    QVERIFY(world.engine->agent("learning")->status().state == model::AgentState::Disabled);
    QVERIFY(world.enable("learning", true).has_value());
    QVERIFY(world.restart("learning").has_value());
  }

  void whatCannotBeWrittenDownIsNotDone() {
    AgentWorld world;
    world.openAgents();  // the agents rest: nobody starts the executor again
    world.executor->disconnect();
    QVERIFY(world.restart("learning").error().code == ErrorCode::Unavailable);
    QCOMPARE(world.engine->agent("learning")->status().operatorRestarts, 0u);
  }

  void eachComesBackAndIsCounted() {
    AgentWorld world;
    world.startAgents();
    for (const auto* agent : world.engine->agents()) {
      const auto id = agent->id();
      const auto status = world.restart(id);
      QVERIFY2(status.has_value(), status ? id.c_str() : status.error().line().c_str());
      QCOMPARE(status->id, id);
      QVERIFY2(status->state != model::AgentState::Failed, status->task.c_str());
      QCOMPARE(status->operatorRestarts, 1u);
      QCOMPARE(status->restarts, 0u);
      const auto noted = world.audited("agent.restart");
      QCOMPARE(noted.front().target, id);
      QCOMPARE(noted.front().who, std::string("alice"));
    }
    QCOMPARE(world.audited("agent.restart").size(), size_t(4));
  }

  /// No line is lost and none comes twice.
  void theMonitorReadsOnWhereItWas() {
    AgentWorld world;
    const auto log = world.write("logs/web.log", "old\n");
    world.settings.sources = {{.path = log, .service = "web"}};
    world.startAgents();
    QTRY_VERIFY_WITH_TIMEOUT(world.engine->monitor().statuses().front().readable, 30000);
    world.write("logs/web.log", "one\n");
    QTRY_COMPARE_WITH_TIMEOUT(world.lines(), (std::vector<std::string>{"one"}), 30000);
    QVERIFY(world.restart("log_monitor").has_value());
    world.write("logs/web.log", "two\n");
    QTRY_COMPARE_WITH_TIMEOUT(world.lines(), (std::vector<std::string>{"one", "two"}), 30000);
  }
};

QTEST_GUILESS_MAIN(TestServiceAgents)
#include "tst_service_agents.moc"
