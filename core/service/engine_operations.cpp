// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_operations.h"

#include <algorithm>
#include <map>

#include "agents/engine.h"
#include "base/worker.h"
#include "learning/trust.h"
#include "security/audit_pages.h"
#include "service/engine_agents.h"
#include "service/engine_answer.h"
#include "service/engine_changes.h"
#include "service/engine_knowledge.h"
#include "service/engine_learning.h"
#include "service/engine_patterns.h"
#include "service/engine_settings.h"
#include "service/engine_silences.h"
#include "service/engine_sources.h"
#include "service/investigation_view.h"

namespace aiops::service {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kLongestKeyName = 64;

template <class T>
base::Result<Page<T>> asPage(base::Result<storage::Page<T>> page) {
  if (!page) return std::unexpected(page.error());
  return Page<T>{.items = std::move(page->items), .total = page->total};
}

storage::PageQuery asQuery(const PageRequest& request) {
  return {
      .limit = std::clamp(request.limit, 1u, 500u), .before = request.before, .openOnly = request.openOnly};
}

/// Hands changes to subscribers; a subscription that is gone gets nothing more.
class ChangeHub : public std::enable_shared_from_this<ChangeHub> {
 public:
  using Listener = std::function<void(Change)>;

  std::unique_ptr<Operations::Subscription> add(Listener listener) {
    base::MutexLock lock(m_mutex);
    const int id = m_next++;
    m_listeners.emplace(id, std::move(listener));
    return std::make_unique<Handle>(shared_from_this(), id);
  }
  void publish(Change change) {
    base::MutexLock lock(m_mutex);
    for (const auto& [id, listener] : m_listeners) listener(change);
  }

 private:
  class Handle final : public Operations::Subscription {
   public:
    Handle(std::shared_ptr<ChangeHub> hub, int id) : m_hub(std::move(hub)), m_id(id) {}
    ~Handle() override {
      base::MutexLock lock(m_hub->m_mutex);
      m_hub->m_listeners.erase(m_id);
    }

   private:
    const std::shared_ptr<ChangeHub> m_hub;
    const int m_id;
  };

  base::Mutex m_mutex;
  int m_next AIOPS_GUARDED_BY(m_mutex) = 1;
  std::map<int, Listener> m_listeners AIOPS_GUARDED_BY(m_mutex);
};

class EngineOperations final : public Operations {
 public:
  explicit EngineOperations(agents::Engine& engine)
      : m_engine(engine), m_hub(std::make_shared<ChangeHub>()), m_worker("service", 4096) {
    if (auto* live = m_engine.settingsParts().live)
      live->onChange([hub = m_hub](const config::Settings&) { hub->publish(Change::Settings); });
    m_engine.observe([hub = m_hub](const agents::Message& message) {
      if (std::holds_alternative<agents::AutomationChanged>(message)) return hub->publish(Change::Automation);
      if (std::holds_alternative<agents::PatternsChanged>(message)) return hub->publish(Change::Patterns);
      if (std::holds_alternative<agents::KnowledgeChanged>(message)) return hub->publish(Change::Knowledge);
      const bool fixes = std::holds_alternative<agents::FixChanged>(message) ||
                         std::holds_alternative<agents::FixFinished>(message) ||
                         std::holds_alternative<agents::OutcomeStored>(message);
      hub->publish(fixes ? Change::Fixes : Change::Incidents);
    });
  }

  void listInvestigations(PageRequest page, Reply<Page<InvestigationSummary>> reply) override {
    run(std::move(reply), [this, page] { return summaries(page); });
  }

  void investigation(std::string id, Reply<Investigation> reply) override {
    run(std::move(reply), [this, id] { return investigationView(m_engine, id); });
  }

  void acknowledgeIncident(Caller caller, std::string id, Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    run(std::move(reply), [this, caller, id] { return m_engine.acknowledgeIncident(caller.name, id); });
  }

  void dismissIncident(Caller caller, std::string id, std::string reason,
                       Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    if (reason.empty()) return reply(fail(ErrorCode::InvalidInput, "a dismissal needs a reason", "reason"));
    run(std::move(reply),
        [this, caller, id, reason] { return m_engine.dismissIncident(caller.name, id, reason); });
  }

  void stateCause(Caller caller, std::string id, std::string service, std::string kind,
                  Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    run(std::move(reply),
        [=, this] { return m_engine.incidents().stateCause(caller.name, id, service, kind); });
  }

