// Operations that hands every call on to another one: derive from it to change a few answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "service/operations.h"

namespace aiops::test {

/// `inner` must outlive this.
class WrappedOperations : public service::Operations {
 public:
  explicit WrappedOperations(service::Operations& inner) : m_inner(inner) {}

  void listInvestigations(service::PageRequest page,
                          service::Reply<service::Page<service::InvestigationSummary>> reply) override {
    m_inner.listInvestigations(std::move(page), std::move(reply));
  }
  void investigation(std::string id, service::Reply<service::Investigation> reply) override {
    m_inner.investigation(std::move(id), std::move(reply));
  }
  void dismissIncident(service::Caller caller, std::string id, std::string reason,
                       service::Reply<model::Incident> reply) override {
    m_inner.dismissIncident(std::move(caller), std::move(id), std::move(reason), std::move(reply));
  }
  void listFixes(service::PageRequest page,
                 service::Reply<service::Page<model::FixProposal>> reply) override {
    m_inner.listFixes(std::move(page), std::move(reply));
  }
  void fix(std::string id, service::Reply<model::FixProposal> reply) override {
    m_inner.fix(std::move(id), std::move(reply));
  }
  void approveFix(service::Caller caller, std::string id, std::string planHash,
                  service::Reply<model::FixProposal> reply) override {
    m_inner.approveFix(std::move(caller), std::move(id), std::move(planHash), std::move(reply));
  }
  void rejectFix(service::Caller caller, std::string id, std::string reason,
                 service::Reply<model::FixProposal> reply) override {
    m_inner.rejectFix(std::move(caller), std::move(id), std::move(reason), std::move(reply));
  }
  void dryRunFix(std::string id, service::Reply<model::DryRun> reply) override {
    m_inner.dryRunFix(std::move(id), std::move(reply));
  }
  void trust(service::Reply<std::vector<model::Trust>> reply) override { m_inner.trust(std::move(reply)); }
  void listOutcomes(service::PageRequest page, service::Reply<service::Page<model::Outcome>> reply) override {
    m_inner.listOutcomes(std::move(page), std::move(reply));
  }
  void stopAutomation(service::Caller caller, std::string reason,
                      service::Reply<model::AutomationState> reply) override {
    m_inner.stopAutomation(std::move(caller), std::move(reason), std::move(reply));
  }
  void resumeAutomation(service::Caller caller, std::string reason,
                        service::Reply<model::AutomationState> reply) override {
    m_inner.resumeAutomation(std::move(caller), std::move(reason), std::move(reply));
  }
  void createApiKey(service::Caller caller, std::string name, std::string scope,
                    service::Reply<service::NewKey> reply) override {
    m_inner.createApiKey(std::move(caller), std::move(name), std::move(scope), std::move(reply));
  }
  void status(service::Reply<model::EngineStatus> reply) override { m_inner.status(std::move(reply)); }
  void listAudit(service::PageRequest page, service::Reply<service::Page<model::AuditEntry>> reply) override {
    m_inner.listAudit(std::move(page), std::move(reply));
  }
  void verifyAudit(service::Reply<model::AuditVerification> reply) override {
    m_inner.verifyAudit(std::move(reply));
  }
  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override {
    m_inner.tailLogs(from, limit, std::move(reply));
  }
  service::PatternOperations& patterns() override { return m_inner.patterns(); }
  service::AgentOperations& agents() override { return m_inner.agents(); }
  service::LearningOperations& learning() override { return m_inner.learning(); }
  service::SettingsOperations& settings() override { return m_inner.settings(); }
  service::SourceOperations& sources() override { return m_inner.sources(); }
  std::unique_ptr<Subscription> subscribe(std::function<void(service::Change)> onChange) override {
    return m_inner.subscribe(std::move(onChange));
  }

 private:
  service::Operations& m_inner;
};

}  // namespace aiops::test
