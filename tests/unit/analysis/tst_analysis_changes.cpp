// What changes are made of in a diagnosis.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "analysis/change_analyst.h"
#include "analysis/change_history.h"
#include "analysis/change_specialist.h"
#include "analysis/diagnose.h"
#include "support/event_builder.h"

using namespace aiops;
using model::Change;
using model::ChangeKind;
using test::at;
using test::makeEvent;

namespace {

model::Inventory shop() {
  model::Inventory out;
  out.services.push_back({.name = "db"});
  out.services.push_back({.name = "web", .dependsOn = {"db"}});
  out.services.push_back({.name = "front", .dependsOn = {"web"}});
  out.services.push_back({.name = "mail"});
  return out;
}

Change changed(const std::string& service, ChangeKind kind, double seconds) {
  return {.id = service + std::to_string(seconds),
          .at = at(seconds),
          .service = service,
          .kind = kind,
          .what = "was changed",
          .source = "/etc/" + service + ".conf"};
}

struct World {
  correlation::Topology topology{shop()};
  std::vector<knowledge::Signature> signatures =
      knowledge::loadSignatures({AIOPS_SOURCE_DIR "/resources/signatures"}).signatures;

  static analysis::CaseFile caseOf(std::vector<model::Event> events, std::vector<Change> changes) {
    analysis::CaseFile file{{.id = model::IncidentId::create()}, std::move(events)};
    file.changes = std::move(changes);
    return file;
  }
  std::vector<analysis::Claim> claims(std::vector<model::Event> events, std::vector<Change> changes) const {
    return analysis::ChangeAnalyst(signatures, topology)
        .analyse(caseOf(std::move(events), std::move(changes)));
  }
  double confidence(const Change& change) const {
    const auto found = claims({makeEvent("web", "requests_failing", 1000)}, {change});
    return found.empty() ? 0.5 : found.front().confidence;
  }
};

/// Says that web is to blame.
model::Diagnosis webIsBlamed() {
  model::Diagnosis out;
  out.hypotheses.push_back({.service = "web"});
  return out;
}

const analysis::Reread kFound = [](const model::EvidenceRef& ref) -> base::Result<std::string> {
  return ref.text;
};

}  // namespace

