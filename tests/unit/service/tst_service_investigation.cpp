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

QTEST_GUILESS_MAIN(TestInvestigation)
#include "tst_service_investigation.moc"
