// Verbs on the units of a service manager. The unit's state is in the journal before the verb begins, so that
// a later executor can tell from the unit alone whether it had its effect.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>

#include <algorithm>

#include "remediation/fix_run.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::UnitState;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kStopWatch = milliseconds(2000);   ///< is it started again at once by something else?
constexpr auto kBusLook = milliseconds(100);      ///< between two looks at a unit of systemd
constexpr auto kCommandLook = milliseconds(500);  ///< each look is a process
constexpr auto kPump = milliseconds(50);

std::string inWords(const UnitState& state) {
  return state.unit + " is " + state.state + (state.note.empty() ? "" : ", " + state.note);
}

milliseconds lookEvery(const model::ServiceAction& action) {
  return action.manager == "systemd" ? kBusLook : kCommandLook;
}

/// `now` is what the verb is to leave; `first` is how it was found right after.
Result<> asWanted(const std::string& verb, const UnitState& first, const UnitState& now) {
  const auto wrong = [&](const std::string& what) { return fail(ErrorCode::Conflict, what); };
  if (verb == "stop")
    return now.active ? Result<>(wrong("it did not stay stopped: " + inWords(now))) : Result<>();
  if (!now.active) return wrong("it did not stay up: " + inWords(now));
  if (now.invocation != first.invocation) return wrong("it was started again meanwhile");
  if (now.restarts != first.restarts) return wrong("its manager had to restart it");
  return {};
}

}  // namespace

const std::string& FixRun::verbOf(int step, Direction direction) const {
  const auto& action = *planStep(step).action;
  return direction == Direction::Do ? action.verb : action.undoVerb;
}

std::unique_ptr<ServiceManager> FixRun::managerOf(int step) const {
  return openManager(*planStep(step).action, m_tools.policy, [this] { (void)m_tools.host.pump(); });
}

std::optional<UnitState> FixRun::observe(int step) {
  auto state = managerOf(step)->state();
  m_unreadable = state ? "" : state.error().line();
  if (!state) return std::nullopt;
  return *std::move(state);
}

base::Result<FixRun::Ending> FixRun::runService(int step, Direction direction) {
  Ending ending;
  const auto& prior = track(step, direction)->prior;
  const bool undo = direction == Direction::Undo;
  if (!prior) {
    ending.touched = false;
    ending.detail = "the unit's state can't be read: " + m_unreadable;
  } else if (!undo && prior->active != planStep(step).action->wasActive) {
    ending.touched = false;
    ending.detail = "the unit is not as it was when approved: " + inWords(*prior);
  } else if (undo && alreadySo(verbOf(step, direction), *prior)) {
    ending.ok = true;
    ending.detail = "as before already: " + inWords(*prior);
  } else {
    return actOnUnit(step, direction, *prior);
  }
  return ending;
}

base::Result<FixRun::Ending> FixRun::actOnUnit(int step, Direction direction, const UnitState& prior) {
  const auto& action = *planStep(step).action;
  const bool undo = direction == Direction::Undo;
  Result<> journaled;
  Interrupt why = Interrupt::None;
  VerbHooks hooks;
  hooks.starting = [&](int pid, const std::string& token) {
    journaled = recordStarted(step, direction, pid, token);
    m_tools.failpoints.at(undo ? "undo.after_started" : "exec.after_started", step);
    return journaled.has_value();
  };
  hooks.cancelled = [&] {
    if (why == Interrupt::None) why = m_tools.host.pump();
    return !undo && why != Interrupt::None;  // an undo runs to its end
  };
  const auto manager = managerOf(step);
  const auto timeout = std::min<milliseconds>(action.timeout, m_tools.policy.maxExecutionTime);
  const auto end = manager->act(verbOf(step, direction), timeout, hooks);
  if (!journaled) return std::unexpected(journaled.error());
  m_tools.failpoints.at(undo ? "undo.after_verb" : "exec.after_verb", step);
  Ending ending;
  ending.ok = end.ok;
  ending.touched = end.sent;
  ending.exitCode = end.exitCode;
  ending.output = end.output;
  ending.detail = end.cancelled ? std::string(toString(why)) : end.detail;
  if (!ending.ok && !undo) {
    const auto now = manager->state();
    const bool untouched = end.answered && now && judgeVerb(action.verb, prior, *now) == Effect::NotApplied;
    ending.touched = end.sent && !untouched;
    return ending;
  }
  const auto steady = staysAsWanted(*manager, step, direction, prior, !undo);
  ending.ok = steady.has_value();
  if (!steady) ending.detail += (ending.detail.empty() ? "" : "; ") + steady.error().what;
  return ending;
}

