// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <atomic>
#include <semaphore>
#include <stdexcept>

#include "agents/agent.h"
#include "agents/log_buffer.h"

using namespace aiops;

namespace {

class FakeClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return base::TimePoint(m_now.load()); }
  base::Duration sinceBoot() const override { return m_now.load(); }
  void advance(base::Duration by) { m_now.store(m_now.load() + by); }

 private:
  std::atomic<base::Duration> m_now{base::Duration(0)};
};

class Reports final : public agents::HealthSink {
 public:
  void report(model::Severity, const std::string&, const std::string&, const std::string&) override {
    ++count;
  }
  std::atomic<int> count{0};
};

std::vector<agents::AgentSettingRow> settingRows() {
  auto level = agents::choiceSetting("level", {"low", "medium", "high"}, "low", "how far it may go");
  level.limit = [](const std::string& asked) -> agents::Limited {
    if (asked != "high") return {asked, {}};
    return {"medium", "the configuration says medium"};
  };
  return {level, agents::numberSetting("wait", 1, 10, 3, "seconds", "how long it waits"),
          agents::switchSetting("loud", false, "whether it says so")};
}

/// Throws when told to; tells when it was loaded.
class Fragile final : public agents::Agent {
 public:
  Fragile(const base::Clock& clock, agents::HealthSink& health)
      : Agent("fragile", "Fragile", settingRows(), clock, health) {}
  bool run(std::function<void()> task) { return post(std::move(task)); }
  std::atomic<int> loads{0};
  std::atomic<bool> loadFails{false};
  std::counting_semaphore<100> loaded{0};

 protected:
  void reload() override {
    ++loads;
    if (loadFails) throw std::runtime_error("no store");
    setState(model::AgentState::Idle, "loaded");
    loaded.release();
  }
};

}  // namespace

