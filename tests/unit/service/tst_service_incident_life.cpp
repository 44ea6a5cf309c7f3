// What people may do to an incident beside seeing to it: say its cause, reopen it, merge and split it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "engine_world.h"
#include "model/labels.h"
#include "service/investigation_view.h"
#include "support/event_builder.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;
using model::IncidentState;

namespace {

template <class T>
ErrorCode codeOf(const base::Result<T>& result) {
  return result ? ErrorCode::Internal : result.error().code;
}

/// An engine that knows two kinds of causes, with the incidents that a test puts in.
class LifeWorld : public EngineWorld {
 public:
  LifeWorld() {
    write("share/signatures/some.yaml",
          "- {id: mem, kind: memory_exhausted, cause: memory_exhausted, statement: \"{service} is full\"}\n"
          "- {id: disk, kind: disk_full, cause: disk_full, statement: \"the disk of {service} is full\"}\n");
  }
  model::Incident put(IncidentState state, std::vector<std::string> services = {"web"}) {
    const auto now = base::SystemClock().now();
    model::Incident incident{.id = model::IncidentId::create(),
                             .title = services.front() + " fails",
                             .state = state,
                             .services = std::move(services),
                             .startedAt = now,
                             .detectedAt = now};
    if (model::isClosed(state)) incident.endedAt = now;
    return *engine->store().saveIncident(incident);
  }
  /// With one event of each service, a second apart.
  model::Incident putWithEvents(IncidentState state, const std::vector<std::string>& services) {
    auto incident = put(state, services);
    std::vector<model::Event> events;
    std::vector<model::EventId> ids;
    for (const auto& service : services) {
      auto event = makeEvent(service, "memory_exhausted", 0);
      event.first = event.last = incident.startedAt + std::chrono::seconds(events.size());
      ids.push_back(event.id);
      events.push_back(event);
    }
    incident.eventCount = events.size();
    if (!engine->store().commitIngest({.events = events}) || !engine->store().saveIncident(incident) ||
        !engine->store().assignEvents(incident.id, ids)) {
      qFatal("the store refuses");
    }
    return stored(incident);
  }
  model::FixProposal propose(const model::Incident& incident, model::FixState state) {
    return *engine->store().saveFix({.id = model::FixId::create(),
                                     .incident = incident.id,
                                     .title = "restart",
                                     .planHash = incident.id.str(),
                                     .state = state,
                                     .expiresAt = base::SystemClock().now() + std::chrono::minutes(15)});
  }
  std::vector<std::string> servicesOfEvents(const model::Incident& incident) {
    std::vector<std::string> out;
    const auto events = engine->store().eventsOf(incident.id);
    for (const auto& event : *events) out.push_back(event.service);
    return out;
  }
  storage::PatternResult resultOf(const std::string& pattern) {
    storage::PatternResult out;
    (void)engine->store().read([&](storage::Reader& reader) -> base::Result<> {
      const auto all = reader.patternResults();
      if (!all) return std::unexpected(all.error());
      for (const auto& result : *all)
        if (result.pattern == pattern) out = result;
      return {};
    });
    return out;
  }
  model::Incident stored(const model::Incident& incident) {
    return *engine->store().incident(incident.id.str());
  }
  std::string told(const model::Incident& incident, const std::string& kind) {
    std::string text;
    const auto entries = engine->store().timeline(incident.id);
    for (const auto& entry : *entries)
      if (entry.kind == kind) text += entry.text + "; ";
    return text;
  }
};

}  // namespace

class TestIncidentLife : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatIsNoCauseIsRefused();
  void aCauseIsConfirmedAndCorrected();
  void whatCannotBeReopenedSaysWhy();
  void aReopenedIncidentCountsForNothingAndStaysOpen();
  void whatCannotBeMergedOrSplitSaysWhy();
  void aMergedIncidentGivesAllItHas();
  void aSplitIncidentStaysApart();
  void aSplitOfWhatIsQuietEndsNeither();
  void whatACauseWasIsRememberedAndHeard();
  void diagnosesAreMeasuredByWhatTurnedOut();
  void whatComesBackHasToBeQuietForLonger();
};

