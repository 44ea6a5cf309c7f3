// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_scenario.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "base/bytes.h"

namespace aiops::demo {

namespace fs = std::filesystem;

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Fd;
using base::Result;
using nlohmann::json;

namespace {

constexpr const char* kPrefix = "web-503-";
constexpr int kReadyMs = 15000;
/// The supervisor gives each of its three services three seconds.
constexpr int kStopMs = 10000;

fs::path runDirectory(const fs::path& home) {
  return home / "demo" / (kPrefix + std::to_string(getpid()));
}

/// The process of a run's folder, or 0 if the folder is none of ours.
pid_t ownerOf(const fs::path& folder) {
  const std::string name = folder.filename();
  if (!name.starts_with(kPrefix)) return 0;
  pid_t pid = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + std::char_traits<char>::length(kPrefix), end, pid);
  return error == std::errc() && stop == end && pid > 0 ? pid : 0;
}

void removeLeftOvers(const fs::path& parent) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
    const pid_t owner = ownerOf(entry.path());
    const bool gone = owner == getpid() || (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH);
    if (gone) fs::remove_all(entry.path(), ignored);
  }
}

/// A port that is free now; the socket is kept until all ports of a run are chosen, so that they differ.
struct FreePort {
  Fd socket;
  uint16_t port = 0;
};

Result<FreePort> findFreePort() {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return failErrno(errno, "cannot create a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd.get(), generic, size) != 0 || getsockname(fd.get(), generic, &size) != 0) {
    return failErrno(errno, "cannot find a free port", "127.0.0.1");
  }
  return FreePort{std::move(fd), ntohs(address.sin_port)};
}

/// A string as YAML takes it: JSON strings are YAML.
std::string quoted(const fs::path& path) {
  return json(path.string()).dump();
}

json service(const char* name, std::vector<std::string> arguments) {
  return {{"name", name}, {"arguments", std::move(arguments)}};
}

void awaitEnd(pid_t pid) {
  const Fd pidFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{pidFd.get(), POLLIN, 0};
  int count = 0;
  do {
    count = poll(&ended, 1, kStopMs);
  } while (count < 0 && errno == EINTR);
  // Killed, it can't end its services; the kernel then does.
  if (count <= 0) kill(pid, SIGKILL);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<> awaitReady(int fd) {
  pollfd ready{fd, POLLIN, 0};
  int count = 0;
  do {
    count = poll(&ready, 1, kReadyMs);
  } while (count < 0 && errno == EINTR);
  char byte = 0;
  if (count > 0 && read(fd, &byte, 1) == 1) return {};
  return fail(count == 0 ? ErrorCode::Timeout : ErrorCode::Unavailable, "the demo's services did not start");
}

}  // namespace

Web503Scenario::Web503Scenario(const Web503Options& options)
    : m_options(options), m_dir(runDirectory(options.home)) {}

Result<std::unique_ptr<Web503Scenario>> Web503Scenario::prepare(const Web503Options& options) {
  if (access(options.serviceBinary.c_str(), X_OK) != 0) {
    return failErrno(errno, "cannot run the demo's services", options.serviceBinary, "build or install them");
  }
  std::error_code error;
  fs::create_directories(options.home / "demo", error);
  removeLeftOvers(options.home / "demo");
  std::unique_ptr<Web503Scenario> scenario(new Web503Scenario(options));
  fs::create_directories(scenario->m_dir / "logs", error);
  if (error) return failErrno(error.value(), "cannot create the demo's folder", scenario->m_dir);
  fs::permissions(scenario->m_dir, fs::perms::owner_all, error);
  auto done = scenario->choosePorts();
  if (done) done = scenario->writeFiles();
  if (!done) return std::unexpected(done.error());
  return scenario;
}

Result<> Web503Scenario::choosePorts() {
  const auto web = findFreePort();
  if (!web) return std::unexpected(web.error());
  const auto front = findFreePort();
  if (!front) return std::unexpected(front.error());
  m_webPort = web->port;
  m_frontPort = front->port;
  return {};
}

Result<> Web503Scenario::writeFiles() const {
  const std::array<std::pair<fs::path, std::string>, 6> files = {{{webConfig(), webConfigText()},
                                                                  {m_dir / "services.json", servicesText()},
                                                                  {engineConfig(), engineConfigText()},
                                                                  {webLog(), {}},
                                                                  {frontLog(), {}},
                                                                  {frontErrorLog(), {}}}};
  for (const auto& [path, text] : files) {
    if (auto written = base::writeFileAtomic(path, text); !written) return written;
  }
  return {};
}

