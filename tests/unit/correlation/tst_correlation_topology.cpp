// Who depends on whom, as it is learnt from lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <algorithm>

#include "correlation/correlator.h"
#include "correlation/topology_learner.h"
#include "support/event_builder.h"

using namespace aiops;
using correlation::DependencySign;
using correlation::Topology;
using correlation::TopologyLearner;
using test::at;
using test::makeEvent;

namespace {

const std::set<std::string> kNames{"nginx", "web", "orders-api", "billing", "redis", "postgres", "worker"};

struct World {
  Topology topology = Topology::unknown(kNames);
  TopologyLearner learner{topology};
  uint64_t line = 0;

  void write(const std::string& service, const std::string& text, int times = 1) {
    for (int i = 0; i < times; ++i) {
      model::LogLine written{.source = "/var/log/" + service + ".log", .service = service, .text = text};
      written.position.line = ++line;
      learner.observe(written);
    }
  }
  std::string learnt() const {
    std::string all;
    for (const auto& one : learner.dependencies()) {
      if (!all.empty()) all += ", ";
      all += one.service + ">" + one.dependsOn + " " + std::string(toString(one.sign));
    }
    return all;
  }
};

}  // namespace

class TestTopology : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void addressesAreBelievedWhenTheyComeAgain() {
    World world;
    world.write("web", "connecting to redis:6379 failed", 2);
    QCOMPARE(world.learnt(), std::string());
    world.write("web", "cache tcp://redis:6379 is slow");
    QCOMPARE(world.learnt(), std::string("web>redis address"));
    QCOMPARE(world.learner.dependencies().front().source, std::string("/var/log/web.log"));
    QCOMPARE(world.learner.dependencies().front().line, uint64_t(3));
    world.write("web", "the orders of today, the redis of tomorrow", 9);  // words, no addresses
    QCOMPARE(world.learnt(), std::string("web>redis address"));
  }

  void portsAreThoseThatServicesListenOn() {
    World world;
    auto listening = makeEvent("web", "service_listening", 1);
    listening.captures["port"] = "8081";
    const std::string refused =
        "connect() failed (111: Connection refused), client: 10.0.0.9, upstream: \"http://127.0.0.1:8081/\"";
    world.write("nginx", refused, 5);
    QCOMPARE(world.learnt(), std::string());
    world.learner.learn(listening);
    world.write("nginx", refused, 3);
    QCOMPARE(world.learnt(), std::string("nginx>web address"));
  }

  void whoKeepsDataNamesItsClients() {
    World world;
    world.write("postgres", "connection received: host=web.internal port=51234", 9);
    QCOMPARE(world.learnt(), std::string());
    world.write("postgres", "[4711] user=orders_api,db=shop LOG:  duration: 12.1 ms", 3);
    world.write("postgres", "billing@shop FATAL:  too many connections", 3);
    world.write("postgres", "user=somebody,db=shop LOG:  statement", 3);
    QCOMPARE(world.learnt(), std::string("billing>postgres account, orders-api>postgres account"));
  }

  void requestsAreAskedForByWhoseRoleItIs() {
    World world;
    for (int i = 0; i < 3; ++i) {
      const auto id = "4bf92f3577b34da6a3ce929d0e0e473" + std::to_string(i);
      // Whoever writes first: an access log comes last.
      if (i % 2 == 0) world.write("web", "GET /cart request_id=" + id);
      world.write("nginx", "\"GET /cart\" 200 x-request-id: \"" + id + "\"");
      if (i % 2 == 1) world.write("web", "GET /cart request_id=" + id);
      world.write("orders-api", "{\"msg\":\"reserve\",\"trace_id\":\"" + id + "\"}");
      world.write("billing", "traceparent: 00-" + id + "-00f067aa0ba902b7-01");
    }
    QCOMPARE(world.learnt(),
             std::string("nginx>billing request, nginx>orders-api request, nginx>web request"));
  }

  void configurationCountsAtOnce() {
    World world;
    world.learner.observeConfig("nginx", "/etc/nginx/nginx.conf",
                                "# proxy_pass http://billing:9000;\n"
                                "  location / {\n    proxy_pass http://web.internal:8080;\n  }\n");
    QCOMPARE(world.learnt(), std::string("nginx>web config"));
    QCOMPARE(world.learner.dependencies().front().line, uint64_t(3));
  }

  void ofTwoWaysTheMuchMoreFrequentIsBelieved() {
    World world;
    world.write("web", "calling billing:9000", 5);
    world.write("billing", "calling back web:8080", 3);
    QCOMPARE(world.learnt(), std::string());
    world.write("web", "calling billing:9000", 9);
    QCOMPARE(world.learnt(), std::string("web>billing address"));
  }

  void newsIsTold() {
    World world;
    const auto before = world.learner.version();
    world.write("web", "nothing to see");
    QCOMPARE(world.learner.version(), before);
    world.write("web", "connecting to redis:6379", 3);
    const auto after = world.learner.version();
    QVERIFY(after > before);
    world.write("web", "connecting to redis:6379", 30);
    QCOMPARE(world.learner.version(), after);  // it is known
  }

  void hostileLinesTeachNothingAndCostLittle() {
    World world;
    std::string bytes(1 << 20, '\xff');
    for (size_t i = 0; i < bytes.size(); i += 7) bytes[i] = static_cast<char>(i);
    world.write("web", bytes);
    world.write("web", std::string(1 << 20, ':') + "redis:6379", 4);  // behind what is looked at
    world.write("", "connecting to redis:6379", 9);
    world.write("made-up", "connecting to made-up-too:7777", 9);
    QCOMPARE(world.learnt(), std::string());
    for (int i = 0; i < 3 * static_cast<int>(TopologyLearner::kMostIds); ++i)
      world.write("web", "request_id=aaaaaaaa" + std::to_string(i));
    world.write("web", "connecting to redis:6379", 3);
    QCOMPARE(world.learnt(), std::string("web>redis address"));
  }

  void whatIsLearntTellsApartAndBelow() {
    auto topology = Topology::unknown(kNames);
    const Topology copy = topology;
    QVERIFY(copy.explains("postgres", "web") && copy.related("worker", "nginx"));
    topology.learn({{"nginx", {"web"}}, {"web", {"redis"}}, {"worker", {"postgres"}}});
    QVERIFY(copy.explains("redis", "nginx"));
    QVERIFY(!copy.explains("nginx", "redis"));  // who asks does not break whom it asks
    QVERIFY(copy.dependsOn("nginx", "redis") && !copy.dependsOn("redis", "nginx"));
    QVERIFY(!copy.related("worker", "web"));
    QVERIFY(copy.related("billing", "web") && copy.explains("billing", "worker"));  // nothing is known of it
    QVERIFY(!copy.known());
    topology.learn({});
    QVERIFY(copy.related("worker", "web") && !copy.dependsOn("nginx", "redis"));
  }

  void whatSomebodySaidIsNotOverruled() {
    model::Inventory said;
    said.services.push_back({.name = "web", .dependsOn = {"redis"}});
    said.services.push_back({.name = "redis"});
    said.services.push_back({.name = "worker"});
    Topology topology(said);
    topology.learn({{"redis", {"web"}}, {"worker", {"redis"}}});
    QVERIFY(topology.dependsOn("web", "redis") && !topology.dependsOn("redis", "web"));
    QVERIFY(!topology.related("worker", "redis"));
  }

  void unrelatedFailuresAtOneMomentAreTwoIncidents() {
    auto topology = Topology::unknown(kNames);
    correlation::Correlator before(topology, {});
    QVERIFY(before.add(makeEvent("web", "memory_exhausted", 10), at(11))->opened);
    QVERIFY(!before.add(makeEvent("worker", "disk_full", 12), at(13))->opened);
    topology.learn({{"nginx", {"web"}}, {"worker", {"postgres"}}});
    correlation::Correlator after(topology, {});
    QVERIFY(after.add(makeEvent("web", "memory_exhausted", 10), at(11))->opened);
    QVERIFY(after.add(makeEvent("worker", "disk_full", 12), at(13))->opened);
    QVERIFY(!after.add(makeEvent("nginx", "upstream_failed", 14), at(15))->opened);
  }
};

QTEST_GUILESS_MAIN(TestTopology)
#include "tst_correlation_topology.moc"
