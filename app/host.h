// Builds the engine, its front doors and what they need, in the one right order, and ends them in reverse.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "agents/engine.h"
#include "api/http_server.h"
#include "app/api_key_cache.h"
#include "app/program_log.h"
#include "base/logger.h"
#include "base/time.h"
#include "config/home.h"
#include "config/live_settings.h"
#include "config/settings.h"
#include "remediation/executor_client.h"
#include "security/key_ring.h"
#include "security/redaction.h"
#include "service/operations.h"
#include "storage/instance_lock.h"

namespace aiops::app {

/// Patterns, signatures and playbooks: beside the program (../share/ai-ops-core of its directory).
/// NotFound when they are not there.
base::Result<agents::ResourcePaths> findResources();

/// The directory of the running program.
std::filesystem::path programDirectory();

/// The database that this home used last: its own, or the one of database.url.
std::filesystem::path lastDatabase(const config::Home& home);

/// One running instance. Use: prepare() before any thread and before QCoreApplication, then start().
class Host {
 public:
  /// What to do when the port is in use: fail, or take any free one (a demo beside a running instance).
  enum class Port { Fixed, MayMove };

  /// Loads the settings, takes the home's lock and starts the executor process.
  static base::Result<std::unique_ptr<Host>> prepare(const config::LoadRequest& request,
                                                     Port port = Port::Fixed);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Opens the database, connects the executor, listens, and starts reading. On failure nothing is left.
  base::Result<> start();
  /// Ends everything; a running fix is undone by the executor first. Idempotent.
  void stop();

  service::Operations& operations() { return *m_operations; }
  agents::Engine& engine() { return *m_engine; }
  const std::string& url() const { return m_url; }
  const config::Settings& settings() const { return m_settings; }
  const base::Logger& logger() const { return m_logger; }
  const config::Home& home() const { return m_home; }

 private:
  Host(const config::LoadRequest& request, config::Settings settings, config::Home home,
       storage::InstanceLock lock, agents::ResourcePaths resources, Port port);
  base::Result<> lockDatabase();
  void readSecrets();
  std::function<std::string(std::string_view)> redact() const;
  static agents::ChangePlaces changePlaces();
  void applyLive(const config::Settings& settings);
  base::Result<> listen();
  base::Result<uint16_t> startServer(uint16_t port);

  const base::SystemClock m_clock;
  const config::LoadRequest m_request;
  config::Settings m_settings;  ///< as at the start, with the stored secrets
  const config::Home m_home;
  storage::InstanceLock m_lock;
  base::Fd m_databaseLock;  ///< of a database outside the home
  const std::shared_ptr<security::Redactor> m_redactor;
  base::Logger m_logger;
  ProgramLog m_programLog{m_logger};
  security::KeyRing m_ring;
  security::SecretStore m_secrets;
  std::unique_ptr<config::LiveSettings> m_live;
  const agents::ResourcePaths m_resources;
  const Port m_port;
  remediation::ExecutorClient m_executor;
  std::unique_ptr<agents::Engine> m_engine;
  std::unique_ptr<service::Operations> m_operations;
  std::unique_ptr<ApiKeyCache> m_keys;
  std::unique_ptr<api::HttpServer> m_server;
  std::string m_url;
};

}  // namespace aiops::app
