// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_console_data.h"

#include <chrono>
#include <cmath>

namespace aiops::test {

base::TimePoint ago(int64_t seconds) {
  return base::SystemClock().now() - std::chrono::seconds(seconds);
}

model::Plan consolePlan() {
  model::PlanStep edit{.title = "Raise the memory limit", .kind = "config_edit"};
  const std::string head = "# web, managed by hand\nport = 8123\nworkers = 4\n";
  const std::string tail = "cache_entries = 2000\nlog = /var/log/web.log\ntimeout_s = 10\n";
  edit.edit = model::FileEdit{.path = "/etc/demo/web.conf",
                              .before = head + "memory_limit_mb = 64\n" + tail,
                              .after = head + "memory_limit_mb = 128\n" + tail};
  model::PlanStep check{.title = "Check the new file", .kind = "command"};
  check.command = model::CommandSpec{.argv = {"/usr/bin/webctl", "check", "--config", "/etc/demo/web.conf"}};
  check.inverse = model::CommandSpec{.argv = {"/usr/bin/true"}};
  model::PlanStep restart{.title = "Restart web", .kind = "command"};
  restart.command = model::CommandSpec{.argv = {"/usr/bin/webctl", "restart", "web"}};
  restart.inverse = model::CommandSpec{.argv = {"/usr/bin/webctl", "restart", "web"}};
  restart.inverseDeferred = true;
  return {.playbookId = "raise_limit",
          .playbookVersion = "1.2",
          .playbookDigest = std::string(64, 'd'),
          .target = "web",
          .incident = testIncident().id.str(),
          .steps = {edit, restart},
          .validators = {{.kind = "http", .title = "GET /health is 200", .probes = 5},
                         {.kind = "http", .title = "Memory below 112 MB", .probes = 5},
                         {.kind = "log_quiet", .title = "\"out of memory\" quiet in web", .probes = 10}},
          .risk = model::Risk::Medium,
          .riskReasons = {{.raises = true, .text = "web is down for about 1 s while it restarts"},
                          {.raises = true, .text = "Edits a configuration file"},
                          {.raises = false, .text = "Undo is exact: the old bytes are kept"},
                          {.raises = false, .text = "The limit at most doubles"}}};
}

model::FixProposal consoleFix() {
  auto fix = testFix(87);
  fix.plan = consolePlan();
  fix.planHash = model::canonicalHash(fix.plan);
  fix.title = "Raise the memory limit of web to 128 MB";
  fix.proposedAt = ago(60);
  fix.expiresAt = ago(-760);
  fix.why = "web: memory limit reached, so requests fail with 503";
  fix.whyConfidence = 0.94;
  fix.reaches = {"Restarts web; front passes requests to it", "1 file, 1 byte more"};
  fix.unsure = {"Whether the leak goes on: a higher limit buys time"};
  fix.history = "Worked 3 of 3 here";
  return fix;
}

model::FixProposal decidedFix(uint64_t number, const std::string& title, model::FixState state,
                              int64_t secondsAgo) {
  auto fix = testFix(number);
  fix.id = model::FixId("00000000-0000-4000-8000-0000000010" + std::to_string(number));
  fix.title = title;
  fix.state = state;
  fix.proposedAt = ago(secondsAgo + 60);
  fix.decisions = {{.who = "local operator", .what = "approved", .at = ago(secondsAgo + 30)}};
  fix.execution.startedAt = ago(secondsAgo + 28);
  fix.execution.endedAt = ago(secondsAgo);
  return fix;
}

std::vector<uint32_t> wave(int height, int phase) {
  std::vector<uint32_t> values;
  for (int i = 0; i < 60; ++i) {
    values.push_back(
        static_cast<uint32_t>(height * (2 + std::sin((i + phase) * 0.7) + std::cos(i * phase * 0.31)) / 4));
  }
  return values;
}

void fillStatus(model::EngineStatus& engine) {
  const auto source = [](const std::string& name, double rate, int phase) {
    return model::SourceStatus{.source = "/var/log/" + name + ".log",
                               .service = name,
                               .readable = true,
                               .lines = 5000,
                               .linesPerSecond = rate,
                               .lag = std::chrono::milliseconds(100 + 20 * phase),
                               .lastLineAt = ago(1),
                               .recentRates = wave(40, phase)};
  };
  engine.sources = {source("front", 24.6, 1), source("web", 7.9, 3), source("worker", 3.0, 5),
                    source("postgres", 0.2, 7)};
  engine.sources.push_back(
      {.source = "/var/log/sshd.log", .service = "sshd", .readable = false, .problem = "Permission denied"});
  engine.services = {{.name = "front", .dependsOn = {"web"}},
                     {.name = "web", .dependsOn = {"postgres", "redis"}},
                     {.name = "worker", .dependsOn = {"redis", "postgres"}},
                     {.name = "postgres"},
                     {.name = "redis"}};
  engine.agents = {
      {.id = "log_monitor",
       .name = "Log monitor",
       .state = model::AgentState::Active,
       .task = "4 sources, 10 patterns"},
      {.id = "root_cause",
       .name = "Root cause",
       .state = model::AgentState::Active,
       .task = "Watching INC-0231 for change"},
      {.id = "fix_executor",
       .name = "Fix executor",
       .state = model::AgentState::Waiting,
       .task = "Waits for approval of FIX-0087"},
      {.id = "learning", .name = "Learning", .state = model::AgentState::Idle, .task = "3 outcomes scored"}};
  engine.database = "SQLite, 1.2 MB";
  engine.limits = {.writableRoots = {"/etc/demo"},
                   .forbiddenPaths = {"/etc/shadow", "/boot"},
                   .maxExecutionTime = std::chrono::minutes(5)};
  engine.outcomes = 4;
  engine.worked = 3;
}

void fillConsole(FakeOperations& fake) {
  fillStatus(fake.engine);
  auto incident = testIncident(231);
  incident.title = "web out of memory; front answers 503";
  incident.severity = model::Severity::Critical;
  incident.startedAt = ago(100);
  incident.detectedAt = ago(98);
  auto older = testIncident(230);
  older.id = model::IncidentId("00000000-0000-4000-8000-000000000230");
  older.title = "worker killed by the kernel 3 times";
  older.startedAt = ago(5400);
  older.detectedAt = ago(5390);
  fake.investigations = {
      {.incident = incident, .verdict = model::Verdict::Confirmed, .confidence = 0.94, .cause = "web memory"},
      {.incident = older, .verdict = model::Verdict::Likely, .confidence = 0.81, .cause = "leak"}};
  for (int i = 0; i < 9; ++i) {
    auto closed = testIncident(static_cast<uint64_t>(220 - i));
    closed.id = model::IncidentId("00000000-0000-4000-8000-000000000" + std::to_string(220 - i));
    closed.state = model::IncidentState::Resolved;
    closed.severity = i % 3 == 0 ? model::Severity::Warning : model::Severity::Error;
    closed.startedAt = closed.detectedAt = ago(7200 * (i + 1) + 900 * i);
    closed.title = "web out of memory";
    fake.investigations.push_back(
        {.incident = closed, .verdict = model::Verdict::Confirmed, .confidence = 0.9});
  }
  auto high = consoleFix();
  high.id = model::FixId("00000000-0000-4000-8000-000000000086");
  high.number = 86;
  high.incident = older.id;
  high.title = "Roll back catalog 5.4.1 to 5.3.0";
  high.why = "Memory leak: worker killed by the kernel 3 times";
  high.whyConfidence = 0.81;
  high.plan.risk = model::Risk::High;
  high.plan.target = "worker";
  high.planHash = model::canonicalHash(high.plan);
  high.expiresAt = ago(-14280);
  fake.fixes = {consoleFix(), high,
                decidedFix(85, "Raise the memory limit of web", model::FixState::Succeeded, 4000),
                decidedFix(84, "Restart worker", model::FixState::RolledBack, 9000)};
  auto worked = testOutcome();
  worked.fix = fake.fixes[2].id;
  worked.at = ago(4000);
  worked.detail = "3 of 3 checks passed";
  auto undone = testOutcome();
  undone.id = model::OutcomeId("00000000-0000-4000-8000-0000000000f2");
  undone.fix = fake.fixes[3].id;
  undone.result = model::OutcomeResult::Undone;
  undone.at = ago(9000);
  undone.detail = "queue kept growing";
  fake.outcomes = {worked, undone, worked, worked};
  fake.outcomes[2].at = ago(20000);
  fake.outcomes[2].timeToRecover = std::chrono::seconds(250);
  fake.outcomes[3].at = ago(30000);
  fake.outcomes[3].timeToRecover = std::chrono::seconds(120);
}

}  // namespace aiops::test
