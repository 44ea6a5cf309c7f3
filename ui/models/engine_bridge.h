// The engine as the console sees it: Operations, brought to the UI thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>
#include <set>

#include "base/mutex.h"
#include "service/operations.h"

namespace aiops::ui {

/// Wraps Operations for widgets. Lives and is used on the UI thread only; replies and signals arrive there,
/// and none arrives after destruction. Does not own the Operations, which must outlive it. Changes that the
/// engine reports are merged: each signal comes at most once in 100 ms. The status is asked for once a
/// second.
class EngineBridge : public QObject {
  Q_OBJECT
 public:
  template <class T>
  using Callback = std::function<void(base::Result<T>)>;
  using Summaries = std::vector<service::InvestigationSummary>;

  EngineBridge(service::Operations& operations, service::Caller caller, QObject* parent = nullptr);
  ~EngineBridge() override;

  const service::Caller& caller() const { return m_caller; }
  /// The engine itself, for questions that no snapshot answers: hand onUiThread(...) on as the reply.
  service::Operations& operations() { return m_operations; }
  /// `done` is called on the UI thread, and not after this is gone. Guard what else it touches with QPointer.
  template <class T>
  service::Reply<T> onUiThread(Callback<T> done) {
    return [gate = m_gate, done = std::move(done)](base::Result<T> result) {
      // std::function must be copyable; the result is moved through a shared holder.
      auto held = std::make_shared<base::Result<T>>(std::move(result));
      gate->post([held, done](EngineBridge&) { done(std::move(*held)); });
    };
  }

  /// The last snapshots; empty until the first reply. Newest first.
  const model::EngineStatus& status() const { return m_status; }
  bool hasStatus() const { return m_hasStatus; }
  const Summaries& incidents() const { return m_incidents; }
  const std::vector<model::FixProposal>& fixes() const { return m_fixes; }
  const std::vector<model::Outcome>& outcomes() const { return m_outcomes; }
  const std::vector<model::AuditEntry>& audit() const { return m_audit; }
  /// Milliseconds since the last status reply, or -1.
  qint64 millisSinceStatus() const;
  /// Why the engine does not answer, or empty. Then everything that would act must be disabled.
  const std::string& problem() const { return m_problem; }

  /// By UUID or by number (FIX-0087), or nullptr. The pointer is valid until the next fixesChanged().
  const model::FixProposal* fix(const std::string& id) const;
  const service::InvestigationSummary* incident(const std::string& id) const;
  /// Fixes that wait for a person, most urgent (least time left) first.
  std::vector<const model::FixProposal*> waiting() const;

  void investigation(const std::string& id, Callback<service::Investigation> done);
  void acknowledge(const std::string& id, Callback<model::Incident> done);
  void dismiss(const std::string& id, const std::string& reason, Callback<model::Incident> done);
  void reopen(const std::string& id, Callback<model::Incident> done);
  void stateCause(const std::string& id, const std::string& service, const std::string& kind,
                  Callback<model::Incident> done);
  void merge(const std::string& id, const std::string& into, Callback<model::Incident> done);
  void split(const std::string& id, const service::IncidentPart& part, Callback<model::Incident> done);
  void tailLogs(uint64_t from, uint32_t limit, Callback<model::LogSlice> done);
  void trust(Callback<std::vector<model::Trust>> done);
  void dryRun(const std::string& id, Callback<model::DryRun> done);
  void approve(const std::string& id, const std::string& planHash, Callback<model::FixProposal> done);
  void reject(const std::string& id, const std::string& reason, Callback<model::FixProposal> done);
  void stop(const std::string& reason, Callback<model::AutomationState> done);
  void resume(const std::string& reason, Callback<model::AutomationState> done);

  /// Asks for everything now; used at start and by "Try again".
  void refresh();

 Q_SIGNALS:
  void statusChanged();
  void incidentsChanged();
  void fixesChanged();
  void outcomesChanged();  ///< outcomes and audit
  void automationChanged();
  void settingsChanged();
  void knowledgeChanged();

 private:
  /// Shared with everything that may still call from an engine thread. The receiver is read under the lock
  /// and posted to within it, so that it can't be destroyed in between.
  struct Gate {
    base::Mutex mutex;
    EngineBridge* receiver = nullptr;
    void post(std::function<void(EngineBridge&)> work);
  };

  void engineChanged(service::Change change);
  /// As onUiThread(), for what changes an incident: the snapshots are renewed.
  service::Reply<model::Incident> incidentReply(Callback<model::Incident> done);
  void flush();
  void askStatus();
  void askIncidents();
  void askFixes();
  void askHistory();
  void takeAutomation(const model::AutomationState& state);

  service::Operations& m_operations;
  service::Caller m_caller;
  model::EngineStatus m_status;
  bool m_hasStatus = false;
  bool m_statusAsked = false;
  Summaries m_incidents;
  std::vector<model::FixProposal> m_fixes;
  std::vector<model::Outcome> m_outcomes;
  std::vector<model::AuditEntry> m_audit;
  std::string m_problem;
  qint64 m_statusAt = -1;
  std::set<service::Change> m_pending;
  QTimer m_merge;
  QTimer m_poll;
  std::shared_ptr<Gate> m_gate;  ///< closed on destruction: late replies fall away
  std::unique_ptr<service::Operations::Subscription> m_subscription;
};

}  // namespace aiops::ui
