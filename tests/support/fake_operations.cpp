// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_operations.h"

#include <algorithm>

namespace aiops::test {

base::TimePoint timeAt(int64_t seconds) {
  return base::TimePoint(std::chrono::seconds(1767607200 + seconds));
}

model::EvidenceRef evidenceFor(const std::string& service, const std::string& text) {
  return {.id = "ev-" + service,
          .source = "/var/log/" + service + ".log",
          .service = service,
          .position = {.inode = 7, .offset = 512, .length = static_cast<uint32_t>(text.size()), .line = 12},
          .text = text,
          .sha256 = std::string(64, 'e'),
          .time = timeAt(3)};
}

model::Incident testIncident(uint64_t number) {
  return {.id = model::IncidentId("00000000-0000-4000-8000-000000000231"),
          .number = number,
          .title = "test: web fails",
          .severity = model::Severity::Error,
          .state = model::IncidentState::AwaitingApproval,
          .services = {"web", "front"},
          .startedAt = timeAt(3),
          .detectedAt = timeAt(5),
          .eventCount = 2};
}

model::Diagnosis testDiagnosis() {
  model::Hypothesis best{.service = "web",
                         .kind = "memory_limit_reached",
                         .statement = "test: web reached its memory limit",
                         .confidence = 0.9,
                         .verdict = model::Verdict::Confirmed,
                         .analysts = {"Signatures"}};
  best.evidenceFor.push_back(
      {.evidence = evidenceFor("web", "ERROR out of memory"), .reason = "says so", .verified = true});
  return {.incident = testIncident().id,
          .verdict = model::Verdict::Confirmed,
          .hypotheses = {best},
          .opinions = {{.analyst = "Signatures",
                        .service = "web",
                        .kind = "memory_limit_reached",
                        .confidence = 0.9,
                        .agrees = true}},
          .at = timeAt(6)};
}

model::Event testEvent() {
  return {.id = model::EventId("00000000-0000-4000-8000-00000000e001"),
          .patternId = "out_of_memory",
          .patternName = "Out of memory",
          .signal = "memory_exhausted",
          .service = "web",
          .severity = model::Severity::Error,
          .first = timeAt(3),
          .last = timeAt(4),
          .count = 2,
          .captures = {{"limitBytes", "1048576"}},
          .evidence = {evidenceFor("web", "ERROR out of memory")}};
}

model::Plan testPlan() {
  model::PlanStep edit{.title = "Raise the limit", .kind = "config_edit"};
  edit.edit = model::FileEdit{.path = "/etc/test/web.conf", .before = "limit=64\n", .after = "limit=128\n"};
  model::PlanStep restart{.title = "Restart web", .kind = "command"};
  restart.command = model::CommandSpec{.argv = {"/usr/bin/test-restart", "web"}};
  return {.playbookId = "raise_limit",
          .playbookVersion = "1",
          .playbookDigest = std::string(64, 'd'),
          .target = "web",
          .incident = testIncident().id.str(),
          .parameters = {{"newLimit", "128"}},
          .steps = {edit, restart},
          .validators = {{.kind = "http", .title = "web answers", .url = "http://127.0.0.1:1/health"}},
          .risk = model::Risk::Medium,
          .riskReasons = {{.raises = true, .text = "restarts web"}}};
}

model::FixProposal testFix(uint64_t number) {
  const auto plan = testPlan();
  return {.id = model::FixId("00000000-0000-4000-8000-000000000087"),
          .number = number,
          .incident = testIncident().id,
          .title = "test: raise the memory limit of web",
          .fixKind = "raise_limit",
          .plan = plan,
          .planHash = model::canonicalHash(plan),
          .proposedAt = timeAt(7),
          .expiresAt = timeAt(907),
          .why = "web reached its memory limit",
          .whyConfidence = 0.9,
          .reaches = {"web"},
          .unsure = {"whether the leak goes on"},
          .history = "never tried here"};
}

model::Outcome testOutcome() {
  return {.id = model::OutcomeId("00000000-0000-4000-8000-0000000000f1"),
          .fix = testFix().id,
          .incident = testIncident().id,
          .playbookId = "raise_limit",
          .context = "web/memory_limit_reached",
          .result = model::OutcomeResult::Worked,
          .detail = "test: held",
          .timeToRecover = std::chrono::milliseconds(42000),
          .at = timeAt(60)};
}

model::EngineStatus testStatus() {
  return {.version = "0.0-test",
          .startedAt = timeAt(0),
          .home = "/nonexistent",
          .database = "none",
          .sources = {{.source = "/var/log/web.log", .service = "web", .readable = true, .lines = 20}},
          .agents = {{.id = "log_monitor", .name = "Log monitor", .state = model::AgentState::Active},
                     {.id = "root_cause", .name = "Root cause", .state = model::AgentState::Idle}},
          .automation = {.executorReady = true},
          .openIncidents = 1,
          .pendingFixes = 1,
          .outcomes = 4,
          .worked = 3,
          .patternsLoaded = 10};
}

model::AuditEntry testAudit(uint64_t sequence) {
  return {.sequence = sequence,
          .at = timeAt(8),
          .who = "engine",
          .what = "fix.propose",
          .target = "FIX-0087",
          .why = "test",
          .result = "ok",
          .hash = std::string(64, 'a')};
}

model::LogSlice testLogs() {
  return {.lines = {{.sequence = 41,
                     .time = timeAt(3),
                     .hasTime = true,
                     .severity = model::Severity::Error,
                     .source = "/var/log/web.log",
                     .service = "web",
                     .text = "ERROR out of memory",
                     .message = "out of memory"}},
          .next = 42};
}

struct FakeOperations::Subscriber final : service::Operations::Subscription {
  Subscriber(FakeOperations& fake, std::function<void(service::Change)> call)
      : owner(fake), onChange(std::move(call)) {
    base::MutexLock lock(owner.m_subscriberMutex);
    owner.m_subscribers.push_back(this);
  }
  ~Subscriber() override {
    base::MutexLock lock(owner.m_subscriberMutex);
    std::erase(owner.m_subscribers, this);
  }
  FakeOperations& owner;
  std::function<void(service::Change)> onChange;
};

FakeOperations::FakeOperations() = default;

FakeOperations::~FakeOperations() {
  releaseReplies();
}

void FakeOperations::holdReplies() {
  base::MutexLock lock(m_mutex);
  m_holding = true;
}

void FakeOperations::releaseReplies() {
  std::deque<std::function<void()>> held;
  {
    base::MutexLock lock(m_mutex);
    m_holding = false;
    held.swap(m_held);
  }
  for (auto& reply : held) m_worker.postWaiting(std::move(reply));
}

size_t FakeOperations::heldReplies() const {
  base::MutexLock lock(m_mutex);
  return m_held.size();
}

std::vector<std::string> FakeOperations::calls() const {
  base::MutexLock lock(m_mutex);
  return m_calls;
}

void FakeOperations::change(service::Change what) {
  m_worker.postWaiting([this, what] {
    base::MutexLock lock(m_subscriberMutex);
    for (auto* subscriber : m_subscribers) subscriber->onChange(what);
  });
}

void FakeOperations::listInvestigations(service::PageRequest page,
                                        service::Reply<service::Page<service::InvestigationSummary>> reply) {
  answer("listInvestigations " + words(page), reply, paged(investigations, page));
}

void FakeOperations::investigation(std::string id, service::Reply<service::Investigation> reply) {
  base::Result<service::Investigation> result = base::fail(base::ErrorCode::NotFound, "no such incident", id);
  for (const auto& known : investigations) {
    if (known.incident.id.str() == id || "INC-" + padded(known.incident.number) == id) result = whole(known);
  }
  answer("investigation " + id, reply, std::move(result));
}

void FakeOperations::acknowledgeIncident(service::Caller caller, std::string id,
                                         service::Reply<model::Incident> reply) {
  answer("acknowledgeIncident " + caller.name + " " + id, reply,
         onIncident(id, [&](model::Incident& incident) {
           incident.owner = caller.name;
           incident.acknowledgedAt = incident.detectedAt;
         }));
}

void FakeOperations::dismissIncident(service::Caller caller, std::string id, std::string reason,
                                     service::Reply<model::Incident> reply) {
  answer("dismissIncident " + caller.name + " " + id + " " + reason, reply,
         onIncident(id, [](model::Incident& incident) {
           incident.state = model::IncidentState::Dismissed;
           incident.falsePositive = true;
         }));
}

void FakeOperations::stateCause(service::Caller caller, std::string id, std::string service, std::string kind,
                                service::Reply<model::Incident> reply) {
  answer("stateCause " + caller.name + " " + id + " " + service + " " + kind, reply,
         onIncident(id, [&](model::Incident& incident) {
           incident.knownCause = {service, kind, caller.name, incident.detectedAt};
         }));
}

void FakeOperations::reopenIncident(service::Caller caller, std::string id,
                                    service::Reply<model::Incident> reply) {
  answer("reopenIncident " + caller.name + " " + id, reply, onIncident(id, [](model::Incident& incident) {
           incident.state = model::IncidentState::Investigating;
           incident.endedAt.reset();
           incident.falsePositive = false;
         }));
}

void FakeOperations::mergeIncident(service::Caller caller, std::string id, std::string into,
                                   service::Reply<model::Incident> reply) {
  answer("mergeIncident " + caller.name + " " + id + " " + into, reply,
         onIncident(id, [&](model::Incident& incident) {
           incident.state = model::IncidentState::Dismissed;
           incident.mergedInto = model::IncidentId(into);
         }));
}

void FakeOperations::splitIncident(service::Caller caller, std::string id, service::IncidentPart part,
                                   service::Reply<model::Incident> reply) {
  std::string words = "splitIncident " + caller.name + " " + id;
  for (const auto& service : part.services) words += " service " + service;
  for (const auto& event : part.events) words += " event " + event;
  answer(words, reply, onIncident(id, [](model::Incident&) {}));
}

void FakeOperations::listFixes(service::PageRequest page,
                               service::Reply<service::Page<model::FixProposal>> reply) {
  answer("listFixes " + words(page), reply, paged(fixes, page));
}

void FakeOperations::fix(std::string id, service::Reply<model::FixProposal> reply) {
  answer("fix " + id, reply, onFix(id, [](model::FixProposal&) {}));
}

void FakeOperations::approveFix(service::Caller caller, std::string id, std::string planHash,
                                service::Reply<model::FixProposal> reply) {
  auto result = onFix(id, [](model::FixProposal&) {});
  if (result && result->planHash != planHash) {
    result = base::fail(base::ErrorCode::Stale, "the plan has changed", id, "look at it again");
  } else if (result) {
    result = onFix(id, [](model::FixProposal& fix) { fix.state = model::FixState::Approved; });
  }
  answer("approveFix " + caller.name + " " + id + " " + planHash, reply, std::move(result));
}

void FakeOperations::rejectFix(service::Caller caller, std::string id, std::string reason,
                               service::Reply<model::FixProposal> reply) {
  answer("rejectFix " + caller.name + " " + id + " " + reason, reply,
         onFix(id, [](model::FixProposal& fix) { fix.state = model::FixState::Rejected; }));
}

void FakeOperations::dryRunFix(std::string id, service::Reply<model::DryRun> reply) {
  const auto known = onFix(id, [](model::FixProposal&) {});
  answer("dryRunFix " + id, reply,
         known ? base::Result<model::DryRun>(dryRun) : std::unexpected(known.error()));
}

void FakeOperations::trust(service::Reply<std::vector<model::Trust>> reply) {
  answer("trust", reply, base::Result<std::vector<model::Trust>>(trusts));
}

void FakeOperations::listOutcomes(service::PageRequest page,
                                  service::Reply<service::Page<model::Outcome>> reply) {
  answer("listOutcomes " + words(page), reply, paged(outcomes, page));
}

void FakeOperations::stopAutomation(service::Caller caller, std::string reason,
                                    service::Reply<model::AutomationState> reply) {
  answer("stopAutomation " + caller.name + " " + reason, reply, automation(true, caller.name, reason));
}

void FakeOperations::resumeAutomation(service::Caller caller, std::string reason,
                                      service::Reply<model::AutomationState> reply) {
  answer("resumeAutomation " + caller.name + " " + reason, reply, automation(false, caller.name, reason));
}

void FakeOperations::createApiKey(service::Caller caller, std::string name, std::string scope,
                                  service::Reply<service::NewKey> reply) {
  answer("createApiKey " + caller.name + " " + name + " " + scope, reply,
         base::Result<service::NewKey>(newKey));
}

void FakeOperations::status(service::Reply<model::EngineStatus> reply) {
  answer("status", reply, base::Result<model::EngineStatus>(engine));
}

void FakeOperations::listAudit(service::PageRequest page,
                               service::Reply<service::Page<model::AuditEntry>> reply) {
  answer("listAudit " + words(page), reply, paged(audit, page));
}

void FakeOperations::verifyAudit(service::Reply<model::AuditVerification> reply) {
  answer("verifyAudit", reply, base::Result<model::AuditVerification>(verification));
}

void FakeOperations::tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) {
  answer("tailLogs " + std::to_string(from) + " " + std::to_string(limit), reply,
         base::Result<model::LogSlice>(logs));
}

