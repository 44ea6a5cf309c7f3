// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/supervised.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "app/demo/service/text.h"

namespace aiops::demo {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Fd;
using base::Result;

namespace {

constexpr int kStopMs = 3000;
constexpr int kReadyMs = 10000;

/// Between fork and exec: dies with the supervisor, keeps no signal mask, hands on only the ready pipe.
[[noreturn]] void become(const char* program, std::vector<char*>& argv, int readyFd, pid_t supervisor) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  fcntl(readyFd, F_SETFD, 0);
  execv(program, argv.data());
  _exit(127);
}

std::string describeEnd(int status) {
  return WIFSIGNALED(status) ? concat("signal ", WTERMSIG(status)) : concat("exit ", WEXITSTATUS(status));
}

}  // namespace

Supervised::Supervised(Supervised&& other) noexcept
    : m_name(std::move(other.m_name)),
      m_arguments(std::move(other.m_arguments)),
      m_properties(std::move(other.m_properties)),
      m_pid(std::exchange(other.m_pid, 0)),
      m_pidFd(std::move(other.m_pidFd)) {}

Result<> Supervised::start(int interrupt) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return failErrno(errno, "cannot create a pipe");
  Fd readEnd(ends[0]);
  Fd writeEnd(ends[1]);
  std::vector<std::string> words = {"aiops-demo-service"};
  words.insert(words.end(), m_arguments.begin(), m_arguments.end());
  words.insert(words.end(), {"--ready-fd", std::to_string(writeEnd.get())});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  std::error_code error;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return failErrno(error.value(), "cannot find this program", "/proc/self/exe");
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid < 0) return failErrno(errno, "cannot start a process", m_name);
  if (pid == 0) become(program.c_str(), argv, writeEnd.get(), self);
  writeEnd.reset();
  m_pid = pid;
  m_pidFd = Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  auto ready = awaitReady(readEnd.get(), interrupt);
  if (!ready) stop();
  return ready;
}

Result<> Supervised::awaitReady(int ready, int interrupt) {
  pollfd fds[] = {{ready, POLLIN, 0}, {interrupt, POLLIN, 0}};
  int count = 0;
  do {
    count = poll(fds, 2, kReadyMs);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return fail(ErrorCode::Timeout, "did not become ready", m_name);
  if (fds[0].revents == 0) return fail(ErrorCode::Cancelled, "the supervisor is ending", m_name);
  return takeReport(ready);
}

Result<> Supervised::takeReport(int ready) {
  char text[1024];
  const ssize_t got = read(ready, text, sizeof text);
  if (got <= 0) return fail(ErrorCode::Unavailable, "ended before it was ready", m_name, "see its log");
  m_properties = nlohmann::json::parse(text, text + got, nullptr, false);
  if (!m_properties.is_object()) return fail(ErrorCode::Corrupt, "reported nonsense", m_name);
  return {};
}

void Supervised::stop() {
  if (!running()) return;
  kill(m_pid, SIGTERM);
  pollfd ended{m_pidFd.get(), POLLIN, 0};
  if (poll(&ended, 1, kStopMs) <= 0) kill(m_pid, SIGKILL);
  while (waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  m_pid = 0;
  m_pidFd.reset();
}

std::string Supervised::collect() {
  int status = 0;
  if (!running() || waitpid(m_pid, &status, WNOHANG) != m_pid) return {};
  m_pid = 0;
  m_pidFd.reset();
  return describeEnd(status);
}

}  // namespace aiops::demo
