// The engine: builds every part once, in order of need, and ends them in reverse.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/bus.h"
#include "agents/change_book.h"
#include "agents/change_scout.h"
#include "agents/fix_agent.h"
#include "agents/health_log.h"
#include "agents/housekeeper.h"
#include "agents/incident_desk.h"
#include "agents/knowledge_book.h"
#include "agents/learning_agent.h"
#include "agents/log_buffer.h"
#include "agents/log_monitor_agent.h"
#include "agents/model_agent.h"
#include "agents/pattern_library.h"
#include "agents/resource_paths.h"
#include "agents/root_cause_agent.h"
#include "agents/silence_book.h"
#include "agents/topology_watch.h"
#include "analysis/calibration.h"
#include "analysis/rate_book.h"
#include "config/home.h"
#include "config/live_settings.h"
#include "config/settings.h"
#include "knowledge/graph.h"
#include "knowledge/incident_memory.h"
#include "knowledge/signatures.h"
#include "security/secret_store.h"
#include "sources/host_resources.h"

namespace aiops::agents {

/// The executor's configuration that follows from the settings.
remediation::ExecutorConfig executorConfig(const config::Settings& settings, const ResourcePaths& resources);

/// What changing a setting needs; null where nothing can be changed. All of it outlives the engine.
struct SettingsParts {
  config::LiveSettings* live = nullptr;
  security::SecretStore* secrets = nullptr;
  const base::Logger* logger = nullptr;
};

/// Owns the store and the agents. The host holds the instance lock and has spawned the executor (before any
/// thread). Accessors are thread safe once start() has returned.
class Engine {
 public:
  struct Parts {
    config::Settings settings;
    ResourcePaths resources;
    remediation::ExecutorClient& executor;
    const base::Clock& clock;
    SettingsParts settingsParts = {};
    /// Takes secrets out of what a language model is told and out of differences of files. Not optional.
    std::function<std::string(std::string_view)> redact = {};
    ChangePlaces changePlaces = {};
  };

  /// Opens the database, loads patterns, signatures and playbooks (a broken file is a health event, the
  /// others load), connects the executor. Fails with one clear line and nothing left running.
  static base::Result<std::unique_ptr<Engine>> create(Parts parts);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Called with every message between the agents, on their threads: hand over and return. Before start().
  void observe(Bus::Handler handler) { m_bus.subscribe(std::move(handler)); }
  void start();
  /// Idempotent. Reading ends first, then the agents, who tells before who is told, then the executor: it
  /// undoes a running fix, for which this waits up to 5 s.
  void stop();

  storage::Store& store() { return *m_store; }
  const knowledge::IncidentMemory& memory() const { return m_memory; }
  const knowledge::Graph& graph() const { return m_graph; }
  const correlation::Topology& topology() const { return m_topology; }
  KnowledgeBook& knowledge() { return *m_knowledge; }
  const analysis::CalibrationBook& calibration() const { return m_calibration; }
  FixAgent& fixes() { return *m_fixes; }
  /// In the order of the pipeline.
  std::array<Agent*, 4> agents();
  /// Null when there is none of that id.
  Agent* agent(const std::string& id);
  LogMonitorAgent& monitor() { return *m_monitor; }
  HealthSink& health() { return m_health; }
  const config::Settings& settings() const { return m_parts.settings; }
  LogBuffer& logs() { return m_logs; }
  SilenceBook& silences() { return *m_silences; }
  const ChangeBook& changes() const { return *m_changes; }
  ChangeScout& changeScout() { return *m_scout; }
  IncidentDesk& incidents() { return *m_incidents; }
  PatternLibrary& patterns() { return *m_patterns; }
  const base::Clock& clock() const { return m_parts.clock; }
  const SettingsParts& settingsParts() const { return m_parts.settingsParts; }
  std::filesystem::path auditDirectory() const;
  std::vector<std::string> serviceNames() const;
  base::Result<model::EngineStatus> status();
  base::Result<model::AuditVerification> verifyAudit();
  /// Ends open incidents all of whose cited lines come from files below `directory`: what is there is gone,
  /// and no new line of it can come. Takes effect before stop() returns.
  base::Result<> dismissIncidentsOf(const std::filesystem::path& directory, const std::string& why);
  /// A person says that nothing was wrong: ends the incident and counts it as a false alarm. Conflict for one
  /// that has ended or whose fix runs.
  base::Result<model::Incident> acknowledgeIncident(const std::string& who, const std::string& id);
  base::Result<model::Incident> dismissIncident(const std::string& who, const std::string& id,
                                                const std::string& reason);

 private:
  explicit Engine(Parts parts);
  base::Result<> open();
  base::Result<> openPatterns();
  base::Result<> openSilences();
  base::Result<> openChanges();
  base::Result<> loadMemory();
  std::vector<model::Reading> readingsOf(const std::set<std::string>& services) const;
  base::Result<> openKnowledge();
  base::Result<> restoreChoices();
  void openModel();
  void listKinds(const std::vector<knowledge::Signature>& signatures);
  void addLearnt(model::ServiceStatus& service) const;
  void noteProblem(const std::string& part, const std::string& text);
  remediation::ValidationWorld validationWorld();
  std::vector<pipeline::LaneSource> laneSources() const;
  pipeline::LaneOptions laneOptions() const;
  storage::RetentionOptions retentionOptions() const;

  const Parts m_parts;
  const base::TimePoint m_startedAt;
  std::unique_ptr<storage::Store> m_store;
  HealthLog m_health;
  Bus m_bus;
  LogBuffer m_logs;
  correlation::Topology m_topology;
  std::unique_ptr<PatternLibrary> m_patterns;
  remediation::PlaybookSet m_playbooks;
  analysis::ModelCatalogue m_catalogue;  ///< what may be named as a cause
  knowledge::IncidentMemory m_memory;
  knowledge::Graph m_graph;
  analysis::CalibrationBook m_calibration;
  analysis::RateBook m_rates;  ///< since the start
  const sources::HostResources m_resources;
  std::unique_ptr<analysis::Diagnostician> m_diagnostician;
  std::unique_ptr<SilenceBook> m_silences;
  std::unique_ptr<ChangeBook> m_changes;
  std::unique_ptr<KnowledgeBook> m_knowledge;
  std::unique_ptr<LogMonitorAgent> m_monitor;
  std::unique_ptr<RootCauseAgent> m_rootCause;
  std::unique_ptr<FixAgent> m_fixes;
  std::unique_ptr<IncidentDesk> m_incidents;
  std::unique_ptr<LearningAgent> m_learning;
  std::unique_ptr<ModelAgent> m_model;  ///< null: ai.provider is none
  std::unique_ptr<TopologyWatch> m_topologyWatch;
  std::unique_ptr<ChangeScout> m_scout;
  std::unique_ptr<Housekeeper> m_housekeeper;
  bool m_stopped = true;
};

}  // namespace aiops::agents
