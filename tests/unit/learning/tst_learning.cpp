// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

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