service::PatternOperations& FakeOperations::patterns() {
  return fakePatterns;
}

service::AgentOperations& FakeOperations::agents() {
  return fakeAgents;
}

service::LearningOperations& FakeOperations::learning() {
  return fakeLearning;
}

service::SettingsOperations& FakeOperations::settings() {
  return fakeSettings;
}

service::SilenceOperations& FakeOperations::silences() {
  return fakeSilences;
}

service::ChangeOperations& FakeOperations::changes() {
  return fakeChanges;
}

service::KnowledgeOperations& FakeOperations::knowledge() {
  return fakeKnowledge;
}

service::SourceOperations& FakeOperations::sources() {
  return fakeSources;
}

std::unique_ptr<service::Operations::Subscription> FakeOperations::subscribe(
    std::function<void(service::Change)> onChange) {
  return std::make_unique<Subscriber>(*this, std::move(onChange));
}

std::string FakeOperations::padded(uint64_t number) {
  auto digits = std::to_string(number);
  return std::string(4 - std::min<size_t>(4, digits.size()), '0') + digits;
}

std::string FakeOperations::words(const service::PageRequest& page) {
  return "limit=" + std::to_string(page.limit) +
         " before=" + (page.before ? std::to_string(*page.before) : "none") + (page.openOnly ? " open" : "");
}

