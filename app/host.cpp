// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <climits>

#include "base/bytes.h"
#include "service/engine_operations.h"

namespace aiops::app {
namespace {

/// A key ring that hangs must not keep the start waiting; somebody who sets a secret waits longer.
constexpr std::chrono::milliseconds kRingAtStart{1000}, kRingPatience{10000};
constexpr size_t kLongestPath = 4096;

std::filesystem::path databaseNote(const config::Home& home) {
  return home.path() / "database";
}

/// For the command line, which may look when no instance runs.
base::Result<> rememberDatabase(const config::Home& home, const std::string& database) {
  if (database != home.database()) return base::writeFileAtomic(databaseNote(home), database + "\n", 0600);
  ::unlink(databaseNote(home).c_str());
  return {};
}

}  // namespace

std::filesystem::path lastDatabase(const config::Home& home) {
  auto note = base::readFile(databaseNote(home), kLongestPath);
  if (!note || !note->starts_with('/')) return home.database();
  return note->substr(0, note->find('\n'));
}

std::filesystem::path programDirectory() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

namespace {

/// Of the machine, and over it of this user.
std::vector<std::filesystem::path> ownPatternFolders() {
  std::vector<std::filesystem::path> folders{"/etc/ai-ops-core/patterns"};
  const auto variables = config::processEnvironment();
  const auto value = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
  const auto config = value("XDG_CONFIG_HOME");
  const auto home = value("HOME");
  if (config.starts_with('/')) {
    folders.push_back(std::filesystem::path(config) / "ai-ops-core/patterns");
  } else if (home.starts_with('/')) {
    folders.push_back(std::filesystem::path(home) / ".config/ai-ops-core/patterns");
  }
  return folders;
}

}  // namespace

base::Result<agents::ResourcePaths> findResources() {
  const auto root = (programDirectory() / "../share/ai-ops-core").lexically_normal();
  std::error_code error;
  if (!std::filesystem::is_directory(root / "patterns", error)) {
    return base::fail(base::ErrorCode::NotFound, "the program's own data is missing", root.string(),
                      "install the program again");
  }
  return agents::ResourcePaths{root, ownPatternFolders()};
}

Host::Host(const config::LoadRequest& request, config::Settings settings, config::Home home,
           storage::InstanceLock lock, agents::ResourcePaths resources, Port port)
    : m_request(request),
      m_settings(std::move(settings)),
      m_home(std::move(home)),
      m_lock(std::move(lock)),
      m_redactor(std::make_shared<security::Redactor>()),
      m_logger(m_clock, STDERR_FILENO, redact()),
      m_ring(kRingPatience),
      m_secrets(m_home.path(), m_ring),
      m_resources(std::move(resources)),
      m_port(port),
      m_executor(agents::executorConfig(m_settings, m_resources), "/proc/self/exe") {
  m_executor.setRedact(redact());
  applyLive(m_settings);
}

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
  std::unique_ptr<Host> host(new Host(request, *std::move(settings), *std::move(home), *std::move(lock),
                                      *std::move(resources), port));
  if (auto locked = host->lockDatabase(); !locked) return std::unexpected(locked.error());
  if (auto spawned = host->m_executor.spawn(); !spawned) return std::unexpected(spawned.error());
  return host;
}

/// Two homes must not share one database: each has a writer of its own. The lock is a file beside it, since
/// to close another descriptor of the database itself would drop SQLite's own locks.
base::Result<> Host::lockDatabase() {
  if (m_settings.database == m_home.database()) return rememberDatabase(m_home, m_settings.database);
  const std::string file = m_settings.database + ".lock";
  m_databaseLock = base::Fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!m_databaseLock.valid()) {
    return base::failErrno(errno, "can't open the database", m_settings.database,
                           "see database.url in `ai-ops-core settings`");
  }
  if (::flock(m_databaseLock.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::fail(base::ErrorCode::Conflict, "another instance uses this database", m_settings.database,
                      "end it, or choose another database.url");
  }
  return rememberDatabase(m_home, m_settings.database);
}

/// The stored secrets outrank those of config.yaml and are outranked by variables.
void Host::readSecrets() {
  security::KeyRing ring(kRingAtStart);
  security::SecretStore store(m_home.path(), ring);
  const auto kept = store.list();
  if (!kept) m_settings.notices.push_back("secrets are left out: " + kept.error().line());
  for (const auto& secret : kept ? *kept : std::vector<security::StoredSecret>{}) {
    const auto state = m_settings.states.find(secret.name);
    if (state == m_settings.states.end() || !state->second.fixedBy.empty()) continue;
    const auto value = store.read(secret.name);
    if (!value) {
      m_settings.notices.push_back("the secret '" + secret.name + "' is left out: " + value.error().line());
      if (value.error().code == base::ErrorCode::Timeout) break;  // the others would wait as long
      continue;
    }
    m_settings.secrets[secret.name] = {*value, secret.keptIn};
    state->second.origin = "console";
  }
  applyLive(m_settings);
}

/// Of Debian and its kin; elsewhere there are no such files.
agents::ChangePlaces Host::changePlaces() {
  char name[HOST_NAME_MAX + 1] = {};
  const bool known = ::gethostname(name, sizeof name - 1) == 0;
  return {
      .packageLog = "/var/log/dpkg.log", .unitDirectory = "/etc/systemd/system", .host = known ? name : ""};
}

std::function<std::string(std::string_view)> Host::redact() const {
  return [redactor = m_redactor](std::string_view text) { return redactor->redact(text); };
}

void Host::applyLive(const config::Settings& settings) {
  m_logger.setLevel(settings.log.level);
  m_logger.setFormat(settings.log.format);
  for (const auto& [key, secret] : settings.secrets) m_redactor->addOwnSecret(secret.value);
}

base::Result<> Host::start() {
  readSecrets();
  m_live = std::make_unique<config::LiveSettings>(m_request, m_settings);
  m_live->onChange([this](const config::Settings& settings) { applyLive(settings); });
  auto engine = agents::Engine::create({m_settings, m_resources, m_executor, m_clock,
                                        agents::SettingsParts{m_live.get(), &m_secrets, &m_logger}, redact(),
                                        changePlaces()});
  if (!engine) return std::unexpected(engine.error());
  m_engine = *std::move(engine);
  m_engine->observe([this](const agents::Message& message) { m_programLog.note(message); });
  m_operations = service::makeEngineOperations(*m_engine);
  m_keys = std::make_unique<ApiKeyCache>(m_engine->store(), m_executor, m_clock);
  if (auto loaded = m_keys->load(m_home.localKeyFile()); !loaded) return loaded;
  if (auto listening = listen(); !listening) return listening;
  m_engine->start();
  m_logger.info("program", "ready",
                {{"url", m_url}, {"home", m_home.path().string()}, {"version", AIOPS_VERSION}});
  return {};
}

base::Result<uint16_t> Host::startServer(uint16_t port) {
  m_server = std::make_unique<api::HttpServer>(
      api::ServerConfig{.address = m_settings.listenAddress, .port = port, .redactor = m_redactor},
      *m_operations, *m_keys, m_clock);
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
  if (m_engine) m_logger.info("program", "stopping");
  if (m_server) m_server->stop();
  if (m_engine) m_engine->stop();
  m_server.reset();
  m_operations.reset();
  m_keys.reset();
  m_engine.reset();
  ::unlink(m_home.localKeyFile().c_str());
}

}  // namespace aiops::app
