// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "analysis/diagnose.h"
#include "analysis/odds.h"
#include "support/event_builder.h"

using namespace aiops;
using model::Verdict;
using test::at;
using test::makeEvent;

namespace {

model::Inventory shop() {
  model::Inventory out;
  out.services.push_back({.name = "web"});
  out.services.push_back({.name = "front", .dependsOn = {"web"}});
  return out;
}

/// A world in which every quote is found, unless its text is in `gone`.
struct World {
  correlation::Topology topology{shop()};
  std::vector<std::string> gone;
  std::vector<std::unique_ptr<analysis::Analyst>> extra;

  model::Diagnosis diagnose(std::vector<model::Event> events) {
    const auto signatures = knowledge::loadSignatures({AIOPS_SOURCE_DIR "/resources/signatures"});
    std::vector<std::unique_ptr<analysis::Analyst>> analysts;
    analysts.push_back(std::make_unique<analysis::SignatureAnalyst>(signatures.signatures, topology));
    analysts.push_back(std::make_unique<analysis::OrderInTimeAnalyst>(topology));
    for (auto& analyst : extra) analysts.push_back(std::move(analyst));
    const analysis::Diagnostician diagnostician(
        std::move(analysts), topology, [this](const model::EvidenceRef& ref) -> base::Result<std::string> {
          if (std::ranges::find(gone, ref.text) != gone.end())
            return base::fail(base::ErrorCode::Stale, "differs");
          return ref.text + " and the rest of the line";
        });
    return diagnostician.diagnose({{.id = model::IncidentId::create()}, std::move(events)}, at(100));
  }
};

/// Blames web for what the front shows, by lines of both at these seconds.
class Blamer final : public analysis::Analyst {
 public:
  Blamer(double cause, double effect) : m_cause(cause), m_effect(effect) {}
  std::string name() const override { return "Blamer"; }
  std::vector<analysis::Claim> analyse(const analysis::CaseFile&) const override {
    analysis::Claim claim{
        .service = "web", .kind = "bad_deploy", .statement = "web did it", .confidence = 0.99};
    claim.evidence.push_back({.evidence = makeEvent("web", "strange", m_cause).evidence.front()});
    claim.evidence.push_back({.evidence = makeEvent("front", "broken", m_effect).evidence.front()});
    return {claim};
  }

 private:
  const double m_cause;
  const double m_effect;
};

/// Blames a service without anything true to show.
class Liar final : public analysis::Analyst {
 public:
  std::string name() const override { return "Liar"; }
  std::vector<analysis::Claim> analyse(const analysis::CaseFile&) const override {
    analysis::Claim claim{
        .service = "front", .kind = "bad_deploy", .statement = "front did it", .confidence = 1};
    claim.evidence.push_back({.evidence = makeEvent("front", "made_up", 1).evidence.front()});
    return {claim};
  }
};

}  // namespace

