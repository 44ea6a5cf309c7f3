// Operations without an engine, for tests of front ends. It answers with values that a test builds, on a
// thread of its own, and notes what it was asked. The builders give plausible values that no engine computed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/worker.h"
#include "service/operations.h"
#include "support/fake_agents.h"
#include "support/fake_changes.h"
#include "support/fake_knowledge.h"
#include "support/fake_learning.h"
#include "support/fake_patterns.h"
#include "support/fake_settings.h"
#include "support/fake_silences.h"
#include "support/fake_sources.h"

namespace aiops::test {

/// 2026-01-05T10:00:00Z plus `seconds`.
base::TimePoint timeAt(int64_t seconds);

model::EvidenceRef evidenceFor(const std::string& service, const std::string& text);

model::Incident testIncident(uint64_t number = 231);

model::Diagnosis testDiagnosis();

model::Event testEvent();

model::Plan testPlan();

model::FixProposal testFix(uint64_t number = 87);

model::Outcome testOutcome();

model::EngineStatus testStatus();

model::AuditEntry testAudit(uint64_t sequence = 1);

model::LogSlice testLogs();

/// Set the public values before the object is shared. Every call is noted in calls(); writes act on the
/// values.
class FakeOperations final : public service::Operations {
 public:
  FakeOperations();

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

  ~FakeOperations() override;

  /// Replies wait until releaseReplies(): for a slow engine.
  void holdReplies();
  void releaseReplies();
  size_t heldReplies() const;
  /// "approveFix key ci FIX-0087 <hash>", in order.
  std::vector<std::string> calls() const;
  /// Tells the subscribers, on the fake's thread.
  void change(service::Change what);

  void listInvestigations(service::PageRequest page,
                          service::Reply<service::Page<service::InvestigationSummary>> reply) override;
  void investigation(std::string id, service::Reply<service::Investigation> reply) override;
  void acknowledgeIncident(service::Caller caller, std::string id,
                           service::Reply<model::Incident> reply) override;
  void dismissIncident(service::Caller caller, std::string id, std::string reason,
                       service::Reply<model::Incident> reply) override;
  void stateCause(service::Caller caller, std::string id, std::string service, std::string kind,
                  service::Reply<model::Incident> reply) override;
  void reopenIncident(service::Caller caller, std::string id, service::Reply<model::Incident> reply) override;
  void mergeIncident(service::Caller caller, std::string id, std::string into,
                     service::Reply<model::Incident> reply) override;
  void splitIncident(service::Caller caller, std::string id, service::IncidentPart part,
                     service::Reply<model::Incident> reply) override;
  void listFixes(service::PageRequest page, service::Reply<service::Page<model::FixProposal>> reply) override;
  void fix(std::string id, service::Reply<model::FixProposal> reply) override;
  void approveFix(service::Caller caller, std::string id, std::string planHash,
                  service::Reply<model::FixProposal> reply) override;
  void rejectFix(service::Caller caller, std::string id, std::string reason,
                 service::Reply<model::FixProposal> reply) override;
  void dryRunFix(std::string id, service::Reply<model::DryRun> reply) override;
  void trust(service::Reply<std::vector<model::Trust>> reply) override;
  void listOutcomes(service::PageRequest page, service::Reply<service::Page<model::Outcome>> reply) override;
  void stopAutomation(service::Caller caller, std::string reason,
                      service::Reply<model::AutomationState> reply) override;
  void resumeAutomation(service::Caller caller, std::string reason,
                        service::Reply<model::AutomationState> reply) override;
  void createApiKey(service::Caller caller, std::string name, std::string scope,
                    service::Reply<service::NewKey> reply) override;
  void status(service::Reply<model::EngineStatus> reply) override;
  void listAudit(service::PageRequest page, service::Reply<service::Page<model::AuditEntry>> reply) override;
  void verifyAudit(service::Reply<model::AuditVerification> reply) override;
  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override;
  FakePatterns fakePatterns;
  FakeAgents fakeAgents;
  FakeLearning fakeLearning;
  FakeSettings fakeSettings;
  FakeSources fakeSources;
  FakeSilences fakeSilences;
  FakeChanges fakeChanges;
  FakeKnowledge fakeKnowledge;
  service::PatternOperations& patterns() override;
  service::AgentOperations& agents() override;
  service::LearningOperations& learning() override;
  service::SettingsOperations& settings() override;
  service::SourceOperations& sources() override;
  service::SilenceOperations& silences() override;
  service::ChangeOperations& changes() override;
  service::KnowledgeOperations& knowledge() override;

  std::unique_ptr<Subscription> subscribe(std::function<void(service::Change)> onChange) override;

 private:
  struct Subscriber;

  static std::string padded(uint64_t number);
  static std::string words(const service::PageRequest& page);
  template <class T>
  static base::Result<service::Page<T>> paged(const std::vector<T>& all, const service::PageRequest& page);
  template <class Act>
  base::Result<model::Incident> onIncident(const std::string& id, Act act);
  template <class Act>
  base::Result<model::FixProposal> onFix(const std::string& id, Act act);
  service::Investigation whole(const service::InvestigationSummary& summary) const;
  base::Result<model::AutomationState> automation(bool stopped, const std::string& by,
                                                  const std::string& reason);
  template <class T>
  void answer(std::string call, const service::Reply<T>& reply, base::Result<T> result);

  mutable base::Mutex m_mutex;
  bool m_holding AIOPS_GUARDED_BY(m_mutex) = false;
  std::deque<std::function<void()>> m_held AIOPS_GUARDED_BY(m_mutex);
  std::vector<std::string> m_calls AIOPS_GUARDED_BY(m_mutex);
  base::Mutex m_subscriberMutex;
  std::vector<Subscriber*> m_subscribers AIOPS_GUARDED_BY(m_subscriberMutex);
  base::Worker m_worker{"fake-ops"};  ///< last: joined first
};

}  // namespace aiops::test
