// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <thread>

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::test {
namespace {

using base::Fd;

std::vector<std::string> environmentWith(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> out;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("AIOPS_")) out.emplace_back(*variable);
  }
  for (const auto& [name, value] : additions) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Fd openOutput(const std::filesystem::path& path) {
  return Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
}

/// After the fork: only what is safe there.
[[noreturn]] void become(char* const* argv, char* const* environment, int out, int errors) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execve(argv[0], argv, environment);
  ::_exit(127);
}

std::string commandLine(const std::string& pid) {
  auto text = base::readFile("/proc/" + pid + "/cmdline").value_or("");
  for (char& c : text) c = c == '\0' ? ' ' : c;
  return pid + " " + text;
}

}  // namespace

void pause(std::chrono::milliseconds time) {
  std::this_thread::sleep_for(time);
}

Child::Child(const Start& start) : m_output(start.output) {
  auto arguments = start.argv, variables = environmentWith(start.environment);
  const auto argv = pointersTo(arguments), environment = pointersTo(variables);
  const Fd out = openOutput(m_output), errors = openOutput(m_output.string() + ".errors");
  m_pid = ::fork();
  if (m_pid == 0) become(argv.data(), environment.data(), out.get(), errors.get());
  if (m_pid < 0) throw std::runtime_error("cannot start " + start.argv.front());
}

Child::~Child() {
  signal(SIGKILL);
  (void)waitForEnd(std::chrono::seconds(10));
}

bool Child::alive() {
  if (m_status) return false;
  int status = 0;
  if (::waitpid(m_pid, &status, WNOHANG) == m_pid) m_status = status;
  return !m_status;
}

std::optional<int> Child::waitForEnd(std::chrono::milliseconds limit) {
  (void)eventually([this] { return !alive(); }, limit);
  return m_status;
}

void Child::signal(int number) const {
  if (!m_status) ::kill(m_pid, number);
}

std::string Child::output() const {
  return base::readFile(m_output).value_or("");
}

std::string Child::errors() const {
  return base::readFile(m_output.string() + ".errors").value_or("");
}

void adoptOrphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<std::string> leftOverProcesses(std::chrono::milliseconds limit) {
  const bool none = eventually(
      [] {
        pid_t ended = 0;
        do {
          ended = ::waitpid(-1, nullptr, WNOHANG);
        } while (ended > 0);
        return ended < 0 && errno == ECHILD;
      },
      limit);
  if (none) return {};
  std::vector<std::string> out;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::string pids = base::readFile(task.path() / "children").value_or("");
    for (size_t end = pids.find(' '); end != std::string::npos; end = pids.find(' ')) {
      out.push_back(commandLine(pids.substr(0, end)));
      pids.erase(0, end + 1);
    }
  }
  if (out.empty()) out.emplace_back("a process that can't be named");
  return out;
}

}  // namespace aiops::test