class TestAnalysis : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void shippedSignaturesLoadWithoutProblems() {
    const auto set = knowledge::loadSignatures({AIOPS_SOURCE_DIR "/resources/signatures"});
    QVERIFY(set.problems.empty());
    QVERIFY(set.signatures.size() >= 5);
  }

  void brokenSignatureIsNamedWithItsLineAndTheOthersLoad() {
    QTemporaryDir dir;
    std::ofstream(dir.filePath(QStringLiteral("a.yaml")).toStdString())
        << "- id: x\n  kind: k\n  cause: c\n  statement: s\n"
           "- id: y\n  knd: k\n";
    std::ofstream(dir.filePath(QStringLiteral("b.yaml")).toStdString()) << "- id: [\n";
    const auto set = knowledge::loadSignatures({dir.path().toStdString()});
    QCOMPARE(set.signatures.size(), size_t{1});
    QCOMPARE(set.problems.size(), size_t{2});
    QVERIFY(set.problems[0].where.ends_with("a.yaml:6"));
    QVERIFY(set.problems[0].what.find("knd") != std::string::npos);
    QVERIFY(set.problems[1].where.find("b.yaml:") != std::string::npos);
  }

  void memoryExhaustionSeenFromTwoServicesIsConfirmed() {
    World world;
    const auto found = world.diagnose({makeEvent("web", "memory_exhausted", 10, model::Severity::Critical),
                                       makeEvent("front", "upstream_failing", 10.4)});
    QVERIFY(found.verdict == Verdict::Confirmed);
    const auto& best = found.hypotheses.front();
    QCOMPARE(best.service, std::string("web"));
    QCOMPARE(best.kind, std::string("memory_limit_reached"));
    QCOMPARE(best.analysts, (std::vector<std::string>{"Signatures", "Order in time"}));
    for (const auto& citation : best.evidenceFor) QVERIFY(citation.verified);
    QVERIFY(best.evidenceFor.size() >= 2);
  }

  void theFrontIsKeptInViewAsRejectedWithTheReason() {
    World world;
    const auto found = world.diagnose(
        {makeEvent("web", "memory_exhausted", 10), makeEvent("front", "upstream_failing", 10.4)});
    const auto rejected = std::ranges::find(found.hypotheses, Verdict::Rejected, &model::Hypothesis::verdict);
    QVERIFY(rejected != found.hypotheses.end());
    QCOMPARE(rejected->service, std::string("front"));
    QVERIFY(rejected->note.find("web") != std::string::npos);
  }

  void withinTheResolutionOfTheClocksTheDependencyIsBlamed() {
    World world;  // the front's access log has whole seconds: its line seems earlier
    const auto found = world.diagnose(
        {makeEvent("front", "upstream_failing", 10.0), makeEvent("web", "memory_exhausted", 10.7)});
    QCOMPARE(found.hypotheses.front().service, std::string("web"));
    for (const auto& opinion : found.opinions) QVERIFY(opinion.agrees);
  }

  void effectLongBeforeTheCauseDoesNotCount() {
    World world;
    const auto early =
        world.diagnose({makeEvent("front", "upstream_failing", 1), makeEvent("web", "memory_exhausted", 60)});
    const auto proper = world.diagnose(
        {makeEvent("front", "upstream_failing", 61), makeEvent("web", "memory_exhausted", 60)});
    QVERIFY(early.hypotheses.front().confidence < proper.hypotheses.front().confidence);
  }

  void nothingAtErrorIsHealthy() {
    World world;
    const auto found = world.diagnose({makeEvent("web", "memory_high", 10, model::Severity::Warning)});
    QVERIFY(found.verdict == Verdict::Healthy);
    QVERIFY(found.hypotheses.empty());
  }

  void unknownFailureIsInconclusiveOrLikelyButNeverConfirmed() {
    World world;
    const auto found = world.diagnose({makeEvent("web", "never_heard_of", 10)});
    QVERIFY(found.verdict != Verdict::Confirmed);
    QCOMPARE(found.hypotheses.front().kind, std::string("unknown"));
  }

  void quotesThatAreGoneMakeTheClaimUnverified() {
    World world;
    world.gone = {"web says memory_exhausted"};
    const auto found = world.diagnose({makeEvent("web", "memory_exhausted", 10)});
    QVERIFY(found.hypotheses.front().verdict == Verdict::Unverified);
    QVERIFY(found.verdict == Verdict::Inconclusive);
    QVERIFY(!found.hypotheses.front().note.empty());
  }

  void aCauseThatComesLongAfterItsEffectDoesNotHold_data() {
    QTest::addColumn<double>("cause");
    QTest::addColumn<bool>("holds");
    QTest::newRow("before") << 5.0 << true;
    QTest::newRow("told late") << 65.0 << true;
    QTest::newRow("too late") << 75.0 << false;
  }

  void aCauseThatComesLongAfterItsEffectDoesNotHold() {
    QFETCH(double, cause);
    QFETCH(bool, holds);
    World world;
    world.extra.push_back(std::make_unique<Blamer>(cause, 10));
    const auto found = world.diagnose({makeEvent("front", "broken", 10), makeEvent("web", "strange", cause)});
    const auto claimed =
        std::ranges::find(found.hypotheses, std::string("bad_deploy"), &model::Hypothesis::kind);
    QVERIFY(claimed != found.hypotheses.end());
    for (const auto& citation : claimed->evidenceFor) {
      const bool ofCause = citation.evidence.service == "web";
      QCOMPARE(citation.verified, holds || !ofCause);
      QCOMPARE(citation.reason.find("after the first effect") != std::string::npos, ofCause && !holds);
    }
    if (!holds) QVERIFY(claimed->verdict != Verdict::Confirmed);
  }

  void aLineIsReadOnceForADiagnosis() {
    std::map<std::string, int> reads;
    const correlation::Topology topology{shop()};
    std::vector<std::unique_ptr<analysis::Analyst>> analysts;
    for (int i = 0; i < 3; ++i) analysts.push_back(std::make_unique<Blamer>(10, 10 + i));
    const analysis::Diagnostician diagnostician(
        std::move(analysts), topology, [&](const model::EvidenceRef& ref) -> base::Result<std::string> {
          ++reads[ref.id];
          return ref.text;
        });
    (void)diagnostician.diagnose({{.id = model::IncidentId::create()}, {makeEvent("web", "strange", 10)}},
                                 at(100));
    QCOMPARE(reads.size(), size_t{2});
    for (const auto& [id, count] : reads) QCOMPARE(count, 1);
  }

  void aQuoteThatTheLineDoesNotSayIsNamed() {
    const correlation::Topology topology{shop()};
    std::vector<std::unique_ptr<analysis::Analyst>> analysts;
    analysts.push_back(std::make_unique<Blamer>(10, 11));
    const analysis::Diagnostician diagnostician(
        std::move(analysts), topology,
        [](const model::EvidenceRef&) -> base::Result<std::string> { return std::string("all is well"); });
    const auto found = diagnostician.diagnose(
        {{.id = model::IncidentId::create()}, {makeEvent("web", "strange", 10)}}, at(100));
    QVERIFY(found.hypotheses.front().verdict == Verdict::Unverified);
    for (const auto& citation : found.hypotheses.front().evidenceFor)
      QVERIFY(citation.reason.find("the line does not say so") != std::string::npos);
  }

  void aLyingAnalystIsShownAndLosesNothing() {
    World honest;
    const std::vector<model::Event> events{makeEvent("web", "memory_exhausted", 10),
                                           makeEvent("front", "upstream_failing", 10.4)};
    const auto without = honest.diagnose(events);
    World world;
    world.gone = {"front says made_up"};
    world.extra.push_back(std::make_unique<Liar>());
    const auto with = world.diagnose(events);
    QVERIFY(with.verdict == without.verdict);
    QCOMPARE(with.hypotheses.front().service, without.hypotheses.front().service);
    QCOMPARE(with.hypotheses.front().confidence, without.hypotheses.front().confidence);
    const auto lie = std::ranges::find(with.hypotheses, std::string("bad_deploy"), &model::Hypothesis::kind);
    QVERIFY(lie->verdict == Verdict::Unverified);
  }

  void noSingleAnalystDecidesAlone() {
    World world;
    world.extra.push_back(std::make_unique<Liar>());
    const auto found = world.diagnose({makeEvent("front", "made_up", 1)});
    QVERIFY(found.hypotheses.front().confidence < 0.97);
    for (const auto& hypothesis : found.hypotheses) {
      if (hypothesis.analysts.size() < 2) QVERIFY(hypothesis.verdict != Verdict::Confirmed);
    }
  }

  void oddsAndProbabilityAreInverse() {
    for (double p = 0.01; p < 1; p += 0.01)
      QVERIFY(std::abs(analysis::probability(analysis::logit(p)) - p) < 1e-9);
    QVERIFY(std::isfinite(analysis::logit(0)) && std::isfinite(analysis::logit(1)));
  }
};

QTEST_GUILESS_MAIN(TestAnalysis)
#include "tst_analysis.moc"
