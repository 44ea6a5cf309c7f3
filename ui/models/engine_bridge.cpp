// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/engine_bridge.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPointer>
#include <algorithm>
#include <cstdio>

namespace aiops::ui {
namespace {

constexpr int kMergeMs = 100, kPollMs = 1000;
constexpr uint32_t kIncidents = 200, kFixes = 100, kHistory = 50;

template <class T>
bool isNumber(const std::string& id, const T& item, const char* prefix) {
  char text[32];
  std::snprintf(text, sizeof text, "%s-%04llu", prefix, static_cast<unsigned long long>(item.number));
  return id == text;
}

}  // namespace

void EngineBridge::Gate::post(std::function<void(EngineBridge&)> work) {
  const base::MutexLock lock(mutex);
  if (receiver == nullptr) return;
  EngineBridge* bridge = receiver;
  QMetaObject::invokeMethod(
      bridge, [bridge, work = std::move(work)] { work(*bridge); }, Qt::QueuedConnection);
}

EngineBridge::EngineBridge(service::Operations& operations, service::Caller caller, QObject* parent)
    : QObject(parent),
      m_operations(operations),
      m_caller(std::move(caller)),
      m_gate(std::make_shared<Gate>()) {
  m_gate->receiver = this;
  m_merge.setSingleShot(true);
  m_merge.setInterval(kMergeMs);
  m_poll.setInterval(kPollMs);
  connect(&m_merge, &QTimer::timeout, this, &EngineBridge::flush);
  connect(&m_poll, &QTimer::timeout, this, &EngineBridge::askStatus);
  m_subscription = m_operations.subscribe([gate = m_gate](service::Change change) {
    gate->post([change](EngineBridge& bridge) { bridge.engineChanged(change); });
  });
  m_poll.start();
  refresh();
}

EngineBridge::~EngineBridge() {
  {
    const base::MutexLock lock(m_gate->mutex);
    m_gate->receiver = nullptr;
  }
  m_subscription.reset();
}

qint64 EngineBridge::millisSinceStatus() const {
  return m_statusAt < 0 ? -1 : QDateTime::currentMSecsSinceEpoch() - m_statusAt;
}

const model::FixProposal* EngineBridge::fix(const std::string& id) const {
  for (const auto& fix : m_fixes) {
    if (fix.id.str() == id || isNumber(id, fix, "FIX")) return &fix;
  }
  return nullptr;
}

const service::InvestigationSummary* EngineBridge::incident(const std::string& id) const {
  for (const auto& summary : m_incidents) {
    if (summary.incident.id.str() == id || isNumber(id, summary.incident, "INC")) return &summary;
  }
  return nullptr;
}

std::vector<const model::FixProposal*> EngineBridge::waiting() const {
  std::vector<const model::FixProposal*> result;
  for (const auto& fix : m_fixes) {
    if (fix.state == model::FixState::Proposed) result.push_back(&fix);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto* a, const auto* b) { return a->expiresAt < b->expiresAt; });
  return result;
}

void EngineBridge::investigation(const std::string& id, Callback<service::Investigation> done) {
  m_operations.investigation(id, onUiThread<service::Investigation>(std::move(done)));
}

void EngineBridge::tailLogs(uint64_t from, uint32_t limit, Callback<model::LogSlice> done) {
  m_operations.tailLogs(from, limit, onUiThread<model::LogSlice>(std::move(done)));
}

void EngineBridge::trust(Callback<std::vector<model::Trust>> done) {
  m_operations.trust(onUiThread<std::vector<model::Trust>>(std::move(done)));
}

void EngineBridge::dryRun(const std::string& id, Callback<model::DryRun> done) {
  m_operations.dryRunFix(id, onUiThread<model::DryRun>(std::move(done)));
}

service::Reply<model::Incident> EngineBridge::incidentReply(Callback<model::Incident> done) {
  return onUiThread<model::Incident>([this, done = std::move(done)](auto result) {
    engineChanged(service::Change::Incidents);
    done(std::move(result));
  });
}

void EngineBridge::acknowledge(const std::string& id, Callback<model::Incident> done) {
  m_operations.acknowledgeIncident(m_caller, id, incidentReply(std::move(done)));
}

void EngineBridge::dismiss(const std::string& id, const std::string& reason, Callback<model::Incident> done) {
  m_operations.dismissIncident(m_caller, id, reason, incidentReply(std::move(done)));
}

void EngineBridge::reopen(const std::string& id, Callback<model::Incident> done) {
  m_operations.reopenIncident(m_caller, id, incidentReply(std::move(done)));
}

