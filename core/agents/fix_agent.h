// Proposes fixes, takes decisions to the executor, follows the run, validates it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agents/agent.h"
#include "agents/bus.h"
#include "agents/silence_book.h"
#include "remediation/executor_client.h"
#include "remediation/planner.h"
#include "remediation/validators.h"
#include "storage/store.h"

namespace aiops::agents {

/// The gate is in the executor: what is checked here is only to answer early and clearly. While disabled it
/// proposes nothing and takes no approval; rejecting, stopping and what has been started go on.
class FixAgent final : public Agent {
 public:
  using FixReply = std::function<void(base::Result<model::FixProposal>)>;

  struct Parts {
    storage::Store& store;
    Bus& bus;
    remediation::ExecutorClient& executor;
    const remediation::PlaybookSet& playbooks;
    const model::Inventory& inventory;
    const model::ExecutionPolicy& policy;
    remediation::ValidationWorld validation;
    std::filesystem::path stopFile;
    const SilenceBook& silences;
  };

  FixAgent(Parts parts, const base::Clock& clock, HealthSink& health);
  ~FixAgent() override;

  /// Thread safe; `reply` comes once, usually on the agent's thread.
  void approve(std::string who, std::string id, std::string planHash, FixReply reply);
  void reject(std::string who, std::string id, std::string reason, FixReply reply);
  /// Tries a fix that waits, without its effects. Any thread but the executor's callbacks; takes some
  /// seconds.
  base::Result<model::DryRun> dryRun(const std::string& id);
  /// In effect when they return; stopping also works while the executor is being restarted. Any thread but
  /// the executor's callbacks.
  base::Result<> stopAutomation(const std::string& who, const std::string& reason);
  base::Result<> resumeAutomation(const std::string& who, const std::string& reason);
  /// Writes an entry made outside the fixes, for example of a new key, to the audit chain. As stopAutomation.
  base::Result<> audit(model::AuditEntry entry);
  base::Result<> mayBeDisabled() const override;
  /// Thread safe.
  model::AutomationState automation() const AIOPS_EXCLUDES(m_stateMutex);
  /// To be handed to ExecutorClient::connect().
  remediation::ExecutorClient::Callbacks executorCallbacks();
  /// The state that connect() returned, before start().
  void setExecutorStatus(const remediation::ExecutorStatus& status) AIOPS_EXCLUDES(m_stateMutex);

 protected:
  void reload() override;
  void tick() override;

 private:
  static std::vector<AgentSettingRow> settingRows(const model::ExecutionPolicy& policy);
  double minimumConfidence() const;
  void onMessage(const Message& message);
  void withdraw(const model::IncidentId& incident, model::FixState to, const std::string& why);
  void propose(const Diagnosed& diagnosed);
  bool mayPropose(const Diagnosed& diagnosed);
  void advise(const Diagnosed& diagnosed, const remediation::Playbook& playbook);
  remediation::PlanningWorld planningWorld();
  void runAloneIfEarned(const model::FixProposal& fix, const Diagnosed& diagnosed,
                        const remediation::Playbook& playbook);
  std::optional<std::string> whyAsk(const model::FixProposal& fix, const Diagnosed& diagnosed,
                                    const remediation::Playbook& playbook);
  bool failsFromOutside(const std::string& service) const;
  void saveProposal(const Diagnosed& diagnosed, const remediation::Playbook& playbook,
                    const remediation::PlannedFix& planned);
  base::Result<model::FixProposal> decide(const std::string& who, const std::string& id,
                                          const std::string& planHash);
  base::Result<model::FixProposal> decline(const std::string& who, const std::string& id,
                                           const std::string& reason);
  base::Result<> execute(model::FixProposal& fix);
  bool outcomeUnknown(const std::string& planHash);
  void onExecutorEvent(const remediation::ExecutorEvent& event);
  void applyState(model::FixProposal fix, model::FixState state, const std::string& detail);
  void moveIncident(const model::FixProposal& fix);
  void save(model::FixProposal& fix, const std::string& kind, const std::string& text);
  void startValidation(const model::FixProposal& fix);
  void onChecks(const std::string& planHash, const std::vector<model::CheckProgress>& checks);
  void onVerdict(const std::string& planHash, const remediation::ValidationVerdict& verdict);
  void noteLesson(const OutcomeStored& lesson);
  model::FixProposal* unsettled(const remediation::RunReport& run);
  void reconcile(const remediation::ExecutorStatus& status);
  void alignIncidents();
  void onExecutorLost(const std::string& why);
  void reviveExecutor();
  void auditOwed() AIOPS_EXCLUDES(m_stateMutex);
  void noteStop(const std::string& who, const std::string& reason) AIOPS_EXCLUDES(m_stateMutex);
  base::Result<> stopWithoutExecutor(const std::string& who, const std::string& reason)
      AIOPS_EXCLUDES(m_stateMutex);
  void expireOld();
  void followClock(model::FixProposal fix, base::Duration left);
  void retryApproved();
  void refreshAutomation();
  void showState();
  model::FixProposal* active(const std::string& planHash);

  const Parts m_parts;
  std::map<std::string, model::FixProposal> m_active;             ///< by plan hash: not final ones
  std::map<model::IncidentId, Diagnosed> m_diagnosed;             ///< last diagnosis of open incidents
  std::set<std::pair<model::IncidentId, std::string>> m_advised;  ///< what was told of open incidents
  std::map<std::string, base::Duration> m_expires;                ///< proposals by plan hash, time since boot
  std::map<std::string, base::Duration> m_lastRuns;               ///< by target, time since boot
  base::Duration m_nextRefresh{0};
  base::Duration m_reviveAt{0};
  bool m_lost = false;
  std::atomic<bool> m_running = false;                    ///< some fix runs or is being validated
  uint64_t m_auditNoted = 0;                              ///< sequence of the head that the store knows
  std::string m_auditProblem;                             ///< as reported last
  std::shared_ptr<remediation::Validation> m_validation;  ///< shared with the worker that runs it
  std::string m_validating;                               ///< plan hash of the running validation
  std::unique_ptr<base::Worker> m_validationWorker;
  mutable base::Mutex m_stateMutex;
  model::AutomationState m_automation AIOPS_GUARDED_BY(m_stateMutex);
  std::vector<model::AuditEntry> m_owed AIOPS_GUARDED_BY(m_stateMutex);  ///< for the next executor to write
};

}  // namespace aiops::agents
