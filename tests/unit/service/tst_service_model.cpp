// The whole engine with a language model that answers, lies or fails: the diagnosis is the same.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "support/model_server.h"

using namespace aiops;
using namespace aiops::test;
using integrations::ModelApi;

namespace {

const std::string kModel = "llama";

/// One line of trouble in a service's log, seen and diagnosed.
struct ModelWorld : EngineWorld {
  std::string incident;

  explicit ModelWorld(const std::string& url) {
    write("share/patterns/memory.yaml",
          "{id: full, signal: memory_exhausted, severity: error, match: 'out of memory'}\n");
    write(
        "share/signatures/some.yaml",
        "- {id: s, kind: bad_deploy, cause: memory_exhausted, statement: '{service} is broken', weight: "
        "0.8}\n"
        "- {id: t, kind: disk_full, cause: memory_exhausted, statement: '{service} is full', weight: 0.4}\n");
    settings.sources.push_back({.path = write("logs/web.log", "begin\n"), .service = "web"});
    if (url.empty()) return;
    settings.ai = {.provider = config::AiProvider::Local,
                   .endpoint = url,
                   .model = kModel,
                   .temperature = 0,
                   .maxTokens = 500,
                   .callsPerIncident = 3,
                   .tokensPerDay = 1'000'000};
  }

  void seeTrouble() {
    for (int i = 0; i < 60 && incident.empty(); ++i) {
      write("logs/web.log", "ERROR out of memory for 10.1.2.3\n");
      QTest::qWait(250);
      const auto open = engine->store().incidents({.limit = 5});
      if (open && !open->items.empty()) incident = open->items.front().id.str();
    }
    QVERIFY(!incident.empty());
  }
  model::Diagnosis diagnosis() const {
    return engine->store().diagnosis(model::IncidentId(incident)).value_or(model::Diagnosis{});
  }
  bool hasTimeline(const std::string& kind) const {
    const auto entries = engine->store().timeline(model::IncidentId(incident));
    return entries && std::ranges::any_of(*entries, [&](const auto& entry) { return entry.kind == kind; });
  }
};

std::string saying(const std::string& kind, const std::string& cited = "e1.1") {
  return nlohmann::json{{"service", "web"},
                        {"kind", kind},
                        {"confidence", 1.0},
                        {"evidence_ids", {cited}},
                        {"action_id", "none"},
                        {"reason", "so it is"},
                        {"look_up", {{"tool", "none"}, {"service", "web"}}}}
      .dump();
}

std::string ranking(const model::Diagnosis& diagnosis) {
  std::string out(toString(diagnosis.verdict));
  for (const auto& hypothesis : diagnosis.hypotheses)
    out += " " + hypothesis.service + "/" + hypothesis.kind + "/" + std::string(toString(hypothesis.verdict));
  return out;
}

}  // namespace

class TestServiceModel : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    ModelWorld world("");
    world.start();
    world.seeTrouble();
    QTRY_VERIFY_WITH_TIMEOUT(!world.diagnosis().hypotheses.empty(), 30'000);
    m_ranking = ranking(world.diagnosis());
    QVERIFY(world.diagnosis().modelNote.empty());
    QVERIFY(!world.hasTimeline("model"));
  }

  void anOpinionIsShownAndChangesNoOrder_data() {
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("the same") << QByteArray("bad_deploy");
    QTest::newRow("the second") << QByteArray("disk_full");
  }
  void anOpinionIsShownAndChangesNoOrder() {
    QFETCH(QByteArray, kind);
    ModelServer server(ModelApi::Ollama, "", kModel);
    server.say({saying(kind.toStdString())});
    ModelWorld world(server.url());
    world.start();
    world.seeTrouble();
    QTRY_VERIFY_WITH_TIMEOUT(world.hasTimeline("model"), 30'000);
    const auto found = world.diagnosis();
    QVERIFY2(found.modelNote.empty(), found.modelNote.c_str());
    QCOMPARE(ranking(found), m_ranking);
    QCOMPARE(found.opinions.back().analyst, std::string(analysis::kModelAnalyst));
    for (const auto& hypothesis : found.hypotheses)
      QVERIFY(std::ranges::find(hypothesis.analysts, analysis::kModelAnalyst) == hypothesis.analysts.end());
    for (const auto& request : server.requests()) QVERIFY(request.body.find("10.1.2.3") == std::string::npos);
    QVERIFY2(server.objection().empty(), server.objection().c_str());
  }

  void withoutAUsableAnswerTheDiagnosisSaysWhy_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("a lie about a line") << 0 << QByteArray::fromStdString(saying("bad_deploy", "e9.9"));
    QTest::newRow("a cause that does not exist") << 0 << QByteArray::fromStdString(saying("aliens"));
    QTest::newRow("HTML") << static_cast<int>(Fault::Html) << QByteArray("{}");
    QTest::newRow("redirect") << static_cast<int>(Fault::Redirect) << QByteArray("{}");
  }
  void withoutAUsableAnswerTheDiagnosisSaysWhy() {
    QFETCH(int, fault);
    QFETCH(QByteArray, answer);
    ModelServer server(ModelApi::Ollama, "", kModel);
    server.say({answer.toStdString()});
    server.misbehave(static_cast<Fault>(fault));
    ModelWorld world(server.url());
    world.start();
    world.seeTrouble();
    QTRY_VERIFY_WITH_TIMEOUT(world.hasTimeline("model"), 30'000);
    const auto found = world.diagnosis();
    QVERIFY2(found.modelNote.starts_with("no model opinion: "), found.modelNote.c_str());
    QCOMPARE(ranking(found), m_ranking);
  }

  void aModelThatHangsIsNotWaitedFor() {
    ModelServer server(ModelApi::Ollama, "", kModel);
    server.misbehave(Fault::HangBeforeHead);
    ModelWorld world(server.url());
    world.start();
    world.seeTrouble();
    QTRY_VERIFY_WITH_TIMEOUT(!server.requests().empty(), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(ranking(world.diagnosis()), m_ranking, 15'000);  // the model has 20 s
    QVERIFY(!world.hasTimeline("model"));
    QElapsedTimer clock;
    clock.start();
    world.engine->stop();
    QVERIFY(clock.elapsed() < 15'000);
  }

 private:
  std::string m_ranking;
};

QTEST_GUILESS_MAIN(TestServiceModel)
#include "tst_service_model.moc"