std::string Web503Scenario::webConfigText() const {
  // With 28 carts a second, sessions of 9 s need about 63 MB; those of 30 s with 70 carts a second about 525
  // MB.
  const unsigned ttl = m_options.variant == Web503Variant::FailValidation ? 30 : 9;
  const int most = m_options.variant == Web503Variant::BreakSomething ? 64 : 1024;
  std::ostringstream text;
  text << "# The shop's session service. Read once, at start.\n"
       << "listen_port = " << m_webPort << "\n\n"
       << "# How much memory all sessions together may take, in MiB. At the limit new carts are refused with "
          "503.\n"
       << "memory_limit_mb = 48\n\n"
       << "# The most that this machine has for it.\n"
       << "memory_max_mb = " << most << "\n\n"
       << "session_size_kb = " << 256 * m_options.pace << "\n"
       << "session_ttl_s = " << ttl / m_options.pace << "\n\n"
       << "# info or warn\n"
       << "log_level = info\n";
  return text.str();
}

std::string Web503Scenario::servicesText() const {
  const std::string webPort = std::to_string(m_webPort);
  const std::string frontPort = std::to_string(m_frontPort);
  std::vector<std::string> traffic = {
      "traffic", "--to", frontPort, "--seconds", std::to_string(m_options.trafficFor.count()),
      "--rate",  "40"};
  if (m_options.variant == Web503Variant::FailValidation) {
    traffic.insert(traffic.end(), {"--later-rate", std::to_string(200 / m_options.pace), "--later-after",
                                   std::to_string(6 / m_options.pace)});
  }
  const json document = {
      {"services",
       {service("web", {"web", "--config", webConfig(), "--log", webLog()}),
        service("front", {"front", "--listen", frontPort, "--upstream", "127.0.0.1:" + webPort, "--log",
                          frontLog(), "--error-log", frontErrorLog()}),
        service("traffic", std::move(traffic))}}};
  return document.dump(2) + "\n";
}

std::string Web503Scenario::engineConfigText() const {
  const std::string binary = quoted(m_options.serviceBinary);
  const std::string ctl = "[" + binary + ", ctl, --dir, " + quoted(m_dir);
  std::ostringstream text;
  text << "sources:\n"
       << "  - path: " << quoted(webLog()) << "\n    service: web\n"
       << "  - path: " << quoted(frontLog()) << "\n    service: front\n"
       << "  - path: " << quoted(frontErrorLog()) << "\n    service: front\n"
       << "services:\n"
       << "  - name: web\n"
       << "    config_file: " << quoted(webConfig()) << "\n"
       << "    health_url: http://127.0.0.1:" << m_webPort << "/healthz\n"
       << "    commands:\n"
       << "      restart: " << ctl << ", restart, web]\n"
       << "      status: " << ctl << ", status, web, --expect-limit, \"{new_limit}\"]\n"
       << "  - name: front\n"
       << "    depends_on: [web]\n"
       << "    health_url: http://127.0.0.1:" << m_frontPort << "/\n"
       << "execution:\n"
       << "  allowed_commands: [" << binary << "]\n"
       << "  forbidden_paths: [/etc/shadow, /root/.ssh]\n"
       << "  max_execution_time: 300s\n";
  return text.str();
}

Result<> Web503Scenario::start() {
  if (m_supervisor > 0) return fail(ErrorCode::Conflict, "the demo's services run already");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failErrno(errno, "cannot create a pipe");
  const Fd readEnd(ends[0]);
  Fd writeEnd(ends[1]);
  if (auto spawned = spawnSupervisor(writeEnd.get()); !spawned) return spawned;
  writeEnd.reset();
  auto ready = awaitReady(readEnd.get());
  if (!ready) {
    ready.error().where = (m_dir / "logs" / "supervisor.log").string();
    endSupervisor();
  }
  return ready;
}

Result<> Web503Scenario::spawnSupervisor(int readyFd) {
  // dup2 to a fixed number hands the pipe on: the copy is not closed on exec.
  constexpr int kReadyFd = 3;
  std::vector<std::string> words = {m_options.serviceBinary,
                                    "supervisor",
                                    "--dir",
                                    m_dir,
                                    "--parent",
                                    std::to_string(getpid()),
                                    "--ready-fd",
                                    std::to_string(kReadyFd)};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string log = m_dir / "logs" / "supervisor.log";

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, readyFd, kReadyFd);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, kReadyFd + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A session of its own: Ctrl-C on the terminal reaches the demo, which then ends its services in order.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  const int error =
      posix_spawn(&m_supervisor, words.front().c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return {};
  m_supervisor = 0;
  return failErrno(error, "cannot start the demo's services", m_options.serviceBinary);
}

void Web503Scenario::endSupervisor() {
  if (m_supervisor == 0) return;
  kill(m_supervisor, SIGTERM);
  awaitEnd(m_supervisor);
  m_supervisor = 0;
}

void Web503Scenario::stop() {
  endSupervisor();
  std::error_code ignored;
  fs::remove_all(m_dir, ignored);
}

Result<std::string> Web503Scenario::bytesOfConfig() const {
  return base::readFile(webConfig(), 64 * 1024);
}

}  // namespace aiops::demo