void TestIncidentLife::whatIsNoCauseIsRefused() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  const auto open = world.put(IncidentState::Investigating), dismissed = world.put(IncidentState::Dismissed);
  world.start();
  auto& desk = world.engine->incidents();
  const auto id = open.id.str();

  QVERIFY(codeOf(desk.stateCause("alice", "INC-9999", "web", "disk_full")) == ErrorCode::NotFound);
  QVERIFY(codeOf(desk.stateCause("alice", id, "", "")) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.stateCause("alice", id, "web", "")) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.stateCause("alice", id, "", "disk_full")) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.stateCause("alice", dismissed.id.str(), "web", "disk_full")) == ErrorCode::Conflict);
  const auto service = desk.stateCause("alice", id, "nowhere", "disk_full");
  QVERIFY(codeOf(service) == ErrorCode::InvalidInput);
  QCOMPARE(service.error().where, std::string("service"));
  QVERIFY(service.error().remedy.contains("web"));
  const auto kind = desk.stateCause("alice", id, "web", "gremlins");
  QVERIFY(codeOf(kind) == ErrorCode::InvalidInput);
  QCOMPARE(kind.error().remedy, std::string("known: disk_full, memory_exhausted"));
  QVERIFY(world.audited("incident.cause").empty());
  QVERIFY(!world.stored(open).knownCause);
}

void TestIncidentLife::aCauseIsConfirmedAndCorrected() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  const auto ended = world.put(IncidentState::Resolved), open = world.put(IncidentState::AwaitingApproval);
  model::Diagnosis diagnosis{.incident = ended.id, .verdict = model::Verdict::Likely};
  diagnosis.hypotheses.push_back({.service = "web", .kind = "memory_exhausted"});
  QVERIFY(world.engine->store().saveDiagnosis(diagnosis).has_value());
  world.start();
  auto& desk = world.engine->incidents();
  const auto kindIs = [&](const model::Incident& incident, const std::string& kind) {
    const auto cause = world.stored(incident).knownCause;
    return cause && cause->kind == kind;
  };

  const auto confirmed = desk.stateCause("alice", ended.id.str(), "", "");
  QVERIFY2(confirmed.has_value(), confirmed ? "" : confirmed.error().line().c_str());
  QTRY_VERIFY(kindIs(ended, "memory_exhausted"));
  QCOMPARE(world.stored(ended).knownCause->by, std::string("alice"));
  QCOMPARE(world.stored(ended).knownCause->service, std::string("web"));
  QVERIFY(desk.stateCause("alice", ended.id.str(), "web", "memory_exhausted").has_value());
  QVERIFY(desk.stateCause("bob", ended.id.str(), "web", "disk_full").has_value());
  QTRY_VERIFY(kindIs(ended, "disk_full"));
  QVERIFY(world.stored(ended).state == IncidentState::Resolved);
  QCOMPARE(QString::fromStdString(world.told(ended, "cause")),
           QStringLiteral(
               "alice confirmed the cause: web: memory_exhausted; bob says the cause was web: disk_full; "));
  const auto audit = world.audited("incident.cause");
  QCOMPARE(audit.size(), size_t(2));
  QCOMPARE(audit[0].why, std::string("alice had said web: memory_exhausted"));
  QCOMPARE(audit[0].result, std::string("web: disk_full"));

  QVERIFY(desk.stateCause("alice", open.id.str(), "web", "disk_full").has_value());
  QTRY_VERIFY(kindIs(open, "disk_full"));
  QVERIFY(world.stored(open).state == IncidentState::AwaitingApproval);

  world.end();
  QVERIFY(world.open().has_value());
  QVERIFY(kindIs(ended, "disk_full") && kindIs(open, "disk_full"));
}

