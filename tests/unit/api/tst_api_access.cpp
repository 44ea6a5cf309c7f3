// Who may do what: every route with every kind of key, and the answers of each route.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <nlohmann/json.hpp>

#include "api/json_edge.h"
#include "api/routes.h"
#include "base/bytes.h"
#include "test_server.h"

using namespace aiops;
using namespace aiops::test;
using nlohmann::json;
using security::Scope;

namespace {

std::string withId(std::string_view pattern) {
  std::string path(pattern);
  const auto at = path.find("{id}");
  if (at != std::string::npos)
    path.replace(at, 4,
                 path.starts_with("/fixes")      ? "FIX-0087"
                 : path.starts_with("/agents")   ? "fix_executor"
                 : path.starts_with("/patterns") ? "disk-full"
                                                 : "INC-0231");
  return path;
}

std::string bodyFor(const api::Route& route) {
  if (route.path.ends_with("/approve")) return json{{"plan_hash", testFix().planHash}}.dump();
  if (route.path.ends_with("/configure")) return R"({"risk_threshold":"medium","auto_execute":true})";
  if (route.path.ends_with("/reject") || route.path.ends_with("/dismiss")) return R"({"reason":"test"})";
  if (route.path == "/patterns" || route.path == "/patterns/preview")
    return route.method == "POST" ? R"({"text":"id: a"})" : "";
  if (route.path == "/api-keys") return R"({"name":"test","scope":"read"})";
  if (route.path == "/settings/{id}") return R"({"value":"debug"})";
  if (route.path.starts_with("/sources"))
    return route.method == "POST" ? R"({"path":"/var/log/web.log"})" : "";
  if (route.path == "/changes/baseline") return R"({"path":"/etc/web.conf"})";
  if (route.path.ends_with("/merge")) return R"({"into":"INC-0230"})";
  if (route.path.ends_with("/split")) return R"({"services":["web"]})";
  if (route.path == "/silences" && route.method == "POST")
    return R"({"services":["web"],"reason":"test","until":"2026-03-29T12:00:00Z"})";
  if (route.path == "/maintenance" && route.method == "POST")
    return R"({"name":"test","days":["sun"],"start":"02:30","duration_minutes":60,"zone":"UTC"})";
  if (route.path == "/knowledge/facts")
    return R"({"source":"web","relation":"failed_by","target":"disk_full"})";
  if (route.path.ends_with("/correct")) return R"({"standing":"wrong"})";
  if (route.path == "/knowledge/import") return R"({"format":"ai-ops-core knowledge 1","facts":[]})";
  return route.method == "POST" ? "{}" : "";
}

/// Every key of every object in `value`, but not inside data maps.
void collectKeys(const json& value, std::vector<std::string>& keys) {
  for (const auto& [key, member] : value.items()) {
    if (value.is_object()) keys.push_back(key);
    if (key != "captures" && key != "parameters" && member.is_structured()) collectKeys(member, keys);
  }
}

}  // namespace

