// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/wrapped_operations.h"

#include <utility>

namespace aiops::test {

WrappedOperations::WrappedOperations(service::Operations& inner) : m_inner(inner) {}

WrappedOperations::~WrappedOperations() = default;

void WrappedOperations::listInvestigations(
    service::PageRequest page, service::Reply<service::Page<service::InvestigationSummary>> reply) {
  m_inner.listInvestigations(std::move(page), std::move(reply));
}

void WrappedOperations::investigation(std::string id, service::Reply<service::Investigation> reply) {
  m_inner.investigation(std::move(id), std::move(reply));
}

void WrappedOperations::acknowledgeIncident(service::Caller caller, std::string id,
                                            service::Reply<model::Incident> reply) {
  m_inner.acknowledgeIncident(std::move(caller), std::move(id), std::move(reply));
}

void WrappedOperations::dismissIncident(service::Caller caller, std::string id, std::string reason,
                                        service::Reply<model::Incident> reply) {
  m_inner.dismissIncident(std::move(caller), std::move(id), std::move(reason), std::move(reply));
}

void WrappedOperations::stateCause(service::Caller caller, std::string id, std::string service,
                                   std::string kind, service::Reply<model::Incident> reply) {
  m_inner.stateCause(std::move(caller), std::move(id), std::move(service), std::move(kind), std::move(reply));
}

void WrappedOperations::reopenIncident(service::Caller caller, std::string id,
                                       service::Reply<model::Incident> reply) {
  m_inner.reopenIncident(std::move(caller), std::move(id), std::move(reply));
}

void WrappedOperations::mergeIncident(service::Caller caller, std::string id, std::string into,
                                      service::Reply<model::Incident> reply) {
  m_inner.mergeIncident(std::move(caller), std::move(id), std::move(into), std::move(reply));
}

void WrappedOperations::splitIncident(service::Caller caller, std::string id, service::IncidentPart part,
                                      service::Reply<model::Incident> reply) {
  m_inner.splitIncident(std::move(caller), std::move(id), std::move(part), std::move(reply));
}

void WrappedOperations::listFixes(service::PageRequest page,
                                  service::Reply<service::Page<model::FixProposal>> reply) {
  m_inner.listFixes(std::move(page), std::move(reply));
}

void WrappedOperations::fix(std::string id, service::Reply<model::FixProposal> reply) {
  m_inner.fix(std::move(id), std::move(reply));
}

void WrappedOperations::approveFix(service::Caller caller, std::string id, std::string planHash,
                                   service::Reply<model::FixProposal> reply) {
  m_inner.approveFix(std::move(caller), std::move(id), std::move(planHash), std::move(reply));
}

void WrappedOperations::rejectFix(service::Caller caller, std::string id, std::string reason,
                                  service::Reply<model::FixProposal> reply) {
  m_inner.rejectFix(std::move(caller), std::move(id), std::move(reason), std::move(reply));
}

void WrappedOperations::dryRunFix(std::string id, service::Reply<model::DryRun> reply) {
  m_inner.dryRunFix(std::move(id), std::move(reply));
}

void WrappedOperations::trust(service::Reply<std::vector<model::Trust>> reply) {
  m_inner.trust(std::move(reply));
}

void WrappedOperations::listOutcomes(service::PageRequest page,
                                     service::Reply<service::Page<model::Outcome>> reply) {
  m_inner.listOutcomes(std::move(page), std::move(reply));
}

void WrappedOperations::stopAutomation(service::Caller caller, std::string reason,
                                       service::Reply<model::AutomationState> reply) {
  m_inner.stopAutomation(std::move(caller), std::move(reason), std::move(reply));
}

void WrappedOperations::resumeAutomation(service::Caller caller, std::string reason,
                                         service::Reply<model::AutomationState> reply) {
  m_inner.resumeAutomation(std::move(caller), std::move(reason), std::move(reply));
}

void WrappedOperations::createApiKey(service::Caller caller, std::string name, std::string scope,
                                     service::Reply<service::NewKey> reply) {
  m_inner.createApiKey(std::move(caller), std::move(name), std::move(scope), std::move(reply));
}

void WrappedOperations::status(service::Reply<model::EngineStatus> reply) {
  m_inner.status(std::move(reply));
}

void WrappedOperations::listAudit(service::PageRequest page,
                                  service::Reply<service::Page<model::AuditEntry>> reply) {
  m_inner.listAudit(std::move(page), std::move(reply));
}

void WrappedOperations::verifyAudit(service::Reply<model::AuditVerification> reply) {
  m_inner.verifyAudit(std::move(reply));
}

void WrappedOperations::tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) {
  m_inner.tailLogs(from, limit, std::move(reply));
}

service::PatternOperations& WrappedOperations::patterns() {
  return m_inner.patterns();
}

service::AgentOperations& WrappedOperations::agents() {
  return m_inner.agents();
}

service::LearningOperations& WrappedOperations::learning() {
  return m_inner.learning();
}

service::SettingsOperations& WrappedOperations::settings() {
  return m_inner.settings();
}

service::SilenceOperations& WrappedOperations::silences() {
  return m_inner.silences();
}

service::ChangeOperations& WrappedOperations::changes() {
  return m_inner.changes();
}

service::KnowledgeOperations& WrappedOperations::knowledge() {
  return m_inner.knowledge();
}

service::SourceOperations& WrappedOperations::sources() {
  return m_inner.sources();
}

std::unique_ptr<service::Operations::Subscription> WrappedOperations::subscribe(
    std::function<void(service::Change)> onChange) {
  return m_inner.subscribe(std::move(onChange));
}

}  // namespace aiops::test
