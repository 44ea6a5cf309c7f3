// Binds a playbook to one incident: typed parameters, exact bytes, exact argument vectors, inverses,
// validators, risk with reasons. Deterministic: the same inputs and the same world give the same plan.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/event.h"
#include "model/fix.h"
#include "model/incident.h"
#include "model/inventory.h"
#include "remediation/config_file.h"
#include "remediation/playbook.h"

namespace aiops::remediation {

/// What planning reads of the host. Injected; systemWorld() is the real one.
struct PlanningWorld {
  std::function<base::Result<FileSnapshot>(const std::string& path)> readFile;
  std::string bootId;
  /// The state of the service's unit; only playbooks with service steps need it. Missing: they don't fit.
  std::function<base::Result<model::UnitState>(const model::ServiceEntry& service)> observe;
  /// An act on the host, with what it acts on; only playbooks with such steps need it. Missing: they don't
  /// fit.
  std::function<base::Result<model::HostAct>(const model::ServiceEntry& service, const std::string& verb,
                                             const model::Facts& arguments,
                                             std::chrono::milliseconds timeout)>
      bind;
};

/// Reads through openat2 without symlinks, regular files only, at most 1 MiB, and only where `policy` lets a
/// config_edit write.
PlanningWorld systemWorld(const model::ExecutionPolicy& policy);

/// What a plan is made from. `events` are the incident's, `hypothesis` the best verified one.
struct PlanRequest {
  const Playbook& playbook;
  const model::Incident& incident;
  const model::Hypothesis& hypothesis;
  const std::vector<model::Event>& events;
  const model::Inventory& inventory;
  const model::ExecutionPolicy& policy;
};

struct PlannedFix {
  model::Plan plan;
  std::string planHash;
  std::string title;
  std::string fixKind;
  std::vector<std::string> reaches;  ///< what it touches, in words
  std::vector<std::string> unsure;   ///< never empty
};

/// Fails with InvalidInput (a parameter's value is outside its grammar; `where` names it), NotFound (service,
/// file, key or command is missing), PermissionDenied (path or command is not allowed) or Io.
base::Result<PlannedFix> makePlan(const PlanRequest& request, const PlanningWorld& world);

/// What a person is told to do: the title, and what to do in order. Of a playbook that is done by hand.
struct Advice {
  std::string title;
  std::vector<std::string> steps;

  std::string text() const;  ///< in one line
};
Advice adviceOf(const Playbook& playbook, const std::string& service);

/// The playbooks of `set` that cure the hypothesis' root cause, by id; those done by hand come last.
std::vector<const Playbook*> playbooksFor(const PlaybookSet& set, const model::Hypothesis& hypothesis);

/// SHA-256 over the policy's canonical JSON; part of every plan, compared by the gate.
std::string policyDigest(const model::ExecutionPolicy& policy);

/// /proc/sys/kernel/random/boot_id.
std::string currentBootId();

/// How long an approval of such a plan holds: 15 minutes for high risk, else 4 hours.
std::chrono::seconds approvalLifetime(model::Risk risk);

}  // namespace aiops::remediation