base::Result<> FixRun::pause(bool interruptible, milliseconds time) const {
  const auto until = steady_clock::now() + time;
  do {
    const Interrupt why = m_tools.host.pump();
    if (interruptible && why != Interrupt::None)
      return fail(ErrorCode::Cancelled, std::string(toString(why)));
    ::poll(nullptr, 0, static_cast<int>(std::min(time, kPump).count()));
  } while (steady_clock::now() < until);
  return {};
}

/// The verb had its effect, and the unit stays like that for the stability window.
base::Result<> FixRun::staysAsWanted(ServiceManager& manager, int step, Direction direction,
                                     const UnitState& prior, bool interruptible) const {
  const auto& action = *planStep(step).action;
  const auto& verb = verbOf(step, direction);
  const auto first = manager.state();
  if (!first) return std::unexpected(first.error());
  const auto effect = judgeVerb(verb, prior, *first);
  if (effect == StepEffect::NotApplied || effect == StepEffect::Broken)
    return fail(ErrorCode::Conflict, verb + " had no lasting effect: " + inWords(*first));
  const auto until =
      steady_clock::now() + (verb == "stop" ? std::min(action.stability, kStopWatch) : action.stability);
  for (auto now = first;; now = manager.state()) {
    if (!now) return std::unexpected(now.error());
    if (auto wanted = asWanted(verb, *first, *now); !wanted) return wanted;
    if (steady_clock::now() >= until) return {};
    if (auto go = pause(interruptible, lookEvery(action)); !go) return go;
  }
}

// --- after a crash ---

FixRun::Effect FixRun::serviceEffect(int step, Direction direction, std::string* detail) const {
  const StepTrack* open = track(step, direction);
  const bool begun = open->pid > 0 || !open->startTime.empty();
  if (!open->prior || !begun) return Effect::NotApplied;  // the record comes before the act
  const Effect effect = settledEffect(step, direction, detail);
  if (effect != Effect::Applied) return effect;
  const auto manager = managerOf(step);
  const auto steady = staysAsWanted(*manager, step, direction, *open->prior, false);
  if (!steady) *detail += "; " + steady.error().what;
  return steady ? Effect::Applied : Effect::Broken;
}

/// Waits until nothing that was asked for can still come. A manager that can't tell gets the step's whole
/// time.
FixRun::Effect FixRun::settledEffect(int step, Direction direction, std::string* detail) const {
  const auto& action = *planStep(step).action;
  const StepTrack* open = track(step, direction);
  const auto manager = managerOf(step);
  const auto until =
      steady_clock::now() + std::min<milliseconds>(action.timeout, m_tools.policy.maxExecutionTime);
  for (;;) {
    const auto busy = manager->busy(open->startTime);
    const auto now = manager->state();
    const Effect effect = now ? judgeVerb(verbOf(step, direction), *open->prior, *now) : Effect::Unknown;
    const bool over = steady_clock::now() >= until;
    const bool settled = busy ? !*busy : effect == Effect::Applied;
    if (settled || over) {
      *detail += "; " + (now ? inWords(*now) : now.error().line());
      return settled || !busy ? effect : Effect::Unknown;
    }
    (void)pause(false, lookEvery(action));
  }
}

}  // namespace aiops::remediation
