// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/command_runner.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <optional>
#include <set>

#include "sandbox/landlock.h"
#include "sandbox/launcher.h"
#include "sandbox/output_capture.h"
#include "sandbox/process_table.h"

namespace aiops::sandbox {
namespace {

using base::ErrorCode;
using base::Result;
using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using End = CommandResult::End;

constexpr milliseconds kPoll{50};
constexpr milliseconds kPollWhileGrowing{5};
/// A killed process goes at once unless the kernel holds it (a hung network file system).
constexpr milliseconds kUnkillableAfter{10000};
/// Bytes read before the clock and the hooks are looked at again.
constexpr size_t kReadBurst = 1 << 20;

/// Processes by pid and start time, which no reuse of the pid can repeat.
using ProcessSet = std::set<std::pair<pid_t, std::string>>;

/// The children of this process that are not the command's: those from before it.
ProcessSet childrenNow() {
  ProcessSet out;
  for (const auto& info : listProcesses()) {
    if (info.parent == ::getpid()) out.emplace(info.pid, info.startTime);
  }
  return out;
}

/// Everything that runs because of one command. This process is a subreaper, so each of them is below a child
/// of this process at any time. Ends them all on destruction.
class Tree {
 public:
  Tree(pid_t leader, ProcessSet strangers) : m_leader(leader), m_strangers(std::move(strangers)) {}
  ~Tree() { static_cast<void>(endAll()); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  /// The living, after the dead that this process inherited are reaped. The leader is left for endAll().
  std::vector<ProcessInfo> living() {
    const auto all = listProcesses();
    std::set<pid_t> roots;
    for (const auto& info : all) {
      if (info.parent == ::getpid() && !m_strangers.contains({info.pid, info.startTime}))
        roots.insert(info.pid);
    }
    auto tree = treeBelow(all, roots);
    for (const auto& info : tree) {
      const bool ours = info.dead() && info.parent == ::getpid() && (m_reaped || info.pid != m_leader);
      if (ours) ::waitpid(info.pid, nullptr, WNOHANG | __WALL);
    }
    std::erase_if(tree, [](const auto& info) { return info.dead(); });
    return tree;
  }

  bool leaderEnded() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(m_leader), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == m_leader;
  }

  /// Kills until nothing is left and the leader is reaped. Returns how many were seen alive, or how many
  /// can't be ended.
  std::expected<unsigned, size_t> endAll() {
    ProcessSet seen;
    const auto giveUp = std::chrono::steady_clock::now() + kUnkillableAfter;
    for (;;) {
      const auto tree = living();
      if (tree.empty() && reapLeader() && nothingHidden()) break;
      for (const auto& info : tree) seen.emplace(info.pid, info.startTime);
      signalTree(tree, SIGKILL);
      if (std::chrono::steady_clock::now() > giveUp) return std::unexpected(tree.size());
      ::poll(nullptr, 0, 1);
    }
    return static_cast<unsigned>(seen.size());
  }

  /// The leader's wait status once endAll() is through; nothing if someone else took it.
  std::optional<int> status() const { return m_status; }

 private:
  bool reapLeader() {
    if (m_reaped) return true;
    int status = 0;
    const pid_t got = ::waitpid(m_leader, &status, WNOHANG);
    if (got == m_leader) m_status = status;
    m_reaped = got == m_leader || (got < 0 && errno == ECHILD);
    return m_reaped;
  }

  /// /proc is no snapshot: a fork can slip behind the reader once. Without strangers the kernel knows for
  /// sure: a subreaper that has no child has no descendants. Otherwise a second empty look must do.
  bool nothingHidden() {
    if (!m_strangers.empty()) return living().empty();
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 && errno == ECHILD;
  }

  const pid_t m_leader;
  const ProcessSet m_strangers;
  bool m_reaped = false;
  std::optional<int> m_status;
};

/// One run from release to the last reaped process.
class Run {
 public:
  Run(LaunchedChild child, ProcessSet strangers, const Confinement& confinement, const RunHooks& hooks)
      : m_child(std::move(child)),
        m_tree(m_child.pid, std::move(strangers)),
        m_confinement(confinement),
        m_hooks(hooks),
        m_output(confinement.outputLimit),
        m_started(std::chrono::steady_clock::now()) {}

  Result<CommandResult> toEnd(const std::string& program) {
    announce();
    static_cast<void>(m_child.release());  // a child that died already shows as such below
    watch();
    if (m_result.end == End::TimedOut || m_result.end == End::Cancelled) endGently();
    const bool exitedByItself = m_result.end == End::Exited;
    const auto ended = m_tree.endAll();
    if (!ended) {
      return base::fail(ErrorCode::Timeout, std::to_string(ended.error()) + " processes can't be ended",
                        program);
    }
    if (exitedByItself) m_result.leftovers = *ended;
    drain(true);
    readFailure();
    if (m_failure) return std::unexpected(toError(*m_failure, program));
    if (!m_tree.status())
      return base::fail(ErrorCode::Internal, "the command's exit status is lost", program);
    return finished(*m_tree.status());
  }

 private:
  void announce() {
    const auto info = readProcess(m_child.pid);
    if (m_hooks.started) m_hooks.started(m_child.pid, info ? info->startTime : std::string());
  }

