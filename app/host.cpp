// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host.h"

#include <unistd.h>

#include "service/engine_operations.h"

namespace aiops::app {

std::filesystem::path programDirectory() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

base::Result<agents::ResourcePaths> findResources() {
  const auto root = (programDirectory() / "../share/ai-ops-core").lexically_normal();
  std::error_code error;
  if (!std::filesystem::is_directory(root / "patterns", error)) {
    return base::fail(base::ErrorCode::NotFound, "the program's own data is missing", root.string(),
                      "install the program again");
  }
  return agents::ResourcePaths{root};
}

Host::Host(config::Settings settings, config::Home home, storage::InstanceLock lock,
           agents::ResourcePaths resources, Port port)
    : m_settings(std::move(settings)),
      m_home(std::move(home)),
      m_lock(std::move(lock)),
      m_resources(std::move(resources)),
      m_port(port),
      m_executor(agents::executorConfig(m_settings, m_resources), "/proc/self/exe") {}

Host::~Host() {
  stop();
}

base::Result<std::unique_ptr<Host>> Host::prepare(const config::LoadRequest& request, Port port) {
  auto settings = config::loadSettings(request);
  if (!settings) return std::unexpected(settings.error());
  auto resources = findResources();
  if (!resources) return std::unexpected(resources.error());
  auto home = config::Home::create(settings->home);
  if (!home) return std::unexpected(home.error());
  auto lock = storage::InstanceLock::acquire(home->path());
  if (!lock) return std::unexpected(lock.error());
  std::unique_ptr<Host> host(
      new Host(*std::move(settings), *std::move(home), *std::move(lock), *std::move(resources), port));
  if (auto spawned = host->m_executor.spawn(); !spawned) return std::unexpected(spawned.error());
  return host;
}

base::Result<> Host::start() {
  auto engine = agents::Engine::create({m_settings, m_resources, m_executor, m_clock});
  if (!engine) return std::unexpected(engine.error());
  m_engine = *std::move(engine);
  m_operations = service::makeEngineOperations(*m_engine);
  m_keys = std::make_unique<ApiKeyCache>(m_engine->store(), m_executor, m_clock);
  if (auto loaded = m_keys->load(m_home.localKeyFile()); !loaded) return loaded;
  if (auto listening = listen(); !listening) return listening;
  m_engine->start();
  return {};
}

base::Result<uint16_t> Host::startServer(uint16_t port) {
  m_server = std::make_unique<api::HttpServer>(
      api::ServerConfig{.address = m_settings.listenAddress, .port = port}, *m_operations, *m_keys, m_clock);
  return m_server->start();
}

base::Result<> Host::listen() {
  auto port = startServer(m_settings.listenPort);
  if (!port && port.error().code == base::ErrorCode::Unavailable && m_port == Port::MayMove)
    port = startServer(0);
  if (!port) return std::unexpected(port.error());
  const bool v6 = m_settings.listenAddress.find(':') != std::string::npos;
  const std::string address = v6 ? "[" + m_settings.listenAddress + "]" : m_settings.listenAddress;
  m_url = "http://" + address + ":" + std::to_string(*port);
  return m_lock.setEndpoint(m_url);
}

void Host::stop() {
  if (m_server) m_server->stop();
  if (m_engine) m_engine->stop();
  m_server.reset();
  m_operations.reset();
  m_keys.reset();
  m_engine.reset();
  ::unlink(m_home.localKeyFile().c_str());
}

}  // namespace aiops::app