void EngineBridge::stateCause(const std::string& id, const std::string& service, const std::string& kind,
                              Callback<model::Incident> done) {
  m_operations.stateCause(m_caller, id, service, kind, incidentReply(std::move(done)));
}

void EngineBridge::merge(const std::string& id, const std::string& into, Callback<model::Incident> done) {
  m_operations.mergeIncident(m_caller, id, into, incidentReply(std::move(done)));
}

void EngineBridge::split(const std::string& id, const service::IncidentPart& part,
                         Callback<model::Incident> done) {
  m_operations.splitIncident(m_caller, id, part, incidentReply(std::move(done)));
}

void EngineBridge::approve(const std::string& id, const std::string& planHash,
                           Callback<model::FixProposal> done) {
  m_operations.approveFix(m_caller, id, planHash, onUiThread<model::FixProposal>([this, done](auto result) {
                            engineChanged(service::Change::Fixes);
                            done(std::move(result));
                          }));
}

void EngineBridge::reject(const std::string& id, const std::string& reason,
                          Callback<model::FixProposal> done) {
  m_operations.rejectFix(m_caller, id, reason, onUiThread<model::FixProposal>([this, done](auto result) {
                           engineChanged(service::Change::Fixes);
                           done(std::move(result));
                         }));
}

void EngineBridge::stop(const std::string& reason, Callback<model::AutomationState> done) {
  m_operations.stopAutomation(m_caller, reason, onUiThread<model::AutomationState>([this, done](auto result) {
                                if (result) takeAutomation(*result);
                                done(std::move(result));
                              }));
}

void EngineBridge::resume(const std::string& reason, Callback<model::AutomationState> done) {
  m_operations.resumeAutomation(m_caller, reason,
                                onUiThread<model::AutomationState>([this, done](auto result) {
                                  if (result) takeAutomation(*result);
                                  done(std::move(result));
                                }));
}

void EngineBridge::refresh() {
  askStatus();
  askIncidents();
  askFixes();
  askHistory();
}

void EngineBridge::engineChanged(service::Change change) {
  m_pending.insert(change);
  if (!m_merge.isActive()) m_merge.start();
}

void EngineBridge::flush() {
  const auto pending = std::exchange(m_pending, {});
  const bool fixes = pending.contains(service::Change::Fixes);
  if (fixes) askFixes();
  if (fixes || pending.contains(service::Change::Incidents)) {
    askIncidents();
    askHistory();
  }
  if (pending.contains(service::Change::Settings)) Q_EMIT settingsChanged();
  if (pending.contains(service::Change::Knowledge)) Q_EMIT knowledgeChanged();
  if (pending.contains(service::Change::Status) || pending.contains(service::Change::Automation)) askStatus();
}

void EngineBridge::askStatus() {
  if (m_statusAsked) return;
  m_statusAsked = true;
  m_operations.status(onUiThread<model::EngineStatus>([this](auto result) {
    m_statusAsked = false;
    m_problem = result ? std::string() : result.error().line();
    if (result) {
      const bool wasStopped = m_status.automation.stopped;
      m_status = *std::move(result);
      m_hasStatus = true;
      m_statusAt = QDateTime::currentMSecsSinceEpoch();
      if (wasStopped != m_status.automation.stopped) Q_EMIT automationChanged();
    }
    Q_EMIT statusChanged();
  }));
}

void EngineBridge::askIncidents() {
  m_operations.listInvestigations(
      {.limit = kIncidents}, onUiThread<service::Page<service::InvestigationSummary>>([this](auto result) {
        if (!result) return;
        m_incidents = std::move(result->items);
        Q_EMIT incidentsChanged();
      }));
}

void EngineBridge::askFixes() {
  m_operations.listFixes({.limit = kFixes},
                         onUiThread<service::Page<model::FixProposal>>([this](auto result) {
                           if (!result) return;
                           m_fixes = std::move(result->items);
                           Q_EMIT fixesChanged();
                         }));
}

void EngineBridge::askHistory() {
  m_operations.listOutcomes({.limit = kHistory},
                            onUiThread<service::Page<model::Outcome>>([this](auto result) {
                              if (!result) return;
                              m_outcomes = std::move(result->items);
                              Q_EMIT outcomesChanged();
                            }));
  m_operations.listAudit({.limit = kHistory},
                         onUiThread<service::Page<model::AuditEntry>>([this](auto result) {
                           if (!result) return;
                           m_audit = std::move(result->items);
                           Q_EMIT outcomesChanged();
                         }));
}

void EngineBridge::takeAutomation(const model::AutomationState& state) {
  m_status.automation = state;
  Q_EMIT automationChanged();
  Q_EMIT statusChanged();
}

}  // namespace aiops::ui
