// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "correlation/correlator.h"
#include "support/event_builder.h"

using namespace aiops;
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

correlation::Correlator correlator() {
  return {correlation::Topology(shop()), {}};
}

}  // namespace

class TestCorrelation : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatComesOfAMergedIncidentJoinsTheOther() {
    auto correlator = ::correlator();
    const auto one = correlator.add(makeEvent("web", "memory_exhausted", 10), at(11));
    const auto two = correlator.add(makeEvent("mail", "memory_exhausted", 12), at(13));
    QVERIFY(one && two && two->opened);
    QVERIFY(!correlator.merge(two->incident.id, two->incident.id));
    QVERIFY(!correlator.merge(two->incident.id, model::IncidentId::create()));
    const auto merged = correlator.merge(two->incident.id, one->incident.id);
    QVERIFY(merged.has_value());
    QCOMPARE(merged->into.services, (std::vector<std::string>{"web", "mail"}));
    QCOMPARE(merged->into.eventCount, uint64_t(2));
    QCOMPARE(correlator.open().size(), size_t(1));
    const auto later = correlator.add(makeEvent("mail", "memory_exhausted", 20), at(21));
    QVERIFY(later && !later->opened && later->incident.id == one->incident.id);
  }

  void theSameTroubleJoinsHoweverLongAfter() {
    auto correlator = ::correlator();
    const auto first = correlator.add(makeEvent("web", "memory_exhausted", 10), at(11));
    const auto again = correlator.add(makeEvent("web", "memory_exhausted", 1200), at(1201));
    QVERIFY(again && !again->opened && again->incident.id == first->incident.id);
    const auto other = correlator.add(makeEvent("web", "disk_full", 2400), at(2401));
    QVERIFY(other && other->opened);
    // Of two open ones each repeat finds its own.
    const auto third = correlator.add(makeEvent("web", "memory_exhausted", 3600), at(3601));
    QVERIFY(third && !third->opened && third->incident.id == first->incident.id);
    auto ended = third->incident;
    ended.state = model::IncidentState::Resolved;
    ended.endedAt = at(3600);
    correlator.update(ended);
    const auto after = correlator.add(makeEvent("web", "memory_exhausted", 4800), at(4801));
    QVERIFY(after && after->opened);
  }

  void ofSeveralIncidentsTheOneOfTheServiceTakesALateEvent() {
    auto correlator = ::correlator();
    const auto db = correlator.add(makeEvent("db", "memory_exhausted", 10), at(11));
    const auto fresh = model::IncidentId::create();
    QVERIFY(correlator.add(makeEvent("web", "disk_full", 12), at(13)).has_value());
    const auto isWeb = [](const model::Event& event) { return event.service == "web"; };
    QVERIFY(correlator.split(db->incident.id, fresh, isWeb, at(14)).has_value());
    // front depends on both; web, which is nearer, was there last.
    const auto late = correlator.add(makeEvent("db", "strange", 11), at(15));
    QVERIFY(late && late->incident.id == db->incident.id);
  }

  void whatWasSplitDoesNotRejoin() {
    auto correlator = ::correlator();
    const auto whole = correlator.add(makeEvent("web", "memory_exhausted", 10), at(11));
    QVERIFY(correlator.add(makeEvent("db", "memory_exhausted", 12), at(13)).has_value());
    const auto id = whole->incident.id, fresh = model::IncidentId::create();
    const auto isDb = [](const model::Event& event) { return event.service == "db"; };
    QVERIFY(!correlator.split(id, fresh, [](const auto&) { return true; }, at(14)));
    QVERIFY(!correlator.split(id, fresh, [](const auto&) { return false; }, at(14)));
    const auto split = correlator.split(id, fresh, isDb, at(14));
    QVERIFY(split.has_value());
    QCOMPARE(split->fresh.services, std::vector<std::string>{"db"});
    QVERIFY(split->fresh.startedAt == at(12) && split->rest.startedAt == at(10));
    const auto db = correlator.add(makeEvent("db", "disk_full", 20), at(21));
    QVERIFY(db && db->incident.id == fresh);
    const auto web = correlator.add(makeEvent("web", "disk_full", 21), at(22));
    QVERIFY(web && web->incident.id == id);
  }

  void aSplitEpisodeGoesOnWhereItIs() {
    auto correlator = ::correlator();
    const auto first = makeEvent("web", "memory_exhausted", 10), second = makeEvent("web", "disk_full", 12);
    const auto whole = correlator.add(first, at(11));
    QVERIFY(correlator.add(second, at(13)).has_value());
    const auto fresh = model::IncidentId::create();
    const auto moves = [&](const model::Event& event) { return event.id == second.id; };
    QVERIFY(correlator.split(whole->incident.id, fresh, moves, at(14)).has_value());
    QVERIFY(correlator.add(makeEvent("web", "disk_full", 20), at(21))->incident.id == fresh);
    QVERIFY(correlator.add(makeEvent("web", "memory_exhausted", 20), at(21))->incident.id ==
            whole->incident.id);
  }

  /// As in a maintenance window: it opens with the first sign after the end, and takes in what was before.
  void whatMayNotOpenIsWaitedFor() {
    auto correlator = ::correlator();
    QVERIFY(!correlator.add(makeEvent("web", "memory_exhausted", 10), at(11), false));
    QVERIFY(correlator.open().empty());
    const auto mail = correlator.add(makeEvent("mail", "memory_exhausted", 15), at(16));
    QVERIFY(mail && mail->opened);
    const auto joins = correlator.add(makeEvent("mail", "memory_exhausted", 20), at(21), false);
    QVERIFY(joins && !joins->opened && joins->incident.id == mail->incident.id);
    const auto web = correlator.add(makeEvent("web", "memory_exhausted", 30), at(31));
    QVERIFY(web && web->opened);
    QCOMPARE(web->attached.size(), size_t(2));
  }

  void whatIsReopenedTakesEventsAgain() {
    auto correlator = ::correlator();
    const auto event = makeEvent("web", "memory_exhausted", 10);
    auto incident = correlator.add(event, at(11))->incident;
    incident.state = model::IncidentState::Dismissed;
    incident.endedAt = at(15);
    correlator.update(incident);
    QVERIFY(correlator.open().empty());
    incident.state = model::IncidentState::Investigating;
    incident.endedAt.reset();
    correlator.reopen(incident, {event});
    const auto later = correlator.add(makeEvent("web", "memory_exhausted", 20), at(21));
    QVERIFY(later && !later->opened && later->incident.id == incident.id);
  }

  void explainsFollowsDependencies() {
    const correlation::Topology topology(shop());
    QVERIFY(topology.explains("db", "front"));
    QVERIFY(!topology.explains("front", "db"));
    QVERIFY(topology.related("front", "db"));
    QVERIFY(!topology.related("mail", "db"));
    QVERIFY(topology.explains("unknown", "unknown"));
  }

  void withoutDependenciesNothingIsKnownButNames() {
    QVERIFY(correlation::Topology::fromInventory(shop()).known());
    model::Inventory names;
    names.services.push_back({.name = "web"});
    auto topology = correlation::Topology::fromInventory(names);
    QVERIFY(!topology.known() && topology.related("web", "redis"));
    const correlation::Topology copy = topology;
    const auto before = copy.names();
    topology.addName("redis");
    QCOMPARE(*copy.names(), (std::set<std::string>{"redis", "web"}));
    QCOMPARE(*before, std::set<std::string>{"web"});
    auto known = correlation::Topology(shop());
    known.addName("redis");
    QVERIFY(!known.names()->contains("redis"));
  }

  void aLineThatNamesAnAddressPointsAtTheServiceOfThatName() {
    const auto topology = correlation::Topology::unknown({"web", "redis", "nginx"});
    const correlation::ServiceNames names(topology);
    auto event = makeEvent("web", "dependency_refuses", 10);
    event.evidence.resize(1);
    event.evidence[0].text =
        "ERROR cache read failed: Error 111 connecting to redis:6379. Connection refused.";
    QCOMPARE(names.blamedBy(event), std::vector<std::string>{"redis"});
  }

  void dependencyCycleEnds() {
    model::Inventory loop;
    loop.services.push_back({.name = "a", .dependsOn = {"b"}});
    loop.services.push_back({.name = "b", .dependsOn = {"a"}});
    const correlation::Topology topology(loop);
    QVERIFY(topology.explains("a", "b"));
    QVERIFY(topology.explains("b", "a"));
  }

  void oneFailureOverTwoServicesIsOneIncident() {
    auto c = correlator();
    const auto first = c.add(makeEvent("web", "memory_exhausted", 10), at(10));
    const auto second = c.add(makeEvent("front", "upstream_failing", 11), at(11));
    QVERIFY(first && first->opened);
    QVERIFY(second && !second->opened);
    QCOMPARE(second->incident.id, first->incident.id);
    QCOMPARE(second->incident.services, (std::vector<std::string>{"web", "front"}));
    QCOMPARE(second->incident.eventCount, uint64_t{2});
  }

  void unrelatedServicesStayApart() {
    auto c = correlator();
    const auto web = c.add(makeEvent("web", "x", 10), at(10));
    const auto mail = c.add(makeEvent("mail", "x", 11), at(11));
    QVERIFY(mail->opened);
    QVERIFY(mail->incident.id != web->incident.id);
  }

  void warningAloneOpensNothingButJoinsWhatFollows() {
    auto c = correlator();
    QVERIFY(!c.add(makeEvent("web", "memory_high", 5, model::Severity::Warning), at(5)));
    const auto opened = c.add(makeEvent("web", "memory_exhausted", 10), at(10));
    QCOMPARE(opened->attached.size(), size_t{2});
    QCOMPARE(opened->incident.startedAt, at(5));
    QVERIFY(!c.add(makeEvent("mail", "slow", 5, model::Severity::Warning), at(5)));
  }

  void aFaultOfTheProgramOpensAtOnceAndAFailedRequestDoesNot() {
    auto c = correlator();
    QVERIFY(!c.add(makeEvent("front", "requests_failing", 10), at(10)));
    const auto opened = c.add(makeEvent("web", "unhandled_exception", 10.2), at(10.2));
    QVERIFY(opened && opened->opened);
    QVERIFY(!correlator().add(makeEvent("web", "unhandled_exception", 10, model::Severity::Warning), at(10)));
  }

  void oldWarningIsForgotten() {
    auto c = correlator();
    QVERIFY(!c.add(makeEvent("web", "memory_high", 5, model::Severity::Warning), at(5)));
    const auto opened = c.add(makeEvent("web", "memory_exhausted", 300), at(300));
    QCOMPARE(opened->attached.size(), size_t{1});
  }

  void aLongGapOpensANewIncident() {
    auto c = correlator();
    const auto first = c.add(makeEvent("web", "x", 10), at(10));
    const auto later = c.add(makeEvent("web", "y", 200), at(200));
    QVERIFY(later->opened);
    QVERIFY(later->incident.id != first->incident.id);
  }

  void lateEventJoinsAndMovesTheStart() {
    auto c = correlator();
    c.add(makeEvent("front", "x", 11), at(11));
    const auto late = c.add(makeEvent("web", "memory_exhausted", 9.5), at(12));
    QVERIFY(!late->opened);
    QCOMPARE(late->incident.startedAt, at(9.5));
    QCOMPARE(late->incident.services.front(), std::string("web"));
  }

  void eventsOfWhatHasEndedOpenNothing() {
    auto c = correlator();
    auto incident = c.add(makeEvent("web", "x", 10), at(10))->incident;
    incident.state = model::IncidentState::Resolved;
    incident.endedAt = at(40);
    c.update(incident);
    QVERIFY(!c.add(makeEvent("web", "x", 39), at(41)));
    QVERIFY(!c.add(makeEvent("web", "x", 65), at(66)));  // within the time after the end
    QVERIFY(c.add(makeEvent("web", "x", 80), at(80))->opened);
  }

  void aFailureThatGoesOnAfterTheEndOpensANewIncidentWithNewEvidence() {
    auto c = correlator();
    auto incident = c.add(makeEvent("web", "x", 10), at(10))->incident;
    incident.state = model::IncidentState::Resolved;
    incident.endedAt = at(40);
    c.update(incident);
    auto goesOn = makeEvent("web", "x", 10);
    goesOn.last = at(90);
    goesOn.evidence.push_back(goesOn.evidence.front());
    goesOn.evidence.back().time = at(90);
    const auto opened = c.add(goesOn, at(90));
    QVERIFY(opened && opened->opened);
    QCOMPARE(opened->incident.startedAt, at(90));
    QCOMPARE(c.eventsOf(opened->incident.id)->front().evidence.size(), size_t{1});
  }

  void aFailedIncidentIsStillOpen() {
    auto c = correlator();
    auto incident = c.add(makeEvent("web", "x", 10), at(10))->incident;
    incident.state = model::IncidentState::Failed;
    c.update(incident);
    QVERIFY(!c.add(makeEvent("web", "y", 20), at(20))->opened);
  }

  void restoredIncidentTakesItsEventsOn() {
    auto before = correlator();
    const auto first = makeEvent("web", "x", 10);
    const auto incident = before.add(first, at(10))->incident;
    auto after = correlator();
    after.restore(incident, {first});
    const auto joined = after.add(makeEvent("front", "y", 12), at(12));
    QVERIFY(!joined->opened);
    QCOMPARE(joined->incident.id, incident.id);
    const auto twice = after.add(first, at(13));
    QVERIFY(twice->attached.empty());
  }
};

QTEST_GUILESS_MAIN(TestCorrelation)
#include "tst_correlation.moc"
