// What keeps services running here: systemd over D-Bus, docker by its command line, or a supervisor by the
// commands that the inventory gives. One interface, so that a run treats them alike.
//
//   auto action = bindAction(service, policy, "restart");     // exact argument vectors, nothing observed yet
//   auto manager = openManager(*action, policy, patience);
//   auto state = manager->state();
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/inventory.h"
#include "model/service_unit.h"

namespace aiops::remediation {

/// What happens around a verb while it runs.
struct VerbHooks {
  /// Just before the effect can begin: the process that will act, or (pid 0) our name on the bus. False: it
  /// must not begin.
  std::function<bool(int pid, const std::string& token)> starting;
  std::function<bool()> cancelled;  ///< asked at least every 50 ms; true ends the waiting
  std::function<void(const std::string& chunk)> output;
};

struct VerbEnd {
  bool ok = false;
  bool sent = true;  ///< false: provably nothing was begun
  bool cancelled = false;
  bool answered = false;  ///< the manager itself said how it ended: nothing more comes of it
  int exitCode = 0;
  std::string output;
  std::string detail;
};

/// One unit. Single-threaded.
class ServiceManager {
 public:
  virtual ~ServiceManager() = default;
  /// NotFound: no such unit; Conflict: masked, or its file has changed on disk unread; Unavailable: the
  /// manager can't be asked; PermissionDenied: it refuses.
  virtual base::Result<model::UnitState> state() = 0;
  /// Does `verb` and waits until the manager says that it is done, at most `timeout`.
  virtual VerbEnd act(const std::string& verb, std::chrono::milliseconds timeout, const VerbHooks& hooks) = 0;
  /// Is something still under way that an earlier process (known by its `token`) asked for? Nothing: this
  /// manager can't tell.
  virtual std::optional<bool> busy(const std::string& token) = 0;
};

/// The action with its exact argument vectors, as the inventory gives them; the gate binds again and
/// compares. NotFound: no manager or command; PermissionDenied: a protected unit, or a command that is not
/// allowed.
base::Result<model::ServiceAction> bindAction(const model::ServiceEntry& service,
                                              const model::ExecutionPolicy& policy, const std::string& verb);

/// `waiting` is called while an argument vector that only reads runs; may be empty.
std::unique_ptr<ServiceManager> openManager(const model::ServiceAction& action,
                                            const model::ExecutionPolicy& policy,
                                            std::function<void()> waiting = {});

/// The state of the service's unit. Blocks for at most some seconds. Runs a process unless the manager is
/// systemd: only in the executor.
base::Result<model::UnitState> observeService(const model::ServiceEntry& service,
                                              const model::ExecutionPolicy& policy);

}  // namespace aiops::remediation
