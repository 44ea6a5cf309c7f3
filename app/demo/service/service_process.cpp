// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/service_process.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>

#include "base/fd.h"

namespace aiops::demo {

namespace {

sigset_t endSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

void blockEndSignals() {
  const sigset_t set = endSignals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

int waitForEnd() {
  const sigset_t set = endSignals();
  int number = 0;
  sigwait(&set, &number);
  return number;
}

void reportReady(const Options& options, const std::string& properties) {
  const auto number = options.number("--ready-fd", 3, 1024, -1);
  if (!number || *number < 0) return;
  const base::Fd fd(static_cast<int>(*number));
  // A supervisor that no longer listens has its own way of ending this process.
  static_cast<void>(base::writeAll(fd.get(), properties + "\n"));
}

int failWith(const base::Error& error, int status) {
  std::fprintf(stderr, "aiops-demo-service: %s\n", error.line().c_str());
  return status;
}

}  // namespace aiops::demo