class TestAgents : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void settingsAreCheckedWholeBeforeAnyIsTaken() {
    agents::AgentSettings settings(settingRows());
    QVERIFY(settings.check({{"wait", "10"}, {"loud", "true"}}));
    for (const auto& [key, value] : std::map<std::string, std::string>{
             {"wait", "11"}, {"loud", "yes"}, {"level", ""}, {"colour", "red"}}) {
      const auto refused = settings.check({{key, value}});
      QVERIFY2(!refused, key.c_str());
      QCOMPARE(refused.error().where, key);
      QVERIFY(!refused.error().remedy.empty());
    }
    QVERIFY(!settings.check({{"wait", "1e3"}}) && !settings.check({{"wait", "99999999999999999999"}}));
    QCOMPARE(settings.number("wait"), int64_t{3});
  }

  void aCeilingHoldsAndIsSaid() {
    agents::AgentSettings settings(settingRows());
    settings.set({{"level", "high"}});
    QCOMPARE(settings.text("level"), std::string("medium"));
    const auto shown = settings.shown();
    QCOMPARE(shown[0].limitedBy, std::string("the configuration says medium"));
    QVERIFY(shown[1].limitedBy.empty());
    QCOMPARE(settings.asked(), (std::map<std::string, std::string>{{"level", "high"}}));
  }

  void anEnabledAgentTakesItsStateAnew() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    agent.restoreChoice({.id = "fragile", .enabled = false, .settings = {{"wait", "7"}, {"gone", "1"}}});
    QVERIFY(agent.status().state == model::AgentState::Disabled);
    QCOMPARE(agent.settings().number("wait"), int64_t{7});
    agent.start();
    agent.loaded.acquire();
    QVERIFY(agent.setEnabled(true));
    agent.loaded.acquire();
    QVERIFY(agent.status().state == model::AgentState::Idle);
    QVERIFY(agent.status().enabled);
    QVERIFY(agent.setEnabled(true));  // again: nothing happens
    agent.stop();
    QCOMPARE(agent.loads.load(), 2);
  }

  void aFailedAgentStartsAgainAndRunsWhatWaited() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    agent.start();
    agent.loaded.acquire();
    std::binary_semaphore ran(0);
    agent.run([] { throw std::runtime_error("no disk"); });
    agent.run([&] { ran.release(); });
    QTRY_VERIFY(agent.status().state == model::AgentState::Failed);
    QVERIFY(agent.status().task.find("no disk") != std::string::npos);
    QVERIFY(!ran.try_acquire());
    clock.advance(std::chrono::seconds(2));
    QVERIFY(ran.try_acquire_for(std::chrono::seconds(10)));
    QCOMPARE(agent.loads.load(), 2);
    QCOMPARE(agent.status().restarts, 1u);
    QCOMPARE(reports.count.load(), 1);
    agent.stop();
  }

  void whatComesBeforeTheStartRunsAfterTheLoad() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    QVERIFY(!agent.run([] {}));
    agent.open();
    int loadsSeen = -1;
    std::binary_semaphore ran(0);
    QVERIFY(agent.run([&] {
      loadsSeen = agent.loads;
      ran.release();
    }));
    agent.start();
    QVERIFY(ran.try_acquire_for(std::chrono::seconds(10)));
    QCOMPARE(loadsSeen, 1);
    agent.stop();
  }

  void workThatNobodyCanKeepIsReported() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    agent.open();
    for (int i = 0; i < 1001; ++i) QVERIFY(agent.run([] {}));
    QTRY_COMPARE(reports.count.load(), 1);
    agent.stop();
  }

  void backOffGrows() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    agent.start();
    agent.loaded.acquire();
    for (int failure = 0; failure < 3; ++failure) {
      agent.run([] { throw std::runtime_error("again"); });
      QTRY_COMPARE(reports.count.load(), failure + 1);
      clock.advance(std::chrono::seconds(120));
      agent.loaded.acquire();
    }
    QCOMPARE(agent.status().restarts, 3u);
    agent.stop();
    QVERIFY(!agent.run([] {}));
  }

  void onlyAnAgentThatWorksIsRestarted() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    const auto never = [] { QFAIL("nothing was restarted"); };
    QVERIFY(agent.restart(never).error().code == base::ErrorCode::Unavailable);  // not opened
    agent.start();
    agent.loaded.acquire();
    QVERIFY(agent.setEnabled(false));
    const auto refused = agent.restart(never);
    QVERIFY(refused.error().code == base::ErrorCode::Conflict);
    QVERIFY(refused.error().what.find("disabled") != std::string::npos);
    QVERIFY(refused.error().remedy.find("enable") != std::string::npos);
    QVERIFY(agent.setEnabled(true));
    agent.loaded.acquire();
    agent.stop();
    QVERIFY(agent.restart(never).error().code == base::ErrorCode::Unavailable);
    QCOMPARE(agent.status().operatorRestarts, 0u);
    QCOMPARE(agent.loads.load(), 2);
  }

  void aRestartThatFailsSaysSo() {
    FakeClock clock;
    Reports reports;
    Fragile agent(clock, reports);
    agent.start();
    agent.loaded.acquire();
    agent.loadFails = true;
    std::binary_semaphore ended(0);
    QVERIFY(agent.restart([&] { ended.release(); }));
    QVERIFY(ended.try_acquire_for(std::chrono::seconds(10)));
    QVERIFY(agent.status().state == model::AgentState::Failed);
    QCOMPARE(agent.status().lastProblem, std::string("no store"));
    QCOMPARE(agent.status().operatorRestarts, 1u);
    agent.loadFails = false;
    clock.advance(std::chrono::seconds(2));
    agent.loaded.acquire();  // by itself, as after any failure
    agent.stop();
    QCOMPARE(agent.status().restarts, 1u);
  }

  void aRestartDoesNotWaitAndLosesNothing() {
    FakeClock clock;  // stands still: the agent would stay failed
    Reports reports;
    Fragile agent(clock, reports);
    agent.start();
    agent.loaded.acquire();
    std::vector<std::string> order;
    std::binary_semaphore ended(0);
    agent.run([] { throw std::runtime_error("no disk"); });
    agent.run([&] { order.push_back("work"); });
    QVERIFY(agent.restart([&] {
      order.push_back("done");
      ended.release();
    }));
    QVERIFY(ended.try_acquire_for(std::chrono::seconds(10)));
    QCOMPARE(order, (std::vector<std::string>{"work", "done"}));
    QVERIFY(agent.status().state == model::AgentState::Idle);
    QCOMPARE(agent.status().operatorRestarts, 1u);
    QCOMPARE(agent.status().restarts, 0u);
    QCOMPARE(agent.loads.load(), 2);
    agent.stop();
  }

  void logBufferNumbersLinesAndSaysWhatWasMissed() {
    agents::LogBuffer buffer(10, 1 << 20);
    for (int i = 1; i <= 25; ++i) buffer.append({model::LogLine{.text = std::to_string(i)}});
    const auto missed = buffer.slice(3, 100);
    QCOMPARE(missed.missed, uint64_t{13});
    QCOMPARE(missed.lines.size(), size_t{10});
    QCOMPARE(missed.lines.front().text, std::string("16"));
    QCOMPARE(missed.next, uint64_t{26});
    const auto newest = buffer.slice(0, 4);
    QCOMPARE(newest.lines.size(), size_t{4});
    QCOMPARE(newest.lines.back().sequence, uint64_t{25});
    const auto none = buffer.slice(26, 4);
    QVERIFY(none.lines.empty());
    QCOMPARE(none.next, uint64_t{26});
    const auto part = buffer.slice(20, 2);
    QCOMPARE(part.next, uint64_t{22});
  }

  void logBufferIsBoundedInBytes() {
    agents::LogBuffer buffer(1000, 10000);
    for (int i = 0; i < 50; ++i) buffer.append({model::LogLine{.text = std::string(1000, 'x')}});
    QVERIFY(buffer.slice(0, 1000).lines.size() < 10);
  }
};

QTEST_GUILESS_MAIN(TestAgents)
#include "tst_agents.moc"