class TestApiAccess : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QVERIFY(m_server.start()); }

  /// The rule, written down a second time: which keys open which route.
  void matrix_data() {
    QTest::addColumn<std::string>("who");
    QTest::addColumn<std::string>("opens");
    QTest::newRow("no key") << std::string("none") << std::string(" public ");
    QTest::newRow("read") << std::string("read") << std::string(" public read ");
    QTest::newRow("ingest") << std::string("ingest") << std::string(" public ");
    QTest::newRow("operate") << std::string("operate") << std::string(" public read operate ");
    QTest::newRow("approve") << std::string("approve") << std::string(" public read operate approve ");
    QTest::newRow("admin") << std::string("admin") << std::string(" public read operate approve admin ");
    QTest::newRow("expired admin") << std::string("expired") << std::string(" public ");
    QTest::newRow("forged") << std::string("forged") << std::string(" public ");
    QTest::newRow("garbage") << std::string("garbage") << std::string(" public ");
  }

  void matrix() {
    QFETCH(std::string, who);
    QFETCH(std::string, opens);
    const auto key = keyOf(who);
    const bool known = security::scopeFromString(who).has_value();
    for (const auto& route : api::routeTable()) {
      for (const std::string prefix : {"", "/api/v1"}) {
        const auto before = m_server.operations.calls().size();
        const auto answer =
            m_server.ask(std::string(route.method), prefix + withId(route.path), key, {}, bodyFor(route));
        const std::string needs = route.scope ? std::string(toString(*route.scope)) : "public";
        const bool allowed = opens.find(" " + needs + " ") != std::string::npos;
        const auto where = who + " " + prefix + std::string(route.path) + " " + std::to_string(answer.status);
        if (allowed) {
          QVERIFY2(answer.status == 200, where.c_str());
          continue;
        }
        QVERIFY2(answer.status == (known ? 403 : 401) || (!known && answer.status == 429), where.c_str());
        QVERIFY2(answer.status != 401 || answer.has("WWW-Authenticate: Bearer"), where.c_str());
        QVERIFY2(m_server.operations.calls().size() == before, where.c_str());
      }
    }
  }

  void aNewKeyArrivesWhole() {
    const auto made = security::generateApiKey("x", security::Scope::Read, base::TimePoint());
    m_server.operations.newKey = {made.record.id, made.text};
    const auto answer =
        m_server.ask("POST", "/api-keys", keyOf("admin"), {}, R"({"name":"x","scope":"read"})");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find(made.text) != std::string::npos);
  }

  void fileBytesAreForThoseWhoMayApprove() {
    const std::string path = "/fixes/" + testFix().id.str();
    const auto reader = m_server.ask("GET", path, keyOf("read"));
    const auto approver = m_server.ask("GET", path, keyOf("approve"));
    const auto bytes = base::toBase64(testFix().plan.steps.front().edit.value().before);
    QVERIFY(!bytes.empty());
    QVERIFY(approver.body.find(bytes) != std::string::npos);
    QVERIFY(reader.body.find(bytes) == std::string::npos);
    QVERIFY(reader.body.find(base::sha256Hex(testFix().plan.steps.front().edit.value().before)) !=
            std::string::npos);
  }

  void aDryRunIsTold() {
    const auto answer = m_server.ask("POST", "/fixes/FIX-0087/dry-run", keyOf("operate"));
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body.find("\"ok\":false") != std::string::npos);
    QVERIFY(answer.body.find("can be run") != std::string::npos);
    QCOMPARE(m_server.operations.calls().back(), std::string("dryRunFix FIX-0087"));
    QCOMPARE(m_server.ask("POST", "/fixes/FIX-0001/dry-run", keyOf("operate")).status, 404);
    QCOMPARE(m_server.ask("POST", "/fixes/FIX-0087/dry-run", keyOf("operate"), {}, R"({"x":1})").status, 400);
  }

  void agentsAreSwitchedWithAndWithoutABody() {
    auto& agents = m_server.operations.fakeAgents;
    agents.enableAgentAnswer = model::AgentStatus{.id = "learning", .enabled = false};
    const auto key = keyOf("operate");
    QCOMPARE(m_server.ask("POST", "/agents/learning/enable", key, {}, R"({"enabled":false})").status, 200);
    QCOMPARE(m_server.ask("POST", "/agents/learning/enable", key, {}, R"({"enabled":"no"})").status, 422);
    QCOMPARE(m_server.ask("POST", "/agents/learning/enable", key, {}, R"({"on":true})").status, 422);
    RawClient bare(m_server.port);
    bare.send("POST /agents/learning/enable HTTP/1.1\r\nHost: " + m_server.host() +
              "\r\nAuthorization: Bearer " + key + "\r\n\r\n");
    QCOMPARE(bare.read(true).value_or(RawResponse{}).status, 200);
    agents.enableAgentAnswer = base::fail(base::ErrorCode::NotFound, "no such agent", "x");
    QCOMPARE(m_server.ask("POST", "/agents/x/enable", key).status, 404);
  }

  void aConfiguredAgentAnswersWithWhatIsInForce() {
    auto& agents = m_server.operations.fakeAgents;
    agents.configureAgentAnswer = model::AgentStatus{
        .id = "fix_executor",
        .settings = {{.key = "risk_threshold", .value = "low", .limitedBy = "max_risk_level is low"},
                     {.key = "auto_execute", .value = "false"},
                     {.key = "minimum_confidence", .value = "60"}}};
    const auto answer = m_server.ask("POST", "/agents/fix_executor/configure", keyOf("admin"), {},
                                     R"({"risk_threshold":"medium","auto_execute":true})");
    QCOMPARE(answer.status, 200);
    const auto body = json::parse(answer.body);
    const json values{{"risk_threshold", "low"}, {"auto_execute", false}, {"minimum_confidence", 60}};
    QVERIFY(body["values"] == values);
    const json limits{{"risk_threshold", "max_risk_level is low"}};
    QVERIFY(body["limited_by"] == limits);
    for (const char* wrong : {"{}", R"({"risk_threshold":null})", R"({"risk_threshold":["low"]})"}) {
      const auto refused = m_server.ask("POST", "/agents/fix_executor/configure", keyOf("admin"), {}, wrong);
      QVERIFY2(refused.status == 400 || refused.status == 422, wrong);
    }
  }

  void agentsAreRestarted() {
    auto& agents = m_server.operations.fakeAgents;
    const auto key = keyOf("admin");
    agents.restartAgentAnswer = base::fail(base::ErrorCode::NotFound, "there is no agent 'x'", "x");
    QCOMPARE(m_server.ask("POST", "/agents/x/restart", key).status, 404);
    agents.restartAgentAnswer =
        base::fail(base::ErrorCode::Conflict, "the agent is disabled", "learning", "enable it");
    const auto refused = m_server.ask("POST", "/agents/learning/restart", key);
    QCOMPARE(refused.status, 409);
    QCOMPARE(json::parse(refused.body)["error"]["hint"].get<std::string>(), std::string("enable it"));
    agents.restartAgentAnswer = model::AgentStatus{.id = "learning", .restarts = 2, .operatorRestarts = 1};
    const auto asked = std::ranges::count(agents.calls, "restartAgent");
    QCOMPARE(m_server.ask("POST", "/agents/learning/restart", key, {}, R"({"now":true})").status, 400);
    QCOMPARE(m_server.ask("GET", "/agents/learning/restart", key).status, 405);
    QCOMPARE(std::ranges::count(agents.calls, "restartAgent"), asked);
    const auto answer = m_server.ask("POST", "/agents/learning/restart", key);
    QCOMPARE(answer.status, 200);
    const auto body = json::parse(answer.body);
    QCOMPARE(body["restarts"].get<int>(), 2);
    QCOMPARE(body["operator_restarts"].get<int>(), 1);
  }

  void anIncidentGoesItsWay() {
    const auto key = keyOf("operate");
    const std::string path = "/investigations/INC-0231/";
    QCOMPARE(m_server.ask("POST", path + "cause", keyOf("read"), {}, "{}").status, 403);
    QCOMPARE(m_server.ask("POST", path + "cause", key, {}, R"({"servce":"web"})").status, 400);
    QCOMPARE(m_server.ask("POST", path + "cause", key, {}, R"({"service":7})").status, 422);
    const auto stated =
        m_server.ask("POST", path + "cause", key, {}, R"({"service":"db","kind":"disk_full"})");
    QCOMPARE(stated.status, 200);
    QCOMPARE(json::parse(stated.body)["known_cause"]["kind"].get<std::string>(), std::string("disk_full"));
    QCOMPARE(m_server.ask("POST", path + "merge", key, {}, "{}").status, 400);
    QCOMPARE(m_server.ask("POST", path + "split", key, {}, R"({"services":"db"})").status, 422);
    QCOMPARE(m_server.ask("POST", path + "split", key, {}, R"({"services":[1]})").status, 422);
    QCOMPARE(m_server.ask("POST", path + "split", key, {}, R"({"service":["db"]})").status, 400);
    QCOMPARE(m_server.ask("POST", path + "split", key, {}, R"({"services":["db","web"]})").status, 200);
    QCOMPARE(m_server.operations.calls().back(),
             std::string("splitIncident key operate INC-0231 service db service web"));
    QCOMPARE(m_server.ask("POST", path + "merge", key, {}, R"({"into":"INC-0230"})").status, 200);
    QCOMPARE(m_server.ask("POST", path + "reopen", key, {}, "{}").status, 200);
    QCOMPARE(m_server.ask("POST", "/investigations/INC-9/reopen", key, {}, "{}").status, 404);
  }

  void changesAreListedAndABaselineIsSet() {
    auto& known = m_server.operations.fakeChanges;
    known.calls.clear();
    known.changes = {{.id = "c1",
                      .service = "web",
                      .what = "was given another configuration",
                      .difference = "-password = old\n+password = Xk29sLq8ZpT4vW1m\n",
                      .goodSince = base::TimePoint(std::chrono::seconds(1'795'000'000))}};
    for (const char* wrong : {"limit=0", "limit=501", "since=yesterday", "kind=restart"})
      QVERIFY2(m_server.ask("GET", std::string("/changes?") + wrong, keyOf("read")).status == 400, wrong);
    QVERIFY(known.calls.empty());
    const auto answer =
        m_server.ask("GET", "/changes?service=web&since=2026-03-29T12:00:00Z&limit=5", keyOf("read"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(known.calls.back(), std::string("listChanges web 2026-03-29T12:00:00.000Z 5"));
    const auto listed = json::parse(answer.body);
    QCOMPARE(listed["total"].get<int>(), 1);
    QCOMPARE(listed["items"][0]["kind"].get<std::string>(), std::string("config_file"));
    QVERIFY(listed["items"][0].contains("good_since"));
    QVERIFY(answer.body.find("Xk29sLq8ZpT4vW1m") == std::string::npos);

    const std::string body = R"({"path":"/etc/web.conf"})";
    QCOMPARE(m_server.ask("POST", "/changes/baseline", keyOf("read"), {}, body).status, 403);
    QCOMPARE(m_server.ask("POST", "/changes/baseline", keyOf("operate"), {}, R"({"path":7})").status, 422);
    QCOMPARE(m_server.ask("POST", "/changes/baseline", keyOf("operate"), {}, R"({"file":"x"})").status, 400);
    known.setBaselineAnswer = base::fail(base::ErrorCode::NotFound, "no such file is watched", "x");
    QCOMPARE(m_server.ask("POST", "/changes/baseline", keyOf("operate"), {}, body).status, 404);
    known.setBaselineAnswer = model::Baseline{.path = "/etc/web.conf", .same = true};
    QCOMPARE(m_server.ask("POST", "/changes/baseline", keyOf("operate"), {}, body).status, 200);
    QCOMPARE(known.calls.back(), std::string("setBaseline key operate /etc/web.conf"));
  }

  void knowledgeIsReadStrictly() {
    const auto key = keyOf("operate");
    auto& known = m_server.operations.fakeKnowledge;
    known.taken.clear();
    known.asked.clear();
    for (const char* wrong : {"limit=0", "limit=501", "offset=x", "days=0", "type=person", "forgotten=1"})
      QVERIFY2(m_server.ask("GET", std::string("/knowledge?") + wrong, key).status == 400, wrong);
    QVERIFY(known.asked.empty());
    QCOMPARE(
        m_server.ask("GET", "/knowledge?type=cause&service=web&q=disk&days=9&limit=2&offset=4", key).status,
        200);
    QCOMPARE(known.asked.size(), size_t(1));
    QVERIFY(known.asked[0].type == model::NodeType::Cause);
    QCOMPARE(known.asked[0].service + known.asked[0].text, std::string("webdisk"));
    QCOMPARE(known.asked[0].days + known.asked[0].limit + known.asked[0].offset, 15U);

    QCOMPARE(m_server.ask("POST", "/knowledge/facts", key, {}, R"({"bad":1})").status, 400);
    for (const char* wrong :
         {R"({"relation":"failed_by"})", R"({"source":"web","relation":"eats","target":"x"})",
          R"({"source":{"type":"cause","name":"web"},"relation":"failed_by","target":"x"})",
          R"({"source":{"type":"service","name":"web","more":1},"relation":"failed_by","target":"x"})",
          R"({"source":"web","relation":"failed_by","target":"x","weight":"1"})",
          R"({"source":"web","relation":"failed_by","target":"x","against":"yes"})",
          R"({"source":"web","relation":"failed_by","target":"AKIAIOSFODNN7EXAMPLE"})"})
      QVERIFY2(m_server.ask("POST", "/knowledge/facts", key, {}, wrong).status == 422, wrong);
    QVERIFY(known.taken.empty());
    QCOMPARE(
        m_server
            .ask(
                "POST", "/knowledge/facts", key, {},
                R"({"source":{"type":"template","name":"oom"},"relation":"sign_of","target":"x","against":true})")
            .status,
        200);
    QVERIFY(known.taken[0].source.type == model::NodeType::Template && known.taken[0].against);
    for (const char* wrong :
         {R"({"note":"x"})", R"({"standing":"maybe"})", R"({"standing":"wrong","target":1})"})
      QVERIFY2(m_server.ask("POST", "/knowledge/facts/x/correct", key, {}, wrong).status == 422, wrong);
  }

  void anImportSaysWhatItLeftOut() {
    const auto key = keyOf("operate");
    auto& known = m_server.operations.fakeKnowledge;
    for (const char* wrong : {R"({"facts":[]})", R"({"format":"other","facts":[]})",
                              R"({"format":"ai-ops-core knowledge 1","facts":{}})"})
      QVERIFY2(m_server.ask("POST", "/knowledge/import", key, {}, wrong).status == 422, wrong);
    QCOMPARE(
        m_server.ask("POST", "/knowledge/import", key, {}, R"({"format":"ai-ops-core knowledge 1","x":1})")
            .status,
        400);
    const auto answer = m_server.ask(
        "POST", "/knowledge/import", key, {},
        R"({"format":"ai-ops-core knowledge 1","facts":[7,{"source":"web","relation":"eats","target":"x"},
            {"source":"web","relation":"failed_by","target":"x","owner":"me"},
            {"source":"web","relation":"failed_by","target":"disk_full","weight":7.5,"seen":9}]})");
    QCOMPARE(answer.status, 200);
    const auto report = json::parse(answer.body);
    QCOMPARE(report["taken"].get<int>(), 1);
    QCOMPARE(report["skipped"].get<int>(), 3);
    QCOMPARE(report["reasons"].size(), size_t(3));
    QCOMPARE(known.taken.size(), size_t(1));
    QCOMPARE(known.taken[0].weight, 1.0);
    QCOMPARE(m_server.ask("POST", "/knowledge/import", key, {}, std::string(3u << 20, ' ')).status, 413);
    // What one instance exports another one takes.
    known.exported = {};
    model::SharedFact fact;
    fact.source = {model::NodeType::Service, "web"};
    fact.relation = model::Relation::FailedBy;
    fact.target = {model::NodeType::Cause, "disk_full"};
    fact.weight = 2.5;
    fact.first = fact.last = base::TimePoint();
    known.exported.facts = {fact};
    const auto file = m_server.ask("GET", "/knowledge/export", keyOf("read"));
    QCOMPARE(
        json::parse(m_server.ask("POST", "/knowledge/import", key, {}, file.body).body)["taken"].get<int>(),
        1);
  }

  void silencesAndMaintenanceAreChecked() {
    const auto key = keyOf("operate");
    auto& known = m_server.operations.fakeSilences;
    known.silences.clear();
    known.windows.clear();
    const std::string good = R"({"services":["web"],"reason":"move","until":"2026-03-29T12:00:00Z"})";
    QCOMPARE(m_server.ask("POST", "/silences", keyOf("read"), {}, good).status, 403);
    for (const char* wrong : {R"({"services":["web"],"reason":"x"})", R"({"until":"tomorrow"})",
                              R"({"services":[3],"until":"2026-03-29T12:00:00Z"})"})
      QVERIFY2(m_server.ask("POST", "/silences", key, {}, wrong).status == 422, wrong);
    QCOMPARE(m_server.ask("POST", "/silences", key, {}, R"({"forever":true})").status, 400);
    QCOMPARE(known.silences.size() + known.windows.size(), size_t(0));
    QCOMPARE(m_server.ask("POST", "/silences", key, {}, good).status, 200);
    const auto listed = json::parse(m_server.ask("GET", "/silences", keyOf("read")).body);
    QCOMPARE(listed["total"].get<int>(), 1);
    QCOMPARE(listed["items"][0]["until"].get<std::string>().substr(0, 16), std::string("2026-03-29T12:00"));
    known.removeSilenceAnswer = base::fail(base::ErrorCode::NotFound, "there is no such silence", "x");
    QCOMPARE(m_server.ask("POST", "/silences/x/remove", key, {}, "{}").status, 404);
    known.removeSilenceAnswer = model::Silence{};
    QCOMPARE(m_server.ask("POST", "/silences/silence-1/remove", key, {}, "{}").status, 200);

    const std::string window =
        R"({"name":"backup","days":["sun"],"start":"02:30","duration_minutes":60,"zone":"Europe/Paris"})";
    QCOMPARE(m_server.ask("POST", "/maintenance", key, {}, R"({"name":"backup"})").status, 422);
    QCOMPARE(m_server.ask("POST", "/maintenance", key, {}, R"({"duration_minutes":-5})").status, 422);
    QCOMPARE(m_server.ask("POST", "/maintenance", key, {}, window).status, 200);
    QCOMPARE(known.windows.at(0).durationMinutes, 60u);
    const auto windows = json::parse(m_server.ask("GET", "/maintenance", keyOf("read")).body);
    QCOMPARE(windows["items"][0]["duration_minutes"].get<int>(), 60);
    QCOMPARE(m_server.ask("POST", "/maintenance/window-1/remove", key, {}, "{}").status, 200);
    QVERIFY(known.windows.empty());
  }

  void figuresWithoutDataAreNull() {
    const auto answer = m_server.ask("GET", "/analytics/metrics?days=7", keyOf("read"));
    QCOMPARE(answer.status, 200);
    const auto body = json::parse(answer.body);
    for (const char* name : {"mttr", "automation_rate", "false_positive_rate", "success_rate"})
      QVERIFY2(body.at(name).is_null(), name);
    QCOMPARE(m_server.ask("GET", "/analytics/metrics?days=0", keyOf("read")).status, 400);
  }

  void metricsAreThoseOfPrometheus() {
    const auto answer = m_server.ask("GET", "/metrics");
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.has("Content-Type: text/plain; version=0.0.4; charset=utf-8"));
    QVERIFY(answer.body.find("# TYPE aiops_incidents_open gauge\n") != std::string::npos);
    QVERIFY(answer.body.find("aiops_build_info{version=") != std::string::npos);
  }

  void unknownPathsNeedAKeyToo() {
    QCOMPARE(m_server.ask("GET", "/nothing").status, 401);
    QCOMPARE(m_server.ask("GET", "/nothing", keyOf("read")).status, 404);
    QCOMPARE(m_server.ask("GET", "/fixes/", keyOf("read")).status, 404);
    QCOMPARE(m_server.ask("GET", "/api/v2/status", keyOf("read")).status, 404);
  }

  void otherMethodsAreNamed() {
    const auto answer = m_server.ask("DELETE", "/fixes/FIX-0087", keyOf("admin"));
    QCOMPARE(answer.status, 405);
    QVERIFY(answer.has("Allow: GET, HEAD\r\n"));
    QCOMPARE(m_server.ask("GET", "/automation/stop", keyOf("admin")).status, 405);
  }

  void headHasNoBody() {
    const auto answer = m_server.ask("HEAD", "/status", keyOf("read"));
    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.has("Content-Length: 0"));
  }

  void approvalBindsToThePlan() {
    const auto key = keyOf("approve");
    const std::string path = "/fixes/FIX-0087/approve";
    auto answer = m_server.ask("POST", path, key, {}, "{}");
    QCOMPARE(answer.status, 400);
    QVERIFY(json::parse(answer.body)["error"]["hint"].get<std::string>().find("plan_hash") !=
            std::string::npos);
    answer = m_server.ask("POST", path, key, {}, R"({"plan_hash":"0000"})");
    QCOMPARE(answer.status, 409);
    QCOMPARE(json::parse(answer.body)["error"]["code"].get<std::string>(), std::string("stale"));
    answer = m_server.ask("POST", path, key, {}, json{{"plan_hash", testFix().planHash}}.dump());
    QCOMPARE(answer.status, 200);
    QCOMPARE(json::parse(answer.body)["state"].get<std::string>(), std::string("approved"));
    QCOMPARE(m_server.operations.calls().back(), "approveFix key approve FIX-0087 " + testFix().planHash);
  }

  void rejectionNeedsAReason() {
    const auto key = keyOf("approve");
    QCOMPARE(m_server.ask("POST", "/fixes/FIX-0087/reject", key, {}, "{}").status, 400);
    QCOMPARE(m_server.ask("POST", "/fixes/FIX-0087/reject", key, {}, R"({"reason":""})").status, 422);
    QCOMPARE(m_server.ask("POST", "/fixes/FIX-9999/reject", key, {}, R"({"reason":"x"})").status, 404);
  }

  void sourcesAreNamedByTheirPath() {
    const auto key = keyOf("admin");
    for (const char* body : {"{}", R"({"path":"/a","who":"x"})"}) {
      QCOMPARE(m_server.ask("POST", "/sources", key, {}, body).status, 400);
    }
    QCOMPARE(m_server.ask("POST", "/sources/remove", key, {}, R"({"path":"/a","service":"x"})").status, 400);
    QCOMPARE(m_server.ask("POST", "/sources", key, {}, R"({"path":7})").status, 422);
    QCOMPARE(m_server.ask("POST", "/sources", key, {}, R"({"path":"/a","service":"web"})").status, 200);
    const auto list = json::parse(m_server.ask("GET", "/sources", key).body);
    QCOMPARE(list["total"].get<int>(), 1);
    QCOMPARE(list["items"][0]["source"].get<std::string>(), std::string("/var/log/web.log"));
    QVERIFY(list["items"][0].contains("watched_as"));
  }

  void patternsAreDocuments() {
    const auto admin = keyOf("admin");
    auto& fake = m_server.operations.fakePatterns;
    QCOMPARE(m_server.ask("POST", "/patterns", admin, {}, "{}").status, 400);
    QCOMPARE(m_server.ask("POST", "/patterns", admin, {}, R"({"text":7})").status, 422);
    QCOMPARE(m_server.ask("POST", "/patterns", admin, {}, R"({"text":"id: a","who":"x"})").status, 400);
    QCOMPARE(m_server.ask("POST", "/patterns/a/enable", admin, {}, R"({"enabled":"yes"})").status, 422);
    fake.savePatternAnswer =
        base::fail(base::ErrorCode::InvalidInput, "line 1: there is no type 'magic'; the types are: regex");
    const auto refused =
        m_server.ask("POST", "/patterns", admin, {}, R"({"id":"a","type":"magic","signal":"x","match":"a"})");
    QCOMPARE(refused.status, 422);
    QVERIFY(json::parse(refused.body)["error"]["message"].get<std::string>().find("regex") !=
            std::string::npos);
    fake.savePatternAnswer = model::PatternDetail{};
    QCOMPARE(m_server.ask("POST", "/patterns", admin, {}, R"({"text":"id: a"})").status, 200);
    fake.listPatternsAnswer = std::vector<model::PatternInfo>{{.id = "a", .matchCount = 3}};
    const auto list = json::parse(m_server.ask("GET", "/patterns", keyOf("read")).body);
    QCOMPARE(list["total"].get<int>(), 1);
    QCOMPARE(list["items"][0]["match_count"].get<int>(), 3);
    QVERIFY(list["items"][0]["success_rate"].is_null());
    QVERIFY(list["items"][0]["false_positive_rate"].is_null());
    fake.listPatternsAnswer = std::vector<model::PatternInfo>{{.id = "a", .successRate = 0.75}};
    const auto rated = json::parse(m_server.ask("GET", "/patterns", keyOf("read")).body);
    QCOMPARE(rated["items"][0]["success_rate"].get<double>(), 0.75);
    fake.enablePatternAnswer = model::PatternInfo{.id = "a"};
    QCOMPARE(m_server.ask("POST", "/patterns/a/enable", keyOf("operate")).status, 200);
    fake.removePatternAnswer = std::string("gone");
    const auto removed = m_server.ask("POST", "/patterns/a/remove", admin);
    QCOMPARE(json::parse(removed.body)["remains"].get<std::string>(), std::string("gone"));
  }

  void stopNeedsNoBody() {
    const auto answer = m_server.ask("POST", "/automation/stop", keyOf("operate"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(json::parse(answer.body)["stopped"].get<bool>(), true);
    QCOMPARE(m_server.ask("POST", "/automation/resume", keyOf("operate")).status, 403);
  }

  void statusCounts() {
    const auto status = json::parse(m_server.ask("GET", "/status", keyOf("read")).body);
    QCOMPARE(status["active_investigations"].get<int>(), 1);
    QCOMPARE(status["pending_fixes"].get<int>(), 1);
    QCOMPARE(status["patterns_loaded"].get<int>(), 10);
    QCOMPARE(status["success_rate"].get<double>(), 0.75);
  }

  void healthSaysDegraded() {
    TestServer server;
    QVERIFY(server.start());
    QCOMPARE(server.ask("GET", "/health").body,
             std::string(R"({"agents":{"log_monitor":"active","root_cause":"idle"},"status":"ok"})"));
    server.operations.engine.sources[0].readable = false;
    QCOMPARE(json::parse(server.ask("GET", "/health").body)["status"].get<std::string>(),
             std::string("degraded"));
    server.operations.engine.outcomes = 0;
    QVERIFY(json::parse(server.ask("GET", "/status", server.keys.add("r", Scope::Read)).body)["success_rate"]
                .is_null());
  }

  void listsTakePages() {
    const auto key = keyOf("read");
    const auto page =
        json::parse(m_server.ask("GET", "/investigations?limit=1&before=300&open=true", key).body);
    QCOMPARE(m_server.operations.calls().back(), std::string("listInvestigations limit=1 before=300 open"));
    QCOMPARE(page["total"].get<int>(), 1);
    QCOMPARE(page["next"].get<int>(), 231);
    QCOMPARE(page["items"][0]["cause"].get<std::string>(), std::string("test: memory"));
    QVERIFY(json::parse(m_server.ask("GET", "/fixes", key).body)["next"].is_null());
  }

  void keysAreSnakeCaseButDataStays() {
    const auto body = json::parse(m_server.ask("GET", "/investigations/INC-0231", keyOf("read")).body);
    std::vector<std::string> keys;
    collectKeys(body, keys);
    QVERIFY(keys.size() > 50);
    for (const auto& key : keys) {
      const bool upper = std::ranges::any_of(key, [](char c) { return c >= 'A' && c <= 'Z'; });
      QVERIFY2(!upper, key.c_str());
    }
    QVERIFY(body["events"][0]["captures"].contains("limitBytes"));
    QVERIFY(body["fixes"][0]["plan"]["parameters"].contains("newLimit"));
    QVERIFY(body["diagnosis"]["hypotheses"][0].contains("evidence_for"));
  }

  /// Log bytes that are not UTF-8 and secrets in them reach nobody as they are.
  void foreignTextIsMadeSafe() {
    TestServer server;
    server.operations.logs.lines[0].text =
        "bad \xff\xfe byte, Authorization: Bearer aaaabbbbccccddddeeeeffff0123";
    QVERIFY(server.start());
    const auto answer = server.ask("GET", "/logs?from=0&limit=10", server.keys.add("r", Scope::Read));
    QCOMPARE(answer.status, 200);
    QVERIFY(json::accept(answer.body));
    QVERIFY(answer.body.find("aaaabbbbccccddddeeeeffff0123") == std::string::npos);
    QVERIFY(answer.body.find("bad ") != std::string::npos);
  }

  /// Who approves sees exactly what would run; others see no secret in it.
  void secretsInPlansAreForApprovers() {
    TestServer server;
    const std::string argument = "--password=tulip" + std::to_string(4711);
    server.operations.fixes.front().plan.steps.front().command =
        model::CommandSpec{.argv = {"/bin/tool", argument}};
    QVERIFY(server.start());
    const auto reader = server.ask("GET", "/fixes/FIX-0087", server.keys.add("r", Scope::Read));
    const auto approver = server.ask("GET", "/fixes/FIX-0087", server.keys.add("a", Scope::Approve));
    QVERIFY(reader.body.find("tulip") == std::string::npos);
    QVERIFY(reader.body.find("/bin/tool") != std::string::npos);
    QVERIFY(approver.body.find(argument) != std::string::npos);
  }

  void engineErrorsHaveAStatus_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    using base::ErrorCode;
    const auto row = [](ErrorCode code, int status) {
      QTest::newRow(std::string(toString(code)).c_str()) << static_cast<int>(code) << status;
    };
    row(ErrorCode::InvalidInput, 422);
    row(ErrorCode::NotFound, 404);
    row(ErrorCode::Conflict, 409);
    row(ErrorCode::PermissionDenied, 403);
    row(ErrorCode::Unavailable, 503);
    row(ErrorCode::Timeout, 503);
    row(ErrorCode::LimitExceeded, 429);
    row(ErrorCode::Stale, 409);
    row(ErrorCode::Corrupt, 500);
    row(ErrorCode::Io, 500);
    row(ErrorCode::Cancelled, 503);
    row(ErrorCode::Internal, 500);
  }

  void engineErrorsHaveAStatus() {
    QFETCH(int, code);
    QFETCH(int, status);
    TestServer server;
    server.operations.failure =
        base::Error{static_cast<base::ErrorCode>(code), "broken \xff", "here", "mend it"};
    QVERIFY(server.start());
    const auto answer = server.ask("GET", "/trust", server.keys.add("r", Scope::Read));
    QCOMPARE(answer.status, status);
    const auto error = json::parse(answer.body)["error"];
    QCOMPARE(error["code"].get<std::string>(), std::string(toString(static_cast<base::ErrorCode>(code))));
    QCOMPARE(error["hint"].get<std::string>(), std::string("mend it"));
  }

  void wrongKeysAreToldAndThenRationed() {
    api::ServerLimits limits;
    limits.authFailureBurst = 3;
    limits.authFailuresPerMinute = 0.001;
    TestServer server(limits);
    QVERIFY(server.start());
    const auto good = server.keys.add("r", Scope::Read);
    const auto unknown = security::generateApiKey("x", Scope::Admin, server.clock.now()).text;
    for (int i = 0; i < 3; ++i) QCOMPARE(server.ask("GET", "/status", unknown).status, 401);
    const auto answer = server.ask("GET", "/status", unknown);
    QCOMPARE(answer.status, 429);
    QVERIFY(answer.has("Retry-After: "));
    QCOMPARE(server.keys.failures().size(), size_t(3));
    QCOMPARE(server.keys.failures()[0].why, std::string("unknown"));
    QCOMPARE(server.keys.failures()[0].address, std::string("127.0.0.1"));
    QCOMPARE(server.ask("GET", "/status", good).status, 200);
  }

  void namedHostsAndOriginsMayCall() {
    TestServer server(
        api::ServerConfig{.hostNames = {"ops.example"}, .allowedOrigins = {"https://console.example"}});
    QVERIFY(server.start());
    RawClient client(server.port);
    client.send("GET /health HTTP/1.1\r\nHost: OPS.example:" + std::to_string(server.port) +
                "\r\nOrigin: https://console.example\r\n\r\n");
    const auto answer = client.read();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QVERIFY(!answer->has("Access-Control-Allow-Origin"));
  }

 private:
  std::string keyOf(const std::string& who) {
    if (who == "none") return {};
    if (who == "garbage") return "letmein";
    if (who == "forged") return security::generateApiKey("x", Scope::Admin, m_server.clock.now()).text;
    if (who == "expired")
      return m_server.keys.add("old", Scope::Admin, m_server.clock.now() - std::chrono::seconds(1));
    return m_server.keys.add(who, security::scopeFromString(who).value());
  }

  TestServer m_server;
};

QTEST_GUILESS_MAIN(TestApiAccess)
#include "tst_api_access.moc"
