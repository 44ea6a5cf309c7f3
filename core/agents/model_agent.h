// Asks a language model about diagnosed incidents, on a thread that nothing waits for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "agents/agent.h"
#include "agents/bus.h"
#include "analysis/model_analyst.h"
#include "base/mutex.h"
#include "base/worker.h"
#include "config/settings.h"
#include "integrations/call_guard.h"
#include "integrations/model_provider.h"
#include "integrations/spending_file.h"

namespace aiops::agents {

/// Hears of each diagnosis (the built-in analysts' alone) and answers with ModelSpoke: an opinion, or why
/// there is none. Of an incident that is diagnosed again while its turn has not come, only the newest is
/// asked about. What fails is a health event, once until it changes. Thread safe; all of `parts` outlive it.
class ModelAgent {
 public:
  struct Parts {
    Bus& bus;
    const correlation::Topology& topology;
    analysis::ModelCatalogue catalogue;
    analysis::Redact redact;  ///< all that a model is told passes it
    const base::Clock& clock;
    HealthSink& health;
    integrations::HttpLimits limits = {};  ///< of one call
  };

  /// Subscribes to the bus. A setting that makes no sense is no failure: each diagnosis then says so.
  ModelAgent(const config::Settings& settings, Parts parts);
  ~ModelAgent();
  ModelAgent(const ModelAgent&) = delete;
  ModelAgent& operator=(const ModelAgent&) = delete;

  void start();
  /// Ends a call under way; within 0.1 s.
  void stop();

 private:
  static constexpr size_t kMostWaiting = 64;

  void onDiagnosed(const Diagnosed& diagnosed) AIOPS_EXCLUDES(m_mutex);
  void askNext(const model::IncidentId& incident) AIOPS_EXCLUDES(m_mutex);
  void answer(const model::IncidentId& incident, const base::Result<analysis::ModelOpinion>& opinion);
  void note(const base::Result<analysis::ModelOpinion>& opinion);

  const Parts m_parts;
  const base::CancelToken m_cancel;
  integrations::SpendingFile m_spending;
  base::Result<std::unique_ptr<integrations::ModelProvider>> m_provider;
  std::unique_ptr<integrations::CallGuard> m_guard;
  std::unique_ptr<analysis::ModelAnalyst> m_analyst;  ///< null: see m_provider's error
  std::optional<base::ErrorCode> m_told;              ///< the failure that is known; of the worker's thread
  base::Mutex m_mutex;
  std::map<model::IncidentId, Diagnosed> m_waiting AIOPS_GUARDED_BY(m_mutex);
  std::unique_ptr<base::Worker> m_worker;  ///< the last: its thread uses the others
};

}  // namespace aiops::agents
