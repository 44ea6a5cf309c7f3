// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_runner.h"

#include <unistd.h>

#include <QCoreApplication>
#include <algorithm>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/print.h"
#include "app/demo/blocking.h"
#include "app/demo/demo_scenario.h"
#include "app/demo/follower.h"
#include "app/host.h"
#include "app/server_host.h"
#include "app/signals.h"
#include "base/bytes.h"

#ifdef AIOPS_HAS_GUI
#include "app/gui_host.h"
#endif

namespace aiops::app {
namespace {

using base::ErrorCode;

constexpr std::chrono::milliseconds kLook{200};
constexpr std::chrono::seconds kLongestWithoutIncident{40};

demo::Web503Variant variantOf(const Invocation& invocation) {
  if (invocation.failValidation) return demo::Web503Variant::FailValidation;
  return invocation.breakSomething ? demo::Web503Variant::BreakSomething : demo::Web503Variant::Fixable;
}

/// What the engine of this demo is to read, over this process' environment.
config::LoadRequest requestFor(const Invocation& invocation, const demo::Web503Scenario& scenario) {
  auto request = loadRequest(invocation);
  request.configFile = scenario.engineConfig();
  // What the demo tells stands alone, unless somebody asks for more.
  if (!request.environment.contains("BOOKMARKS_LOG_LEVEL")) request.assigned.push_back("log.level=error");
  return request;
}

base::Result<std::unique_ptr<demo::Web503Scenario>> prepareScenario(const Invocation& invocation) {
  auto home = config::homeFromEnvironment(config::processEnvironment());
  if (!home) return std::unexpected(home.error());
  auto created = config::Home::create(*home);
  if (!created) return std::unexpected(created.error());
  if (auto holder = storage::InstanceLock::holder(*home)) {
    return base::fail(ErrorCode::Conflict,
                      "the home is held by another instance (pid " + std::to_string(holder->pid) + ")",
                      home->string(), "end it, or set AIOPS_HOME to another directory");
  }
  return demo::Web503Scenario::prepare({.home = *home,
                                        .serviceBinary = programDirectory() / "aiops-demo-service",
                                        .variant = variantOf(invocation)});
}

void tellHealthy(service::Operations& operations) {
  const auto status = waitFor<model::EngineStatus>([&](auto reply) { operations.status(reply); });
  if (!status) return;
  std::printf("Healthy: nothing is wrong. %zu sources read, %llu patterns.\n", status->sources.size(),
              static_cast<unsigned long long>(status->patternsLoaded));
  std::fflush(stdout);
}

/// Says how it ended and what was learnt. The exit status.
int conclude(const Follower::Ending& ending, const demo::Web503Scenario& scenario,
             service::Operations& operations) {
  const auto& fix = ending.fix;
  const auto& edits = fix.plan.steps;
  const auto edit = std::ranges::find_if(edits, [](const auto& step) { return step.edit.has_value(); });
  const auto now = scenario.bytesOfConfig();
  if (now && edit != edits.end()) {
    const bool before = *now == edit->edit->before, after = *now == edit->edit->after;
    std::printf("web.conf: sha256 %s, %s\n", base::sha256Hex(*now).substr(0, 16).c_str(),
                before  ? "byte for byte as before the fix"
                : after ? "exactly as approved"
                        : "NEITHER before nor after");
  }
  const auto trust = waitFor<std::vector<model::Trust>>([&](auto reply) { operations.trust(reply); });
  for (const auto& lesson : trust ? *trust : std::vector<model::Trust>{}) {
    if (lesson.playbookId != fix.plan.playbookId) continue;
    std::printf("Learnt: %s %s; likely success %.0f to %.0f %%\n", lesson.playbookId.c_str(),
                lesson.words.c_str(), 100 * lesson.low, 100 * lesson.high);
  }
  if (fix.state == model::FixState::Succeeded && ending.outcome) {
    std::printf("Fixed and validated, %.1f s after the first sign.\n",
                static_cast<double>(ending.outcome->timeToRecover.count()) / 1000);
    return kDone;
  }
  std::printf("Not fixed: %s%s%s\n", std::string(toString(fix.state)).c_str(),
              fix.execution.detail.empty() ? "" : ", ", safe(fix.execution.detail).c_str());
  return kNegative;
}

int follow(Host& host, const demo::Web503Scenario& scenario, const EndSignals& signals, Asking asking) {
  const base::SystemClock clock;
  Follower follower(host.operations(), asking, clock, signals.fd());
  const auto began = clock.sinceBoot();
  while (!signals.wait(kLook)) {
    if (const auto ending = follower.look()) return conclude(*ending, scenario, host.operations());
    if (follower.waitedTooLong()) {
      std::printf("Nobody decided within a minute: nothing was changed.\n");
      return kNegative;
    }
    if (!follower.sawIncident() && clock.sinceBoot() > began + kLongestWithoutIncident) {
      return complain({ErrorCode::Timeout, "no incident within 40 s", scenario.directory().string(), ""},
                      kNegative);
    }
  }
  std::printf("Interrupted: a running fix is taken back.\n");
  return kNegative;
}

/// What an interrupted demo left open would take this one's events.
void dismissEarlier(Host& host, const demo::Web503Scenario& scenario) {
  const auto demos = scenario.directory().parent_path();
  if (auto done = host.engine().dismissIncidentsOf(demos, "its demo was interrupted"); !done)
    complain(done.error());
}

int runHeadless(int argc, char** argv, Host& host, demo::Web503Scenario& scenario,
                const Invocation& invocation, const EndSignals& signals) {
  QCoreApplication application(argc, argv);
  if (auto started = host.start(); !started) return complain(started.error());
  dismissEarlier(host, scenario);
  if (auto started = scenario.start(); !started) return complain(started.error());
  std::printf("A web service with a front and visitors runs; the engine answers on %s\n", host.url().c_str());
  tellHealthy(host.operations());
  const Asking asking = invocation.approve       ? Asking::Approves
                        : ::isatty(STDIN_FILENO) ? Asking::Terminal
                                                 : Asking::Elsewhere;
  const int status = follow(host, scenario, signals, asking);
  const auto dismissed = host.engine().dismissIncidentsOf(scenario.directory(), "the demo has ended");
  if (!dismissed) complain(dismissed.error());
  host.stop();
  return status;
}

}  // namespace

int runDemo(int argc, char** argv, const Invocation& invocation) {
  if (invocation.scenario == "list") {
    std::puts(
        "web-503   a web service reaches its memory limit and answers 503; raise the limit and restart it");
    return kDone;
  }
  if (invocation.scenario != "web-503") {
    return complain(
        {ErrorCode::InvalidInput, "no such demo", invocation.scenario, "see `ai-ops-core demo list`"},
        kBadUsage);
  }
  auto scenario = prepareScenario(invocation);
  if (!scenario) return complain(scenario.error());
  auto host = Host::prepare(requestFor(invocation, **scenario), Host::Port::MayMove);
  if (!host) return complain(host.error());
  const EndSignals signals;
  if (!invocation.gui) return runHeadless(argc, argv, **host, **scenario, invocation, signals);
#ifdef AIOPS_HAS_GUI
  return runWindow(argc, argv, **host, signals, [&] {
    dismissEarlier(**host, **scenario);
    if (auto started = (*scenario)->start(); !started) complain(started.error());
  });
#else
  return complain({ErrorCode::Unavailable, "this build has no console", "--gui", "leave --gui out"});
#endif
}

}  // namespace aiops::app