  void reopenIncident(Caller caller, std::string id, Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    run(std::move(reply), [=, this] { return m_engine.incidents().reopen(caller.name, id); });
  }

  void mergeIncident(Caller caller, std::string id, std::string into, Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    run(std::move(reply), [=, this] { return m_engine.incidents().merge(caller.name, id, into); });
  }

  void splitIncident(Caller caller, std::string id, IncidentPart part,
                     Reply<model::Incident> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    run(std::move(reply),
        [=, this] { return m_engine.incidents().split(caller.name, id, part.services, part.events); });
  }

  void listFixes(PageRequest page, Reply<Page<model::FixProposal>> reply) override {
    run(std::move(reply), [this, page] { return asPage(m_engine.store().fixes(asQuery(page))); });
  }

  void fix(std::string id, Reply<model::FixProposal> reply) override {
    run(std::move(reply), [this, id] { return m_engine.store().fix(id); });
  }

  void approveFix(Caller caller, std::string id, std::string planHash,
                  Reply<model::FixProposal> reply) override {
    if (!caller.mayApprove) return reply(lacksScope("approve"));
    m_engine.fixes().approve(caller.name, id, planHash, std::move(reply));
  }

  void rejectFix(Caller caller, std::string id, std::string reason,
                 Reply<model::FixProposal> reply) override {
    if (!caller.mayApprove) return reply(lacksScope("approve"));
    if (reason.empty()) return reply(fail(ErrorCode::InvalidInput, "a rejection needs a reason", "reason"));
    m_engine.fixes().reject(caller.name, id, reason, std::move(reply));
  }

  void dryRunFix(std::string id, Reply<model::DryRun> reply) override {
    const bool taken = m_trials.post([this, id, reply] { reply(m_engine.fixes().dryRun(id)); });
    if (!taken) reply(fail(ErrorCode::Unavailable, "too many dry runs wait", "", "try again"));
  }

  void trust(Reply<std::vector<model::Trust>> reply) override {
    run(std::move(reply), [this] { return allTrust(); });
  }

  void listOutcomes(PageRequest page, Reply<Page<model::Outcome>> reply) override {
    run(std::move(reply), [this, page] { return asPage(m_engine.store().outcomes(asQuery(page))); });
  }

  void stopAutomation(Caller caller, std::string reason, Reply<model::AutomationState> reply) override {
    if (!caller.mayOperate) return reply(lacksScope("operate"));
    const bool taken = m_control.post([this, caller, reason, reply] {
      reply(automationAfter(m_engine.fixes().stopAutomation(caller.name, reason)));
    });
    if (!taken) reply(fail(ErrorCode::Unavailable, "the engine is ending"));
  }

  void resumeAutomation(Caller caller, std::string reason, Reply<model::AutomationState> reply) override {
    if (!caller.mayApprove) return reply(lacksScope("approve"));
    const bool taken = m_control.post([this, caller, reason, reply] {
      reply(automationAfter(m_engine.fixes().resumeAutomation(caller.name, reason)));
    });
    if (!taken) reply(fail(ErrorCode::Unavailable, "the engine is ending"));
  }

  void createApiKey(Caller caller, std::string name, std::string scope, Reply<NewKey> reply) override {
    if (!caller.isAdmin) return reply(lacksScope("admin"));
    run(std::move(reply), [this, caller, name, scope] { return makeKey(caller, name, scope); });
  }

  void status(Reply<model::EngineStatus> reply) override {
    run(std::move(reply), [this] { return m_engine.status(); });
  }

  void listAudit(PageRequest page, Reply<Page<model::AuditEntry>> reply) override {
    run(std::move(reply), [this, page] { return auditPage(page); });
  }

  void verifyAudit(Reply<model::AuditVerification> reply) override {
    run(std::move(reply), [this] { return m_engine.verifyAudit(); });
  }

  void tailLogs(uint64_t from, uint32_t limit, Reply<model::LogSlice> reply) override {
    reply(m_engine.logs().slice(from, std::clamp(limit, 1u, 20000u)));
  }

  PatternOperations& patterns() override { return m_patterns; }
  AgentOperations& agents() override { return m_agents; }
  LearningOperations& learning() override { return m_learning; }
  SettingsOperations& settings() override { return m_settings; }
  SourceOperations& sources() override { return m_sources; }
  SilenceOperations& silences() override { return m_silences; }
  ChangeOperations& changes() override { return m_changes; }
  KnowledgeOperations& knowledge() override { return m_knowledge; }

