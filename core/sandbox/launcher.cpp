// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/launcher.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>

#include "sandbox/landlock.h"
#include "sandbox/process_table.h"

namespace aiops::sandbox {
namespace {

using base::ErrorCode;
using base::Fd;
using base::Result;

/// Descriptors are kept at or above this, so that dup2 onto 0..3 never hits one of ours.
constexpr int kLowestFd = 10;
constexpr int kFailureFd = 3;
constexpr rlim_t kMaxOpenFiles = 256;
/// Threads that other programs of the same user may start meanwhile without making the command's fork fail.
constexpr rlim_t kRoomForOthers = 512;

struct Pipe {
  Fd read, write;
};

/// All that the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Prepared {
  std::vector<char*> argv;
  Fd ruleset, devNull;
  Pipe output, failure, go;
  Pipe ready;  ///< a byte once the child leads its own session
  pid_t parent = 0;
  rlim_t cpuSeconds = 0, fileBytes = 0, processes = RLIM_INFINITY;
};

Result<Fd> moveHigh(Fd fd, const char* what) {
  if (!fd.valid()) return base::failErrno(errno, what, "sandbox");
  Fd high(::fcntl(fd.get(), F_DUPFD_CLOEXEC, kLowestFd));
  if (!high.valid()) return base::failErrno(errno, what, "sandbox");
  return high;
}

Result<Pipe> makePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::failErrno(errno, "can't create a pipe", "sandbox");
  Fd first(ends[0]), second(ends[1]);
  auto read = moveHigh(std::move(first), "can't create a pipe");
  auto write = moveHigh(std::move(second), "can't create a pipe");
  if (!read) return std::unexpected(read.error());
  if (!write) return std::unexpected(write.error());
  return Pipe{std::move(*read), std::move(*write)};
}

/// RLIMIT_NPROC counts all threads of a user and does not bind root. A second line: the tree itself is
/// counted too.
rlim_t processLimit(unsigned maxProcesses) {
  const uid_t user = ::getuid();
  if (user == 0) return RLIM_INFINITY;
  rlim_t own = 0;
  for (const auto& info : listProcesses()) {
    struct stat owner{};
    const std::string path = "/proc/" + std::to_string(info.pid);
    if (::stat(path.c_str(), &owner) == 0 && owner.st_uid == user) own += info.threads;
  }
  // The limit counts threads too, and other programs of this user start some: leave room, the tree is
  // counted.
  return own * 4 + maxProcesses + 64;
}

Result<> openDescriptors(Prepared& prepared, const Confinement& confinement) {
  auto rules = buildRuleset(confinement.writablePaths, confinement.forbiddenPaths);
  if (!rules) return std::unexpected(rules.error());
  auto ruleset = moveHigh(std::move(*rules), "can't keep the Landlock rules");
  if (!ruleset) return std::unexpected(ruleset.error());
  prepared.ruleset = std::move(*ruleset);
  auto devNull = moveHigh(Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC)), "can't open /dev/null");
  if (!devNull) return std::unexpected(devNull.error());
  prepared.devNull = std::move(*devNull);
  for (Pipe* pipe : {&prepared.output, &prepared.failure, &prepared.ready, &prepared.go}) {
    auto made = makePipe();
    if (!made) return std::unexpected(made.error());
    *pipe = std::move(*made);
  }
  return {};
}

// ---- In the child. No allocation, no locks, no destructors.

[[noreturn]] void giveUp(int failureFd, LaunchFailure::Stage stage, int error) {
  const LaunchFailure failure{stage, error};
  [[maybe_unused]] const ssize_t written = ::write(failureFd, &failure, sizeof failure);
  ::_exit(127);
}

bool setLimit(__rlimit_resource resource, rlim_t value, rlim_t hardExtra = 0) {
  struct rlimit now{};
  if (::getrlimit(resource, &now) != 0) return false;
  const auto capped = [&](rlim_t wanted) {
    return now.rlim_max == RLIM_INFINITY ? wanted : std::min(wanted, now.rlim_max);
  };
  const rlim_t hard = value == RLIM_INFINITY ? value : value + hardExtra;
  const struct rlimit wanted{capped(value), capped(hard)};
  return ::setrlimit(resource, &wanted) == 0;
}

bool applyLimits(const Prepared& prepared) {
  // 1, not 0: the kernel also skips a core dump that is piped to a program only for the limit 1 (core(5)).
  return setLimit(RLIMIT_CORE, 1) && setLimit(RLIMIT_CPU, prepared.cpuSeconds, 1) &&
         setLimit(RLIMIT_FSIZE, prepared.fileBytes) && setLimit(RLIMIT_NOFILE, kMaxOpenFiles) &&
         setLimit(RLIMIT_NPROC, prepared.processes);
}

