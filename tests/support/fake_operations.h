// Operations without an engine, for tests of front ends. It answers with values that a test builds, on a
// thread of its own, and notes what it was asked. The builders give plausible values that no engine computed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/worker.h"
#include "service/operations.h"
#include "support/fake_agents.h"
#include "support/fake_learning.h"
#include "support/fake_patterns.h"
#include "support/fake_settings.h"
#include "support/fake_sources.h"

namespace aiops::test {

/// 2026-01-05T10:00:00Z plus `seconds`.
inline base::TimePoint timeAt(int64_t seconds) {
  return base::TimePoint(std::chrono::seconds(1767607200 + seconds));
}

inline model::EvidenceRef evidenceFor(const std::string& service, const std::string& text) {
  return {.id = "ev-" + service,
          .source = "/var/log/" + service + ".log",
          .service = service,
          .position = {.inode = 7, .offset = 512, .length = static_cast<uint32_t>(text.size()), .line = 12},
          .text = text,
          .sha256 = std::string(64, 'e'),
          .time = timeAt(3)};
}

inline model::Incident testIncident(uint64_t number = 231) {
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

inline model::Diagnosis testDiagnosis() {
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

inline model::Event testEvent() {
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

inline model::Plan testPlan() {
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

inline model::FixProposal testFix(uint64_t number = 87) {
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

inline model::Outcome testOutcome() {
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

inline model::EngineStatus testStatus() {
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

inline model::AuditEntry testAudit(uint64_t sequence = 1) {
  return {.sequence = sequence,
          .at = timeAt(8),
          .who = "engine",
          .what = "fix.propose",
          .target = "FIX-0087",
          .why = "test",
          .result = "ok",
          .hash = std::string(64, 'a')};
}

inline model::LogSlice testLogs() {
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

/// Set the public values before the object is shared. Every call is noted in calls(); writes act on the
/// values.
class FakeOperations final : public service::Operations {
 public:
  std::vector<service::InvestigationSummary> investigations{{.incident = testIncident(),
                                                             .verdict = model::Verdict::Confirmed,
                                                             .confidence = 0.9,
                                                             .cause = "test: memory"}};
  std::vector<model::FixProposal> fixes{testFix()};
  std::vector<model::Outcome> outcomes{testOutcome()};
  std::vector<model::AuditEntry> audit{testAudit()};
  std::vector<model::Trust> trusts{{.playbookId = "raise_limit",
                                    .context = "web/memory_limit_reached",
                                    .worked = 3,
                                    .tried = 3,
                                    .mean = 0.8,
                                    .low = 0.5,
                                    .high = 0.99,
                                    .words = "worked 3 of 3 here"}};
  model::DryRun dryRun{
      .checks = {{.what = "The files are as the plan saw them", .ok = true},
                 {.what = "Step 2: /usr/bin/test-restart can be run", .ok = false, .detail = "not there"}}};
  service::NewKey newKey{"0a1b2c3d", "test-only key text"};
  model::EngineStatus engine = testStatus();
  model::AuditVerification verification{.whole = true, .entries = 1, .headHash = std::string(64, 'a')};
  model::LogSlice logs = testLogs();
  /// If set, every call is answered with it.
  std::optional<base::Error> failure;

  ~FakeOperations() override { releaseReplies(); }

  /// Replies wait until releaseReplies(): for a slow engine.
  void holdReplies() {
    base::MutexLock lock(m_mutex);
    m_holding = true;
  }
  void releaseReplies() {
    std::deque<std::function<void()>> held;
    {
      base::MutexLock lock(m_mutex);
      m_holding = false;
      held.swap(m_held);
    }
    for (auto& reply : held) m_worker.postWaiting(std::move(reply));
  }
  size_t heldReplies() const {
    base::MutexLock lock(m_mutex);
    return m_held.size();
  }
  /// "approveFix key ci FIX-0087 <hash>", in order.
  std::vector<std::string> calls() const {
    base::MutexLock lock(m_mutex);
    return m_calls;
  }
  /// Tells the subscribers, on the fake's thread.
  void change(service::Change what) {
    m_worker.postWaiting([this, what] {
      base::MutexLock lock(m_subscriberMutex);
      for (auto* subscriber : m_subscribers) subscriber->onChange(what);
    });
  }

  void listInvestigations(service::PageRequest page,
                          service::Reply<service::Page<service::InvestigationSummary>> reply) override {
    answer("listInvestigations " + words(page), reply, paged(investigations, page));
  }
  void investigation(std::string id, service::Reply<service::Investigation> reply) override {
    base::Result<service::Investigation> result =
        base::fail(base::ErrorCode::NotFound, "no such incident", id);
    for (const auto& known : investigations) {
      if (known.incident.id.str() == id || "INC-" + padded(known.incident.number) == id)
        result = whole(known);
    }
    answer("investigation " + id, reply, std::move(result));
  }
  void dismissIncident(service::Caller caller, std::string id, std::string reason,
                       service::Reply<model::Incident> reply) override {
    base::Result<model::Incident> result = base::fail(base::ErrorCode::NotFound, "no such incident", id);
    for (auto& known : investigations) {
      if (known.incident.id.str() != id && "INC-" + padded(known.incident.number) != id) continue;
      known.incident.state = model::IncidentState::Dismissed;
      known.incident.falsePositive = true;
      result = known.incident;
    }
    answer("dismissIncident " + caller.name + " " + id + " " + reason, reply, std::move(result));
  }
  void listFixes(service::PageRequest page,
                 service::Reply<service::Page<model::FixProposal>> reply) override {
    answer("listFixes " + words(page), reply, paged(fixes, page));
  }
  void fix(std::string id, service::Reply<model::FixProposal> reply) override {
    answer("fix " + id, reply, onFix(id, [](model::FixProposal&) {}));
  }
  void approveFix(service::Caller caller, std::string id, std::string planHash,
                  service::Reply<model::FixProposal> reply) override {
    auto result = onFix(id, [](model::FixProposal&) {});
    if (result && result->planHash != planHash) {
      result = base::fail(base::ErrorCode::Stale, "the plan has changed", id, "look at it again");
    } else if (result) {
      result = onFix(id, [](model::FixProposal& fix) { fix.state = model::FixState::Approved; });
    }
    answer("approveFix " + caller.name + " " + id + " " + planHash, reply, std::move(result));
  }
  void rejectFix(service::Caller caller, std::string id, std::string reason,
                 service::Reply<model::FixProposal> reply) override {
    answer("rejectFix " + caller.name + " " + id + " " + reason, reply,
           onFix(id, [](model::FixProposal& fix) { fix.state = model::FixState::Rejected; }));
  }
  void dryRunFix(std::string id, service::Reply<model::DryRun> reply) override {
    const auto known = onFix(id, [](model::FixProposal&) {});
    answer("dryRunFix " + id, reply,
           known ? base::Result<model::DryRun>(dryRun) : std::unexpected(known.error()));
  }
  void trust(service::Reply<std::vector<model::Trust>> reply) override {
    answer("trust", reply, base::Result<std::vector<model::Trust>>(trusts));
  }
  void listOutcomes(service::PageRequest page, service::Reply<service::Page<model::Outcome>> reply) override {
    answer("listOutcomes " + words(page), reply, paged(outcomes, page));
  }
  void stopAutomation(service::Caller caller, std::string reason,
                      service::Reply<model::AutomationState> reply) override {
    answer("stopAutomation " + caller.name + " " + reason, reply, automation(true, caller.name, reason));
  }
  void resumeAutomation(service::Caller caller, std::string reason,
                        service::Reply<model::AutomationState> reply) override {
    answer("resumeAutomation " + caller.name + " " + reason, reply, automation(false, caller.name, reason));
  }
  void createApiKey(service::Caller caller, std::string name, std::string scope,
                    service::Reply<service::NewKey> reply) override {
    answer("createApiKey " + caller.name + " " + name + " " + scope, reply,
           base::Result<service::NewKey>(newKey));
  }
  void status(service::Reply<model::EngineStatus> reply) override {
    answer("status", reply, base::Result<model::EngineStatus>(engine));
  }
  void listAudit(service::PageRequest page, service::Reply<service::Page<model::AuditEntry>> reply) override {
    answer("listAudit " + words(page), reply, paged(audit, page));
  }
  void verifyAudit(service::Reply<model::AuditVerification> reply) override {
    answer("verifyAudit", reply, base::Result<model::AuditVerification>(verification));
  }
  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override {
    answer("tailLogs " + std::to_string(from) + " " + std::to_string(limit), reply,
           base::Result<model::LogSlice>(logs));
  }
  FakePatterns fakePatterns;
  FakeAgents fakeAgents;
  FakeLearning fakeLearning;
  FakeSettings fakeSettings;
  FakeSources fakeSources;
  service::PatternOperations& patterns() override { return fakePatterns; }
  service::AgentOperations& agents() override { return fakeAgents; }
  service::LearningOperations& learning() override { return fakeLearning; }
  service::SettingsOperations& settings() override { return fakeSettings; }
  service::SourceOperations& sources() override { return fakeSources; }

  std::unique_ptr<Subscription> subscribe(std::function<void(service::Change)> onChange) override {
    return std::make_unique<Subscriber>(*this, std::move(onChange));
  }

 private:
  struct Subscriber final : Subscription {
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

  static std::string padded(uint64_t number) {
    auto digits = std::to_string(number);
    return std::string(4 - std::min<size_t>(4, digits.size()), '0') + digits;
  }
  static std::string words(const service::PageRequest& page) {
    return "limit=" + std::to_string(page.limit) +
           " before=" + (page.before ? std::to_string(*page.before) : "none") +
           (page.openOnly ? " open" : "");
  }
  template <class T>
  static base::Result<service::Page<T>> paged(const std::vector<T>& all, const service::PageRequest& page) {
    service::Page<T> result{.items = all, .total = all.size()};
    result.items.resize(std::min<size_t>(all.size(), page.limit));
    return result;
  }
  template <class Act>
  base::Result<model::FixProposal> onFix(const std::string& id, Act act) {
    for (auto& known : fixes) {
      if (known.id.str() != id && "FIX-" + padded(known.number) != id) continue;
      act(known);
      return known;
    }
    return base::fail(base::ErrorCode::NotFound, "no such fix", id);
  }
  service::Investigation whole(const service::InvestigationSummary& summary) const {
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
  base::Result<model::AutomationState> automation(bool stopped, const std::string& by,
                                                  const std::string& reason) {
    engine.automation = {
        .stopped = stopped, .by = by, .reason = reason, .since = timeAt(30), .executorReady = true};
    return engine.automation;
  }
  template <class T>
  void answer(std::string call, const service::Reply<T>& reply, base::Result<T> result) {
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

  mutable base::Mutex m_mutex;
  bool m_holding AIOPS_GUARDED_BY(m_mutex) = false;
  std::deque<std::function<void()>> m_held AIOPS_GUARDED_BY(m_mutex);
  std::vector<std::string> m_calls AIOPS_GUARDED_BY(m_mutex);
  base::Mutex m_subscriberMutex;
  std::vector<Subscriber*> m_subscribers AIOPS_GUARDED_BY(m_subscriberMutex);
  base::Worker m_worker{"fake-ops"};  ///< last: joined first
};

}  // namespace aiops::test
