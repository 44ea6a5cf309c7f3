// A small world for remediation tests: a home, a service with a config file, a playbook, a policy, a plan.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/bytes.h"
#include "model/fix.h"
#include "remediation/executor.h"
#include "remediation/planner.h"

namespace aiops::remediation::test {

inline const std::string kConfigBefore =
    "# web\r\nworkers = 4\r\n\r\n  memory_limit_mb=64 ; MB\r\nname = web";

struct World {
  explicit World(const std::string& program = "/bin/true") {
    std::filesystem::create_directories(root() / "etc");
    std::filesystem::create_directories(root() / "playbooks");
    std::filesystem::create_directories(root() / "home");
    writeConfig(kConfigBefore);
    std::filesystem::permissions(configFile(), std::filesystem::perms(0640));
    std::filesystem::copy_file(AIOPS_SOURCE_DIR "/resources/playbooks/raise-memory-limit.yaml",
                               playbookFile());
    model::ServiceEntry web{
        .name = "web", .configFile = configFile(), .healthUrl = "http://127.0.0.1:9/health"};
    web.commands["restart"] = {program, "ctl", "restart", root().string()};
    web.commands["status"] = {program, "ctl", "status", root().string(), "{new_limit}"};
    model::ServiceEntry front{.name = "front", .dependsOn = {"web"}};
    config.home = root() / "home";
    config.playbookDirectories = {root() / "playbooks"};
    config.inventory.services = {web, front};
    config.policy.allowedCommands = {program};
    config.policy.writableRoots = {(root() / "etc").string()};
    config.policy.forbiddenPaths = {(root() / "etc/secret").string()};
    incident.id = model::IncidentId("11111111-2222-4333-8444-555555555555");
    hypothesis.service = "web";
    hypothesis.kind = "memory_limit_reached";
    hypothesis.confidence = 0.92;
  }

  std::filesystem::path root() const { return directory.path().toStdString(); }
  std::string configFile() const { return (root() / "etc/web.conf").string(); }
  std::filesystem::path playbookFile() const { return root() / "playbooks/raise-memory-limit.yaml"; }
  std::string configBytes() const { return base::readFile(configFile()).value_or("?"); }
  void writeConfig(const std::string& bytes) const {
    std::ofstream(configFile(), std::ios::binary | std::ios::trunc) << bytes;
  }

  base::Result<PlannedFix> plan() const {
    const auto playbooks = loadPlaybooks(config.playbookDirectories);
    if (playbooks.playbooks.empty()) return std::unexpected(playbooks.problems.front());
    return makePlan(
        {playbooks.playbooks.front(), incident, hypothesis, events, config.inventory, config.policy},
        systemWorld(config.policy));
  }

  QTemporaryDir directory;
  ExecutorConfig config;
  model::Incident incident;
  model::Hypothesis hypothesis;
  std::vector<model::Event> events;
};

}  // namespace aiops::remediation::test
