// Undoing, and taking up what a crash has left.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <system_error>

#include "base/bytes.h"
#include "remediation/config_file.h"
#include "remediation/fix_run.h"
#include "remediation/plan_codec.h"

namespace aiops::remediation {
namespace {

using base::Result;
using model::FixState;

constexpr int kMaxAttempts = 2;       ///< of an idempotent command whose check proved that it had no effect
constexpr int kMaxEditAttempts = 10;  ///< an edit is judged by its bytes: trying again is safe

/// For a person: an argument vector as a line for a shell.
std::string shellLine(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& argument : argv) {
    out += out.empty() ? "'" : " '";
    for (const char c : argument) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    out += '\'';
  }
  return out;
}

}  // namespace

base::Result<> FixRun::undo(const std::string& why) {
  m_tools.failpoints.at("undo.before_state");
  if (auto recorded = recordState(FixState::RollingBack, why); !recorded) return recorded;
  m_tools.failpoints.at("undo.after_state");
  return runUndo();
}

base::Result<> FixRun::runUndo() {
  const std::string why = state().detail;
  for (const int step : undoOrder(m_plan, m_plan.steps.size())) {
    const StepTrack* done = track(step, Direction::Do);
    const StepTrack* undone = track(step, Direction::Undo);
    const bool nothingDone = !done || (done->finished && !done->touched);
    if (nothingDone || (undone && undone->finished && undone->ok)) continue;
    const auto ok = undoStep(step);
    if (!ok) return std::unexpected(ok.error());
    if (!*ok) return {};  // given up, and said so
  }
  m_tools.failpoints.at("undo.before_done");
  if (auto recorded = recordState(FixState::RolledBack, why); !recorded) return recorded;
  m_tools.failpoints.at("undo.after_done");
  return {};
}

base::Result<bool> FixRun::undoStep(int step) {
  const auto giveUpWith = [&](FixState state, const std::string& why) -> Result<bool> {
    if (auto ended = giveUp(state, why); !ended) return std::unexpected(ended.error());
    return false;
  };
  const std::string name = "undo of step " + std::to_string(step + 1);
  const auto& planned = planStep(step);
  if (!planned.hasUndo()) return giveUpWith(FixState::NeedsHuman, name + ": there is none");
  for (;;) {
    const StepTrack* last = track(step, Direction::Undo);
    const bool edit = planStep(step).edit.has_value();
    const int limit = edit ? kMaxEditAttempts : (planStep(step).idempotent ? kMaxAttempts : 1);
    const bool again = !last || (last->recovered && last->attempts < limit);
    if (!again) return giveUpWith(FixState::RollbackFailed, name + " failed: " + last->detail);
    m_tools.failpoints.at("undo.before_intent", step);
    if (auto recorded = recordIntent(step, Direction::Undo); !recorded)
      return std::unexpected(recorded.error());
    m_tools.failpoints.at("undo.after_intent", step);
    const Ending ending = edit             ? undoEdit(step)
                          : planned.action ? undoService(step)
                          : planned.act    ? onHost(step, Direction::Undo)
                                           : undoCommand(step);
    m_tools.failpoints.at("undo.before_result", step);
    if (auto recorded = recordResult(step, Direction::Undo, ending); !recorded)
      return std::unexpected(recorded.error());
    m_tools.failpoints.at("undo.after_result", step);
    if (ending.conflict) return giveUpWith(FixState::NeedsHuman, name + " stopped: " + ending.detail);
    if (ending.ok) return true;
  }
}

FixRun::Ending FixRun::undoEdit(int step) {
  const model::FileEdit& edit = *planStep(step).edit;
  Ending ending;
  const Effect effect = editEffect(step, Direction::Undo);
  ending.ok = effect == Effect::Applied;
  ending.conflict = effect == Effect::Unknown;
  if (ending.ok) ending.detail = "the file was already as before";
  if (ending.conflict) ending.detail = "the file is neither as we left it nor as before: " + edit.path;
  if (effect != Effect::NotApplied) return ending;
  const auto at = [this](const char* place) { m_tools.failpoints.at(place); };
  const FileSnapshot ours{edit.after, edit.mode, edit.uid, edit.gid};
  const auto replaced = replaceConfigFile(edit.path, ours, edit.before, temporaryTag(step), at);
  ending.ok = replaced.has_value();
  ending.conflict = !replaced && replaced.error().code == base::ErrorCode::Stale;
  if (!replaced) ending.detail = replaced.error().line();
  return ending;
}

