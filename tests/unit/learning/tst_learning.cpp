// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "learning/insights.h"
#include "learning/metrics.h"
#include "learning/trust.h"

using namespace aiops;
using learning::trustFrom;

namespace {

/// Probability that a Beta(a, b) variable is below x, by adding up its density: the obvious way.
double betaBelow(double a, double b, double x) {
  const int steps = 200000;
  double below = 0, all = 0;
  for (int i = 0; i < steps; ++i) {
    const double p = (i + 0.5) / steps;
    const double density = std::pow(p, a - 1) * std::pow(1 - p, b - 1);
    all += density;
    if (p < x) below += density;
  }
  return below / all;
}

/// 2026-01-05T00:00:00Z plus minutes.
base::TimePoint at(int64_t minutes) {
  return base::TimePoint(std::chrono::seconds(1767571200 + 60 * minutes));
}

model::Incident ended(const char* id, int64_t from, int64_t to, model::IncidentState state,
                      bool falsePositive = false) {
  return {.id = model::IncidentId(id),
          .state = state,
          .services = {"web"},
          .startedAt = at(from),
          .endedAt = at(to),
          .falsePositive = falsePositive};
}

model::Outcome outcome(const char* incident, int64_t when, model::OutcomeResult result) {
  return {.fix = model::FixId(std::string("fix of ") + incident),
          .incident = model::IncidentId(incident),
          .playbookId = "restart",
          .context = "web/process_crash",
          .result = result,
          .at = at(when)};
}

}  // namespace

class TestLearning : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void wordsSayWhatHappened() {
    QCOMPARE(trustFrom("p", "c", 3, 3).words, std::string("worked 3 of 3 here"));
    QCOMPARE(trustFrom("p", "c", 0, 0).words, std::string("never tried here"));
  }

  void intervalHoldsNinetyPercentOfThePosterior() {
    for (const auto& [worked, tried] : {std::pair{0u, 0u}, {1u, 1u}, {3u, 3u}, {7u, 10u}, {0u, 4u}}) {
      const auto trust = trustFrom("p", "c", worked, tried);
      const double a = worked + 1, b = tried - worked + 1;
      QVERIFY(std::abs(betaBelow(a, b, trust.low) - 0.05) < 1e-3);
      QVERIFY(std::abs(betaBelow(a, b, trust.high) - 0.95) < 1e-3);
      QVERIFY(std::abs(trust.mean - (worked + 1.0) / (tried + 2.0)) < 1e-12);
    }
  }

  void figuresAreAbsentWithoutCases() {
    const auto metrics = learning::metricsOver(at(0), at(60), {}, {});
    QVERIFY(!metrics.mttrMinutes && !metrics.automationRate && !metrics.falsePositiveRate);
    QVERIFY(!metrics.successRate);
    QCOMPARE(metrics.days.size(), size_t{1});
  }

  void figuresAreThoseOfTheCases() {
    using enum model::IncidentState;
    const std::vector incidents{ended("a", 10, 20, Resolved), ended("b", 30, 60, Resolved),
                                ended("c", 70, 80, Dismissed, true), ended("gone", 70, 80, Dismissed),
                                ended("before", -100, -50, Resolved)};
    const std::vector outcomes{outcome("a", 20, model::OutcomeResult::Worked),
                               outcome("b", 40, model::OutcomeResult::Undone),
                               outcome("before", -60, model::OutcomeResult::Worked)};
    const auto metrics = learning::metricsOver(at(0), at(24 * 60 + 1), incidents, outcomes);
    QCOMPARE(metrics.incidents, uint64_t{4});
    QCOMPARE(metrics.resolved, uint64_t{2});
    QCOMPARE(metrics.dismissed, uint64_t{1});
    QCOMPARE(metrics.mttrMinutes.value(), 20.0);
    QCOMPARE(metrics.automationRate.value(), 0.5);
    QCOMPARE(metrics.falsePositiveRate.value(), 1.0 / 3);
    QCOMPARE(metrics.successRate.value(), 0.5);
    QCOMPARE(metrics.days.size(), size_t{2});
    QCOMPARE(metrics.days.front().worked, 1u);
    QCOMPARE(metrics.days.front().undone, 1u);
    QVERIFY(!metrics.days.back().mttrMinutes);
  }

  void insightsNameWhatTheyStandOn() {
    using enum model::IncidentState;
    const std::vector<learning::EndedIncident> cases{{ended("a", 10, 20, Resolved), "process_crash"},
                                                     {ended("b", 30, 60, Resolved), "process_crash"},
                                                     {ended("c", 70, 80, Resolved), "process_crash"},
                                                     {ended("d", 70, 80, Dismissed, true), "disk_full"},
                                                     {ended("e", 90, 95, Resolved), ""}};
    const auto found = learning::insightsFrom({outcome("a", 20, model::OutcomeResult::Worked)}, cases);
    QCOMPARE(found.size(), size_t{3});
    QCOMPARE(found[0].id, std::string("trust:restart:web/process_crash"));
    QCOMPARE(found[0].cases, 1u);
    QVERIFY(found[0].trust.has_value());
    QCOMPARE(found[1].id, std::string("repeat:web/process_crash"));
    QCOMPARE(found[1].cases, 3u);
    QCOMPARE(found[2].id, std::string("coverage:web/process_crash"));
    QCOMPARE(found[2].cases, 2u);
    QVERIFY(learning::insightsFrom({}, {}).empty());
  }

  void onlyOutcomesOfThisPlaybookAndContextCount() {
    const auto outcome = [](const char* playbook, const char* context, model::OutcomeResult result) {
      return model::Outcome{.playbookId = playbook, .context = context, .result = result};
    };
    using enum model::OutcomeResult;
    const auto trust = trustFrom("p", "web/x",
                                 std::vector{outcome("p", "web/x", Worked), outcome("p", "web/x", Undone),
                                             outcome("p", "db/x", Worked), outcome("q", "web/x", Worked)});
    QCOMPARE(trust.worked, 1u);
    QCOMPARE(trust.tried, 2u);
  }
};

QTEST_GUILESS_MAIN(TestLearning)
#include "tst_learning.moc"
