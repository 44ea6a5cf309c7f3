// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/signals.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

namespace aiops::app {

EndSignals::EndSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  m_fd = base::Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void ignoreBrokenPipes() {
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
}

bool EndSignals::wait(std::chrono::milliseconds time) const {
  pollfd entry{.fd = m_fd.get(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace aiops::app
