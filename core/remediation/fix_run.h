// One approved plan on its way: steps, validation, undo, and what an earlier executor left unfinished. Every
// action is in the journal, synced, before it happens. The journal's state is the only state.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/fix.h"
#include "model/inventory.h"
#include "remediation/executor.h"
#include "remediation/failpoints.h"
#include "remediation/host_verb.h"
#include "remediation/journal.h"
#include "remediation/service_effect.h"
#include "remediation/service_manager.h"
#include "sandbox/command_runner.h"

namespace aiops::remediation {

/// Why a run must end now.
enum class Interrupt : uint8_t { None, Stop, EngineLost, Terminate };
std::string_view toString(Interrupt why);

/// What a run needs of the executor around it.
class RunHost {
 public:
  virtual ~RunHost() = default;
  /// Serves the engine for a moment; called at least every 50 ms while a step runs.
  virtual Interrupt pump() = 0;
  virtual void emit(const ExecutorEvent& event) = 0;
  /// No audit, no step: the caller does not go on when this fails (undo does).
  virtual base::Result<> audit(const std::string& what, const std::string& why, const std::string& result,
                               const model::Plan& plan) = 0;
  /// May a run go on after a crash? (checkContinuation)
  virtual base::Result<> mayContinue(const RunState& run, const model::Plan& plan) = 0;
};

/// What a run works with. All of it outlives the run.
struct RunTools {
  RunHost& host;
  Journal& journal;
  const Failpoints& failpoints;
  const base::Clock& clock;
  const model::ExecutionPolicy& policy;
  const model::ServiceEntry& service;  ///< the target
  std::filesystem::path keptFiles;     ///< where pre-images are kept for a person when an undo fails
};

/// All functions fail only when the journal can't be written: then nothing further is done, and what is on
/// disk lets the next executor recover. Single-threaded.
class FixRun {
 public:
  FixRun(RunTools tools, std::string planHash, model::Plan plan);

  /// After the claim: runs the steps; ends Validating, or undone.
  base::Result<> start();
  /// The engine's verdict on a Validating run.
  base::Result<> conclude(bool ok, const std::string& detail);
  /// Undoes everything, from Running or Validating.
  base::Result<> undo(const std::string& why);
  /// Takes up an unfinished run of an earlier executor.
  base::Result<> recover();

  const RunState& state() const { return m_tools.journal.state().runs.at(m_planHash); }
  const model::Plan& plan() const { return m_plan; }

 private:
  /// How an action ended. `known` false: can't tell whether it had an effect.
  struct Ending {
    bool ok = false;
    bool touched = true;
    bool recovered = false;
    bool conflict = false;  ///< someone else's change stands in the way
    int exitCode = 0;
    std::string output;
    std::string detail;
  };
  using Effect = StepEffect;
  enum class Direction : uint8_t { Do, Undo };

  base::Result<> runSteps();
  base::Result<bool> runStep(int step);
  Ending doEdit(int step);
  Ending onHost(int step, Direction direction);
  base::Result<> runUndo();
  base::Result<bool> undoStep(int step);
  Ending undoEdit(int step);
  Ending undoCommand(int step);
  Ending undoService(int step);
  base::Result<Ending> runService(int step, Direction direction);
  base::Result<Ending> actOnUnit(int step, Direction direction, const model::UnitState& prior);
  base::Result<> staysAsWanted(ServiceManager& manager, int step, Direction direction,
                               const model::UnitState& prior, bool interruptible) const;
  base::Result<> pause(bool interruptible, std::chrono::milliseconds time) const;
  Effect serviceEffect(int step, Direction direction, std::string* detail) const;
  Effect settledEffect(int step, Direction direction, std::string* detail) const;
  std::unique_ptr<ServiceManager> managerOf(int step) const;
  std::optional<model::UnitState> observe(int step);
  const std::string& verbOf(int step, Direction direction) const;
  base::Result<Ending> runCommand(const model::CommandSpec& command, int step, Direction direction);
  Ending describe(const sandbox::CommandResult& result) const;
  sandbox::Confinement confinement(const model::CommandSpec& command) const;

  base::Result<> recoverStep(int step);
  base::Result<> recoverUndo(int step);
  base::Result<> recoverRunning();
  Effect editEffect(int step, Direction direction) const;
  Effect hostEffect(int step, Direction direction) const;
  Effect checkEffect(const std::optional<model::CommandSpec>& check, std::string* detail) const;
  Effect effectOf(int step, Direction direction, std::string* detail) const;

  base::Result<> giveUp(model::FixState state, const std::string& why);
  std::string residue(const std::string& why) const;
  std::string manualUndo(int step) const;

  base::Result<> recordIntent(int step, Direction direction);
  base::Result<> recordStarted(int step, Direction direction, int pid, const std::string& startTime);
  base::Result<> recordResult(int step, Direction direction, const Ending& ending);
  base::Result<> recordState(model::FixState state, const std::string& detail);
  base::Result<> append(JournalRecord record);
  void emitStep(int step) const;
  void emitState() const;
  const StepTrack* track(int step, Direction direction) const;
  std::string temporaryTag(int step) const;
  const model::PlanStep& planStep(int step) const { return m_plan.steps[static_cast<size_t>(step)]; }
  int stepCount() const { return static_cast<int>(m_plan.steps.size()); }

  RunTools m_tools;
  const std::string m_planHash;
  const model::Plan m_plan;
  std::string m_unreadable;  ///< why the unit's state could not be read just now
};

/// One step of a run as front ends see it.
model::StepProgress progressOf(const RunState& run, int step);

}  // namespace aiops::remediation