void TestIncidentLife::whatCannotBeReopenedSaysWhy() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  auto old = world.put(IncidentState::Dismissed, {"old"});
  old.endedAt = base::SystemClock().now() - std::chrono::hours(25);
  QVERIFY(store.saveIncident(old).has_value());
  auto merged = world.put(IncidentState::Dismissed, {"merged"});
  merged.mergedInto = old.id;
  QVERIFY(store.saveIncident(merged).has_value());
  const auto taken = world.put(IncidentState::Dismissed, {"web", "db"});
  const auto newer = world.put(IncidentState::Investigating, {"db"});
  world.start();
  auto& desk = world.engine->incidents();

  QVERIFY(codeOf(desk.reopen("alice", "INC-9999")) == ErrorCode::NotFound);
  for (const auto& incident : {old, merged, taken, newer}) {
    const auto refused = desk.reopen("alice", incident.id.str());
    QVERIFY(codeOf(refused) == ErrorCode::Conflict);
  }
  QVERIFY(desk.reopen("alice", taken.id.str()).error().what.contains("INC-"));
  QVERIFY(world.audited("incident.reopen").empty());
}

void TestIncidentLife::aReopenedIncidentCountsForNothingAndStaysOpen() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  auto incident = world.putWithEvents(IncidentState::Investigating, {"web"});
  const auto pattern = store.eventsOf(incident.id)->front().patternId;
  // Quiet for long: it would be over at once if the silence before counted.
  incident.startedAt -= std::chrono::hours(3);
  incident.state = IncidentState::Dismissed;
  incident.falsePositive = true;
  incident.endedAt = base::SystemClock().now() - std::chrono::hours(2);
  QVERIFY(store.saveIncident(incident).has_value());
  QCOMPARE(world.resultOf(pattern).falseAlarms, uint64_t(1));
  world.start();

  const auto reopened = world.engine->incidents().reopen("alice", incident.id.str());
  QVERIFY2(reopened.has_value(), reopened ? "" : reopened.error().line().c_str());
  QTRY_VERIFY(world.stored(incident).state == IncidentState::Investigating);
  QCOMPARE(world.resultOf(pattern).falseAlarms, uint64_t(0));
  const auto open = world.stored(incident);
  QVERIFY(!open.falsePositive && !open.endedAt && open.reopenedAt);
  QCOMPARE(world.told(incident, "reopened"), std::string("alice reopened it: it was false positive; "));
  QCOMPARE(world.audited("incident.reopen").size(), size_t(1));
  QTRY_VERIFY(store.diagnosis(incident.id).has_value());
  world.end();
  world.start();
  QTest::qWait(600);
  QVERIFY(!model::isClosed(world.stored(incident).state));
  QVERIFY(world.engine->dismissIncident("alice", incident.id.str(), "again").has_value());
  QTRY_VERIFY(world.stored(incident).falsePositive);
}

void TestIncidentLife::whatCannotBeMergedOrSplitSaysWhy() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  const auto ended = world.put(IncidentState::Resolved, {"old"});
  const auto open = world.putWithEvents(IncidentState::Investigating, {"web", "db"});
  const auto busy = world.putWithEvents(IncidentState::Fixing, {"cache", "queue"});
  world.propose(busy, model::FixState::Running);
  auto& desk = world.engine->incidents();  // not started: nothing else changes
  const auto id = open.id.str();

  QVERIFY(codeOf(desk.merge("alice", id, "INC-9999")) == ErrorCode::NotFound);
  QVERIFY(codeOf(desk.merge("alice", id, id)) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.merge("alice", id, ended.id.str())) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.merge("alice", ended.id.str(), id)) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.merge("alice", id, busy.id.str())) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.merge("alice", busy.id.str(), id)) == ErrorCode::Conflict);
  QVERIFY(desk.merge("alice", busy.id.str(), id).error().what.contains("FIX-"));

  QVERIFY(codeOf(desk.split("alice", ended.id.str(), {"old"}, {})) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.split("alice", busy.id.str(), {"queue"}, {})) == ErrorCode::Conflict);
  QVERIFY(codeOf(desk.split("alice", id, {}, {})) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.split("alice", id, {"web"}, {"x"})) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.split("alice", id, {"web", "db"}, {})) == ErrorCode::InvalidInput);
  QVERIFY(codeOf(desk.split("alice", id, {}, {"x"})) == ErrorCode::InvalidInput);
  const auto unknown = desk.split("alice", id, {"queue"}, {});
  QCOMPARE(unknown.error().remedy, std::string("known: db, web"));
  QVERIFY(world.audited("incident.merge").empty() && world.audited("incident.split").empty());
}

