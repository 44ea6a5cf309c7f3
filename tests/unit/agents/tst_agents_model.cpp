// The agent that asks a model: on its own thread, ended at once, and silent about nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include <fstream>
#include <semaphore>

#include "agents/model_agent.h"
#include "security/redaction.h"
#include "support/event_builder.h"
#include "support/model_server.h"

using namespace aiops;
using integrations::ModelApi;
using test::Fault;
using test::makeEvent;

namespace {

const std::string kKey = "local-canary-0123456789";
const std::string kModel = "llama";

class Reports final : public agents::HealthSink {
 public:
  void report(model::Severity, const std::string& part, const std::string& what,
              const std::string&) override {
    std::lock_guard lock(mutex);
    lines.push_back(part + ": " + what);
  }
  size_t count() {
    std::lock_guard lock(mutex);
    return lines.size();
  }
  std::mutex mutex;
  std::vector<std::string> lines;
};

struct World {
  QTemporaryDir home;
  base::SystemClock clock;
  Reports health;
  agents::Bus bus;
  correlation::Topology topology = correlation::Topology::unknown({"web", "front"});
  config::Settings settings;
  std::mutex mutex;
  std::vector<agents::ModelSpoke> said;
  std::vector<std::thread::id> threads;
  std::counting_semaphore<1000> heard{0};
  security::Redactor redactor{{kKey}};
  analysis::Redact redact = [this](std::string_view text) { return redactor.redact(text); };
  std::unique_ptr<agents::ModelAgent> agent;

  explicit World(const std::string& url) {
    settings.home = home.path().toStdString();
    settings.ai = {.provider = config::AiProvider::Local,
                   .endpoint = url,
                   .model = kModel,
                   .temperature = 0,
                   .maxTokens = 500,
                   .callsPerIncident = 3,
                   .tokensPerDay = 100'000};
    settings.secrets["ai.local_api_key"] = {kKey, "test"};
    bus.subscribe([this](const agents::Message& message) {
      if (const auto* spoke = std::get_if<agents::ModelSpoke>(&message)) {
        {
          std::lock_guard lock(mutex);
          said.push_back(*spoke);
          threads.push_back(std::this_thread::get_id());
        }
        heard.release();
      }
    });
  }
  void start(integrations::HttpLimits limits = {}) {
    agent = std::make_unique<agents::ModelAgent>(
        settings, agents::ModelAgent::Parts{
                      bus, topology, {{"memory_limit_reached"}, {"raise"}}, redact, clock, health, limits});
    agent->start();
  }
  agents::Diagnosed diagnosed(const std::string& id = "one") const {
    model::Diagnosis diagnosis{.incident = model::IncidentId(id)};
    diagnosis.hypotheses.push_back({.service = "web", .kind = "memory_limit_reached"});
    return {{.id = model::IncidentId(id), .services = {"web"}},
            diagnosis,
            {makeEvent("web", "memory_exhausted", 1)}};
  }
  bool wait() { return heard.try_acquire_for(std::chrono::seconds(30)); }
};

std::string answer() {
  return R"({"service":"web","kind":"memory_limit_reached","confidence":0.8,"evidence_ids":["e1.1"],)"
         R"("action_id":"raise","reason":"it is full","look_up":{"tool":"none","service":"web"}})";
}

}  // namespace

class TestAgentsModel : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void itAnswersOnAThreadOfItsOwn() {
    test::ModelServer server(ModelApi::Ollama, kKey, kModel);
    server.say({answer()});
    World world(server.url());
    world.start();
    world.bus.publish(world.diagnosed());
    QVERIFY(world.wait());
    QVERIFY2(world.said[0].opinion, world.said[0].why.c_str());
    QCOMPARE(world.said[0].opinion->playbook, std::string("raise"));
    QVERIFY(world.threads[0] != std::this_thread::get_id());
    QVERIFY(std::filesystem::exists(world.settings.home + "/model_spending.json"));
    QCOMPARE(world.health.count(), size_t(0));
  }

  void aPathMeansTheInterfaceOfOpenAi() {
    test::ModelServer server(ModelApi::OpenAiCompatible, kKey, kModel);
    server.say({answer()});
    World world(server.url() + "/v1");
    world.start();
    world.bus.publish(world.diagnosed());
    QVERIFY(world.wait());
    QVERIFY2(world.said[0].opinion, world.said[0].why.c_str());
  }

  void aHangingModelHoldsNothingUp() {
    test::ModelServer server(ModelApi::Ollama, kKey, kModel);
    server.misbehave(Fault::HangBeforeHead);
    World world(server.url());
    world.start();
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < 200; ++i) world.bus.publish(world.diagnosed("incident " + std::to_string(i)));
    QVERIFY(clock.elapsed() < 5000);  // a call may take a minute
    QTRY_VERIFY_WITH_TIMEOUT(!server.requests().empty(), 10'000);
    clock.restart();
    world.agent->stop();
    QVERIFY(clock.elapsed() < 5000);
    std::lock_guard lock(world.mutex);
    for (const auto& spoke : world.said) QVERIFY(spoke.why.find("wait") != std::string::npos);
    QVERIFY(!world.said.empty());  // those that found no room
  }

  void whatFailsIsSaidOnceUntilItChanges() {
    test::ModelServer server(ModelApi::Ollama, kKey, "another");
    World world(server.url());
    world.start();
    for (const char* id : {"a", "b", "c"}) {
      world.bus.publish(world.diagnosed(id));
      QVERIFY(world.wait());
    }
    QCOMPARE(world.said.size(), size_t(3));
    for (const auto& spoke : world.said) QVERIFY(!spoke.opinion && !spoke.why.empty());
    QCOMPARE(world.health.count(), size_t(1));
    QVERIFY(world.health.lines[0].starts_with("language model: no model opinion: "));
    QVERIFY(world.health.lines[0].find(kKey) == std::string::npos);
  }

  void settingsWithoutSenseAreSaid() {
    World world("");
    world.settings.ai.provider = config::AiProvider::Anthropic;
    world.start();
    world.bus.publish(world.diagnosed());
    QVERIFY(world.wait());
    QVERIFY2(world.said[0].why.find("ai.anthropic_api_key") != std::string::npos, world.said[0].why.c_str());
    QCOMPARE(world.health.count(), size_t(1));
  }

  void theDayIsCountedOverRestarts() {
    test::ModelServer server(ModelApi::Ollama, kKey, kModel);
    server.say({answer()});
    World world(server.url());
    world.settings.ai.tokensPerDay = 3000;
    world.start();
    world.bus.publish(world.diagnosed());
    QVERIFY(world.wait());
    world.agent.reset();
    std::ofstream(world.settings.home + "/model_spending.json") << "{\"day\":\"9\"}";
    World again(server.url());
    again.settings.home = world.settings.home;
    again.start();
    again.bus.publish(again.diagnosed());
    QVERIFY(again.wait());
    QVERIFY2(again.said[0].why.find("damaged") != std::string::npos, again.said[0].why.c_str());
    QCOMPARE(server.requests().size(), size_t(1));
  }
};

QTEST_GUILESS_MAIN(TestAgentsModel)
#include "tst_agents_model.moc"
