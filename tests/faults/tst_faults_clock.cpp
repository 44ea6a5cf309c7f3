// The wall clock is put an hour and a year forward and back under the real program: with a fix that waits for
// a decision, and with one that runs. Deadlines don't follow it, trouble is still found, the audit is whole.
// The clock is libfaketime's; the one of this machine is never touched, nor the time since boot.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <cstdlib>
#include <fstream>

#include "base/time.h"
#include "faults/live_fix.h"

using namespace aiops;
using namespace std::chrono_literals;
using base::TimePoint;
using nlohmann::json;
using test::LiveFix;
using test::need;

namespace {

constexpr const char* kLibrary = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
constexpr auto kSoon = 30s;
constexpr auto kHour = std::chrono::seconds(3600), kYear = std::chrono::seconds(365 * 86400);
constexpr auto kAbout = 2min;  // what shows the clock's time may be a refresh behind it

/// The clock that the engine sees.
class Clock {
 public:
  explicit Clock(std::filesystem::path file) : m_file(std::move(file)) { ahead(0s); }
  std::map<std::string, std::string> environment() const {
    return {{"LD_PRELOAD", kLibrary},
            {"FAKETIME_TIMESTAMP_FILE", m_file.string()},
            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
            {"FAKETIME_NO_CACHE", "1"}};
  }
  /// From now on it is so far ahead of this machine's. Whole at every moment.
  void ahead(std::chrono::seconds by) {
    m_ahead = by;
    const auto fresh = m_file.string() + ".new";
    std::ofstream(fresh) << (by < 0s ? "" : "+") << by.count() << "\n";
    std::filesystem::rename(fresh, m_file);
  }
  TimePoint now() const { return base::SystemClock().now() + m_ahead; }

 private:
  const std::filesystem::path m_file;
  std::chrono::seconds m_ahead{0};
};

struct Step {
  const char* name;
  std::chrono::seconds ahead;
};
constexpr Step kSteps[] = {{"an hour forward", kHour},
                           {"two hours back", -kHour},
                           {"a year forward", kYear},
                           {"two years back", -kYear},
                           {"a year and a day forward", 24h}};

TimePoint timeOf(const json& value) {
  return base::fromIso8601(value.get<std::string>()).value();
}

/// A service that writes by the engine's clock, and what is found in its log.
class Needles {
 public:
  Needles(LiveFix& live, const Clock& clock)
      : m_live(live), m_clock(clock), m_log(live.home().parent_path() / "needle.log") {
    std::ofstream(m_log) << "";
    live.server().mustPost("/patterns", {{"text",
                                          "id: needle\nname: Needle\nseverity: error\n"
                                          "signal: service_failed\nmatch: 'needle in the hay'\n"}});
    live.server().mustPost("/sources", {{"path", m_log.string()}, {"service", "needles"}});
    need(test::eventually([&] { return live.server().source(m_log.string()).value("readable", false); },
                          kSoon),
         "the log is not read");
  }

  void write(TimePoint stamp) {
    std::ofstream(m_log, std::ios::app) << base::toIso8601(stamp) << " ERROR needle in the hay\n";
    ++m_written;
  }
  /// Lines from the future, which must not make all others late.
  void writeAhead() {
    write(m_clock.now() + 10 * kYear);
    write(m_clock.now() + 36h);
    need(test::eventually([&] { return isOpen() && counted("match_count") == m_written; }, kSoon),
         "lines from the future are not found");
  }
  bool isOpen() const {
    const auto found = newest();
    return !found.is_null() && found.at("ended_at").is_null();
  }
  /// Ends the incident, so that the next one has to open another.
  void end(const std::string& when) const {
    const std::string id = newest().at("id");
    m_live.server().mustPost("/investigations/" + id + "/dismiss", {{"reason", when}});
    need(test::eventually([&] { return !isOpen(); }, kSoon), "the incident stays open");
  }
  /// Writes one by the engine's clock: it gives an event of its own, and there is an incident of the service.
  void needFound(const std::string& when) {
    const auto before = counted("event_count");
    write(m_clock.now());
    need(test::eventually([&] { return counted("event_count") > before; }, kSoon), "no event after " + when);
    need(counted("match_count") == m_written, "not all lines matched after " + when);
    need(test::eventually([&] { return isOpen(); }, kSoon), "no incident after " + when);
    end(when);
  }

 private:
  uint64_t counted(const char* what) const {
    const auto all = m_live.must("/patterns");
    for (const auto& item : all.at("items")) {
      if (item.at("id") == "needle") return item.at(what);
    }
    return 0;
  }
  json newest() const { return m_live.server().incidentOf("needles"); }

