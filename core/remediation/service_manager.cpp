// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/service_manager.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "remediation/command_manager.h"
#include "remediation/systemd_manager.h"
#include "security/taint_validators.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::ServiceAction;

constexpr size_t kLongestContainer = 128;
constexpr std::array<std::string_view, 4> kVerbs{"start", "stop", "restart", "reload"};

/// Units whose end would cut off this program, its way to systemd, or the operator.
struct Protected {
  std::string_view prefix;
  bool stopOnly;
};
constexpr std::array<Protected, 7> kProtected{{{"dbus", false},
                                               {"systemd-", false},
                                               {"ai-ops-core", false},
                                               {"user@", false},
                                               {"polkit", false},
                                               {"ssh.", true},
                                               {"sshd.", true}}};

/// [A-Za-z0-9][A-Za-z0-9_.-]{0,127}, as docker itself wants it.
bool isContainerName(const std::string& text) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  if (text.empty() || text.size() > kLongestContainer || !alphanumeric(text[0])) return false;
  return std::ranges::all_of(text,
                             [&](char c) { return alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool isProtected(const std::string& unit, const std::string& verb) {
  return std::ranges::any_of(kProtected, [&](const Protected& row) {
    const bool applies = row.stopOnly ? verb == "stop" : verb == "stop" || verb == "restart";
    return applies && unit.starts_with(row.prefix);
  });
}

Result<> allow(const std::vector<std::string>& argv, const model::ExecutionPolicy& policy) {
  if (std::ranges::find(policy.allowedCommands, argv.front()) != policy.allowedCommands.end()) return {};
  return fail(ErrorCode::PermissionDenied, "command is not allowed", argv.front(),
              "list it under execution.allowed_commands");
}

Result<> bindSystemd(const model::ServiceEntry& service, ServiceAction& action) {
  if (auto name = security::validUnitName(service.unit); !name) return std::unexpected(name.error());
  if (isProtected(service.unit, action.verb)) {
    return fail(ErrorCode::PermissionDenied, "this unit is protected from '" + action.verb + "'",
                service.unit);
  }
  action.unit = service.unit;
  return {};
}

Result<> bindDocker(const model::ServiceEntry& service, const model::ExecutionPolicy& policy,
                    ServiceAction& action) {
  if (!isContainerName(service.unit))
    return fail(ErrorCode::InvalidInput, "not a container name", service.unit);
  if (action.verb == "reload") return fail(ErrorCode::InvalidInput, "docker knows no reload", service.name);
  const auto tool = std::ranges::find_if(policy.allowedCommands, [](const std::string& path) {
    return std::filesystem::path(path).filename() == "docker";
  });
  if (tool == policy.allowedCommands.end()) {
    return fail(ErrorCode::PermissionDenied, "docker is not allowed", service.name,
                "list its absolute path under execution.allowed_commands");
  }
  action.unit = service.unit;
  action.argv = {*tool, action.verb, "--", service.unit};
  action.stateArgv = {*tool,      "inspect",          "--type", "container",
                      "--format", kDockerStateFormat, "--",     service.unit};
  return {};
}

Result<std::vector<std::string>> plainCommand(const model::ServiceEntry& service,
                                              const model::ExecutionPolicy& policy, const std::string& name) {
  const auto found = service.commands.find(name);
  if (found == service.commands.end())
    return fail(ErrorCode::NotFound, "service has no command '" + name + "'", service.name);
  const auto& argv = found->second;
  if (argv.empty() || !argv[0].starts_with('/'))
    return fail(ErrorCode::InvalidInput, "command is not an absolute path", service.name);
  const bool placeholder = std::ranges::any_of(
      argv, [](const auto& argument) { return argument.size() > 2 && argument.front() == '{'; });
  if (placeholder) {
    return fail(ErrorCode::InvalidInput, "a command of the manager takes no parameters",
                service.name + ".commands." + name);
  }
  if (auto allowed = allow(argv, policy); !allowed) return std::unexpected(allowed.error());
  return argv;
}

Result<> bindCommands(const model::ServiceEntry& service, const model::ExecutionPolicy& policy,
                      ServiceAction& action) {
  action.unit = service.name;
  auto verb = plainCommand(service, policy, action.verb);
  if (!verb) return std::unexpected(verb.error());
  action.argv = *std::move(verb);
  auto status = plainCommand(service, policy, "status");
  if (!status) return std::unexpected(status.error());
  action.stateArgv = *std::move(status);
  if (!service.commands.contains("identity")) return {};
  auto identity = plainCommand(service, policy, "identity");
  if (!identity) return std::unexpected(identity.error());
  action.identityArgv = *std::move(identity);
  return {};
}

}  // namespace

base::Result<model::ServiceAction> bindAction(const model::ServiceEntry& service,
                                              const model::ExecutionPolicy& policy, const std::string& verb) {
  if (std::ranges::find(kVerbs, verb) == kVerbs.end())
    return fail(ErrorCode::InvalidInput, "unknown verb '" + verb + "'", service.name);
  ServiceAction action;
  action.manager = service.manager;
  action.verb = verb;
  action.writablePaths = service.writablePaths;
  Result<> bound = fail(ErrorCode::NotFound, "nothing manages this service", service.name,
                        "give it a manager under services: in the configuration");
  if (service.manager == "systemd") bound = bindSystemd(service, action);
  if (service.manager == "docker") bound = bindDocker(service, policy, action);
  if (service.manager == "commands") bound = bindCommands(service, policy, action);
  if (!bound) return std::unexpected(bound.error());
  return action;
}

std::unique_ptr<ServiceManager> openManager(const model::ServiceAction& action,
                                            const model::ExecutionPolicy& policy,
                                            std::function<void()> waiting) {
  if (action.manager == "systemd") return makeSystemdManager(action);
  return makeCommandManager(action, policy, std::move(waiting));
}

base::Result<model::UnitState> observeService(const model::ServiceEntry& service,
                                              const model::ExecutionPolicy& policy) {
  // Any verb will do to bind what reads the state; "start" is the one that nothing is protected from.
  const std::string verb =
      service.manager == "commands" && !service.commands.contains("start") ? "restart" : "start";
  const auto action = bindAction(service, policy, verb);
  if (!action) return std::unexpected(action.error());
  return openManager(*action, policy)->state();
}

}  // namespace aiops::remediation
