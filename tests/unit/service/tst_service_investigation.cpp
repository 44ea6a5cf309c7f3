// What is shown of one incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "service/investigation_view.h"
#include "support/event_builder.h"

using namespace aiops;
using namespace aiops::test;

class TestInvestigation : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// A start of the service before the trouble is a change, and no sign of it.
  void theFirstSignIsTheFirstTrouble();
  void anIncidentIsAcknowledgedAndTakenOver();
};

void TestInvestigation::theFirstSignIsTheFirstTrouble() {
  EngineWorld world;
  const auto opened = world.open();
  QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
  const std::vector events = {makeEvent("web", "service_started", 3, model::Severity::Info),
                              makeEvent("front", "upstream_failing", 10),
                              makeEvent("web", "memory_exhausted", 11.5),
                              makeEvent("web", "memory_exhausted", 14)};
  auto& store = world.engine->store();
  QVERIFY(store.commitIngest({.events = events}).has_value());
  auto incident = store.saveIncident({.id = model::IncidentId::create(),
                                      .services = {"web", "front"},
                                      .startedAt = at(10),
                                      .detectedAt = at(11)});
  QVERIFY(incident.has_value());
  std::vector<model::EventId> ids;
  for (const auto& event : events) ids.push_back(event.id);
  QVERIFY(store.assignEvents(incident->id, ids).has_value());
  const auto view = service::investigationView(*world.engine, incident->id.str());
  QVERIFY(view.has_value());
  const auto& lanes = view->timeline.lanes;
  const auto web = std::ranges::find(lanes, "web", &service::TimelineLane::service);
  QVERIFY(web != lanes.end());
  QVERIFY(web->firstSign == at(11.5));
  QCOMPARE(web->firstSignText, std::string("+1.50 s"));
  const auto front = std::ranges::find(lanes, "front", &service::TimelineLane::service);
  QVERIFY(front != lanes.end() && front->firstSign == at(10));
  QCOMPARE(front->firstSignText, std::string("upstream_failing"));
}

void TestInvestigation::anIncidentIsAcknowledgedAndTakenOver() {
  EngineWorld world;
  QVERIFY(world.open().has_value());
  const auto now = base::SystemClock().now();
  const auto make = [&](model::IncidentState state) {
    return world.engine->store().saveIncident({.id = model::IncidentId::create(),
                                               .title = "web fails",
                                               .state = state,
                                               .services = {"web"},
                                               .startedAt = now,
                                               .detectedAt = now});
  };
  const auto open = make(model::IncidentState::Investigating), ended = make(model::IncidentState::Resolved);
  QVERIFY(open.has_value() && ended.has_value());
  world.start();
  auto& engine = *world.engine;
  const auto id = open->id.str();
  const auto ownerIs = [&](const std::string& who) { return engine.store().incident(id)->owner == who; };

  const auto taken = engine.acknowledgeIncident("alice", id);
  QVERIFY2(taken.has_value(), taken ? "" : taken.error().line().c_str());
  QCOMPARE(taken->owner, std::string("alice"));
  QTRY_VERIFY(ownerIs("alice"));
  QVERIFY(engine.acknowledgeIncident("alice", id).has_value());
  QVERIFY(engine.acknowledgeIncident("bob", id).has_value());
  QTRY_VERIFY(ownerIs("bob"));
  QVERIFY(engine.store().incident(id)->state == model::IncidentState::Investigating);

  std::string told;
  const auto entries = engine.store().timeline(open->id);
  for (const auto& entry : *entries)
    if (entry.kind == "acknowledged") told += entry.text + "; ";
  QCOMPARE(QString::fromStdString(told), QStringLiteral("alice sees to it; bob took it over from alice; "));
  QCOMPARE(world.audited("incident.acknowledge").size(), size_t(2));

  const auto late = engine.acknowledgeIncident("alice", ended->id.str());
  QVERIFY(!late.has_value());
  QVERIFY(late.error().code == base::ErrorCode::Conflict);
  QVERIFY(engine.acknowledgeIncident("alice", "INC-9999").error().code == base::ErrorCode::NotFound);

  world.end();
  QVERIFY(world.open().has_value());
  QCOMPARE(world.engine->store().incident(id)->owner, std::string("bob"));
}

QTEST_GUILESS_MAIN(TestInvestigation)
#include "tst_service_investigation.moc"