void TestIncidentLife::aMergedIncidentGivesAllItHas() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  const auto into = world.putWithEvents(IncidentState::Investigating, {"web"});
  const auto from = world.putWithEvents(IncidentState::AwaitingApproval, {"db", "cache"});
  const auto pattern = store.eventsOf(into.id)->front().patternId;
  const auto now = base::SystemClock().now();
  QVERIFY(store.appendTimeline(into.id, {now, "event", "web", "second"}).has_value());
  QVERIFY(store.appendTimeline(from.id, {now - std::chrono::seconds(1), "event", "db", "first"}).has_value());
  const auto fix = world.propose(from, model::FixState::Proposed);
  world.start();

  const auto merged = world.engine->incidents().merge("alice", from.id.str(), into.id.str());
  QVERIFY2(merged.has_value(), merged ? "" : merged.error().line().c_str());
  QVERIFY(merged->mergedInto == into.id);
  QTRY_VERIFY(world.stored(from).state == IncidentState::Dismissed);
  QVERIFY(!world.stored(from).falsePositive && world.stored(from).mergedInto == into.id);
  auto services = world.servicesOfEvents(into);
  std::ranges::sort(services);
  QCOMPARE(services, (std::vector<std::string>{"cache", "db", "web"}));
  QVERIFY(world.servicesOfEvents(from).empty());
  QCOMPARE(world.stored(into).services.size(), size_t(3));
  QCOMPARE(world.stored(into).eventCount, uint64_t(3));
  QCOMPARE(world.told(into, "event"), std::string("first; second; "));
  QVERIFY(world.told(from, "merged").contains(model::incidentLabel(into.number)));
  QVERIFY(world.told(into, "merged").contains(model::incidentLabel(from.number)));
  QTRY_VERIFY(store.fix(fix.id.str())->state == model::FixState::Stale);
  QVERIFY(store.fix(fix.id.str())->execution.detail.contains("merged into"));
  QTRY_VERIFY(store.diagnosis(into.id).has_value());
  QCOMPARE(world.audited("incident.merge").size(), size_t(1));
  const auto counted = world.resultOf(pattern);
  QCOMPARE(counted.falseAlarms + counted.resolved, uint64_t(0));
  QVERIFY(codeOf(world.engine->incidents().stateCause("alice", from.id.str(), "db", "disk_full")) ==
          ErrorCode::Conflict);
}

void TestIncidentLife::aSplitIncidentStaysApart() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  const auto whole = world.putWithEvents(IncidentState::AwaitingApproval, {"web", "db", "cache"});
  const auto fix = world.propose(whole, model::FixState::Proposed);
  world.start();

  const auto split = world.engine->incidents().split("alice", whole.id.str(), {"cache"}, {});
  QVERIFY2(split.has_value(), split ? "" : split.error().line().c_str());
  QTRY_VERIFY(store.incident(split->id.str()).has_value());
  const auto part = world.stored(*split);
  QVERIFY(part.number > whole.number && part.splitFrom == whole.id);
  QCOMPARE(part.services, std::vector<std::string>{"cache"});
  QCOMPARE(part.eventCount, uint64_t(1));
  QCOMPARE(part.excludedServices, (std::vector<std::string>{"web", "db"}));
  QCOMPARE(world.stored(whole).services, (std::vector<std::string>{"web", "db"}));
  QCOMPARE(world.stored(whole).excludedServices, std::vector<std::string>{"cache"});
  QCOMPARE(world.servicesOfEvents(part), std::vector<std::string>{"cache"});
  QTRY_VERIFY(store.fix(fix.id.str())->state == model::FixState::Stale);
  QTRY_VERIFY(store.diagnosis(part.id).has_value() && store.diagnosis(whole.id).has_value());
  QCOMPARE(world.audited("incident.split").size(), size_t(1));

  // Back again, and nothing is kept apart.
  QVERIFY(world.engine->incidents().merge("alice", part.id.str(), whole.id.str()).has_value());
  QTRY_COMPARE(world.stored(whole).eventCount, uint64_t(3));
  QVERIFY(world.stored(whole).excludedServices.empty());
}

