// Operations that hands every call on to another one: derive from it to change a few answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/operations.h"

namespace aiops::test {

/// `inner` must outlive this.
class WrappedOperations : public service::Operations {
 public:
  explicit WrappedOperations(service::Operations& inner);
  ~WrappedOperations() override;

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
  service::Operations& m_inner;
};

}  // namespace aiops::test
