// What events tell of changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "correlation/change_reader.h"
#include "support/event_builder.h"

using namespace aiops;
using model::ChangeKind;
using test::at;

namespace {

model::Event told(const std::string& service, const std::string& signal, double seconds,
                  std::map<std::string, std::string> captures = {}) {
  auto event = test::makeEvent(service, signal, seconds, model::Severity::Info);
  event.evidence.front().id += std::to_string(seconds);
  if (captures.contains("version"))
    event.evidence.front().text = service + " " + captures["version"] + " starting";
  event.captures = std::move(captures);
  return event;
}

}  // namespace

class TestChanges : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void troubleIsNoChange() {
    correlation::ChangeReader reader;
    for (const char* signal : {"memory_exhausted", "service_silent", "service_listening", "backend_up", ""})
      QVERIFY2(!reader.read(told("web", signal, 1)), signal);
    QVERIFY(!reader.read(told("", "service_started", 1)));
  }

  void aRestartIsToldOnce() {
    correlation::ChangeReader reader;
    const auto stop = reader.read(told("web", "service_stopping", 10));
    QVERIFY(stop && stop->kind == ChangeKind::Restart);
    QVERIFY(stop->at == at(10) && stop->evidence->text == "web says service_stopping");
    QVERIFY(!reader.read(told("web", "service_stopped", 11)));
    QVERIFY(!reader.read(told("web", "service_started", 12)));
    QVERIFY(!reader.read(told("web", "service_started", 13)));
    QVERIFY(reader.read(told("db", "service_started", 13)).has_value());  // another service
    int changes = 0;
    for (int second = 100; second < 700; second += 5)  // a loop of crashes
      changes += reader.read(told("web", "service_started", second)).has_value();
    QVERIFY2(changes == 10, std::to_string(changes).c_str());
  }

  void anotherVersionIsAChangeOfItsOwn() {
    correlation::ChangeReader reader;
    QVERIFY(reader.read(told("web", "service_started", 0, {{"version", "1.4.2"}}))->kind ==
            ChangeKind::Restart);
    QVERIFY(reader.read(told("web", "service_started", 500, {{"version", "1.4.2"}}))->kind ==
            ChangeKind::Restart);
    const auto change = reader.read(told("web", "service_started", 1000, {{"version", "1.5.0"}}));
    QVERIFY(change && change->kind == ChangeKind::Version);
    QCOMPARE(change->from + " " + change->to, std::string("1.4.2 1.5.0"));
    QVERIFY(!reader.read(told("web", "service_started", 1001)));  // told by it
  }

  void theVersionOfAnEarlierRunIsKnown() {
    correlation::ChangeReader first, second, third;
    const auto start = first.read(told("web", "service_started", 0, {{"version", "1.4.2"}}));
    third.remember(*start);
    QCOMPARE(third.read(told("web", "service_started", 900, {{"version", "1.5.0"}}))->from,
             std::string("1.4.2"));
    const auto change = first.read(told("web", "service_started", 1000, {{"version", "1.5.0"}}));
    second.remember(*change);
    const auto next = second.read(told("web", "service_started", 2000, {{"version", "1.6.0"}}));
    QVERIFY(next && next->kind == ChangeKind::Version);
    QCOMPARE(next->from, std::string("1.5.0"));
  }

  void seenAgainItIsTheSame() {
    correlation::ChangeReader reader, again;
    const auto event = told("web", "config_reloaded", 10);
    const auto one = reader.read(event);
    auto later = event;
    later.id = model::EventId::create();
    const auto two = again.read(later);
    QVERIFY(one && two && one->kind == ChangeKind::ConfigFile);
    QCOMPARE(one->id, two->id);
    QVERIFY(again.read(told("web", "config_reloaded", 100))->id != one->id);
  }

  void jobsThatRunAllTheTimeAreNoChange() {
    correlation::ChangeReader reader;
    int often = 0, daily = 0;
    for (int minute = 0; minute < 600; minute += 5)
      often += reader.read(told("web", "job_started", minute * 60, {{"job", "poll"}})).has_value();
    for (int hour = 0; hour < 72; hour += 24)
      daily += reader.read(told("web", "job_started", hour * 3600, {{"job", "backup"}})).has_value();
    QCOMPARE(often, 1);
    QCOMPARE(daily, 3);
  }

  void namesOfLinesAreCutAndQuoted() {
    correlation::ChangeReader reader;
    const auto change =
        reader.read(told("web", "job_started", 1, {{"job", std::string(5000, 'x') + "\xff"}}));
    QVERIFY(change->what.size() < 120);
    QVERIFY(change->what.starts_with("ran a scheduled job \"xxx"));
  }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_correlation_changes.moc"
