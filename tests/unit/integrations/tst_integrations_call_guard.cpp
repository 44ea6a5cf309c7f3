// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "integrations/call_guard.h"

using namespace aiops;
using namespace aiops::integrations;
using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

class TestClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return m_now; }
  base::Duration sinceBoot() const override { return m_boot; }
  void pass(base::Duration time) {
    m_now += time;
    m_boot += time;
  }
  void setDay(int day) { m_now = base::TimePoint(std::chrono::days(20'000 + day)); }

 private:
  base::TimePoint m_now{std::chrono::days(20'000)};
  base::Duration m_boot{std::chrono::hours(5)};
};

/// Answers by a script; the last entry again and again.
class ScriptedProvider final : public ModelProvider {
 public:
  explicit ScriptedProvider(TestClock& clock) : m_clock(clock) {}
  std::string name() const override { return model; }
  uint32_t mostOutput() const override { return 1000; }
  ModelResult ask(const ModelRequest& request, const base::CancelToken&) override {
    within.push_back(request.within);
    m_clock.pass(takes);
    const auto& next = script[std::min(calls++, script.size() - 1)];
    return next;
  }

  std::string model = "fake one";
  std::vector<ModelResult> script;
  size_t calls = 0;
  base::Duration takes{0};
  std::vector<milliseconds> within;

 private:
  TestClock& m_clock;
};

class KeptSpending final : public SpendingStore {
 public:
  base::Result<Spending> load() override {
    if (broken) return base::fail(ErrorCode::Io, "the disk is gone");
    if (!kept) return base::fail(ErrorCode::NotFound, "none");
    return *kept;
  }
  base::Result<> save(const Spending& spending) override {
    if (broken) return base::fail(ErrorCode::Io, "the disk is gone");
    kept = spending;
    return {};
  }
  std::optional<Spending> kept;
  bool broken = false;
};

ModelResult good(const std::string& text = "{}", uint64_t input = 100, uint64_t output = 10) {
  return ModelReply{text, {input, output}};
}
ModelResult bad(bool retry = true, milliseconds after = {}, bool asked = true) {
  return std::unexpected(
      ModelFailure{{ErrorCode::Unavailable, "it failed", "there", ""}, retry, after, {}, asked});
}

struct World {
  TestClock clock;
  ScriptedProvider provider{clock};
  KeptSpending kept;
  std::vector<milliseconds> pauses;
  bool stopped = false;
  double chance = 0.5;

  CallGuard guard(CallLimits limits = {}) {
    return CallGuard(provider, limits, clock, &kept,
                     {.pause =
                          [this](milliseconds time, const base::CancelToken&) {
                            pauses.push_back(time);
                            clock.pass(time);
                            return !stopped;
                          },
                      .chance = [this] { return chance; }});
  }
};

Question question(const std::string& incident = "i1", const std::string& fingerprint = {}) {
  return {
      incident, fingerprint, {.instructions = std::string(1000, 'x'), .turns = {{ModelTurn::Who::We, "y"}}}};
}

CallLimits many() {
  CallLimits limits;
  limits.spending = {.callsPerIncident = 1000, .tokensPerDay = 1'000'000'000};
  return limits;
}

}  // namespace

class TestCallGuard : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void retriesTwiceWithGrowingPauses() {
    World world;
    world.provider.script = {bad(), bad(), good("yes")};
    auto guard = world.guard();
    const auto got = guard.ask(question(), {});
    QVERIFY(got);
    QCOMPARE(got->text, std::string("yes"));
    QCOMPARE(world.pauses, (std::vector<milliseconds>{milliseconds(750), milliseconds(1500)}));
    QVERIFY(world.provider.within[0] == seconds(60));
    QVERIFY(world.provider.within[2] == milliseconds(60'000 - 2250));
    world.provider.script = {bad()};
    world.provider.calls = 0;
    QVERIFY(guard.ask(question("i2"), {}).error().what == "it failed");
    QCOMPARE(world.provider.calls, size_t(3));
    world.provider.script = {bad(false)};
    world.provider.calls = 0;
    QVERIFY(!guard.ask(question("i3"), {}));
    QCOMPARE(world.provider.calls, size_t(1));
  }

  void jitterStaysWithinItsBounds() {
    for (const double chance : {0.0, 1.0}) {
      World world;
      world.chance = chance;
      world.provider.script = {bad(), good()};
      auto guard = world.guard();
      QVERIFY(guard.ask(question(), {}));
      QVERIFY(world.pauses.front() == milliseconds(chance == 0.0 ? 500 : 1000));
    }
  }

  void retryAfterIsHonouredButNotForEver() {
    World world;
    world.provider.script = {bad(true, seconds(7)), good()};
    auto guard = world.guard(many());
    QVERIFY(guard.ask(question(), {}));
    QCOMPARE(world.pauses, std::vector<milliseconds>{seconds(7)});
    world.pauses.clear();
    world.provider.script = {bad(true, std::chrono::hours(24)), good()};
    world.provider.calls = 0;
    QVERIFY(!guard.ask(question(), {}));
    QVERIFY(world.pauses.empty());
    const auto resting = guard.ask(question(), {});
    QVERIFY(!resting && resting.error().code == ErrorCode::Unavailable);
    QCOMPARE(world.provider.calls, size_t(1));
    world.clock.pass(seconds(60));
    QVERIFY(guard.ask(question(), {}));
  }

  void oneQuestionNeverTakesLongerThanItsWhole() {
    World world;
    world.provider.script = {bad()};
    world.provider.takes = seconds(20);
    auto guard = world.guard(many());
    const auto began = world.clock.sinceBoot();
    QVERIFY(!guard.ask(question(), {}));
    QVERIFY(world.clock.sinceBoot() - began <= seconds(80));  // a call under way has its own limit: `within`
    for (const auto within : world.provider.within)
      QVERIFY(within > milliseconds(0) && within <= seconds(60));
  }

  void fiveFailuresInARowOpenTheCircuitForAMinute() {
    World world;
    auto limits = many();
    limits.retries = 0;
    auto guard = world.guard(limits);
    world.provider.script = {bad()};
    for (int i = 0; i < 4; ++i) QVERIFY(!guard.ask(question(), {}));
    world.provider.script = {good()};
    QVERIFY(guard.ask(question(), {}));  // not in a row
    world.provider.script = {bad(false)};
    for (int i = 0; i < 5; ++i) QVERIFY(!guard.ask(question(), {}));
    const auto calls = world.provider.calls;
    const auto open = guard.ask(question(), {});
    QVERIFY(!open && open.error().what.find("60 s") != std::string::npos);
    QCOMPARE(world.provider.calls, calls);
    world.clock.pass(seconds(59));
    QVERIFY(!guard.ask(question(), {}));
    QCOMPARE(world.provider.calls, calls);
    world.clock.pass(seconds(1));
    QVERIFY(!guard.ask(question(), {}));  // one may try; it fails, so the rest begins again
    QCOMPARE(world.provider.calls, calls + 1);
    QVERIFY(!guard.ask(question(), {}));
    QCOMPARE(world.provider.calls, calls + 1);
    world.clock.pass(seconds(60));
    world.provider.script = {good()};
    QVERIFY(guard.ask(question(), {}));
    QVERIFY(guard.ask(question(), {}));
  }

  void theSameQuestionIsAskedOnce() {
    World world;
    world.provider.script = {good("first"), good("second")};
    auto guard = world.guard(many());
    QCOMPARE(guard.ask(question("i1", "f"), {})->text, std::string("first"));
    const auto again = guard.ask(question("i2", "f"), {});
    QVERIFY(again->remembered);
    QCOMPARE(again->text, std::string("first"));
    QCOMPARE(world.provider.calls, size_t(1));
    world.clock.pass(std::chrono::hours(1) + seconds(1));
    QCOMPARE(guard.ask(question("i1", "f"), {})->text, std::string("second"));
    world.provider.model = "fake two";
    QVERIFY(!guard.ask(question("i1", "f"), {})->remembered);
    guard.forget("f");
    QVERIFY(!guard.ask(question("i1", "f"), {})->remembered);
    const auto calls = world.provider.calls;
    for (int i = 0; i < 100; ++i) guard.ask(question("i1", "g" + std::to_string(i)), {});
    QCOMPARE(world.provider.calls, calls + 100);
    QVERIFY(guard.ask(question("i1", "g99"), {})->remembered);
    QVERIFY(!guard.ask(question("i1", "g0"), {})->remembered);
  }

  void failuresAreNotRemembered() {
    World world;
    world.provider.script = {bad(false), good()};
    auto guard = world.guard();
    QVERIFY(!guard.ask(question("i", "f"), {}));
    QVERIFY(guard.ask(question("i", "f"), {}));
  }

  void anIncidentHasThreeCallsAndRetriesCount() {
    World world;
    world.provider.script = {bad(), good()};
    auto guard = world.guard();
    QVERIFY(guard.ask(question(), {}));
    QVERIFY(guard.ask(question(), {}));
    const auto over = guard.ask(question(), {});
    QVERIFY(!over && over.error().code == ErrorCode::LimitExceeded);
    QCOMPARE(over.error().where, std::string("ai.calls_per_incident"));
    QCOMPARE(world.provider.calls, size_t(3));
    QVERIFY(guard.ask(question("another"), {}));
  }

  void theDaysTokensCanNotBePassed() {
    World world;
    auto limits = many();
    limits.spending.tokensPerDay = 5000;
    auto guard = world.guard(limits);
    world.provider.script = {good("{}", 900, 600)};
    int answered = 0;
    while (guard.ask(question(), {})) ++answered;
    QCOMPARE(answered, 2);  // each may cost about 2,100 until it is known
    QVERIFY(guard.today().tokens.input + guard.today().tokens.output <= 5000);
    world.clock.setDay(-1);
    QVERIFY(!guard.ask(question(), {}));  // a clock put back frees nothing
    world.clock.setDay(1);
    QVERIFY(guard.ask(question(), {}));
    QCOMPARE(guard.today().calls, uint64_t(1));
    world.clock.setDay(900);
    QVERIFY(guard.ask(question(), {}));
    world.clock.setDay(2);  // it was far ahead by mistake: that must not stop it for years
    QVERIFY(guard.ask(question(), {}));
    QCOMPARE(guard.today().calls, uint64_t(1));
  }

  void whatIsNotToldCountsAsTheMost() {
    World world;
    auto limits = many();
    limits.retries = 0;
    world.provider.script = {bad(), bad(true, {}, false)};
    auto guard = world.guard(limits);
    QVERIFY(!guard.ask(question(), {}));
    const auto spent = guard.today().tokens;
    QCOMPARE(spent.output, uint64_t(1000));
    QVERIFY(spent.input > 500);
    QVERIFY(!guard.ask(question(), {}));
    QCOMPARE(guard.today().tokens.input, spent.input);  // it was refused: nothing to pay
    QCOMPARE(guard.today().calls, uint64_t(2));
  }

  void theDaysCostCanNotBePassed() {
    World world;
    auto limits = many();
    limits.spending.costPerDay = 1;
    limits.spending.inputPrice = 100;
    limits.spending.outputPrice = 200;
    auto guard = world.guard(limits);
    world.provider.script = {good("{}", 1000, 1000)};
    int answered = 0;
    while (guard.ask(question(), {})) ++answered;
    QCOMPARE(answered, 3);  // 0.30 each, and up to 0.31 for the next one
    QVERIFY(guard.today().cost <= 1);
  }

  void spendingOutlivesARestart() {
    World world;
    auto limits = many();
    limits.spending.tokensPerDay = 3000;
    world.provider.script = {good("{}", 900, 600)};
    {
      auto guard = world.guard(limits);
      QVERIFY(guard.ask(question(), {}));
    }
    auto guard = world.guard(limits);
    QVERIFY(!guard.ask(question(), {}));
    QCOMPARE(world.kept.kept->tokens.input, uint64_t(900));
    world.kept.broken = true;
    auto blind = world.guard(many());
    const auto refused = blind.ask(question(), {});
    QVERIFY(!refused && refused.error().what.find("the disk is gone") != std::string::npos);
    QCOMPARE(world.provider.calls, size_t(1));
  }

  void aStopEndsThePause() {
    World world;
    world.stopped = true;
    world.provider.script = {bad(), good()};
    auto guard = world.guard();
    QVERIFY(guard.ask(question(), {}).error().code == ErrorCode::Cancelled);
    QCOMPARE(world.provider.calls, size_t(1));
  }

  void withoutAWorldItWaitsByItself() {
    TestClock clock;
    ScriptedProvider provider(clock);
    provider.script = {bad(), good()};
    CallLimits limits;
    limits.firstPause = milliseconds(30);
    CallGuard guard(provider, limits, clock);
    QVERIFY(guard.ask(question(), {}));
    const base::CancelToken cancel;
    cancel.cancel();
    provider.calls = 0;
    QVERIFY(guard.ask(question("j"), cancel).error().code == ErrorCode::Cancelled);
  }
};

QTEST_GUILESS_MAIN(TestCallGuard)
#include "tst_integrations_call_guard.moc"