void resetSignals() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// False when the other end closes without a byte.
bool waitForByte(int fd) {
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(fd, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

bool confine(const Prepared& prepared) {
  ::umask(077);
  return ::chdir("/") == 0 && ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && applyLimits(prepared) &&
         ::dup2(prepared.devNull.get(), 0) == 0 && ::dup2(prepared.output.write.get(), 1) == 1 &&
         ::dup2(prepared.output.write.get(), 2) == 2;
}

[[noreturn]] void runChild(const Prepared& prepared) {
  const int failureFd = prepared.failure.write.get();
  if (::setsid() < 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    giveUp(failureFd, LaunchFailure::Stage::Confine, errno);
  }
  if (::getppid() != prepared.parent) ::_exit(127);  // it died before the line above took effect
  if (::write(prepared.ready.write.get(), "r", 1) != 1) ::_exit(127);
  // Close our copy of the write end first, or the read below would never see the parent's end close.
  ::close(prepared.go.write.get());
  if (!waitForByte(prepared.go.read.get())) ::_exit(127);
  if (!confine(prepared)) giveUp(failureFd, LaunchFailure::Stage::Confine, errno);
  if (const int error = restrictSelf(prepared.ruleset.get())) {
    giveUp(failureFd, LaunchFailure::Stage::Confine, error);
  }
  if (::dup3(failureFd, kFailureFd, O_CLOEXEC) != kFailureFd ||
      ::close_range(kFailureFd + 1, UINT_MAX, 0) != 0) {
    giveUp(failureFd, LaunchFailure::Stage::Confine, errno);
  }
  static char path[] = "PATH=/usr/sbin:/usr/bin", language[] = "LANG=C.UTF-8";
  char* const environment[] = {path, language, nullptr};
  resetSignals();
  ::execve(prepared.argv[0], prepared.argv.data(), environment);
  giveUp(kFailureFd, LaunchFailure::Stage::Execute, errno);
}

/// Forks with every signal blocked, so that no handler of this process runs in the child.
pid_t forkQuietly(const Prepared& prepared) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) runChild(prepared);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

}  // namespace

Result<> LaunchedChild::release() {
  // The child may be dead already; then its end is what gets reported, not a SIGPIPE here.
  struct sigaction ignore{}, before{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  auto written = base::writeAll(go.get(), "g");
  ::sigaction(SIGPIPE, &before, nullptr);
  go.reset();
  return written;
}

base::Error toError(const LaunchFailure& failure, const std::string& program) {
  if (failure.stage == LaunchFailure::Stage::Confine) {
    auto error = base::failErrno(failure.error, "can't confine the command", program).error();
    error.code = ErrorCode::Unavailable;
    return error;
  }
  auto error = base::failErrno(failure.error, "can't execute the program", program).error();
  error.code = ErrorCode::Io;
  if (failure.error == ENOENT || failure.error == ENOTDIR) error.code = ErrorCode::NotFound;
  if (failure.error == EACCES || failure.error == EPERM) error.code = ErrorCode::PermissionDenied;
  return error;
}

Result<LaunchedChild> launch(const std::vector<std::string>& argv, const Confinement& confinement) {
  Prepared prepared;
  if (auto opened = openDescriptors(prepared, confinement); !opened) return std::unexpected(opened.error());
  for (const auto& argument : argv) prepared.argv.push_back(const_cast<char*>(argument.c_str()));
  prepared.argv.push_back(nullptr);
  prepared.parent = ::getpid();
  prepared.cpuSeconds = confinement.cpuSeconds;
  prepared.fileBytes = confinement.maxFileBytes;
  prepared.processes = processLimit(confinement.maxProcesses);
  LaunchedChild child;
  child.pid = forkQuietly(prepared);
  if (child.pid < 0) return base::failErrno(errno, "can't start a process", argv[0]);
  // Who reads this pid must find a session of its own behind it. A child that died says why over `failure`.
  prepared.ready.write.reset();
  waitForByte(prepared.ready.read.get());
  child.go = std::move(prepared.go.write);
  child.output = std::move(prepared.output.read);
  child.failure = std::move(prepared.failure.read);
  child.pidfd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  for (const int fd : {child.output.get(), child.failure.get()}) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  return child;
}

}  // namespace aiops::sandbox