  /// Until the leader ends, or a reason to end it comes up; the reason goes to m_result.end.
  void watch() {
    const auto deadline = m_started + m_confinement.timeout;
    while (!m_tree.leaderEnded()) {
      waitForNews();
      drain(false);
      if (m_tree.leaderEnded()) return;
      if (tooMany()) {
        m_result.end = End::TooManyProcesses;
      } else if (m_hooks.cancelled && m_hooks.cancelled()) {
        m_result.end = End::Cancelled;
      } else if (std::chrono::steady_clock::now() >= deadline) {
        m_result.end = End::TimedOut;
      }
      if (m_result.end != End::Exited) return;
    }
  }

  void waitForNews() {
    std::array<pollfd, 2> fds{
        {{m_child.pidfd.get(), POLLIN, 0}, {m_outputOpen ? m_child.output.get() : -1, POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<milliseconds>(m_started + m_confinement.timeout -
                                                               std::chrono::steady_clock::now());
    const auto wait = std::clamp(left, milliseconds(0), m_growing ? kPollWhileGrowing : kPoll);
    ::poll(fds.data(), fds.size(), static_cast<int>(wait.count()));
  }

  /// Counts the tree, not oftener than needed: a flood of output must not turn into a flood of /proc walks.
  bool tooMany() {
    const auto now = std::chrono::steady_clock::now();
    if (now - m_lastCount < (m_growing ? kPollWhileGrowing : kPoll)) return false;
    m_lastCount = now;
    const size_t count = m_tree.living().size();
    m_growing = count > m_confinement.maxProcesses / 4;
    return count > m_confinement.maxProcesses;
  }

  void endGently() {
    signalTree(m_tree.living(), SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + m_confinement.grace;
    while (std::chrono::steady_clock::now() < deadline) {
      drain(false);
      const auto living = m_tree.living();
      if (living.empty() || tooManyOf(living)) return;
      ::poll(nullptr, 0, static_cast<int>(kPollWhileGrowing.count()));
    }
  }

  bool tooManyOf(const std::vector<ProcessInfo>& living) const {
    return living.size() > m_confinement.maxProcesses;
  }

  /// Reads what is there; at the end everything, else a bounded burst.
  void drain(bool everything) {
    std::array<char, 65536> buffer;
    for (size_t done = 0; m_outputOpen && (everything || done < kReadBurst);) {
      const ssize_t got = ::read(m_child.output.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got == 0) m_outputOpen = false;
      if (got <= 0) return;
      done += static_cast<size_t>(got);
      take({buffer.data(), static_cast<size_t>(got)});
    }
  }

  void take(std::string_view bytes) {
    const bool show = m_output.total() < 2 * m_confinement.outputLimit;
    m_output.add(bytes);
    if (show && m_hooks.output) m_hooks.output(std::string(bytes));
  }

  void readFailure() {
    LaunchFailure failure{};
    if (::read(m_child.failure.get(), &failure, sizeof failure) == sizeof failure) m_failure = failure;
  }

  CommandResult finished(int status) {
    if (WIFSIGNALED(status)) {
      m_result.exitCode = WTERMSIG(status);
      if (m_result.end == End::Exited) m_result.end = End::Signalled;
    } else {
      m_result.exitCode = WEXITSTATUS(status);
    }
    m_result.output = m_output.text();
    m_result.outputBytes = m_output.total();
    m_result.elapsed = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - m_started);
    return std::move(m_result);
  }

  LaunchedChild m_child;
  Tree m_tree;
  const Confinement& m_confinement;
  const RunHooks& m_hooks;
  OutputCapture m_output;
  const SteadyTime m_started;
  SteadyTime m_lastCount{};
  bool m_outputOpen = true;
  bool m_growing = false;
  std::optional<LaunchFailure> m_failure;
  CommandResult m_result;
};

Result<> checkArguments(const std::vector<std::string>& argv) {
  if (argv.empty()) return base::fail(ErrorCode::InvalidInput, "an empty command", "argv");
  if (!argv[0].starts_with('/')) {
    return base::fail(ErrorCode::InvalidInput, "the program is not an absolute path", argv[0]);
  }
  for (size_t i = 0; i < argv.size(); ++i) {
    if (argv[i].find('\0') != std::string::npos) {
      return base::fail(ErrorCode::InvalidInput, "a NUL byte in an argument",
                        "argv[" + std::to_string(i) + "]");
    }
  }
  return {};
}

bool becomeSubreaper() {
  return ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

}  // namespace

Result<CommandResult> run(const std::vector<std::string>& argv, const Confinement& confinement,
                          const RunHooks& hooks) {
  if (auto checked = checkArguments(argv); !checked) return std::unexpected(checked.error());
  if (!becomeSubreaper()) return base::fail(ErrorCode::Unavailable, "can't become a subreaper", "sandbox");
  auto strangers = childrenNow();
  auto child = launch(argv, confinement);
  if (!child) return std::unexpected(child.error());
  return Run(std::move(*child), std::move(strangers), confinement, hooks).toEnd(argv[0]);
}

Capabilities probeCapabilities() {
  Capabilities found;
  found.landlockAbi = landlockAbi();
  int subreaper = 0;
  found.subreaper = ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0) == 0;
  if (found.landlockAbi == 0) {
    found.problem = "this kernel has no Landlock";
  } else if (!found.subreaper) {
    found.problem = "this kernel can't make a process a subreaper";
  }
  return found;
}

}  // namespace aiops::sandbox
