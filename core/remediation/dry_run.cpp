// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/dry_run.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "remediation/config_file.h"
#include "remediation/file_check.h"
#include "remediation/preconditions.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr auto kCheckers =
    std::chrono::seconds(8);  ///< for all of them: the executor answers nobody meanwhile
constexpr const char* kTag = "aiops-dry-run";

std::string inWords(const std::vector<std::string>& argv) {
  std::string out;
  for (const auto& argument : argv) out += (out.empty() ? "[" : " [") + argument + "]";
  return out;
}

size_t linesIn(const std::string& bytes) {
  return static_cast<size_t>(std::ranges::count(bytes, '\n'));
}

std::string inWords(const model::FileEdit& edit) {
  return edit.path + ": " + std::to_string(edit.before.size()) + " bytes become " +
         std::to_string(edit.after.size()) + " (" + std::to_string(linesIn(edit.before)) + " lines become " +
         std::to_string(linesIn(edit.after)) + ")";
}

class Trial {
 public:
  Trial(const model::Plan& plan, const GateWorld& world)
      : m_plan(plan), m_world(world), m_until(std::chrono::steady_clock::now() + kCheckers) {}

  model::DryRun run() {
    note("Automation is not stopped", checkStopped(m_world));
    note("The target is not locked", checkLock(m_plan, m_world));
    note("The host has not been restarted since", checkBoot(m_plan, m_world));
    note("Playbook and policy are those of the plan", checkCatalogue(m_plan, m_world));
    note("Steps can be confined", sandbox());
    m_service = m_world.config.inventory.find(m_plan.target);
    note("The target is in the inventory",
         m_service ? Result<>() : fail(ErrorCode::NotFound, "not in the inventory", m_plan.target));
    if (m_service) {
      tryPreconditions();
      note("The files are as the plan saw them", checkFiles(m_plan));
      for (size_t i = 0; i < m_plan.steps.size(); ++i) tryStep(static_cast<int>(i));
    }
    tryUndo();
    return std::move(m_result);
  }

 private:
  void note(const std::string& what, const Result<>& found, const std::string& detail = {}) {
    m_result.checks.push_back({what, found.has_value(), found ? detail : found.error().line()});
  }

  Result<> sandbox() const {
    if (m_world.sandboxProblem.empty()) return {};
    return fail(ErrorCode::Unavailable, m_world.sandboxProblem);
  }

  void tryPreconditions() {
    const auto set = loadPlaybooks(m_world.config.playbookDirectories);
    const Playbook* playbook = set.find(m_plan.playbookId);
    if (!playbook) return;  // said above
    const std::function<Result<FileSnapshot>(const std::string&)> readFile =
        [&](const std::string& path) -> Result<FileSnapshot> {
      if (auto allowed = checkEditPath(path, m_world.config.policy); !allowed)
        return std::unexpected(allowed.error());
      return readConfigFile(path);
    };
    const PreconditionWorld world{*m_service, &m_plan.parameters, readFile};
    for (const auto& condition : playbook->preconditions)
      note("Condition: " + wordsOf(condition), checkPrecondition(condition, world));
  }

  void tryStep(int number) {
    const auto& step = m_plan.steps[static_cast<size_t>(number)];
    const std::string name = "Step " + std::to_string(number + 1);
    const auto allowed = checkStep(step, *m_service, m_plan, m_world);
    if (step.edit) {
      note(name + " may edit the file", allowed, inWords(*step.edit));
      if (step.edit->check && allowed) note(name + ": the checker takes the new file", tryFile(*step.edit));
    }
    if (step.command) note(name + " may run its command", allowed, inWords(step.command->argv));
    if (step.action) {
      const auto& action = *step.action;
      const std::string does = action.verb + " " + action.unit + " by " + action.manager;
      note(name + " may act on the unit", allowed, action.argv.empty() ? does : inWords(action.argv));
      if (m_units.insert(action.unit).second)
        note(name + ": the unit is as the plan saw it", checkUnit(step, *m_service, m_world));
    }
    if (step.act) {
      note(name + " may act on the host", allowed, inWords(step.act->line));
      if (allowed) note(name + ": it acts on what the plan saw", checkAct(*step.act, *m_service, m_world));
    }
    for (const auto* argv : programsOf(step)) present(name, argv->front());
  }

  static std::vector<const std::vector<std::string>*> programsOf(const model::PlanStep& step) {
    std::vector<const std::vector<std::string>*> out;
    for (const auto* spec : {&step.command, &step.effectCheck, &step.inverse, &step.inverseEffectCheck}) {
      if (*spec) out.push_back(&(*spec)->argv);
    }
    if (step.edit && step.edit->check) out.push_back(&step.edit->check->argv);
    if (step.action) {
      for (const auto* argv : {&step.action->argv, &step.action->undoArgv, &step.action->stateArgv}) {
        if (!argv->empty()) out.push_back(argv);
      }
    }
    return out;
  }

  /// Once a program.
  void present(const std::string& name, const std::string& program) {
    if (!m_programs.insert(program).second) return;
    const bool there = ::access(program.c_str(), X_OK) == 0;
    note(name + ": " + program + " can be run",
         there ? Result<>() : fail(ErrorCode::NotFound, "not there or not executable", program));
  }

  Result<> tryFile(const model::FileEdit& edit) const {
    const auto left = m_until - std::chrono::steady_clock::now();
    if (left <= std::chrono::milliseconds(0)) return fail(ErrorCode::Timeout, "no time was left for it");
    auto check = *edit.check;
    check.timeout = std::min(check.timeout, std::chrono::duration_cast<std::chrono::milliseconds>(left));
    const FileSnapshot before{edit.before, edit.mode, edit.uid, edit.gid};
    return tryConfigFile(edit.path, before, edit.after, kTag, [&](const std::string& newFile) {
      return checkNewFile(check, newFile, m_world.config.policy, [] { return false; });
    });
  }

  void tryUndo() {
    std::string without;
    for (size_t i = 0; i < m_plan.steps.size(); ++i) {
      const auto& step = m_plan.steps[i];
      if (step.hasUndo()) continue;
      without += (without.empty() ? "" : ", ") + std::to_string(i + 1);
    }
    note("Every step can be undone",
         without.empty() ? Result<>() : fail(ErrorCode::NotFound, "no undo for step " + without));
  }

  const model::Plan& m_plan;
  const GateWorld& m_world;
  const std::chrono::steady_clock::time_point m_until;
  const model::ServiceEntry* m_service = nullptr;
  std::set<std::string> m_programs, m_units;
  model::DryRun m_result;
};

}  // namespace

model::DryRun tryPlan(const model::Plan& plan, const GateWorld& world) {
  return Trial(plan, world).run();
}

}  // namespace aiops::remediation
