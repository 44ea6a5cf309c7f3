// The demo's supervisor: owns its services, restarts them only when asked, keeps a ledger of what it did.
// One thread: requests are taken one after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <initializer_list>

#include "app/demo/service/control_socket.h"
#include "app/demo/service/service_process.h"
#include "app/demo/service/supervised.h"
#include "app/demo/service/text.h"
#include "base/bytes.h"
#include "base/time.h"

namespace aiops::demo {

using base::ErrorCode;
using base::fail;
using base::Fd;
using base::Result;
using nlohmann::json;

namespace {

/// Appends one JSON line for each thing done, on disk before the request is answered.
class Ledger {
 public:
  static Result<Ledger> open(const std::string& path) {
    Fd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!fd.valid()) return base::failErrno(errno, "cannot open the ledger", path);
    return Ledger(std::move(fd));
  }
  void record(json entry) const {
    entry["at"] = base::toIso8601(base::SystemClock().now());
    if (base::writeAll(m_fd.get(), entry.dump(-1, ' ', false, json::error_handler_t::replace) + "\n")) {
      fsync(m_fd.get());
    }
  }

 private:
  explicit Ledger(Fd fd) : m_fd(std::move(fd)) {}
  Fd m_fd;
};

/// The services listed in DIR/services.json:
/// {"services":[{"name":"web","arguments":["web","--config",...]},...]}.
Result<std::vector<Supervised>> readServices(const std::string& dir) {
  const std::string path = dir + "/services.json";
  const auto text = base::readFile(path, 64 * 1024);
  if (!text) return std::unexpected(text.error());
  try {
    std::vector<Supervised> services;
    const json document = json::parse(*text);
    for (const json& entry : document.at("services")) {
      services.emplace_back(entry.at("name").get<std::string>(),
                            entry.at("arguments").get<std::vector<std::string>>());
    }
    return services;
  } catch (const json::exception& error) {
    return fail(ErrorCode::InvalidInput, error.what(), path);
  }
}

class Supervisor {
 public:
  Supervisor(std::vector<Supervised> services, Ledger ledger, Fd control, Fd endSignals, Fd childSignals)
      : m_services(std::move(services)),
        m_ledger(std::move(ledger)),
        m_control(std::move(control)),
        m_endSignals(std::move(endSignals)),
        m_childSignals(std::move(childSignals)) {}

  Result<> startAll() {
    for (Supervised& service : m_services) {
      auto started = service.start(m_endSignals.get());
      record("start", service, {}, started);
      if (!started) return started;
    }
    return {};
  }

  /// Until SIGTERM or SIGINT.
  void serve() {
    while (!m_ending) {
      pollfd ready[] = {
          {m_endSignals.get(), POLLIN, 0}, {m_childSignals.get(), POLLIN, 0}, {m_control.get(), POLLIN, 0}};
      if (poll(ready, 3, -1) < 0 && errno != EINTR) return;
      m_ending = ready[0].revents != 0;
      collectChildren();
      if (!m_ending && (ready[2].revents & POLLIN) != 0) takeRequest();
    }
  }

  void stopAll() {
    for (auto it = m_services.rbegin(); it != m_services.rend(); ++it) {
      if (!it->running()) continue;
      it->stop();
      record("stop", *it, {}, {});
    }
  }

 private:
  void record(const char* action, const Supervised& service, const std::string& token,
              const Result<>& result) {
    m_ledger.record({{"action", action},
                     {"service", service.name()},
                     {"pid", service.pid()},
                     {"token", token},
                     {"ok", result.has_value()},
                     {"detail", result ? std::string() : result.error().line()}});
  }

  void collectChildren() {
    signalfd_siginfo info{};
    while (read(m_childSignals.get(), &info, sizeof info) > 0) {
    }
    for (Supervised& service : m_services) {
      const std::string end = service.collect();
      if (!end.empty()) record("ended", service, {}, fail(ErrorCode::Unavailable, end));
    }
  }