FixRun::Ending FixRun::undoCommand(int step) {
  auto ran = runCommand(*planStep(step).inverse, step, Direction::Undo);
  Ending ending;
  if (ran) ending = *std::move(ran);
  if (!ran) ending.detail = ran.error().line();
  if (ending.ok) return ending;
  // It failed, yet the state may be as wanted, or provably untouched: then one more attempt is safe.
  const Effect effect = checkEffect(planStep(step).inverseEffectCheck, &ending.detail);
  ending.ok = effect == Effect::Applied;
  ending.recovered = effect != Effect::Unknown;
  return ending;
}

FixRun::Ending FixRun::undoService(int step) {
  auto ran = runService(step, Direction::Undo);
  if (ran) return *std::move(ran);
  Ending ending;
  ending.detail = ran.error().line();
  return ending;
}

// --- giving up: locked, and said so that a person can go on ---

base::Result<> FixRun::giveUp(FixState next, const std::string& why) {
  const std::string detail = residue(why);
  JournalRecord lock;
  lock.kind = RecordKind::Lock;
  lock.target = m_plan.target;
  lock.detail = why;
  if (auto locked = append(std::move(lock)); !locked) return locked;
  (void)m_tools.host.audit("target.lock", why, "locked", m_plan);
  return recordState(next, detail);
}

std::string FixRun::residue(const std::string& why) const {
  std::string out = why + ". Still changed:";
  std::string commands;
  for (const int step : undoOrder(m_plan, m_plan.steps.size())) {
    const StepTrack* done = track(step, Direction::Do);
    const StepTrack* undone = track(step, Direction::Undo);
    if (!done || (done->finished && !done->touched) || (undone && undone->finished && undone->ok)) continue;
    out += "\n- " + planStep(step).title;
    commands += "\n  " + manualUndo(step);
  }
  return out + "\nBy hand, in this order:" + commands;
}

std::string FixRun::manualUndo(int step) const {
  const model::PlanStep& planned = planStep(step);
  if (planned.inverse) return shellLine(planned.inverse->argv);
  if (planned.action && !planned.action->undoArgv.empty()) return shellLine(planned.action->undoArgv);
  if (planned.act && !planned.act->undoLine.empty()) return shellLine(planned.act->undoLine);
  if (planned.action) return shellLine({"systemctl", planned.action->undoVerb, "--", planned.action->unit});
  if (!planned.edit) return "(no undo is known for: " + planned.title + ")";
  const auto kept = m_tools.keptFiles / base::sha256Hex(planned.edit->before);
  std::error_code ignored;
  std::filesystem::create_directories(m_tools.keptFiles, ignored);
  if (!base::writeFileAtomic(kept, planned.edit->before)) {
    return "(the bytes of " + planned.edit->path + " before the fix are in the approved plan)";
  }
  return shellLine({"cp", "--no-preserve=all", kept.string(), planned.edit->path});
}

// --- recovery ---

FixRun::Effect FixRun::editEffect(int step, Direction direction) const {
  const model::FileEdit& edit = *planStep(step).edit;
  const auto now = readConfigFile(edit.path);
  if (!now) return Effect::Unknown;
  const FileSnapshot before{edit.before, edit.mode, edit.uid, edit.gid};
  const FileSnapshot after{edit.after, edit.mode, edit.uid, edit.gid};
  const bool undo = direction == Direction::Undo;
  if (*now == (undo ? before : after)) return Effect::Applied;
  return *now == (undo ? after : before) ? Effect::NotApplied : Effect::Unknown;
}

FixRun::Effect FixRun::hostEffect(int step, Direction direction) const {
  const auto& act = *planStep(step).act;
  const HostWorld world{m_tools.service, m_tools.policy};
  return findHostVerb(act.verb)->effect(act, direction == Direction::Undo, world);
}

FixRun::Effect FixRun::checkEffect(const std::optional<model::CommandSpec>& check,
                                   std::string* detail) const {
  if (!check) return Effect::Unknown;
  sandbox::RunHooks hooks;
  hooks.cancelled = [this] {
    (void)m_tools.host.pump();  // only to keep answering; a check is short
    return false;
  };
  const auto result = sandbox::run(check->argv, confinement(*check), hooks);
  if (!result) *detail += "; check: " + result.error().line();
  if (!result || result->end != sandbox::CommandResult::End::Exited) return Effect::Unknown;
  *detail += "; check: exit status " + std::to_string(result->exitCode);
  if (result->exitCode == 0) return Effect::Applied;
  return result->exitCode == 1 ? Effect::NotApplied : Effect::Unknown;
}

