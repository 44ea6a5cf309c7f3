// Dependencies as the running engine learns them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>

#include "engine_world.h"

using namespace aiops;
using namespace aiops::test;

namespace {

class TopologyWorld : public EngineWorld {
 public:
  TopologyWorld() {
    for (const char* name : {"web", "redis", "nginx"}) {
      const auto log = write("logs/" + std::string(name) + ".log", "2026-11-02 09:00:00 INFO begins\n");
      settings.inventory.services.push_back({.name = name, .logs = {log}});
      settings.sources.push_back({.path = log, .service = name});
    }
  }
  model::ServiceEntry& entry(size_t place) { return settings.inventory.services.at(place); }
  void webCallsRedis() {
    for (int i = 0; i < 3; ++i)
      write("logs/web.log",
            "2026-11-02 09:00:0" + std::to_string(i + 1) + " INFO connecting to redis:6379\n");
  }
  model::ServiceStatus service(const std::string& name) const {
    const auto status = engine->status();
    for (const auto& one : status->services)
      if (one.name == name) return one;
    return {};
  }
};

using Names = std::vector<std::string>;

}  // namespace

class TestServiceTopology : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void linesAndConfigurationsShowIt() {
    TopologyWorld world;
    world.entry(2).configFile = world.write("nginx.conf", "proxy_pass http://web:8080;\n");
    world.start();
    QTRY_COMPARE_WITH_TIMEOUT(world.service("nginx").learnt, Names{"web"}, 20000);
    world.webCallsRedis();
    QTRY_COMPARE_WITH_TIMEOUT(world.service("web").learnt, Names{"redis"}, 20000);
    QCOMPARE(world.service("web").dependsOn, Names{"redis"});
    QVERIFY(world.service("redis").dependsOn.empty());
  }

  void aCorrectionReachesTheMapAndTheCorrelator() {
    TopologyWorld world;
    world.entry(2).configFile = world.write("nginx.conf", "proxy_pass http://web:8080;\n");
    world.start();
    QTRY_COMPARE_WITH_TIMEOUT(world.service("nginx").learnt, Names{"web"}, 20000);
    auto& book = world.engine->knowledge();
    const model::NodeKey nginx{model::NodeType::Service, "nginx"}, web{model::NodeType::Service, "web"},
        redis{model::NodeType::Service, "redis"};
    const auto wrong = model::factId(nginx, model::Relation::DependsOn, web);
    QVERIFY(book.judge("anna", wrong, {model::Standing::Wrong, {}, "it was moved"}).has_value());
    QTRY_VERIFY(world.service("nginx").dependsOn.empty());
    model::FactDraft said;
    said.source = web;
    said.target = redis;
    QVERIFY(book.add("anna", said).has_value());
    QTRY_COMPARE(world.service("web").dependsOn, Names{"redis"});
    QVERIFY(world.service("web").learnt.empty());  // a person said it
    QTRY_VERIFY(world.engine->topology().dependsOn("web", "redis"));
    QVERIFY(!world.engine->topology().dependsOn("nginx", "web"));
    QVERIFY(book.judge("anna", wrong, {model::Standing::Open, {}, {}}).has_value());
    QTRY_VERIFY(world.engine->topology().dependsOn("nginx", "redis"));
    QCOMPARE(world.service("nginx").learnt, Names{"web"});
  }

  void whatSomebodySaidReplacesIt() {
    TopologyWorld world;
    world.entry(2).dependsOn = {"web"};
    world.entry(0).configFile = world.write("web.conf", "cache = redis:6379\n");
    world.start();
    world.webCallsRedis();
    // The lines are read once the counts say so; nothing was learnt from them.
    QTRY_VERIFY_WITH_TIMEOUT(world.engine->logs().slice(0, 10).lines.size() >= 3, 20000);
    QTest::qWait(1500);  // longer than it takes to look at them
    QVERIFY(world.service("web").learnt.empty() && world.service("web").dependsOn.empty());
    QCOMPARE(world.service("nginx").dependsOn, Names{"web"});
  }

  void aConfigurationThatCannotBeReadIsNoProblem() {
    TopologyWorld world;
    world.entry(2).configFile = world.path("missing.conf");
    world.start();
    world.webCallsRedis();
    QTRY_COMPARE_WITH_TIMEOUT(world.service("web").learnt, Names{"redis"}, 20000);
  }
};

QTEST_GUILESS_MAIN(TestServiceTopology)
#include "tst_service_topology.moc"
