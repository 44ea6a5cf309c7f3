// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/executor_client.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "base/bounded_queue.h"
#include "base/mutex.h"
#include "model/json.h"
#include "remediation/protocol.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Fd;
using base::Result;
using nlohmann::json;

constexpr int kSocketFd = 3;
constexpr auto kSendTimeout = std::chrono::milliseconds(10000);
constexpr auto kRequestTimeout = std::chrono::milliseconds(15000);
constexpr auto kFarewell = std::chrono::milliseconds(5000);

using Answer = Result<json>;
using AnswerQueue = base::BoundedQueue<Answer>;

/// All that the child needs, made before the fork: afterwards only async-signal-safe calls are allowed.
struct ChildStart {
  std::string program;
  std::vector<std::string> environment;
  int socket = -1;
};

[[noreturn]] void becomeExecutor(const char* program, char* const* argv, char* const* environment,
                                 int socket) {
  ::setsid();  // a Ctrl-C in the terminal is the engine's to handle; it hangs up when it wants us gone
  if (socket == kSocketFd) {
    ::fcntl(socket, F_SETFD, 0);
  } else if (::dup2(socket, kSocketFd) < 0) {
    ::_exit(127);
  }
  if (::syscall(SYS_close_range, kSocketFd + 1, UINT_MAX, 0) != 0) ::_exit(127);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(program, argv, environment);
  ::_exit(127);
}

Result<pid_t> startProcess(const ChildStart& start) {
  std::string program = start.program, flag = "--executor";
  char* const argv[] = {program.data(), flag.data(), nullptr};
  auto variables = start.environment;
  std::vector<char*> environment;
  for (auto& variable : variables) environment.push_back(variable.data());
  environment.push_back(nullptr);
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of this process may run in the child
  const pid_t pid = ::fork();
  if (pid == 0) becomeExecutor(program.c_str(), argv, environment.data(), start.socket);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return base::failErrno(error, "can't start the executor");
  return pid;
}

/// A fault that was asked for strikes once: the executor that is started after it goes without.
std::vector<std::string> childEnvironment(bool isFirst) {
  std::vector<std::string> out{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};
  const char* setting = isFirst ? std::getenv("AIOPS_FAIL") : nullptr;
  if (setting) out.push_back(std::string("AIOPS_FAIL=") + setting);
  return out;
}

