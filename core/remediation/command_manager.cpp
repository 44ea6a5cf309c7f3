// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/command_manager.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "remediation/plan_codec.h"
#include "sandbox/command_runner.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::UnitState;
using sandbox::CommandResult;

constexpr auto kReadTimeout = std::chrono::milliseconds(5000);
constexpr auto kGrace = std::chrono::milliseconds(500);
constexpr size_t kLongestIdentity = 256;

std::string firstLine(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// Warnings come before it: both streams are one here.
std::string lastLine(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

class CommandManager final : public ServiceManager {
 public:
  CommandManager(model::ServiceAction action, const model::ExecutionPolicy& policy,
                 std::function<void()> waiting)
      : m_action(std::move(action)), m_waiting(std::move(waiting)) {
    m_confinement.forbiddenPaths = policy.forbiddenPaths;
    m_confinement.writablePaths = m_action.writablePaths;
    m_confinement.grace = kGrace;
  }

  Result<UnitState> state() override {
    const auto result = read(m_action.stateArgv);
    if (!result) return std::unexpected(result.error());
    return m_action.manager == "docker" ? dockerState(*result) : commandState(*result);
  }

  VerbEnd act(const std::string& verb, std::chrono::milliseconds timeout, const VerbHooks& hooks) override {
    VerbEnd end;
    bool began = false, allowed = true;
    sandbox::RunHooks run;
    run.started = [&](int pid, const std::string& startTime) {
      allowed = hooks.starting(pid, startTime);
      began = true;
    };
    run.cancelled = [&] { return end.cancelled = hooks.cancelled() || !allowed; };
    run.output = hooks.output;
    auto confinement = m_confinement;
    confinement.timeout = timeout;
    const auto result =
        sandbox::run(verb == m_action.verb ? m_action.argv : m_action.undoArgv, confinement, run);
    if (!result) {
      end.sent = began;
      end.detail = result.error().line();
      return end;
    }
    end.ok = result->succeeded();
    end.answered = result->end == CommandResult::End::Exited;
    end.exitCode = result->exitCode;
    end.output = result->output;
    end.detail = end.ok ? "" : howItEnded(*result);
    return end;
  }

  std::optional<bool> busy(const std::string&) override { return std::nullopt; }

 private:
  static std::string howItEnded(const CommandResult& result) {
    if (result.end == CommandResult::End::Exited) return "exit status " + std::to_string(result.exitCode);
    return result.end == CommandResult::End::TimedOut ? "did not end in time" : "was ended";
  }

  Result<CommandResult> read(const std::vector<std::string>& argv) const {
    sandbox::RunHooks hooks;
    hooks.cancelled = [this] {
      if (m_waiting) m_waiting();
      return false;
    };
    auto confinement = m_confinement;
    confinement.timeout = kReadTimeout;
    auto result = sandbox::run(argv, confinement, hooks);
    if (result && result->end != CommandResult::End::Exited) {
      return fail(ErrorCode::Unavailable, "the state can't be read: " + howItEnded(*result), argv.front());
    }
    return result;
  }

  Result<UnitState> dockerState(const CommandResult& result) const {
    if (result.exitCode == 0) return parseDockerState(m_action.unit, lastLine(result.output));
    const bool none = result.output.find("No such container") != std::string::npos;
    return fail(none ? ErrorCode::NotFound : ErrorCode::Unavailable,
                none ? "no such container" : "docker can't be asked: " + firstLine(result.output),
                m_action.unit);
  }

  Result<UnitState> commandState(const CommandResult& result) const {
    UnitState state{.unit = m_action.unit};
    state.active = result.exitCode == 0;
    state.state = state.active ? "active" : "inactive";
    if (result.exitCode != 0 && result.exitCode != 1 && result.exitCode != 3) {
      return fail(ErrorCode::Unavailable, "status says exit status " + std::to_string(result.exitCode),
                  m_action.unit);
    }
    if (m_action.identityArgv.empty() || !state.active) return state;
    const auto identity = read(m_action.identityArgv);
    if (!identity) return std::unexpected(identity.error());
    if (identity->exitCode == 0) state.invocation = firstLine(identity->output).substr(0, kLongestIdentity);
    return state;
  }

  const model::ServiceAction m_action;
  const std::function<void()> m_waiting;
  sandbox::Confinement m_confinement;
};

}  // namespace

base::Result<model::UnitState> parseDockerState(const std::string& name, const std::string& output) {
  const auto wrong = [&] { return fail(ErrorCode::Unavailable, "docker's answer is not understood", name); };
  UnitState state{.unit = name};
  const char* const last = output.data() + output.size();
  const auto [end, error] = std::from_chars(output.data(), last, state.restarts);
  if (error != std::errc() || end == last || *end != ' ') return wrong();
  const std::string text(end + 1, last);
  const auto json =
      nestsDeeperThan(text, 16) ? nlohmann::json() : nlohmann::json::parse(text, nullptr, false);
  try {
    const auto status = json.at("Status").get<std::string>();
    state.active = status == "running" && !json.at("Restarting").get<bool>();
    state.state = status;
    state.invocation = json.at("StartedAt").get<std::string>();
    state.mainPid = json.at("Pid").get<int64_t>();
    if (json.value("OOMKilled", false)) state.note = "OOM";
    const auto exitCode = json.value("ExitCode", 0);
    if (!state.active && state.note.empty()) state.note = "exit code " + std::to_string(exitCode);
  } catch (const nlohmann::json::exception&) {
    return wrong();
  }
  return state;
}

std::unique_ptr<ServiceManager> makeCommandManager(const model::ServiceAction& action,
                                                   const model::ExecutionPolicy& policy,
                                                   std::function<void()> waiting) {
  return std::make_unique<CommandManager>(action, policy, std::move(waiting));
}

}  // namespace aiops::remediation
