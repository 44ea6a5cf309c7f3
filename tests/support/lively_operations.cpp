// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/lively_operations.h"

#include <algorithm>

namespace aiops::test {

LivelyAgents::LivelyAgents() = default;

LivelyAgents::~LivelyAgents() = default;

std::vector<model::AgentStatus> LivelyAgents::consoleAgents() {
  model::EngineStatus status;
  fillStatus(status);
  auto all = status.agents;
  all[0].handled = 21482;
  all[0].settings = {{"sensitivity", "1.5", "0.5 to 5", "How far a value may stray before it counts."}};
  all[1].handled = 26;
  all[1].queued = 1;
  all[1].settings = {{"window_seconds", "300", "10 to 86400", "How far back lines are looked at."},
                     {"use_model", "false", "true, false", "Whether a model may add an opinion."}};
  all[2].handled = 49;
  all[2].queued = 1;
  all[2].settings = {{"risk_threshold", "low", "low, medium, high", "What may run without a person, at most.",
                      "BOOKMARKS_MAX_RISK_LEVEL allows low"},
                     {"auto_execute", "false", "true, false", "Whether anything runs without a person."}};
  all[3].handled = 49;
  all[3].restarts = 2;
  all[3].lastProblem = "database is locked";
  all[3].lastProblemAt = ago(5400);
  all[3].settings = {{"mode", "active", "active, passive, off", "Whether lessons change what is proposed."}};
  return all;
}

void LivelyAgents::listAgents(service::Reply<std::vector<model::AgentStatus>> reply) {
  calls.push_back("list");
  if (failure) return reply(std::unexpected(*failure));
  reply(agents);
}

void LivelyAgents::enableAgent(service::Caller caller, std::string id, bool enabled,
                               service::Reply<model::AgentStatus> reply) {
  calls.push_back("enable " + caller.name + " " + id + (enabled ? " on" : " off"));
  auto* agent = find(id);
  if (failure || agent == nullptr)
    return reply(
        std::unexpected(failure.value_or(base::Error{base::ErrorCode::NotFound, "no such agent", id})));
  agent->enabled = enabled;
  agent->state = enabled ? model::AgentState::Idle : model::AgentState::Disabled;
  reply(*agent);
}

void LivelyAgents::configureAgent(service::Caller caller, std::string id,
                                  std::map<std::string, std::string> values,
                                  service::Reply<model::AgentStatus> reply) {
  auto* agent = find(id);
  for (const auto& [key, value] : values)
    calls.push_back("configure " + caller.name + " " + id + " " + key + "=" + value);
  if (agent == nullptr) return reply(base::fail(base::ErrorCode::NotFound, "no such agent", id));
  auto settings = agent->settings;
  for (const auto& [key, value] : values) {
    const auto setting =
        std::find_if(settings.begin(), settings.end(), [&](const auto& s) { return s.key == key; });
    const bool isNumber = value.find_first_not_of("0123456789.") == std::string::npos && !value.empty();
    const bool isList = setting != settings.end() && setting->allowed.find(", ") != std::string::npos;
    if (setting == settings.end() || (isList ? setting->allowed.find(value) == std::string::npos : !isNumber))
      return reply(base::fail(base::ErrorCode::InvalidInput, "not allowed", key,
                              setting == settings.end() ? "" : "allowed is " + setting->allowed));
    if (setting->limitedBy.empty()) setting->value = value;
  }
  agent->settings = settings;
  reply(*agent);
}

void LivelyAgents::restartAgent(service::Caller caller, std::string id,
                                service::Reply<model::AgentStatus> reply) {
  calls.push_back("restart " + caller.name + " " + id);
  auto* agent = find(id);
  if (failure || agent == nullptr)
    return reply(
        std::unexpected(failure.value_or(base::Error{base::ErrorCode::NotFound, "no such agent", id})));
  if (!agent->enabled) return reply(base::fail(base::ErrorCode::Conflict, "the agent is disabled", id));
  ++agent->operatorRestarts;
  reply(*agent);
}

model::AgentStatus* LivelyAgents::find(const std::string& id) {
  const auto found = std::find_if(agents.begin(), agents.end(), [&](const auto& a) { return a.id == id; });
  return found == agents.end() ? nullptr : &*found;
}

LivelyLearning::LivelyLearning() = default;

LivelyLearning::~LivelyLearning() = default;

void LivelyLearning::insights(service::Reply<std::vector<model::Insight>> reply) {
  reply(sayings);
}

void LivelyLearning::calibration(service::Reply<model::CalibrationReport> reply) {
  model::CalibrationReport report{.cases = judged, .right = judged * 41 / 49, .slope = 0.82, .offset = -0.14};
  if (judged == 0) return reply(report);
  report.brier = 0.094;
  report.brierPooled = 0.127;
  report.error = 0.041;
  report.bins = {{0.4, 0.5, 0.46, 0.333, 0.08, 0.74, 3},
                 {0.6, 0.7, 0.65, 0.667, 0.36, 0.88, 9},
                 {0.7, 0.8, 0.76, 0.8, 0.56, 0.93, 10},
                 {0.8, 0.9, 0.86, 0.857, 0.67, 0.95, 14},
                 {0.9, 1.0, 0.94, 0.923, 0.72, 0.98, 13}};
  report.analysts = {{"Dependencies", 0.71, 52, 40},
                     {"History", 0.9, 11, 10},
                     {"Order in time", 0.62, 49, 33},
                     {"Signatures", 0.97, 64, 57}};
  reply(report);
}

void LivelyLearning::metrics(uint32_t days, service::Reply<model::Metrics> reply) {
  asked.push_back(days);
  model::Metrics all{.from = ago(days * 86400L), .to = ago(0)};
  double minutes = 0, recovered = 0;
  for (uint32_t i = 0; i < days; ++i) {
    model::Metrics::Day day{.day = ago((days - 1 - i) * 86400L)};
    if (incidentsADay > 0) {
      day.incidents = (i * 7 + i / 3) % (2 * incidentsADay + 2);
      day.worked = day.incidents * 3 / 4;
      day.undone = i % 9 == 4 ? 1 : 0;
      if (day.worked > 0) day.mttrMinutes = 11.0 - 7.0 * i / days + (i * 5 % 4) * 0.9;
    }
    all.incidents += day.incidents;
    all.fixesWorked += day.worked;
    all.fixesUndone += day.undone;
    if (day.mttrMinutes) minutes += *day.mttrMinutes, recovered += 1;
    all.days.push_back(day);
  }
  all.fixesRun = all.fixesWorked + all.fixesUndone;
  all.resolved = all.fixesWorked;
  if (recovered > 0) {
    all.mttrMinutes = minutes / recovered;
    all.automationRate = 0.62;
    all.falsePositiveRate = 0.04;
  }
  reply(all);
}

LivelySettings::LivelySettings() = default;

LivelySettings::~LivelySettings() = default;

std::vector<model::SettingInfo> LivelySettings::consoleSettings() {
  using T = model::SettingType;
  const auto plain = [](std::string key, std::string group, T type, std::string value, std::string help,
                        std::string allowed) {
    return model::SettingInfo{.key = std::move(key),
                              .group = std::move(group),
                              .help = std::move(help),
                              .type = type,
                              .value = value,
                              .defaultValue = value,
                              .origin = "default",
                              .allowed = std::move(allowed),
                              .editable = true,
                              .reloadable = true};
  };
  std::vector<model::SettingInfo> all = {
      plain("log.level", "Logging", T::Choice, "info", "How much the program says about itself.",
            "debug, info, warning, error"),
      plain("log.format", "Logging", T::Choice, "text", "Form of the program's own log.", "json, text"),
      plain("pattern_sensitivity", "Detection", T::Number, "1.5",
            "How far a value may stray from its habit before it counts.", "0.5 to 5"),
      plain("temporal_window", "Detection", T::Duration, "300",
            "How far apart lines may lie that belong to one cause.", "1 to 86 400 seconds"),
      plain("enable_auto_fix", "Automation", T::Switch, "false", "Whether anything runs without a person.",
            ""),
      plain("max_risk_level", "Automation", T::Choice, "low", "What may run without a person, at most.",
            "low, medium, high"),
      plain("execution.max_execution_time", "Automation", T::Duration, "300s",
            "After this time a step is ended and undone.", "1s to 1h"),
      plain("execution.forbidden_paths", "Automation", T::List, "/etc/shadow, /boot",
            "What no step may ever write to.", "paths, comma between"),
      plain("ai.provider", "Model", T::Choice, "local", "Who may add an opinion to a diagnosis.",
            "openai, anthropic, local"),
      plain("ai.openai_api_key", "Model", T::Secret, "", "Key of the provider.", ""),
      plain("ai.anthropic_api_key", "Model", T::Secret, "", "Key of the provider.", ""),
      plain("ai.temperature", "Model", T::Number, "0.2", "How freely a model may word its opinion.",
            "0 to 2"),
      plain("database_url", "Storage", T::Text, "sqlite:ai-ops-core.db", "Where everything is kept.",
            "sqlite path or postgres URL"),
      plain("server.listen", "Server", T::Text, "127.0.0.1:8500", "Address and port of the HTTP server.",
            "ADDRESS:PORT"),
  };
  for (auto& row : all) {
    if (row.type == T::Choice) row.choices = split(row.allowed);
  }
  const auto at = [&](const std::string& key) -> model::SettingInfo& {
    return *std::find_if(all.begin(), all.end(), [&](const auto& row) { return row.key == key; });
  };
  at("max_risk_level").fixedBy = at("max_risk_level").variable = "BOOKMARKS_MAX_RISK_LEVEL";
  at("max_risk_level").origin = "BOOKMARKS_MAX_RISK_LEVEL";
  at("temporal_window").origin = "config.yaml:14";
  at("temporal_window").variable = "BOOKMARKS_TEMPORAL_WINDOW";
  at("ai.openai_api_key").isSet = true;
  at("ai.openai_api_key").keptIn = "key ring";
  at("database_url").editable = false;
  at("server.listen").reloadable = false;
  return all;
}

void LivelySettings::listSettings(service::Reply<std::vector<model::SettingInfo>> reply) {
  calls.push_back("list");
  reply(settings);
}

void LivelySettings::changeSetting(service::Caller, std::string key, std::optional<std::string> value,
                                   service::Reply<model::SettingInfo> reply) {
  const auto row =
      std::find_if(settings.begin(), settings.end(), [&](const auto& known) { return known.key == key; });
  if (row == settings.end()) return reply(base::fail(base::ErrorCode::NotFound, "no such setting", key));
  const bool isSecret = row->type == model::SettingType::Secret;
  calls.push_back("change " + key + "=" + (!value ? "(reset)" : isSecret ? "(secret)" : *value));
  if (!row->fixedBy.empty())
    return reply(base::fail(base::ErrorCode::Conflict, "fixed by " + row->fixedBy, key));
  if (value && !allowed(*row, *value))
    return reply(
        base::fail(base::ErrorCode::InvalidInput, "\"" + *value + "\" is not allowed", key, row->allowed));
  if (isSecret) {
    row->isSet = value.has_value();
    row->keptIn = "key ring";
  } else {
    row->value = value.value_or(row->defaultValue);
    row->pendingRestart = !row->reloadable && row->value != row->defaultValue;
  }
  row->origin = value ? "console" : "default";
  reply(*row);
}

std::vector<std::string> LivelySettings::split(const std::string& words) {
  std::vector<std::string> all;
  for (size_t from = 0; from <= words.size();) {
    const size_t end = std::min(words.find(", ", from), words.size());
    all.push_back(words.substr(from, end - from));
    from = end + 2;
  }
  return all;
}

bool LivelySettings::allowed(const model::SettingInfo& row, const std::string& value) {
  if (row.type == model::SettingType::Choice)
    return std::find(row.choices.begin(), row.choices.end(), value) != row.choices.end();
  const bool number = row.type == model::SettingType::Number || row.type == model::SettingType::Duration;
  return !number || value.find_first_not_of("0123456789.smh") == std::string::npos;
}

LivelyOperations::LivelyOperations(service::Operations& inner) : WrappedOperations(inner) {}

LivelyOperations::~LivelyOperations() = default;

service::AgentOperations& LivelyOperations::agents() {
  return livelyAgents;
}

service::LearningOperations& LivelyOperations::learning() {
  return livelyLearning;
}

service::SettingsOperations& LivelyOperations::settings() {
  return livelySettings;
}

void LivelyOperations::listAudit(service::PageRequest page,
                                 service::Reply<service::Page<model::AuditEntry>> reply) {
  ++auditPages;
  service::Page<model::AuditEntry> answer{.total = entries.size()};
  size_t end = page.before ? std::min<size_t>(entries.size(), *page.before - 1) : entries.size();
  const size_t limit = std::min<size_t>(page.limit, 500);
  while (end > 0 && answer.items.size() < limit) answer.items.push_back(entries[--end]);
  reply(answer);
}

void LivelyOperations::verifyAudit(service::Reply<model::AuditVerification> reply) {
  verification.entries = entries.size();
  if (!holdVerify) return reply(verification);
  heldVerify = std::move(reply);
}

void LivelyOperations::createApiKey(service::Caller, std::string name, std::string scope,
                                    service::Reply<service::NewKey> reply) {
  keysMade.push_back(name + " " + scope);
  reply(newKey);
}

void LivelyOperations::fillAudit(size_t count) {
  static constexpr const char* kWhat[] = {"fix.propose", "fix.approve", "step.result", "fix.outcome",
                                          "automation.stop"};
  static constexpr const char* kWho[] = {"engine", "local operator", "executor", "executor", "key ci-bot"};
  for (size_t i = entries.size() + 1; i <= count; ++i) {
    const size_t kind = i % 5;
    entries.push_back({.sequence = i,
                       .at = ago(static_cast<int64_t>(count - i) * 47),
                       .who = kWho[kind],
                       .what = kWhat[kind],
                       .target = kind == 4 ? "automation" : "FIX-" + std::to_string(1000 + i / 5),
                       .why = kind == 1 ? "looks right" : "",
                       .result = kind == 2 ? "done, exit 0" : "ok",
                       .incident = kind == 4 ? "" : testIncident().id.str(),
                       .previousHash = std::string(64, 'b'),
                       .hash = std::string(64, 'c'),
                       .signature = std::string(128, 'd')});
  }
}

void fillLearning(FakeOperations& fake) {
  const auto trust = [](const char* playbook, const char* context, uint32_t worked, uint32_t tried,
                        double low, double high) {
    return model::Trust{.playbookId = playbook,
                        .context = context,
                        .worked = worked,
                        .tried = tried,
                        .mean = (worked + 1.0) / (tried + 2.0),
                        .low = low,
                        .high = high};
  };
  fake.trusts = {trust("restart-service", "redis/process_crashed", 12, 13, 0.70, 0.97),
                 trust("block-address", "sshd/brute_force", 9, 9, 0.76, 0.99),
                 trust("config-restore", "nginx/bad_config", 2, 2, 0.37, 0.98),
                 trust("rollback-deploy", "catalog/memory_leak", 5, 7, 0.40, 0.89),
                 trust("free-disk", "postgres/disk_full", 6, 6, 0.65, 0.99),
                 trust("raise-memory-limit", "web/memory_limit_reached", 4, 5, 0.42, 0.94),
                 trust("create-index", "postgres/slow_query", 3, 3, 0.47, 0.99),
                 trust("restart-worker", "worker/queue_growth", 1, 4, 0.08, 0.66)};
  fake.outcomes.clear();
  for (size_t i = 0; i < 14; ++i) {
    auto outcome = testOutcome();
    const auto& from = fake.trusts[i % fake.trusts.size()];
    outcome.id = model::OutcomeId("00000000-0000-4000-8000-0000000002" + std::to_string(10 + i));
    outcome.playbookId = from.playbookId;
    outcome.context = from.context;
    outcome.result = i == 7    ? model::OutcomeResult::Undone
                     : i == 11 ? model::OutcomeResult::Failed
                               : model::OutcomeResult::Worked;
    outcome.detail = i == 7 ? "queue kept growing" : "3 of 3 checks passed";
    outcome.at = ago(static_cast<int64_t>(i * i) * 900 + 60);
    fake.outcomes.push_back(outcome);
  }
}

}  // namespace aiops::test