/// Waits up to `limit` for the child; its end in words, or nothing when it still lives.
std::optional<std::string> reap(pid_t pid, std::chrono::milliseconds limit) {
  const Fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd waiting{pidfd.get(), POLLIN, 0};
  if (pidfd.valid()) ::poll(&waiting, 1, static_cast<int>(limit.count()));
  int status = 0;
  const pid_t got = ::waitpid(pid, &status, WNOHANG);
  if (got == 0) return std::nullopt;
  if (got == pid && WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  if (got == pid && WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  return "gone";
}

/// One executor process: its socket, its reader thread, and the requests that wait for an answer.
class Connection {
 public:
  Connection(base::Fd socket, pid_t pid) : m_channel(std::move(socket), kSendTimeout), m_pid(pid) {}
  ~Connection() {
    m_leaving = true;
    m_channel.hangUp();
    if (m_reader.joinable()) m_reader.join();
    if (!m_reaped) (void)reap(m_pid, kFarewell);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void listen(ExecutorClient::Callbacks callbacks) {
    m_callbacks = std::move(callbacks);
    m_reader = std::thread([this] { read(); });
  }
  bool listening() const { return m_reader.joinable(); }
  bool alive() const { return !m_channel.closed(); }
  int pid() const { return m_pid; }

  Answer ask(json request, std::chrono::milliseconds timeout) AIOPS_EXCLUDES(m_mutex) {
    if (std::this_thread::get_id() == m_reader.get_id()) {
      return fail(ErrorCode::Internal, "a request from inside a callback would wait for itself");
    }
    const auto answer = std::make_shared<AnswerQueue>(1);
    uint64_t id = 0;
    {
      base::MutexLock lock(m_mutex);
      if (m_ended) return fail(ErrorCode::Unavailable, "the executor is not running");
      id = ++m_lastId;
      m_waiting[id] = answer;
      request["id"] = id;
      if (auto sent = m_channel.send(request); !sent) {
        m_waiting.erase(id);
        return std::unexpected(sent.error());
      }
    }
    auto got = answer->popUntil(std::chrono::steady_clock::now() + timeout);
    base::MutexLock lock(m_mutex);
    m_waiting.erase(id);
    if (got) return *std::move(got);
    if (m_ended) return fail(ErrorCode::Unavailable, "the executor ended before it answered");
    // Not Timeout: that is the executor's own word for an approval that has expired.
    return fail(ErrorCode::Unavailable, "the executor did not answer in time");
  }

 private:
  void read() {
    while (!m_channel.closed()) {
      for (const auto& message : m_channel.receive(std::chrono::milliseconds(1000))) {
        try {
          take(message);
        } catch (const json::exception&) {
          m_channel.hangUp();  // not our protocol: treat it as lost
        }
      }
    }
    end();
  }

  void take(const json& message) {
    if (message.contains("event")) {
      if (m_callbacks.onEvent) m_callbacks.onEvent(message.at("event").get<ExecutorEvent>());
      return;
    }
    std::shared_ptr<AnswerQueue> queue;
    {
      base::MutexLock lock(m_mutex);
      const auto found = m_waiting.find(message.at("id").get<uint64_t>());
      if (found == m_waiting.end()) return;  // its asker gave up
      queue = found->second;
    }
    Answer answer = fail(ErrorCode::Internal, "");
    if (message.contains("error")) {
      answer = std::unexpected(errorFromJson(message.at("error")));
    } else {
      answer = message.at("result");
    }
    queue->tryPush(std::move(answer));
  }

  void end() {
    {
      base::MutexLock lock(m_mutex);
      m_ended = true;
      for (const auto& [id, queue] : m_waiting) queue->close();
    }
    if (m_leaving) return;
    const auto how = reap(m_pid, std::chrono::milliseconds(1000));
    m_reaped = how.has_value();
    if (m_callbacks.onLost) m_callbacks.onLost(how.value_or("it closed its connection"));
  }

  Channel m_channel;
  const pid_t m_pid;
  std::atomic<bool> m_leaving = false;
  std::atomic<bool> m_reaped = false;
  ExecutorClient::Callbacks m_callbacks;  ///< set before the reader starts
  base::Mutex m_mutex;
  std::map<uint64_t, std::shared_ptr<AnswerQueue>> m_waiting AIOPS_GUARDED_BY(m_mutex);
  uint64_t m_lastId AIOPS_GUARDED_BY(m_mutex) = 0;
  bool m_ended AIOPS_GUARDED_BY(m_mutex) = false;
  std::thread m_reader;
};

}  // namespace

class ExecutorClient::Impl {
 public:
  Impl(ExecutorConfig config, std::filesystem::path program)
      : m_config(std::move(config)), m_program(std::move(program)) {}

  std::function<std::string(std::string_view)> redact;
  std::string clean(const std::string& text) const { return redact ? redact(text) : text; }

  Result<> spawn() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      return base::failErrno(errno, "can't make a socket for the executor");
    }
    Fd ours(ends[0]);
    const Fd theirs(ends[1]);
    const auto pid =
        startProcess({m_program.string(), childEnvironment(!std::exchange(m_spawned, true)), theirs.get()});
    if (!pid) return std::unexpected(pid.error());
    set(std::make_shared<Connection>(std::move(ours), *pid));
    return {};
  }

  Result<ExecutorStatus> connect(Callbacks callbacks) {
    m_callbacks = std::move(callbacks);
    return open();
  }

  Result<ExecutorStatus> respawn() {
    set(nullptr);
    if (auto spawned = spawn(); !spawned) return std::unexpected(spawned.error());
    return open();
  }

  void disconnect() { set(nullptr); }

  std::shared_ptr<Connection> connection() const AIOPS_EXCLUDES(m_mutex) {
    base::MutexLock lock(m_mutex);
    return m_connection;
  }

  Answer ask(const char* method, json request, std::chrono::milliseconds timeout = kRequestTimeout) const {
    const auto current = connection();
    if (!current || !current->listening())
      return fail(ErrorCode::Unavailable, "the executor is not connected");
    request["method"] = method;
    return current->ask(std::move(request), timeout);
  }

  Result<> tell(const char* method, json request) const {
    const auto answer = ask(method, std::move(request));
    if (!answer) return std::unexpected(answer.error());
    return {};
  }

  template <class T>
  Result<T> get(const char* method, json request, std::chrono::milliseconds timeout = kRequestTimeout) const {
    const auto answer = ask(method, std::move(request), timeout);
    if (!answer) return std::unexpected(answer.error());
    try {
      return answer->template get<T>();
    } catch (const json::exception& error) {
      return fail(ErrorCode::Internal, std::string("the executor's answer can't be read: ") + error.what());
    }
  }

 private:
  Result<ExecutorStatus> open() {
    const auto current = connection();
    if (!current) return fail(ErrorCode::Unavailable, "the executor has not been started");
    current->listen(m_callbacks);
    return get<ExecutorStatus>("configure", {{"config", m_config}}, m_config.lockWait + kRequestTimeout);
  }

  void set(std::shared_ptr<Connection> connection) AIOPS_EXCLUDES(m_mutex) {
    {
      base::MutexLock lock(m_mutex);
      m_connection.swap(connection);
    }
    connection.reset();  // ending the old one takes a while: not under the lock
  }

  const ExecutorConfig m_config;
  const std::filesystem::path m_program;
  bool m_spawned = false;
  Callbacks m_callbacks;  ///< set by connect(), before any respawn()
  mutable base::Mutex m_mutex;
  std::shared_ptr<Connection> m_connection AIOPS_GUARDED_BY(m_mutex);
};