class TestChanges : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void withoutChangesNothingIsSaid() {
    const World world;
    QVERIFY(world.claims({makeEvent("web", "requests_failing", 10)}, {}).empty());
    QVERIFY(world.claims({}, {changed("web", ChangeKind::ConfigFile, 1)}).empty());
  }

  void whatIsChangedAfterwardsIsAConsequence() {
    const World world;
    const auto events = {makeEvent("web", "requests_failing", 10)};
    QVERIFY(world.claims(events, {changed("web", ChangeKind::Restart, 30)}).empty());
    QVERIFY(world.claims(events, {changed("db", ChangeKind::ConfigFile, 30)}).empty());
    QVERIFY(!world.claims(events, {changed("web", ChangeKind::ConfigFile, 9)}).empty());
  }

  void whoExplainsNothingIsNotBlamed() {
    const World world;
    const auto events = {makeEvent("web", "requests_failing", 10)};
    QVERIFY(world.claims(events, {changed("mail", ChangeKind::Version, 5)}).empty());
    QVERIFY(world.claims(events, {changed("front", ChangeKind::Version, 5)}).empty());
    QVERIFY(world.claims(events, {changed("", ChangeKind::Package, 5)}).empty());
    auto soon = changed("web", ChangeKind::Certificate, 5);
    soon.foretold = true;
    QVERIFY(world.claims(events, {soon}).empty());
  }

  void theDependencyThatWasChangedIsBlamed() {
    const World world;
    const auto claims =
        world.claims({makeEvent("web", "requests_failing", 70), makeEvent("front", "upstream_failing", 71)},
                     {changed("db", ChangeKind::ConfigFile, 60)});
    QCOMPARE(claims.size(), size_t(1));
    QCOMPARE(claims[0].service, std::string("db"));
    QVERIFY(claims[0].kind.empty());  // db shows nothing that a signature knows
    QVERIFY(claims[0].confidence > 0.7 && claims[0].confidence < 0.85);
    QCOMPARE(claims[0].evidence.size(), size_t(1));
    QCOMPARE(claims[0].evidence[0].evidence.text, std::string("web says requests_failing"));
    QVERIFY(claims[0].note.find("10 s before the first sign") != std::string::npos);
  }

  /// A file that nobody tells of in a log makes a signature's "was reloaded before" true.
  void theKindIsOneThatTheLinesShow() {
    const World world;
    const auto kindAfter = [&](ChangeKind kind, const std::string& signal) {
      const auto claims = world.claims({makeEvent("web", signal, 70)}, {changed("web", kind, 60)});
      return claims.empty() ? std::string("none") : claims.front().kind;
    };
    QCOMPARE(kindAfter(ChangeKind::ConfigFile, "config_error"), std::string("bad_config"));
    QCOMPARE(kindAfter(ChangeKind::ConfigFile, "disk_full"), std::string());
    QCOMPARE(kindAfter(ChangeKind::Version, "unhandled_exception"), std::string("bad_deploy"));
    QCOMPARE(kindAfter(ChangeKind::Package, "unhandled_exception"), std::string("bad_deploy"));
    QCOMPARE(kindAfter(ChangeKind::Certificate, "certificate_expired"), std::string("certificate_expired"));
    QCOMPARE(kindAfter(ChangeKind::Restart, "unhandled_exception"), std::string());
  }

  void whatIsNearAndDeliberateWeighsMore() {
    const World world;
    const auto near = world.confidence(changed("web", ChangeKind::ConfigFile, 990));
    const auto far = world.confidence(changed("web", ChangeKind::ConfigFile, -500));
    QVERIFY(near > far && far > 0.5);
    QCOMPARE(world.confidence(changed("web", ChangeKind::ConfigFile, -20'000)), 0.5);
    const auto restart = world.confidence(changed("web", ChangeKind::Restart, 990));
    const auto job = world.confidence(changed("web", ChangeKind::ScheduledJob, 990));
    QVERIFY(near > restart && restart > job && job > 0.5);
    auto daily = changed("web", ChangeKind::Restart, 990);
    daily.routineDays = 6;
    QCOMPARE(world.confidence(daily), 0.5);
  }

  void aRestartOfEverythingSaysNothing() {
    const World world;
    std::vector<Change> all;
    for (const char* service : {"db", "web", "front"})
      all.push_back(changed(service, ChangeKind::Restart, 60));
    const auto events = {makeEvent("web", "requests_failing", 62), makeEvent("db", "error_logged", 61),
                         makeEvent("front", "requests_failing", 63)};
    for (const auto& claim : world.claims(events, all)) QVERIFY(claim.confidence < 0.6);
    all.push_back(changed("db", ChangeKind::ConfigFile, 59));
    const auto claims = world.claims(events, all);
    const auto best = std::ranges::max_element(claims, {}, &analysis::Claim::confidence);
    QVERIFY(best != claims.end() && best->service == "db" && best->confidence > 0.65);
  }

  void aChangeThatALineTellsIsCited() {
    const World world;
    auto change = changed("web", ChangeKind::Version, 60);
    change.evidence = makeEvent("web", "service_started", 60).evidence.front();
    const auto claims = world.claims({makeEvent("web", "unhandled_exception", 70)}, {change});
    QCOMPARE(claims.front().evidence.size(), size_t(2));
    QCOMPARE(claims.front().evidence.front().evidence.text, std::string("web says service_started"));
  }

  void onlyWhatConcernsTheServicesInTimeIsLookedAt() {
    const World world;
    const model::Incident incident{.services = {"web"}, .startedAt = at(100'000)};
    const auto services = analysis::servicesAround(incident, {}, world.topology);
    QCOMPARE(services, (std::set<std::string>{"db", "web"}));
    const std::vector<Change> all = {
        changed("web", ChangeKind::Restart, 100'050),          changed("db", ChangeKind::Restart, 99'000),
        changed("front", ChangeKind::Restart, 99'000),         changed("", ChangeKind::Package, 99'500),
        changed("web", ChangeKind::Restart, 100'000 - 90'000), changed("web", ChangeKind::Restart, 100'200)};
    const auto chosen = analysis::changesAround(all, {}, services, at(100'000), at(100'100));
    QCOMPARE(chosen.size(), size_t(3));
    QVERIFY(chosen[0].service == "db" && chosen[1].service.empty() && chosen[2].at == at(100'050));
  }

  void whatIsDoneDailyWithoutTroubleIsRoutine() {
    constexpr double kDay = 86'400;
    std::vector<Change> all;
    for (int day = 0; day <= 5; ++day) all.push_back(changed("web", ChangeKind::Restart, -day * kDay + 60));
    all.push_back(changed("web", ChangeKind::Restart, -2 * kDay - 40'000));  // another time of day
    const auto daysOf = [&](const std::vector<analysis::TroubleStart>& troubles) {
      return analysis::changesAround(all, troubles, {"web"}, at(100), at(200)).back().routineDays;
    };
    QCOMPARE(daysOf({}), 5u);
    QCOMPARE(daysOf({{"web", at(-3 * kDay + 600)}}), 4u);
    QCOMPARE(daysOf({{"db", at(-3 * kDay + 600)}, {"web", at(-3 * kDay + 9000)}}), 5u);
    all.back().service = all.front().service = "db";
    QCOMPARE(analysis::changesAround(all, {}, {"db"}, at(100), at(200)).back().routineDays, 0u);
  }

  void theDifferenceIsFoundAndHoldsItsEvidence() {
    const World world;
    auto change = changed("db", ChangeKind::ConfigFile, 40);
    change.difference = "--- a\n+++ b\n@@ -1,1 +1,2 @@\n-max = 100\n+max = 5\n+x = 1\n";
    auto later = change;
    later.at = at(50);
    later.drift = "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-max = 100\n+max = 4\n";
    later.goodSince = at(-5000);
    auto other = change;
    other.service = "mail";
    other.source = "/etc/mail.conf";
    auto ends = changed("web", ChangeKind::Certificate, 20);
    ends.source = "/etc/web.pem";
    const auto file =
        World::caseOf({makeEvent("front", "upstream_failing", 60), makeEvent("web", "requests_failing", 61)},
                      {ends, change, later, other});
    const analysis::ChangeSpecialist specialist(world.topology);
    const auto findings = specialist.examine(file, webIsBlamed(), kFound);
    QCOMPARE(findings.size(), size_t(2));
    QCOMPARE(findings[0].type + " " + findings[0].service, std::string("difference db"));
    QCOMPARE(findings[0].title, std::string("db was changed, 11 s before the first sign"));
    QCOMPARE(findings[0].text, later.drift);  // to the last known good, once for the file
    const auto lines = std::ranges::find(findings[0].fields, "lines", &model::FindingField::name);
    QCOMPARE(lines->value, std::string("1 added, 1 removed"));
    QCOMPARE(findings[0].evidence.front().evidence.text, std::string("web says requests_failing"));
    QCOMPARE(findings[1].type, std::string("certificate"));

    QVERIFY(specialist.examine(file, {}, kFound).empty());
    QVERIFY(specialist.examine(World::caseOf({}, {change}), webIsBlamed(), kFound).empty());
  }

  void inTheConsensusAChangeAloneConfirmsNothing() {
    World world;
    std::vector<std::unique_ptr<analysis::Specialist>> specialists;
    specialists.push_back(std::make_unique<analysis::ChangeSpecialist>(world.topology));
    const analysis::Diagnostician diagnostician(analysis::builtInAnalysts(world.signatures, world.topology),
                                                world.topology, kFound, std::move(specialists));
    auto change = changed("web", ChangeKind::ConfigFile, 55);
    change.difference = "-a\n+b\n";
    const std::vector<model::Event> events = {makeEvent("web", "config_error", 60)};
    const auto without = diagnostician.diagnose(World::caseOf(events, {}), at(100));
    const auto with = diagnostician.diagnose(World::caseOf(events, {change}), at(100));
    QCOMPARE(with.hypotheses.front().kind, std::string("bad_config"));
    QVERIFY(with.hypotheses.front().confidence > without.hypotheses.front().confidence);
    QVERIFY(std::ranges::find(with.hypotheses.front().analysts, "Changes") !=
            with.hypotheses.front().analysts.end());
    QVERIFY(without.findings.empty());
    QCOMPARE(with.findings.size(), size_t(1));
    QVERIFY(with.findings.front().evidence.front().verified);
    const auto alone = diagnostician.diagnose(
        World::caseOf({makeEvent("front", "slow_requests", 60, model::Severity::Error)},
                      {changed("db", ChangeKind::ConfigFile, 59)}),
        at(100));
    for (const auto& hypothesis : alone.hypotheses) {
      if (hypothesis.service == "db") QVERIFY(hypothesis.verdict != model::Verdict::Confirmed);
    }
  }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_analysis_changes.moc"
