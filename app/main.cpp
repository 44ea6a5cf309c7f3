// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <string>
#include <vector>

#include "app/cli/analyze.h"
#include "app/cli/anomalies_command.h"
#include "app/cli/commands.h"
#include "app/cli/knowledge_commands.h"
#include "app/cli/pattern_commands.h"
#include "app/cli/settings_commands.h"
#include "app/cli/templates_command.h"
#include "app/console.h"
#include "app/demo/demo_runner.h"
#include "app/hardening.h"
#include "app/server_host.h"
#include "app/signals.h"
#include "remediation/executor.h"

namespace {

constexpr int kExecutorSocket = 3;

int run(int argc, char** argv) {
  using namespace aiops::app;
  const auto invocation = parseArguments(std::vector<std::string>(argv + 1, argv + argc));
  if (!invocation) return complain(invocation.error(), kBadUsage);
  const auto mode = invocation->mode;
  if (mode == Mode::Console || mode == Mode::Server || mode == Mode::Demo) {
    ignoreBrokenPipes();
    keepMemoryPrivate();
  }
  switch (mode) {
    case Mode::Executor:
      return aiops::remediation::executorMain(kExecutorSocket);
    case Mode::Help:
      std::fputs(helpText().c_str(), stdout);
      return kDone;
    case Mode::Version:
      std::puts("ai-ops-core " AIOPS_VERSION);
      return kDone;
    case Mode::Console:
      return runConsole(argc, argv, *invocation);
    case Mode::Server:
      return runServer(argc, argv, *invocation);
    case Mode::Settings:
      return runSettings(*invocation);
    case Mode::Secret:
      return runSecret(*invocation);
    case Mode::Patterns:
      return runPatterns(*invocation);
    case Mode::Knowledge:
      return runKnowledge(*invocation);
    case Mode::Demo:
      return runDemo(argc, argv, *invocation);
    case Mode::Templates:
      return runTemplates(*invocation);
    case Mode::Analyze:
      return runAnalyze(*invocation);
    case Mode::Anomalies:
      return runAnomalies(*invocation);
    default:
      return runCommand(*invocation);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv);
}