  std::unique_ptr<Subscription> subscribe(std::function<void(Change)> onChange) override {
    return m_hub->add(std::move(onChange));
  }

 private:
  template <class T, class Work>
  void run(Reply<T> reply, Work work) {
    answerOn(m_worker, std::move(reply), std::move(work));
  }

  base::Result<model::AutomationState> automationAfter(const base::Result<>& change) {
    if (!change) return std::unexpected(change.error());
    return m_engine.fixes().automation();
  }

  base::Result<NewKey> makeKey(const Caller& caller, const std::string& name, const std::string& scope) {
    const auto wanted = security::scopeFromString(scope);
    if (!wanted) {
      return fail(ErrorCode::InvalidInput, "no such scope '" + scope + "'", "scope",
                  "allowed: read, ingest, operate, approve, admin");
    }
    if (name.empty() || name.size() > kLongestKeyName) {
      return fail(ErrorCode::InvalidInput, "a key needs a name of 1 to 64 bytes", "name");
    }
    const auto key = security::generateApiKey(name, *wanted, m_engine.clock().now());
    const auto audited = m_engine.fixes().audit({.who = caller.name,
                                                 .what = "key.create",
                                                 .target = "key " + key.record.id,
                                                 .why = name,
                                                 .result = "scope " + scope});
    if (!audited) return std::unexpected(audited.error());
    if (auto saved = m_engine.store().saveApiKey(key.record); !saved) return std::unexpected(saved.error());
    return NewKey{key.record.id, key.text};
  }

  base::Result<Page<InvestigationSummary>> summaries(const PageRequest& request) {
    auto page = m_engine.store().incidents(asQuery(request));
    if (!page) return std::unexpected(page.error());
    Page<InvestigationSummary> out{.total = page->total};
    for (auto& incident : page->items) {
      InvestigationSummary row{.incident = std::move(incident)};
      if (const auto diagnosis = m_engine.store().diagnosis(row.incident.id)) {
        row.verdict = diagnosis->verdict;
        if (!diagnosis->hypotheses.empty()) {
          row.confidence = diagnosis->hypotheses.front().confidence;
          row.cause = diagnosis->hypotheses.front().statement;
        }
      }
      out.items.push_back(std::move(row));
    }
    return out;
  }

  base::Result<std::vector<model::Trust>> allTrust() {
    auto page = m_engine.store().outcomes({.limit = 500});
    if (!page) return std::unexpected(page.error());
    std::map<std::pair<std::string, std::string>, bool> seen;
    std::vector<model::Trust> out;
    for (const auto& outcome : page->items) {
      if (!seen.emplace(std::pair(outcome.playbookId, outcome.context), true).second) continue;
      const auto all = m_engine.store().outcomesOf(outcome.playbookId, outcome.context);
      if (!all) return std::unexpected(all.error());
      out.push_back(learning::trustFrom(outcome.playbookId, outcome.context, *all));
    }
    return out;
  }

  base::Result<Page<model::AuditEntry>> auditPage(const PageRequest& request) {
    auto page = m_audit.page(std::clamp(request.limit, 1u, 500u), request.before);
    if (!page) return std::unexpected(page.error());
    return Page<model::AuditEntry>{.items = std::move(page->items), .total = page->total};
  }

  agents::Engine& m_engine;
  const std::shared_ptr<ChangeHub> m_hub;
  security::AuditPages m_audit{m_engine.auditDirectory()};  ///< used on m_worker alone
  EnginePatterns m_patterns{m_engine, m_worker};
  EngineAgents m_agents{m_engine, m_worker};
  EngineLearning m_learning{m_engine, m_worker};
  EngineSettings m_settings{m_engine, m_worker};
  EngineSources m_sources{m_engine, m_worker};
  EngineSilences m_silences{m_engine, m_worker};
  EngineChanges m_changes{m_engine, m_worker};
  EngineKnowledge m_knowledge{m_engine, m_worker};
  base::Worker m_worker;                  ///< below what its tasks use: joined first
  base::Worker m_trials{"trials", 16};    ///< dry runs take seconds: no question waits behind one
  base::Worker m_control{"control", 64};  ///< stop and resume never wait behind questions
};

}  // namespace

std::unique_ptr<Operations> makeEngineOperations(agents::Engine& engine) {
  return std::make_unique<EngineOperations>(engine);
}

}  // namespace aiops::service
