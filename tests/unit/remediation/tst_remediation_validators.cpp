// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "remediation/validators.h"

using namespace aiops;
using namespace aiops::remediation;
using std::chrono::milliseconds;

namespace {

model::ValidatorSpec http() {
  model::ValidatorSpec spec{.kind = "http", .title = "answers"};
  spec.jsonPointer = "/memory/used_ratio";
  spec.below = 0.98;
  spec.probes = 3;
  spec.interval = spec.settle = milliseconds(1);
  return spec;
}

model::ValidatorSpec quiet() {
  model::ValidatorSpec spec{.kind = "log_quiet", .title = "quiet", .patternId = "p", .service = "web"};
  spec.probes = 3;
  spec.interval = spec.settle = milliseconds(1);
  return spec;
}

}  // namespace

class TestValidators : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void allProbesMustPass() {
    int calls = 0, updates = 0;
    const base::SystemClock clock;
    ValidationWorld world;
    world.httpGet = [&](const std::string&) {
      ++calls;
      return HttpAnswer{200, R"({"memory":{"used_ratio":0.5}})"};
    };
    world.matchesSince = [&](const std::string& pattern, const std::string& service,
                             base::TimePoint since) -> base::Result<uint64_t> {
      ++calls;
      if (pattern != "p" || service != "web" || since > clock.now()) qFatal("wrong question");
      return 0;
    };
    Validation validation({http(), quiet()}, world, clock);
    const auto verdict = validation.run([&](const auto&) { ++updates; });
    QVERIFY(verdict.ok && !verdict.cancelled);
    QCOMPARE(calls, 6);
    QCOMPARE(updates, 7);
    QCOMPARE(verdict.checks[1].passed, 3);
    QCOMPARE(verdict.detail, std::string("6 of 6 checks passed"));
  }

  void theFirstFailureDecides_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, int status, const char* body, const char* says) {
      QTest::newRow(name) << status << QString::fromUtf8(body) << QString::fromUtf8(says);
    };
    row("503", 503, R"({"memory":{"used_ratio":0.5}})", "status 503 instead of 200");
    row("redirect", 302, "", "status 302");
    row("too high", 200, R"({"memory":{"used_ratio":0.98}})", "is 0.98, not below 0.98");
    row("missing", 200, R"({"memory":{}})", "has no /memory/used_ratio");
    row("text", 200, R"({"memory":{"used_ratio":"0.1"}})", "not a number");
    row("not JSON", 200, "<html>", "not JSON");
    row("empty", 200, "", "not JSON");
    row("NaN", 200, R"({"memory":{"used_ratio":NaN}})", "not JSON");
  }
  void theFirstFailureDecides() {
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, says);
    const base::SystemClock clock;
    ValidationWorld world;
    int calls = 0;
    world.httpGet = [&](const std::string&) {
      return ++calls < 2 ? HttpAnswer{200, R"({"memory":{"used_ratio":0.1}})"}
                         : HttpAnswer{status, body.toStdString()};
    };
    const auto verdict = Validation({http()}, world, clock).run();
    QVERIFY(!verdict.ok);
    QCOMPARE(calls, 2);
    QVERIFY(verdict.checks[0].failed);
    QCOMPARE(verdict.checks[0].passed, 1);
    QVERIFY2(verdict.detail.find(says.toStdString()) != std::string::npos, verdict.detail.c_str());
  }

  void deepAnswersAreRefused() {
    const base::SystemClock clock;
    ValidationWorld world;
    world.httpGet = [](const std::string&) { return HttpAnswer{200, std::string(100000, '[')}; };
    QVERIFY(!Validation({http()}, world, clock).run().ok);
  }

  void anUnreachableServiceOrAMatchFails() {
    const base::SystemClock clock;
    ValidationWorld world;
    world.httpGet = [](const std::string&) -> base::Result<HttpAnswer> {
      return base::fail(base::ErrorCode::Unavailable, "refused");
    };
    world.matchesSince = [](const auto&, const auto&, auto) -> base::Result<uint64_t> { return 2; };
    QCOMPARE(Validation({http()}, world, clock).run().detail, std::string("answers: refused"));
    QVERIFY(Validation({quiet()}, world, clock).run().detail.find("matched 2 times") != std::string::npos);
  }

  void nothingToCheckIsNoProof() {
    const base::SystemClock clock;
    QVERIFY(!Validation({}, {}, clock).run().ok);
    QVERIFY(
        !Validation({model::ValidatorSpec{.kind = "hope", .settle = milliseconds(0)}}, {}, clock).run().ok);
  }

  void canBeCancelledWhileItWaits() {
    const base::SystemClock clock;
    auto spec = quiet();
    spec.settle = milliseconds(600000);
    Validation validation({spec}, {}, clock);
    const auto verdict = validation.run([&](const auto&) { validation.cancel(); });
    QVERIFY(verdict.cancelled && !verdict.ok);
  }
};

QTEST_GUILESS_MAIN(TestValidators)
#include "tst_remediation_validators.moc"
