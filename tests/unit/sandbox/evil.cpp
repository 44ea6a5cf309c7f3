// A program that misbehaves on request: the first argument says how. It prints what it got; 0 is "it worked".
// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

extern char** environ;

namespace {

using Args = std::vector<std::string>;

int answer(long result) {
  std::printf("%s\n", result < 0 ? std::strerror(errno) : "ok");
  return result < 0 ? 1 : 0;
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

/// Double fork and a session of its own; the parent leaves at once.
int daemonise(const Args&) {
  if (::fork() == 0) {
    ::setsid();
    if (::fork() == 0) {
      std::signal(SIGTERM, SIG_IGN);
      hang();
    }
    ::_exit(0);
  }
  return 0;
}

int ignoreAll(const Args&) {
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_IGN);
  [[maybe_unused]] const ssize_t written = ::write(1, "ready\n", 6);
  hang();
}

/// A child in the same session, then both hang.
int family(const Args&) {
  if (::fork() == 0) hang();
  [[maybe_unused]] const ssize_t written = ::write(1, "ready\n", 6);
  hang();
}

int flood(const Args& args) {
  const std::string block(1 << 20, 'x');
  for (int i = std::atoi(args.at(2).c_str()); i > 0; --i) {
    if (::write(1, block.data(), block.size()) < 0) return 1;
  }
  return 0;
}

int listDescriptors(const Args&) {
  std::string open;
  for (int fd = 0; fd < 1024; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) open += std::to_string(fd) + " ";
  }
  std::printf("%s\n", open.c_str());
  return 0;
}

int dumpArguments(const Args& args) {
  for (const auto& arg : args) {
    const std::string text = std::to_string(arg.size()) + ":" + arg + ";";
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return 0;
}

/// Forks as fast as it can; a shared counter keeps it survivable should the cap fail.
int bomb(const Args&) {
  void* shared = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* made = new (shared) std::atomic<int>(0);
  while (made->fetch_add(1) < 3000) ::fork();
  hang();
}

int fill(const Args& args) {
  std::signal(SIGXFSZ, SIG_IGN);
  const int fd = ::open(args.at(2).c_str(), O_CREAT | O_WRONLY, 0600);
  const std::string block(65536, 'x');
  for (int i = 0; i < 1024; ++i) {
    if (::write(fd, block.data(), block.size()) < 0) return answer(-1);
  }
  return answer(0);
}

int dumpCore(const Args& args) {
  struct rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  std::printf("%d\n", limit.rlim_max <= 1);
  std::fflush(stdout);
  if (::chdir(args.at(2).c_str()) != 0) return 2;
  std::abort();
}

int linkAndWrite(const Args& args) {
  if (::symlink(args.at(2).c_str(), args.at(3).c_str()) != 0) return 2;
  return answer(::open((args.at(3) + "/through").c_str(), O_CREAT | O_WRONLY, 0600));
}

int listDirectory(const Args& args) {
  return answer(::opendir(args.at(2).c_str()) ? 0 : -1);
}

int printState(const Args&) {
  const mode_t mask = ::umask(0);
  char directory[4096] = "";
  if (!::getcwd(directory, sizeof directory)) return 1;
  std::printf("umask %03o, directory %s, leader %d, input %zd, SIGPIPE %d\n", mask, directory,
              ::getsid(0) == ::getpid(), ::read(0, directory + 1, 10),
              std::signal(SIGPIPE, SIG_DFL) == SIG_DFL);
  for (char** variable = environ; *variable; ++variable) std::printf("%s\n", *variable);
  return 0;
}

const std::map<std::string, std::function<int(const Args&)>> kModes{
    {"write", [](const Args& a) { return answer(::open(a.at(2).c_str(), O_CREAT | O_WRONLY, 0600)); }},
    {"read", [](const Args& a) { return answer(::open(a.at(2).c_str(), O_RDONLY)); }},
    {"truncate", [](const Args& a) { return answer(::truncate(a.at(2).c_str(), 0)); }},
    {"unlink", [](const Args& a) { return answer(::unlink(a.at(2).c_str())); }},
    {"rename", [](const Args& a) { return answer(::rename(a.at(2).c_str(), a.at(3).c_str())); }},
    {"link", [](const Args& a) { return answer(::link(a.at(2).c_str(), a.at(3).c_str())); }},
    {"kill",
     [](const Args& a) { return answer(::kill(std::atoi(a.at(2).c_str()), std::atoi(a.at(3).c_str()))); }},
    {"trace",
     [](const Args& a) { return answer(::ptrace(PTRACE_ATTACH, std::atoi(a.at(2).c_str()), 0, 0)); }},
    {"exit", [](const Args& a) { return std::atoi(a.at(2).c_str()); }},
    {"die", [](const Args& a) { return answer(::raise(std::atoi(a.at(2).c_str()))); }},
    {"list", listDirectory},
    {"daemon", daemonise},
    {"ignore", ignoreAll},
    {"family", family},
    {"flood", flood},
    {"descriptors", listDescriptors},
    {"arguments", dumpArguments},
    {"bomb", bomb},
    {"fill", fill},
    {"core", dumpCore},
    {"linkwrite", linkAndWrite},
    {"state", printState},
};

}  // namespace

int main(int count, char** values) {
  const Args args(values, values + count);
  const auto mode = kModes.find(args.size() > 1 ? args[1] : "");
  return mode == kModes.end() ? 3 : mode->second(args);
}