FixRun::Effect FixRun::effectOf(int step, Direction direction, std::string* detail) const {
  const StepTrack* open = track(step, direction);
  if (open->pid > 0) sandbox::endLeftOver(open->pid, open->startTime);
  m_tools.failpoints.at("recover.after_leftover", step);
  if (planStep(step).edit) {
    removeTemporary(planStep(step).edit->path, temporaryTag(step));
    syncDirectoryOf(planStep(step).edit->path);
    return editEffect(step, direction);
  }
  if (planStep(step).action) return serviceEffect(step, direction, detail);
  if (planStep(step).act) return hostEffect(step, direction);
  return checkEffect(
      direction == Direction::Do ? planStep(step).effectCheck : planStep(step).inverseEffectCheck, detail);
}

base::Result<> FixRun::recover() {
  m_tools.failpoints.at("recover.begin");
  (void)m_tools.host.audit("fix.recover", "an earlier executor ended in the middle",
                           std::string(model::toString(state().state)), m_plan);
  switch (state().state) {
    case FixState::Running:
      return recoverRunning();
    case FixState::Validating:
      emitState();
      return {};
    case FixState::RollingBack:
      break;
    default:
      return {};
  }
  emitState();
  for (const int step : undoOrder(m_plan, m_plan.steps.size())) {
    const StepTrack* open = track(step, Direction::Undo);
    if (!open || !open->unknown()) continue;
    if (auto known = recoverUndo(step); !known) return known;
    if (model::isFinal(state().state)) return {};
  }
  return runUndo();
}

base::Result<> FixRun::recoverRunning() {
  emitState();
  for (int step = 0; step < stepCount(); ++step) {
    const StepTrack* done = track(step, Direction::Do);
    if (!done) break;
    if (done->unknown()) {
      if (auto known = recoverStep(step); !known || model::isFinal(state().state)) return known;
      done = track(step, Direction::Do);
    }
    if (done->ok) continue;
    if (!done->recovered) return undo("step " + std::to_string(step + 1) + " failed: " + done->detail);
    // Proved to have had no effect: a new attempt is safe if the step says so.
    if (!planStep(step).idempotent || done->attempts >= kMaxEditAttempts) {
      return giveUp(FixState::NeedsHuman,
                    "step " + std::to_string(step + 1) + " was cut off and may not be repeated");
    }
    break;
  }
  if (auto go = m_tools.host.mayContinue(state(), m_plan); !go) {
    return undo("not continued after a crash: " + go.error().line());
  }
  return runSteps();
}

base::Result<> FixRun::recoverStep(int step) {
  Ending ending;
  ending.recovered = true;
  ending.detail = "cut off by a crash";
  const Effect effect = effectOf(step, Direction::Do, &ending.detail);
  if (effect == Effect::Unknown) {
    return giveUp(FixState::NeedsHuman, "step " + std::to_string(step + 1) + " was " + ending.detail +
                                            "; it can't be told whether it had an effect");
  }
  ending.ok = effect == Effect::Applied;
  ending.touched = effect != Effect::NotApplied;
  ending.recovered = effect != Effect::Broken;
  m_tools.failpoints.at("recover.before_result", step);
  return recordResult(step, Direction::Do, ending);
}

base::Result<> FixRun::recoverUndo(int step) {
  Ending ending;
  ending.recovered = true;
  ending.detail = "cut off by a crash";
  const Effect effect = effectOf(step, Direction::Undo, &ending.detail);
  const std::string name = "undo of step " + std::to_string(step + 1) + " was ";
  if (effect == Effect::Unknown) {
    return giveUp(planStep(step).edit ? FixState::NeedsHuman : FixState::RollbackFailed,
                  name + ending.detail + "; it can't be told whether it had an effect");
  }
  ending.ok = effect == Effect::Applied;
  ending.recovered = effect != Effect::Broken;
  m_tools.failpoints.at("recover.before_result", step);
  return recordResult(step, Direction::Undo, ending);
}

}  // namespace aiops::remediation