/// While a decision was waited for there was no sign for hours.
void TestIncidentLife::aSplitOfWhatIsQuietEndsNeither() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  auto whole = world.put(IncidentState::AwaitingApproval, {"web", "db"});
  whole.startedAt -= std::chrono::hours(3);
  std::vector<model::Event> events;
  for (const char* service : {"web", "db"}) {
    events.push_back(makeEvent(service, "memory_exhausted", 0));
    events.back().first = events.back().last = whole.startedAt;
  }
  QVERIFY(store.saveIncident(whole).has_value() && store.commitIngest({.events = events}).has_value());
  QVERIFY(store.assignEvents(whole.id, {events[0].id, events[1].id}).has_value());
  world.propose(whole, model::FixState::Proposed);
  world.start();
  const auto split = world.engine->incidents().split("alice", whole.id.str(), {}, {events[1].id.str()});
  QVERIFY(split.has_value());
  QTRY_VERIFY(store.incident(split->id.str()).has_value());
  QTRY_VERIFY(world.stored(whole).state == IncidentState::Investigating);
  QTest::qWait(600);
  QVERIFY(!model::isClosed(world.stored(whole).state) && !model::isClosed(world.stored(*split).state));
}

void TestIncidentLife::whatACauseWasIsRememberedAndHeard() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  const auto first = world.putWithEvents(IncidentState::Resolved, {"web"});
  const auto second = world.putWithEvents(IncidentState::Resolved, {"web"});
  world.start();
  auto& engine = *world.engine;
  QVERIFY(engine.incidents().stateCause("anna", first.id.str(), "web", "disk_full").has_value());
  const auto basis = [&] {
    const auto view = service::investigationView(engine, second.id.str());
    const bool found = view && !view->similar.empty() && view->similar.front().past.incident == first.id;
    return found ? view->similar.front().past.basis : model::CauseBasis::Diagnosis;
  };
  QTRY_VERIFY(basis() == model::CauseBasis::Person);

  // It happens again: the analysts are told what it was.
  QVERIFY(engine.incidents().reopen("anna", second.id.str()).has_value());
  const auto heard = [&] {
    const auto diagnosis = engine.store().diagnosis(second.id);
    if (!diagnosis) return false;
    return std::ranges::any_of(diagnosis->opinions, [](const auto& opinion) {
      return opinion.analyst == "History" && opinion.service == "web" && opinion.kind == "disk_full";
    });
  };
  QTRY_VERIFY(heard());
  // What is open again is no memory until it ends.
  QTRY_VERIFY(!engine.memory().knows(second.id));
  QVERIFY(engine.memory().knows(first.id));

  // It is on disk, without what retention may remove.
  std::vector<model::PastIncident> stored;
  QVERIFY(engine.store()
              .read([&](storage::Reader& reader) -> base::Result<> {
                auto all = reader.pastIncidents();
                if (!all) return std::unexpected(all.error());
                stored = *all;
                return {};
              })
              .has_value());
  QCOMPARE(stored.size(), size_t(1));
  QCOMPARE(stored.front().by, std::string("anna"));
  QVERIFY(stored.front().terms.signals == std::vector<std::string>{"memory_exhausted"});
}

