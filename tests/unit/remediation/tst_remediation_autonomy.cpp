// When a fix may run without a person: every reason against it, one at a time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "remediation/autonomy.h"

using namespace aiops;
using remediation::whyAskAPerson;

namespace {

const base::TimePoint kNow{std::chrono::hours(400000)};

/// Everything that has to hold, for a test to take one thing away.
struct Earned {
  remediation::Playbook playbook{
      .parameters = {{.name = "service", .source = remediation::ParameterSource::Target}}};
  model::Plan plan{.target = "web", .risk = model::Risk::Low};
  model::Diagnosis diagnosis{.verdict = model::Verdict::Confirmed,
                             .hypotheses = {{.service = "web", .analysts = {"Signatures", "Order in time"}}}};
  model::Trust trust{.worked = 3, .tried = 3, .words = "worked 3 of 3 here"};
  std::optional<base::TimePoint> lastRun;
  model::ExecutionPolicy policy{.autoFix = true, .autoFixMaxRisk = model::Risk::Low};
  model::Risk threshold = model::Risk::Low;

  std::optional<std::string> why() const {
    return whyAskAPerson({playbook, plan, diagnosis, trust, lastRun, kNow}, policy, threshold);
  }
};

}  // namespace

class TestAutonomy : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatHasEarnedItRunsAlone() { QVERIFY(!Earned{}.why()); }

  void closedByDefault() {
    Earned earned;
    earned.policy = {};
    QVERIFY(earned.why());
    QVERIFY(!remediation::checkPolicyApproval(earned.plan, {}));
  }

  void eachDoubtAsksAPerson_data() {
    QTest::addColumn<int>("doubt");
    for (int i = 0; i < 9; ++i) QTest::addRow("%d", i) << i;
  }
  void eachDoubtAsksAPerson() {
    QFETCH(int, doubt);
    Earned earned;
    const std::array<std::function<void()>, 9> doubts{
        [&] { earned.plan.risk = model::Risk::Medium; },
        [&] {
          earned.plan.risk = model::Risk::Medium;
          earned.policy.autoFixMaxRisk = model::Risk::High;  // the threshold still says low
        },
        [&] { earned.plan.irreversible = true; },
        [&] { earned.playbook.parameters[0].source = remediation::ParameterSource::Capture; },
        [&] { earned.diagnosis.verdict = model::Verdict::Likely; },
        [&] { earned.diagnosis.hypotheses[0].analysts.pop_back(); },
        [&] { earned.trust.worked = earned.trust.tried = 2; },
        [&] { earned.trust.tried = 4; },
        [&] { earned.lastRun = kNow - std::chrono::minutes(59); },
    };
    doubts[static_cast<size_t>(doubt)]();
    const auto why = earned.why();
    QVERIFY(why && !why->empty());
  }

  void theExecutorHoldsAPolicyApprovalToItsOwnPolicy() {
    Earned earned;
    QVERIFY(remediation::checkPolicyApproval(earned.plan, earned.policy));
    earned.plan.risk = model::Risk::High;
    const auto refused = remediation::checkPolicyApproval(earned.plan, earned.policy);
    QVERIFY(refused.error().code == base::ErrorCode::PermissionDenied);
  }
};

QTEST_GUILESS_MAIN(TestAutonomy)
#include "tst_remediation_autonomy.moc"
