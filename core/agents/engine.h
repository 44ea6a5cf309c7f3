// The engine: builds every part once, in order of need, and ends them in reverse.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agents/bus.h"
#include "agents/fix_agent.h"
#include "agents/health_log.h"
#include "agents/learning_agent.h"
#include "agents/log_buffer.h"
#include "agents/log_monitor_agent.h"
#include "agents/root_cause_agent.h"
#include "config/home.h"
#include "config/settings.h"
#include "knowledge/signatures.h"

namespace aiops::agents {

/// Where the data that ships with the program lies: patterns, signatures, playbooks.
struct ResourcePaths {
  std::filesystem::path root;
  std::filesystem::path patterns() const { return root / "patterns"; }
  std::filesystem::path signatures() const { return root / "signatures"; }
  std::filesystem::path playbooks() const { return root / "playbooks"; }
};

/// The executor's configuration that follows from the settings.
remediation::ExecutorConfig executorConfig(const config::Settings& settings, const ResourcePaths& resources);

/// Owns the store and the agents. The host holds the instance lock and has spawned the executor (before any
/// thread). Accessors are thread safe once start() has returned.
class Engine {
 public:
  struct Parts {
    config::Settings settings;
    ResourcePaths resources;
    remediation::ExecutorClient& executor;
    const base::Clock& clock;
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
  FixAgent& fixes() { return *m_fixes; }
  LogBuffer& logs() { return m_logs; }
  const base::Clock& clock() const { return m_parts.clock; }
  std::filesystem::path auditDirectory() const;
  std::vector<std::string> serviceNames() const;
  base::Result<model::EngineStatus> status();
  base::Result<model::AuditVerification> verifyAudit();
  /// Ends open incidents all of whose cited lines come from files below `directory`: what is there is gone,
  /// and no new line of it can come. Takes effect before stop() returns.
  base::Result<> dismissIncidentsOf(const std::filesystem::path& directory, const std::string& why);
  /// Problems of files that were left out at the start, for the host's standard error.
  const std::vector<std::string>& loadProblems() const { return m_loadProblems; }

 private:
  explicit Engine(Parts parts);
  base::Result<> open();
  void noteProblem(const std::string& part, const std::string& text);
  remediation::ValidationWorld validationWorld();
  std::vector<pipeline::LaneSource> laneSources() const;

  const Parts m_parts;
  const base::TimePoint m_startedAt;
  std::vector<std::string> m_loadProblems;
  std::unique_ptr<storage::Store> m_store;
  HealthLog m_health;
  Bus m_bus;
  LogBuffer m_logs;
  correlation::Topology m_topology;
  std::shared_ptr<const detection::PatternSet> m_patterns;
  remediation::PlaybookSet m_playbooks;
  std::unique_ptr<analysis::Diagnostician> m_diagnostician;
  std::unique_ptr<LogMonitorAgent> m_monitor;
  std::unique_ptr<RootCauseAgent> m_rootCause;
  std::unique_ptr<FixAgent> m_fixes;
  std::unique_ptr<LearningAgent> m_learning;
  bool m_stopped = true;
};

}  // namespace aiops::agents