void TestIncidentLife::diagnosesAreMeasuredByWhatTurnedOut() {
  LifeWorld world;
  QVERIFY(world.open().has_value());
  const auto diagnosed = [&](const model::Incident& incident, const std::string& kind, double confidence) {
    model::Diagnosis diagnosis{.incident = incident.id};
    diagnosis.hypotheses.push_back(
        {.service = "web", .kind = kind, .confidence = confidence, .pooled = confidence});
    diagnosis.opinions.push_back({"Signatures", "web", kind, confidence});
    QVERIFY(world.engine->store()
                .transact([&](storage::Writer& writer) { return writer.saveDiagnosis(diagnosis); })
                .has_value());
  };
  const auto right = world.put(IncidentState::Resolved), wrong = world.put(IncidentState::Resolved),
             unknown = world.put(IncidentState::Resolved);
  auto alarm = world.put(IncidentState::Dismissed);
  alarm.falsePositive = true;
  QVERIFY(world.engine->store().saveIncident(alarm).has_value());
  for (const auto& incident : {right, wrong, unknown, alarm}) diagnosed(incident, "disk_full", 0.8);
  world.start();
  const auto report = [&] { return world.engine->calibration().report(); };
  // Of what a person called a false alarm every cause is wrong; of what nobody judged nothing is known.
  QTRY_COMPARE(report().cases, 1U);
  QCOMPARE(report().right, 0U);
  auto& desk = world.engine->incidents();
  QVERIFY(desk.stateCause("anna", right.id.str(), "web", "disk_full").has_value());
  QVERIFY(desk.stateCause("anna", wrong.id.str(), "web", "memory_exhausted").has_value());
  QTRY_COMPARE(report().cases, 3U);
  QCOMPARE(report().right, 1U);
  QVERIFY(std::abs(*report().brier - (0.2 * 0.2 + 2 * 0.8 * 0.8) / 3) < 1e-9);
  QCOMPARE(report().analysts.size(), size_t(1));
  QCOMPARE(report().analysts.front().right, 1U);
  QVERIFY(world.engine->calibration().inForce().told(0.8) < 0.8);

  // She thinks again; and what is open again counts for nothing.
  QVERIFY(desk.stateCause("anna", wrong.id.str(), "web", "disk_full").has_value());
  QTRY_COMPARE(report().right, 2U);
  QVERIFY(desk.reopen("anna", right.id.str()).has_value());
  QTRY_COMPARE(report().cases, 2U);
  QVERIFY(!world.engine->calibration().knows(right.id));

  // A restart knows the same.
  const auto before = report();
  world.engine->stop();
  world.engine.reset();
  QVERIFY(world.open().has_value());
  QCOMPARE(report().cases, before.cases);
  QCOMPARE(report().right, before.right);
  QCOMPARE(report().slope, before.slope);
}

void TestIncidentLife::whatComesBackHasToBeQuietForLonger() {
  using std::chrono::minutes;
  LifeWorld world;
  QVERIFY(world.open().has_value());
  auto& store = world.engine->store();
  const auto quietFor = [&](const std::string& service, minutes quiet) {
    auto incident = world.put(IncidentState::Investigating, {service});
    incident.startedAt -= quiet;
    auto event = makeEvent(service, "memory_exhausted", 0);
    event.first = event.last = incident.startedAt;
    if (!store.saveIncident(incident) || !store.commitIngest({.events = {event}}) ||
        !store.assignEvents(incident.id, {event.id})) {
      qFatal("the store refuses");
    }
    return incident;
  };
  for (const int before : {60, 120}) {
    auto past = world.put(IncidentState::Resolved, {"web"});
    past.startedAt -= minutes(before);
    past.endedAt = past.startedAt + minutes(5);
    QVERIFY(store.saveIncident(past).has_value());
  }
  const auto flaps = quietFor("web", minutes(15)), once = quietFor("db", minutes(15)),
             longQuiet = quietFor("mail", minutes(45));
  world.start();
  QTRY_VERIFY_WITH_TIMEOUT(world.stored(once).state == IncidentState::Resolved, 20000);
  QTRY_VERIFY_WITH_TIMEOUT(world.stored(longQuiet).state == IncidentState::Resolved, 20000);
  // They are looked at together: the third failure of web within hours has to be quiet for 40 minutes.
  QVERIFY(!model::isClosed(world.stored(flaps).state));
}

QTEST_GUILESS_MAIN(TestIncidentLife)
#include "tst_service_incident_life.moc"
