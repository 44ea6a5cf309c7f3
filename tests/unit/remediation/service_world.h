// The world with a unit that a manager looks after: a supervisor's commands, or docker's command line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "remediation/service_manager.h"
#include "unit/remediation/executor_world.h"

namespace aiops::remediation::test {

inline constexpr const char* kEditAndRestart = R"(id: edit-and-restart
version: "1"
title: "Raise the limit of {service}"
fix_kind: raise_limit
cures: [memory_limit_reached]
parameters:
  service: {type: service, from: target}
  config_file: {type: service_file, from: target.config_file}
  limit_key: {type: identifier, default: memory_limit_mb}
  old_limit: {type: integer, from: config.limit_key, min: 1, max: 524288}
  new_limit: {type: integer, from: parameter.old_limit, scale: 2, min: 2, max: 1048576}
preconditions: [service_known, manager, config_file, {config_integer: limit_key}]
steps:
  - title: "Set {limit_key} to {new_limit}"
    config_edit: {format: keyvalue, file: config_file, key: limit_key, value: new_limit, check: check_config}
  - title: "Restart {service}"
    service: {verb: restart, timeout: 2s, stability: 300ms}
validators:
  - service: {title: "{service} stays up", settle: 0s, interval: 1s, probes: 1}
risk: {base: medium}
)";

class ServiceWorld : public ExecutorWorld {
 public:
  /// `manager`: "commands", "docker", or "anonymous": commands without an identity.
  explicit ServiceWorld(const std::string& manager, bool active = true) {
    std::filesystem::remove(playbookFile());
    writePlaybook(kEditAndRestart);
    if (!active) touch("inactive");
    auto& web = config.inventory.services[0];
    web.manager = manager == "docker" ? "docker" : "commands";
    web.unit = "web";
    web.commands.clear();
    for (const char* verb : {"start", "stop", "restart", "reload", "status", "identity"})
      web.commands[verb] = {AIOPS_HELPER, "unitctl", verb, root().string()};
    if (manager == "anonymous") web.commands.erase("identity");
    std::filesystem::create_symlink(AIOPS_HELPER, root() / "docker");
    config.policy.allowedCommands = {AIOPS_HELPER, (root() / "docker").string()};
    m_unit.setProgram(QStringLiteral(AIOPS_HELPER));
    m_unit.setArguments({QStringLiteral("unit"), QString::fromStdString(root().string())});
    m_unit.start();
    QElapsedTimer timer;
    timer.start();
    while (!std::filesystem::exists(root() / "unit-ready") && timer.elapsed() < 10000) QTest::qWait(5);
    replan();
  }
  ~ServiceWorld() {
    client.reset();
    m_unit.kill();
    m_unit.waitForFinished(5000);
  }

  void writePlaybook(const std::string& text) const {
    std::ofstream(root() / "playbooks/test.yaml", std::ios::trunc) << text;
  }

  base::Result<PlannedFix> planHere() const {
    const auto playbooks = loadPlaybooks(config.playbookDirectories);
    if (playbooks.playbooks.empty()) return std::unexpected(playbooks.problems.front());
    auto world = systemWorld(config.policy);
    world.observe = [this](const model::ServiceEntry& service) {
      return observeService(service, config.policy);
    };
    return makePlan(
        {playbooks.playbooks.front(), incident, hypothesis, events, config.inventory, config.policy}, world);
  }

  void replan() {
    auto made = planHere();
    if (!made) qFatal("%s", made.error().line().c_str());
    planned = *std::move(made);
    bytes = model::canonicalBytes(planned.plan);
    hash = planned.planHash;
  }

  /// What the manager did, with the limit in the file at that moment: "restart:128 restart:64 ".
  std::string verbs() const {
    std::string text = base::readFile(root() / "verbs").value_or("");
    for (char& c : text) c = c == '\n' ? ' ' : c;
    return text;
  }

  base::Result<model::UnitState> unit() const {
    return observeService(config.inventory.services[0], config.policy);
  }

 private:
  QProcess m_unit;
};

}  // namespace aiops::remediation::test