  void takeRequest() {
    const Fd connection(accept4(m_control.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.valid()) return;
    const auto request = receiveMessage(connection.get(), std::chrono::seconds(2));
    const json reply = request ? answer(*request) : json{{"ok", false}, {"detail", request.error().line()}};
    // A requester that is gone learns nothing more; the ledger has what was done.
    static_cast<void>(sendMessage(connection.get(), reply));
  }

  json answer(const json& request) {
    const std::string name = textOf(request, "service");
    const auto service = std::ranges::find(m_services, name, &Supervised::name);
    if (service == m_services.end()) return {{"ok", false}, {"detail", "no such service"}};
    const std::string verb = textOf(request, "verb");
    if (verb == "status") return statusOfService(*service);
    if (verb == "restart") return restart(*service, textOf(request, "token"));
    return {{"ok", false}, {"detail", "no such verb"}};
  }

  static std::string textOf(const json& request, const char* key) {
    const auto it = request.find(key);
    return it != request.end() && it->is_string() ? it->get<std::string>() : std::string();
  }

  static json statusOfService(const Supervised& service) {
    return {{"ok", true},
            {"state", service.running() ? "running" : "down"},
            {"pid", service.pid()},
            {"properties", service.running() ? service.properties() : json::object()}};
  }

  json restart(Supervised& service, const std::string& token) {
    service.stop();
    const auto started = service.start(m_endSignals.get());
    record("restart", service, token, started);
    if (!started) return {{"ok", false}, {"detail", started.error().line()}};
    return {{"ok", true}, {"detail", concat("restarted, pid ", service.pid())}};
  }

  std::vector<Supervised> m_services;
  const Ledger m_ledger;
  const Fd m_control;
  const Fd m_endSignals;  ///< stays readable once one came, so that a wait for a service ends too
  const Fd m_childSignals;
  bool m_ending = false;
};

/// Ends with the process that started it, if that named itself; SIGTERM comes when its starting thread ends.
Result<> tieToParent(const Options& options) {
  const auto parent = options.number("--parent", 1, 1L << 30, 0);
  if (!parent) return std::unexpected(parent.error());
  if (*parent == 0) return {};
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != *parent) return fail(ErrorCode::Cancelled, "the starting process is gone", "--parent");
  return {};
}

Result<Fd> takeByDescriptor(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : signals) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  Fd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) return base::failErrno(errno, "cannot watch signals");
  return fd;
}

}  // namespace

int runSupervisor(const Options& options) {
  const auto dir = options.required("--dir");
  if (!dir) return failWith(dir.error(), 2);
  auto endSignals = takeByDescriptor({SIGTERM, SIGINT, SIGHUP});
  if (!endSignals) return failWith(endSignals.error(), 3);
  auto childSignals = takeByDescriptor({SIGCHLD});
  if (!childSignals) return failWith(childSignals.error(), 3);
  if (auto tied = tieToParent(options); !tied) return failWith(tied.error(), 3);
  auto services = readServices(*dir);
  if (!services) return failWith(services.error(), 3);
  auto ledger = Ledger::open(*dir + "/ledger.jsonl");
  if (!ledger) return failWith(ledger.error(), 3);
  auto control = listenForControl(*dir);
  if (!control) return failWith(control.error(), 3);

  const std::filesystem::path pidFile = *dir + "/supervisor.pid";
  const std::filesystem::path socketFile = *dir + "/supervisor.sock";
  if (auto written = base::writeFileAtomic(pidFile, concat(getpid(), '\n')); !written) {
    return failWith(written.error(), 3);
  }
  Supervisor supervisor(std::move(*services), std::move(*ledger), std::move(*control), std::move(*endSignals),
                        std::move(*childSignals));
  const auto started = supervisor.startAll();
  if (started) {
    reportReady(options, "{}");
    supervisor.serve();
  }
  supervisor.stopAll();
  std::error_code ignored;
  std::filesystem::remove(socketFile, ignored);
  std::filesystem::remove(pidFile, ignored);
  return started ? 0 : failWith(started.error(), 1);
}

}  // namespace aiops::demo
