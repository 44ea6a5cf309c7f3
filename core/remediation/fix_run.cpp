// Doing: the steps of a plan, one after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/fix_run.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "remediation/config_file.h"
#include "remediation/file_check.h"

namespace aiops::remediation {
namespace {

using base::Result;
using model::FixState;
using sandbox::CommandResult;

constexpr size_t kJournalOutputBytes = 4096;
constexpr size_t kLiveOutputBytes = 64 * 1024;
constexpr auto kGrace = std::chrono::milliseconds(500);  ///< stop is to be in effect within a second

std::string digestOf(const model::PlanStep& step, bool undo) {
  if (step.edit) return base::sha256Hex(undo ? step.edit->before : step.edit->after);
  if (step.action) return base::sha256Hex(nlohmann::json(*step.action).dump() + (undo ? "undo" : "do"));
  if (step.act) return base::sha256Hex(nlohmann::json(*step.act).dump() + (undo ? "undo" : "do"));
  std::string bytes;
  const auto& command = undo ? step.inverse : step.command;
  if (!command) return {};
  for (const auto& argument : command->argv) bytes.append(argument).push_back('\0');
  return base::sha256Hex(bytes);
}

std::string howItEnded(const CommandResult& result) {
  switch (result.end) {
    case CommandResult::End::Exited:
      return "exit status " + std::to_string(result.exitCode);
    case CommandResult::End::Signalled:
      return "ended by signal " + std::to_string(result.exitCode);
    case CommandResult::End::TimedOut:
      return "did not end in time and was ended";
    case CommandResult::End::Cancelled:
      return "ended on request";
    case CommandResult::End::TooManyProcesses:
      return "started too many processes and was ended";
  }
  return "ended";
}

}  // namespace

std::string_view toString(Interrupt why) {
  static constexpr std::array<std::string_view, 4> kNames{
      "not interrupted", "automation was stopped", "the engine is gone", "the executor was asked to end"};
  return kNames[static_cast<size_t>(why)];
}

FixRun::FixRun(RunTools tools, std::string planHash, model::Plan plan)
    : m_tools(std::move(tools)), m_planHash(std::move(planHash)), m_plan(std::move(plan)) {}

base::Result<> FixRun::start() {
  emitState();
  return runSteps();
}

base::Result<> FixRun::runSteps() {
  for (int step = 0; step < stepCount(); ++step) {
    const StepTrack* done = track(step, Direction::Do);
    if (done && done->ok) continue;
    if (const Interrupt why = m_tools.host.pump(); why != Interrupt::None)
      return undo(std::string(toString(why)));
    const auto audited = m_tools.host.audit("step.start", planStep(step).title, "", m_plan);
    if (!audited) return undo("the audit can't be written: " + audited.error().line());
    const auto ok = runStep(step);
    if (!ok) return std::unexpected(ok.error());
    if (!*ok)
      return undo("step " + std::to_string(step + 1) + " failed: " + track(step, Direction::Do)->detail);
  }
  m_tools.failpoints.at("exec.before_validating");
  if (auto recorded = recordState(FixState::Validating, "all steps are done"); !recorded) return recorded;
  m_tools.failpoints.at("exec.after_validating");
  return {};
}

base::Result<bool> FixRun::runStep(int step) {
  m_tools.failpoints.at("exec.before_intent", step);
  if (auto recorded = recordIntent(step, Direction::Do); !recorded) return std::unexpected(recorded.error());
  m_tools.failpoints.at("exec.after_intent", step);
  Ending ending;
  if (planStep(step).edit) {
    ending = doEdit(step);
  } else if (planStep(step).act) {
    ending = onHost(step, Direction::Do);
  } else {
    auto ran = planStep(step).action ? runService(step, Direction::Do)
                                     : runCommand(*planStep(step).command, step, Direction::Do);
    if (!ran) return std::unexpected(ran.error());
    ending = *std::move(ran);
  }
  m_tools.failpoints.at("exec.before_result", step);
  if (auto recorded = recordResult(step, Direction::Do, ending); !recorded)
    return std::unexpected(recorded.error());
  m_tools.failpoints.at("exec.after_result", step);
  return ending.ok;
}

FixRun::Ending FixRun::doEdit(int step) {
  const model::FileEdit& edit = *planStep(step).edit;
  const auto at = [this](const char* place) { m_tools.failpoints.at(place); };
  const FileSnapshot before{edit.before, edit.mode, edit.uid, edit.gid};
  FileCheck check;
  if (edit.check) {
    check = [this, &edit](const std::string& newFile) {
      return checkNewFile(*edit.check, newFile, m_tools.policy,
                          [this] { return m_tools.host.pump() != Interrupt::None; });
    };
  }
  const auto replaced = replaceConfigFile(edit.path, before, edit.after, temporaryTag(step), at, check);
  Ending ending;
  ending.ok = replaced.has_value();
  if (replaced) return ending;
  ending.detail = replaced.error().line();
  const auto now = readConfigFile(edit.path);
  // Not what we would have written: nothing of ours to undo.
  ending.touched = now && now->bytes == edit.after;
  return ending;
}

/// `direction` tells which way; an undo runs to its end whatever happens.
FixRun::Ending FixRun::onHost(int step, Direction direction) {
  const bool undo = direction == Direction::Undo;
  const auto& act = *planStep(step).act;
  const auto* verb = findHostVerb(act.verb);
  Interrupt why = Interrupt::None;
  const HostWorld world{m_tools.service, m_tools.policy, [&] {
                          if (why == Interrupt::None) why = m_tools.host.pump();
                          return !undo && why != Interrupt::None;
                        }};
  auto end = undo ? verb->undo(act, world) : verb->act(act, world);
  m_tools.failpoints.at(undo ? "undo.after_verb" : "exec.after_verb", step);
  Ending ending;
  ending.ok = end.ok;
  ending.touched = end.touched;
  ending.conflict = end.conflict;
  ending.exitCode = end.exitCode;
  ending.output = std::move(end.output);
  ending.detail = why == Interrupt::None || end.ok ? std::move(end.detail) : std::string(toString(why));
  return ending;
}

sandbox::Confinement FixRun::confinement(const model::CommandSpec& command) const {
  sandbox::Confinement out;
  out.forbiddenPaths = m_tools.policy.forbiddenPaths;
  out.writablePaths = command.writablePaths;
  out.grace = kGrace;
  out.timeout = std::min<std::chrono::milliseconds>(command.timeout, m_tools.policy.maxExecutionTime);
  return out;
}

FixRun::Ending FixRun::describe(const CommandResult& result) const {
  Ending ending;
  ending.ok = result.succeeded();
  ending.exitCode = result.exitCode;
  ending.output = result.output;
  ending.detail = howItEnded(result);
  return ending;
}

base::Result<FixRun::Ending> FixRun::runCommand(const model::CommandSpec& command, int step,
                                                Direction direction) {
  Result<> journaled;
  bool began = false;
  Interrupt why = Interrupt::None;
  size_t shown = 0;
  sandbox::RunHooks hooks;
  hooks.started = [&](int pid, const std::string& startTime) {
    began = true;
    journaled = recordStarted(step, direction, pid, startTime);
    m_tools.failpoints.at(direction == Direction::Do ? "exec.after_started" : "undo.after_started", step);
  };
  hooks.cancelled = [&] {
    if (why == Interrupt::None) why = m_tools.host.pump();
    // An undo runs to its end whatever happens: between is worse than either side.
    return !journaled || (direction == Direction::Do && why != Interrupt::None);
  };
  hooks.output = [&](const std::string& chunk) {
    if (shown >= kLiveOutputBytes) return;
    ExecutorEvent event{.kind = ExecutorEvent::Kind::Output, .planHash = m_planHash};
    event.step = step;
    event.detail = base::toValidUtf8(chunk.substr(0, kLiveOutputBytes - shown));
    shown += chunk.size();
    m_tools.host.emit(event);
  };
  const auto result = sandbox::run(command.argv, confinement(command), hooks);
  if (!journaled) return std::unexpected(journaled.error());
  if (result) {
    Ending ending = describe(*result);
    if (result->end == CommandResult::End::Cancelled) ending.detail = std::string(toString(why));
    return ending;
  }
  Ending ending;
  ending.touched = began;
  ending.detail = result.error().line();
  return ending;
}

base::Result<> FixRun::conclude(bool ok, const std::string& detail) {
  const auto audited = m_tools.host.audit("fix.verdict", detail, ok ? "passed" : "failed", m_plan);
  m_tools.failpoints.at("exec.after_verdict");
  if (!ok) return undo("validation failed: " + detail);
  if (!audited) return undo("the audit can't be written: " + audited.error().line());
  if (auto recorded = recordState(FixState::Succeeded, detail); !recorded) return recorded;
  m_tools.failpoints.at("exec.after_succeeded");
  return {};
}

// --- the journal ---

const StepTrack* FixRun::track(int step, Direction direction) const {
  const auto& tracks = direction == Direction::Do ? state().steps : state().undos;
  const auto found = tracks.find(step);
  return found == tracks.end() ? nullptr : &found->second;
}

std::string FixRun::temporaryTag(int step) const {
  return "aiops-" + m_planHash.substr(0, 16) + '-' + std::to_string(step);
}

base::Result<> FixRun::append(JournalRecord record) {
  record.planHash = m_planHash;
  record.at = m_tools.clock.now();
  return m_tools.journal.append(std::move(record));
}

base::Result<> FixRun::recordIntent(int step, Direction direction) {
  const StepTrack* before = track(step, direction);
  JournalRecord record;
  record.kind = direction == Direction::Do ? RecordKind::Intent : RecordKind::UndoIntent;
  record.step = step;
  record.attempt = before ? before->attempts + 1 : 1;
  record.digest = digestOf(planStep(step), direction == Direction::Undo);
  if (planStep(step).action) record.prior = observe(step);
  auto appended = append(std::move(record));
  if (appended) emitStep(step);
  return appended;
}

base::Result<> FixRun::recordStarted(int step, Direction direction, int pid, const std::string& startTime) {
  JournalRecord record;
  record.kind = direction == Direction::Do ? RecordKind::Started : RecordKind::UndoStarted;
  record.step = step;
  record.attempt = track(step, direction)->attempts;
  record.pid = pid;
  record.startTime = startTime;
  return append(std::move(record));
}

base::Result<> FixRun::recordResult(int step, Direction direction, const Ending& ending) {
  JournalRecord record;
  record.kind = direction == Direction::Do ? RecordKind::Result : RecordKind::UndoResult;
  record.step = step;
  record.attempt = track(step, direction)->attempts;
  record.ok = ending.ok;
  record.touched = ending.touched;
  record.recovered = ending.recovered;
  record.exitCode = ending.exitCode;
  record.digest = base::sha256Hex(ending.output);
  record.output = ending.output.substr(0, kJournalOutputBytes);
  record.detail = ending.detail;
  if (auto appended = append(std::move(record)); !appended) return appended;
  emitStep(step);
  const std::string what = direction == Direction::Do ? "step.result" : "undo.result";
  const std::string result =
      std::string(ending.ok ? "ok" : "failed") + (ending.recovered ? ", found after a crash" : "");
  // Best effort: what has happened is in the journal, and a lost audit line stops the next step.
  (void)m_tools.host.audit(what, planStep(step).title, result, m_plan);
  return {};
}

base::Result<> FixRun::recordState(FixState next, const std::string& detail) {
  JournalRecord record;
  record.kind = RecordKind::State;
  record.state = next;
  record.detail = detail;
  if (auto appended = append(std::move(record)); !appended) return appended;
  (void)m_tools.host.audit("fix.state", detail, std::string(model::toString(next)), m_plan);
  emitState();
  return {};
}

void FixRun::emitStep(int step) const {
  ExecutorEvent event{.kind = ExecutorEvent::Kind::Step, .planHash = m_planHash};
  event.step = step;
  event.progress = progressOf(state(), step);
  m_tools.host.emit(event);
}

void FixRun::emitState() const {
  ExecutorEvent event{.kind = ExecutorEvent::Kind::State, .planHash = m_planHash};
  event.state = state().state;
  event.detail = state().detail;
  m_tools.host.emit(event);
}

model::StepProgress progressOf(const RunState& run, int step) {
  model::StepProgress out;
  const auto undo = run.undos.find(step), done = run.steps.find(step);
  const bool undoing = undo != run.undos.end();
  if (!undoing && done == run.steps.end()) return out;
  const StepTrack& track = undoing ? undo->second : done->second;
  out.startedAt = track.startedAt;
  out.endedAt = track.endedAt;
  out.exitCode = track.exitCode;
  out.output = track.output;
  out.detail = track.detail;
  if (!track.finished) {
    out.state = undoing ? model::StepState::Undoing : model::StepState::Running;
  } else if (!track.ok) {
    out.state = model::StepState::Failed;
  } else {
    out.state = undoing ? model::StepState::Undone : model::StepState::Done;
  }
  return out;
}

}  // namespace aiops::remediation