  LiveFix& m_live;
  const Clock& m_clock;
  const std::filesystem::path m_log;
  uint64_t m_written = 0;
};

/// It waits, and ends as long from now, by the engine's clock, as it would have without the steps.
void needWaits(const LiveFix& live, const std::string& id, const Clock& clock, base::Duration left,
               const std::string& when) {
  json fix;
  const auto follows = [&] {
    fix = live.fix(id);
    const auto off = timeOf(fix.at("expires_at")) - (clock.now() + left);
    return fix.at("state") != "proposed" || std::chrono::abs(off) < kAbout;
  };
  need(test::eventually(follows, kSoon), "the end of the proposal does not follow the clock: " + when);
  need(fix.at("state") == "proposed", "the proposal is " + fix.at("state").get<std::string>() + ": " + when);
}

/// Numbered without a gap and in the order in which they were written, whatever their times say.
void needAuditInOrder(const LiveFix& live) {
  live.needAuditVerifies();
  const auto page = live.must("/audit?limit=200");
  const auto& items = page.at("items");
  need(items.size() > 3, "the audit is short");
  for (size_t i = 1; i < items.size(); ++i) {
    need(items[i - 1].at("sequence").get<uint64_t>() == items[i].at("sequence").get<uint64_t>() + 1,
         "the audit is not ordered by sequence");
    need(items[i - 1].at("previous_hash") == items[i].at("hash"), "the audit's chain is not in its order");
  }
}

bool toldOfClock(const LiveFix& live, const std::string& word) {
  const auto status = live.must("/status");
  return std::ranges::any_of(status.at("health"), [&](const json& event) {
    return event.at("part") == "clock" && event.at("what").get<std::string>().find(word) != std::string::npos;
  });
}

template <class Body>
QByteArray told(Body body) try {
  LiveFix live;
  Clock clock(live.home().parent_path() / "clock");
  live.startEngine("", clock.environment());
  body(live, clock);
  return {};
} catch (const std::exception& error) {
  return QByteArray("failed: ") + error.what();
}

}  // namespace

class TestClock : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (!std::filesystem::exists(kLibrary)) QSKIP("libfaketime is not installed (package faketime)");
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer's library has to be the first one, and so has libfaketime");
#endif
    test::adoptOrphans();
  }

  void whileAFixWaits() {
    const auto problem = told([](LiveFix& live, Clock& clock) {
      Needles needles(live, clock);
      needles.writeAhead();
      const json proposed = live.awaitProposal();
      const std::string id = proposed.at("id");
      const auto left = timeOf(proposed.at("expires_at")) - clock.now();
      clock.ahead(2 * kHour);
      needWaits(live, id, clock, left, "with an open incident");
      need(needles.isOpen(), "two hours forward ended an incident as quiet");
      needles.end("lines from the future");
      clock.ahead(0s);
      for (const auto& step : kSteps) {
        clock.ahead(step.ahead);
        needles.needFound(step.name);
        needWaits(live, id, clock, left, step.name);
        need(live.engineAlive(), std::string("the engine ended: ") + step.name);
      }
      need(toldOfClock(live, "forward") && toldOfClock(live, "back"), "the steps were not told");
      live.needWhole(false);
      // What was taken back stays so, also when the clock is before that.
      test::orThrow(live.post("/fixes/" + id + "/reject", {{"reason", "not now"}}));
      clock.ahead(-kHour);
      need(!live.approve(proposed), "what was rejected could be approved");
      clock.ahead(0s);
      needAuditInOrder(live);
      live.endEngine();
      live.needAuditVerifies();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void whileAFixRuns_data() {
    QTest::addColumn<int>("ahead");
    QTest::newRow("a year forward") << int(kYear.count());
    QTest::newRow("an hour back") << -int(kHour.count());
  }

  /// It ends as it would have, or is taken back; nothing is half done, and it is not run again.
  void whileAFixRuns() {
    QFETCH(int, ahead);
    const auto problem = told([&](LiveFix& live, Clock& clock) {
      const json proposed = live.awaitProposal();
      const auto approved = live.approve(proposed);
      need(approved.has_value(), approved ? "" : approved.error().line());
      const std::string id = proposed.at("id");
      live.awaitState(id, {"validating", "succeeded"});
      clock.ahead(std::chrono::seconds(ahead));
      const auto done = live.awaitState(id, {"succeeded", "rolled_back"});
      qInfo("%s", test::inWords(done).c_str());
      live.needWhole(done.at("state") == "succeeded");
      clock.ahead(-kYear);
      need(!live.approve(proposed), "it could be approved again");
      clock.ahead(0s);
      needAuditInOrder(live);
      live.endEngine();
      live.startEngine("", clock.environment());
      need(live.fix(id).at("state") == done.at("state"), "it has another end after a restart");
      live.needWhole(done.at("state") == "succeeded");
      live.needAuditVerifies();
      live.endEngine();
    });
    QVERIFY2(problem.isEmpty(), problem.constData());
  }

  void noProcessIsLeft() {
    const auto left = test::leftOverProcesses(20s);
    QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
  }
};

QTEST_GUILESS_MAIN(TestClock)
#include "tst_faults_clock.moc"
