// An executor in small, for tests that kill it: runs its arguments confined and prints pid and start time
// first. With --without-landlock the kernel answers it as one that has no Landlock. SPDX-License-Identifier:
// GPL-3.0-or-later
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "sandbox/command_runner.h"

namespace {

bool hideLandlock() {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof code / sizeof *code, code};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

int main(int count, char** values) {
  std::vector<std::string> argv(values + 1, values + count);
  if (!argv.empty() && argv[0] == "--without-landlock") {
    if (!hideLandlock()) return 3;
    argv.erase(argv.begin());
  }
  aiops::sandbox::RunHooks hooks;
  hooks.started = [](int pid, const std::string& startTime) {
    std::printf("%d %s\n", pid, startTime.c_str());
    std::fflush(stdout);
  };
  hooks.output = [](const std::string& chunk) {
    std::fwrite(chunk.data(), 1, chunk.size(), stdout);
    std::fflush(stdout);
  };
  const auto result = aiops::sandbox::run(argv, {}, hooks);
  if (!result) std::printf("%s\n", std::string(toString(result.error().code)).c_str());
  return result && result->succeeded() ? 0 : 1;
}