ExecutorClient::ExecutorClient(ExecutorConfig config, std::filesystem::path program)
    : m_impl(std::make_unique<Impl>(std::move(config), std::move(program))) {}
ExecutorClient::~ExecutorClient() = default;

base::Result<> ExecutorClient::spawn() {
  return m_impl->spawn();
}

base::Result<ExecutorStatus> ExecutorClient::connect(Callbacks callbacks) {
  return m_impl->connect(std::move(callbacks));
}

base::Result<ExecutorStatus> ExecutorClient::respawn() {
  return m_impl->respawn();
}

void ExecutorClient::disconnect() {
  m_impl->disconnect();
}

bool ExecutorClient::connected() const {
  const auto current = m_impl->connection();
  return current && current->listening() && current->alive();
}

int ExecutorClient::pid() const {
  const auto current = m_impl->connection();
  return current ? current->pid() : 0;
}

base::Result<ExecutorStatus> ExecutorClient::status() {
  return m_impl->get<ExecutorStatus>("status", json::object());
}

base::Result<ExecutorStatus> ExecutorClient::statusOfRuns() {
  return m_impl->get<ExecutorStatus>("status", {{"runs", true}});
}

void ExecutorClient::setRedact(std::function<std::string(std::string_view)> redact) {
  m_impl->redact = std::move(redact);
}

base::Result<model::AuditEntry> ExecutorClient::audit(const model::AuditEntry& given) {
  auto entry = given;
  for (std::string* text : {&entry.target, &entry.why, &entry.result}) *text = m_impl->clean(*text);
  return m_impl->get<model::AuditEntry>("audit", {{"entry", entry}});
}

base::Result<> ExecutorClient::approve(const std::string& planBytes, const std::string& planHash,
                                       const std::string& who, const std::string& reason) {
  return m_impl->tell(
      "approve",
      {{"plan", planBytes}, {"planHash", planHash}, {"who", who}, {"reason", m_impl->clean(reason)}});
}

base::Result<> ExecutorClient::reject(const std::string& planHash, const std::string& who,
                                      const std::string& reason) {
  return m_impl->tell("reject", {{"planHash", planHash}, {"who", who}, {"reason", m_impl->clean(reason)}});
}

base::Result<> ExecutorClient::execute(const std::string& planBytes, const std::string& planHash) {
  return m_impl->tell("execute", {{"plan", planBytes}, {"planHash", planHash}});
}

base::Result<> ExecutorClient::verdict(const std::string& planHash, bool ok, const std::string& detail) {
  return m_impl->tell("verdict", {{"planHash", planHash}, {"ok", ok}, {"detail", m_impl->clean(detail)}});
}

base::Result<> ExecutorClient::stop(const std::string& who, const std::string& reason) {
  return m_impl->tell("stop", {{"who", who}, {"reason", m_impl->clean(reason)}});
}

base::Result<> ExecutorClient::resume(const std::string& who, const std::string& reason) {
  return m_impl->tell("resume", {{"who", who}, {"reason", m_impl->clean(reason)}});
}

base::Result<ExecutorStatus> ExecutorClient::recover() {
  return m_impl->get<ExecutorStatus>("recover", json::object());
}

base::Result<> ExecutorClient::unlockTarget(const std::string& target, const std::string& who,
                                            const std::string& reason) {
  return m_impl->tell("unlock", {{"target", target}, {"who", who}, {"reason", m_impl->clean(reason)}});
}

base::Result<model::HostAct> ExecutorClient::bind(const std::string& service, const std::string& verb,
                                                  const model::Facts& arguments,
                                                  std::chrono::milliseconds timeout) {
  return m_impl->get<model::HostAct>(
      "bind", {{"service", service}, {"verb", verb}, {"arguments", arguments}, {"timeout", timeout.count()}});
}

base::Result<model::UnitState> ExecutorClient::observe(const std::string& service) {
  return m_impl->get<model::UnitState>("observe", {{"service", service}});
}

base::Result<model::DryRun> ExecutorClient::dryRun(const std::string& planBytes,
                                                   const std::string& planHash) {
  return m_impl->get<model::DryRun>("dry_run", {{"plan", planBytes}, {"planHash", planHash}});
}

}  // namespace aiops::remediation
