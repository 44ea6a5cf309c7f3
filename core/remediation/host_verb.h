// Acts on this host, a row of a table each: what they take, whether they are allowed, what they act on, how
// they are done, told and taken back. A new kind is a new row.
//
//   const HostVerb* verb = findHostVerb("move_file");
//   auto act = verb->bind(arguments, world);          // exact, with what it acts on
//   auto end = verb->act(*act, world);
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/host_act.h"
#include "model/inventory.h"
#include "remediation/service_effect.h"
#include "security/taint_validators.h"

namespace aiops::remediation {

/// How an act, or its undo, ended.
struct HostEnd {
  bool ok = false;
  bool touched = true;    ///< false: provably nothing was begun
  bool conflict = false;  ///< undo: someone else's change stands in the way
  int exitCode = 0;
  std::string output;
  std::string detail;
};

/// What an act may use. All of it outlives the call.
struct HostWorld {
  const model::ServiceEntry& service;  ///< on whose behalf it acts
  const model::ExecutionPolicy& policy;
  std::function<bool()> cancelled = [] { return false; };  ///< asked at least every 50 ms
};

/// An argument: its name in a playbook and a plan, and what it must be.
struct HostArgument {
  std::string_view name;
  /// Its canonical form, or InvalidInput.
  base::Result<std::string> (*valid)(const std::string& text);
  bool optional = false;
};

/// Stateless; one object a verb for the life of the program.
class HostVerb {
 public:
  virtual ~HostVerb() = default;
  virtual std::string_view name() const = 0;
  virtual const std::vector<HostArgument>& arguments() const = 0;
  /// PermissionDenied where this service's fixes may not do that. Pure but for reading the host.
  virtual base::Result<> allowed(const model::HostAct& act, const HostWorld& world) const = 0;
  /// What it would act on, as it is now. NotFound, Conflict: there is nothing to do.
  virtual base::Result<model::Facts> look(const model::HostAct& act, const HostWorld& world) const = 0;
  /// False: a plan with it is irreversible.
  virtual bool canUndo(const model::HostAct& act) const = 0;
  /// May be tried again where its effect is proved not to be there.
  virtual bool idempotent() const { return true; }
  virtual HostEnd act(const model::HostAct& act, const HostWorld& world) const = 0;
  virtual HostEnd undo(const model::HostAct& act, const HostWorld& world) const = 0;
  /// Whether the act (or its undo) has had its effect, told from the host alone.
  virtual StepEffect effect(const model::HostAct& act, bool undo, const HostWorld& world) const = 0;
  /// As a person would do it: an argument vector to show. Empty: there is no undo.
  virtual std::vector<std::string> line(const model::HostAct& act, bool undo) const = 0;

  /// The act with these arguments, checked, allowed, and with what it acts on.
  base::Result<model::HostAct> bind(const model::Facts& arguments, std::chrono::milliseconds timeout,
                                    const HostWorld& world) const;
  /// The arguments are complete, known and in canonical form, and the act is allowed.
  base::Result<> check(const model::HostAct& act, const HostWorld& world) const;
  /// It acts on what the plan saw; Stale if not.
  base::Result<> checkSeen(const model::HostAct& act, const HostWorld& world) const;
};

/// By name.
const std::vector<std::unique_ptr<HostVerb>>& hostVerbs();
/// Null when there is none.
const HostVerb* findHostVerb(std::string_view name);

/// A whole number within these bounds, without leading zeros.
template <int64_t least, int64_t most>
base::Result<std::string> validHostInteger(const std::string& text) {
  const auto number = security::validInteger(text, least, most);
  if (!number) return std::unexpected(number.error());
  return std::to_string(*number);
}
/// An absolute path in normal form, without control characters, at most 1024 bytes.
base::Result<std::string> validHostPath(const std::string& text);
/// IP addresses separated by commas, at most 64: sorted, each once, as inet_ntop writes them.
base::Result<std::string> validHostAddresses(const std::string& text);

std::unique_ptr<HostVerb> makeMoveFile();
std::unique_ptr<HostVerb> makeTruncateFile();
std::unique_ptr<HostVerb> makeSignal();
std::unique_ptr<HostVerb> makeWait();
std::unique_ptr<HostVerb> makeBlock();

}  // namespace aiops::remediation