template <class T>
base::Result<service::Page<T>> FakeOperations::paged(const std::vector<T>& all,
                                                     const service::PageRequest& page) {
  service::Page<T> result{.items = all, .total = all.size()};
  result.items.resize(std::min<size_t>(all.size(), page.limit));
  return result;
}

template <class Act>
base::Result<model::Incident> FakeOperations::onIncident(const std::string& id, Act act) {
  for (auto& known : investigations) {
    if (known.incident.id.str() != id && "INC-" + padded(known.incident.number) != id) continue;
    act(known.incident);
    return known.incident;
  }
  return base::fail(base::ErrorCode::NotFound, "no such incident", id);
}

template <class Act>
base::Result<model::FixProposal> FakeOperations::onFix(const std::string& id, Act act) {
  for (auto& known : fixes) {
    if (known.id.str() != id && "FIX-" + padded(known.number) != id) continue;
    act(known);
    return known;
  }
  return base::fail(base::ErrorCode::NotFound, "no such fix", id);
}

service::Investigation FakeOperations::whole(const service::InvestigationSummary& summary) const {
  return {
      .incident = summary.incident,
      .diagnosis = testDiagnosis(),
      .events = {testEvent()},
      .fixes = fixes,
      .outcomes = outcomes,
      .timeline = {.from = timeAt(0),
                   .to = timeAt(60),
                   .bucketSeconds = 30,
                   .lanes = {{.service = "web", .role = "root cause", .all = {10, 20}, .warnings = {0, 2}}},
                   .entries = {{.at = timeAt(5), .kind = "opened", .service = "web", .text = "opened"}}}};
}

base::Result<model::AutomationState> FakeOperations::automation(bool stopped, const std::string& by,
                                                                const std::string& reason) {
  engine.automation = {
      .stopped = stopped, .by = by, .reason = reason, .since = timeAt(30), .executorReady = true};
  return engine.automation;
}

template <class T>
void FakeOperations::answer(std::string call, const service::Reply<T>& reply, base::Result<T> result) {
  if (failure) result = std::unexpected(*failure);
  std::function<void()> task = [reply, result = std::move(result)] { reply(result); };
  {
    base::MutexLock lock(m_mutex);
    m_calls.push_back(std::move(call));
    if (m_holding) {
      m_held.push_back(std::move(task));
      return;
    }
  }
  m_worker.postWaiting(std::move(task));
}

}  // namespace aiops::test
