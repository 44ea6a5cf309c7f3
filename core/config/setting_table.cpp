// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/setting_table.h"

#include "config/checks.h"
#include "config/file_draft.h"

namespace aiops::config {

using Type = model::SettingType;

namespace {

const char* const kHttp = "Where the HTTP server listens";
const char* const kWatching = "What is watched";
const char* const kExecution = "What a fix may do";
const char* const kAutomation = "Automation";
const char* const kDetection = "Detection and learning";
const char* const kModels = "Language models";
const char* const kNotify = "Telling people";
const char* const kStorage = "Storage";
const char* const kLog = "What the program writes about itself";

// One row a setting. Rows of a group stand together. The help says what the value does and, where nothing
// uses it yet, that it has no effect.
constexpr SettingRow kTable[] = {
    {.key = "listen",
     .option = "--listen",
     .group = kHttp,
     .type = Type::Text,
     .fallback = "127.0.0.1:8500",
     .allowed = "ADDRESS:PORT with a loopback address, for example 127.0.0.1:8500 or [::1]:8500",
     .help = "Address and port of the HTTP interface. Port 0 takes any free one.",
     .check = wrongListen,
     .set =
         [](const ParsedValue& value, Settings& settings) {
           const auto listen = parseListen(value.text);
           settings.listenAddress = listen->first;
           settings.listenPort = listen->second;
         }},
    {.key = "sources",
     .option = "--watch",
     .group = kWatching,
     .type = Type::List,
     .allowed = "a list of mappings, each with a path",
     .fileOnly = true,
     .help = "Log files, directories and globs to watch.",
     .read = readSources},
    {.key = "services",
     .group = kWatching,
     .type = Type::List,
     .allowed = "a list of mappings, each with a name",
     .fileOnly = true,
     .help = "Services that this program knows: their logs, what they need, and what a fix may touch.",
     .read = readServices},
    {.key = "execution.allowed_commands",
     .group = kExecution,
     .type = Type::List,
     .allowed = "a list of absolute paths",
     .fileOnly = true,
     .help = "Programs that the steps of a fix may start. Nothing else runs. Only in the configuration file.",
     .read = readAllowedCommands},
    {.key = "execution.forbidden_paths",
     .group = kExecution,
     .type = Type::List,
     .allowed = "a list of absolute paths",
     .fileOnly = true,
     .help =
         "What steps may never write, nor read unless everyone may read it. The kernel enforces it. Only in "
         "the configuration file.",
     .read = readForbiddenPaths},
    {.key = "execution.protected_addresses",
     .group = kExecution,
     .type = Type::List,
     .allowed = "a list of addresses and networks",
     .fileOnly = true,
     .help =
         "Addresses and networks (10.0.0.0/8) that no fix may block, beside this machine's own, its gateways "
         "and name servers. Only in the configuration file.",
     .read = readProtectedAddresses},
    {.key = "execution.max_execution_time",
     .group = kExecution,
     .type = Type::Duration,
     .fallback = "300s",
     .least = 1,
     .most = 3600,
     .allowed = "1s to 1h, for example 300s or 5m",
     .fileOnly = true,
     .help = "The longest that one run of a fix may take. Only in the configuration file.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.execution.maxExecutionTime = std::chrono::seconds(static_cast<int64_t>(value.number));
         }},
    {.key = "automation.enable_auto_fix",
     .variable = "BOOKMARKS_ENABLE_AUTO_FIX",
     .group = kAutomation,
     .type = Type::Switch,
     .fallback = "false",
     .help = "Whether any fix may run without a person. Then still only one that has earned it, once the fix "
             "agent's "
             "auto_execute is on, never one without undo or with log text in its parameters.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.automation.enableAutoFix = value.on;
           settings.execution.autoFix = value.on;
         }},
    {.key = "automation.max_risk_level",
     .variable = "BOOKMARKS_MAX_RISK_LEVEL",
     .group = kAutomation,
     .type = Type::Choice,
     .fallback = "low",
     .choices = "low, medium, high",
     .help = "Up to which risk a fix may run without a person: the ceiling of the fix agent's "
             "risk_threshold, which "
             "is low until it is told otherwise.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.automation.maxRiskLevel = static_cast<model::Risk>(value.choice);
           settings.execution.autoFixMaxRisk = settings.automation.maxRiskLevel;
         }},
    {.key = "detection.pattern_sensitivity",
     .variable = "BOOKMARKS_PATTERN_SENSITIVITY",
     .group = kDetection,
     .type = Type::Number,
     .fallback = "1.5",
     .least = 0.1,
     .most = 10,
     .help = "How soon something is called unusual by patterns that don't say it themselves: higher means "
             "more is "
             "reported.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.detection.patternSensitivity = value.number; }},
    {.key = "detection.temporal_window",
     .variable = "BOOKMARKS_TEMPORAL_WINDOW",
     .group = kDetection,
     .type = Type::Integer,
     .fallback = "300",
     .least = 1,
     .most = 86400,
     .allowed = "1 to 86400 seconds",
     .help = "The window, in seconds, of patterns over time that name none themselves.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.detection.temporalWindow = std::chrono::seconds(static_cast<int64_t>(value.number));
         }},
    {.key = "learning.mode",
     .variable = "BOOKMARKS_LEARNING_MODE",
     .group = kDetection,
     .type = Type::Choice,
     .fallback = "active",
     .choices = "active, passive, off",
     .effect = Effect::NotYet,
     .help =
         "Whether lessons are drawn from outcomes and used (active), only drawn (passive), or neither (off). "
         "No effect yet: it works as active.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.learningMode = static_cast<LearningMode>(value.choice); }},
    {.key = "ai.provider",
     .variable = "BOOKMARKS_AI_PROVIDER",
     .group = kModels,
     .type = Type::Choice,
     .fallback = "none",
     .choices = "none, openai, anthropic, local",
     .help = "Whose language model adds an opinion to diagnoses. It is told typed templates of redacted log "
             "lines, no "
             "values, and its opinion can't change which cause comes first. none: nothing is sent anywhere.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.ai.provider = static_cast<AiProvider>(value.choice); }},
    {.key = "ai.endpoint",
     .variable = "BOOKMARKS_AI_ENDPOINT",
     .group = kModels,
     .type = Type::Text,
     .allowed = "an http:// or https:// URL without a user",
     .help = "Where the model is asked, if not at its provider's usual address; http only in private "
             "networks. For local "
             "it is Ollama at http://127.0.0.1:11434, and with a path, for example http://127.0.0.1:8000/v1, "
             "any server "
             "that speaks OpenAI's interface.",
     .check = wrongWebUrl,
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.endpoint = value.text; }},
    {.key = "ai.openai_api_key",
     .variable = "BOOKMARKS_OPENAI_API_KEY",
     .group = kModels,
     .type = Type::Secret,
     .allowed = "8 to 4096 printable characters without blanks",
     .help = "Key for OpenAI. Sent to that provider alone.",
     .check = wrongToken},
    {.key = "ai.anthropic_api_key",
     .variable = "BOOKMARKS_ANTHROPIC_API_KEY",
     .group = kModels,
     .type = Type::Secret,
     .allowed = "8 to 4096 printable characters without blanks",
     .help = "Key for Anthropic. Sent to that provider alone.",
     .check = wrongToken},
    {.key = "ai.local_api_key",
     .variable = "BOOKMARKS_LOCAL_API_KEY",
     .group = kModels,
     .type = Type::Secret,
     .allowed = "8 to 4096 printable characters without blanks",
     .help = "Key for the local server, where it wants one.",
     .check = wrongToken},
    {.key = "ai.model",
     .variable = "BOOKMARKS_AI_MODEL",
     .group = kModels,
     .type = Type::Text,
     .allowed = "a model's name: letters, digits and _ . @ : / -, at most 128",
     .help = "Name of the model. Needed for every provider.",
     .check = wrongModelName,
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.model = value.text; }},
    {.key = "ai.temperature",
     .variable = "BOOKMARKS_AI_TEMPERATURE",
     .group = kModels,
     .type = Type::Number,
     .fallback = "0.2",
     .least = 0,
     .most = 2,
     .help = "How freely the model answers. Anthropic's models take at most 1; models that take none are "
             "asked without.",
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.temperature = value.number; }},
    {.key = "ai.max_tokens",
     .variable = "BOOKMARKS_AI_MAX_TOKENS",
     .group = kModels,
     .type = Type::Integer,
     .fallback = "2000",
     .least = 1,
     .most = 200000,
     .help = "The longest answer of the model. A longer one is cut off there and of no use.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.ai.maxTokens = static_cast<uint32_t>(value.number); }},
    {.key = "ai.calls_per_incident",
     .variable = "BOOKMARKS_AI_CALLS_PER_INCIDENT",
     .group = kModels,
     .type = Type::Integer,
     .fallback = "3",
     .least = 1,
     .most = 20,
     .help = "How often the model may be asked about one incident, repetitions after failures included.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.ai.callsPerIncident = static_cast<uint32_t>(value.number); }},
    {.key = "ai.tokens_per_day",
     .variable = "BOOKMARKS_AI_TOKENS_PER_DAY",
     .group = kModels,
     .type = Type::Integer,
     .fallback = "200000",
     .least = 1000,
     .most = 1000000000,
     .help =
         "How many tokens, asked and answered, a day (UTC) may take. A call that could pass it is not made.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.ai.tokensPerDay = static_cast<uint64_t>(value.number); }},
    {.key = "ai.cost_per_day",
     .variable = "BOOKMARKS_AI_COST_PER_DAY",
     .group = kModels,
     .type = Type::Number,
     .fallback = "0",
     .least = 0,
     .most = 100000,
     .help = "What a day may cost, in the currency of the prices below. 0: only ai.tokens_per_day limits it.",
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.costPerDay = value.number; }},
    {.key = "ai.input_price",
     .variable = "BOOKMARKS_AI_INPUT_PRICE",
     .group = kModels,
     .type = Type::Number,
     .fallback = "0",
     .least = 0,
     .most = 10000,
     .help = "What the provider takes for a million tokens that it is sent. For ai.cost_per_day.",
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.inputPrice = value.number; }},
    {.key = "ai.output_price",
     .variable = "BOOKMARKS_AI_OUTPUT_PRICE",
     .group = kModels,
     .type = Type::Number,
     .fallback = "0",
     .least = 0,
     .most = 10000,
     .help = "What the provider takes for a million tokens that the model answers. For ai.cost_per_day.",
     .set = [](const ParsedValue& value, Settings& settings) { settings.ai.outputPrice = value.number; }},
    {.key = "notify.slack_webhook",
     .variable = "BOOKMARKS_SLACK_WEBHOOK",
     .group = kNotify,
     .type = Type::Secret,
     .allowed = "an https:// URL",
     .effect = Effect::NotYet,
     .help = "Incoming webhook of a Slack channel. Its URL is a secret. No effect yet: nothing is sent.",
     .check = wrongWebhook},
    {.key = "notify.pagerduty_api_key",
     .variable = "PAGERDUTY_API_KEY",
     .group = kNotify,
     .type = Type::Secret,
     .allowed = "8 to 4096 printable characters without blanks",
     .effect = Effect::NotYet,
     .help = "Key for PagerDuty. No effect yet: nothing is sent.",
     .check = wrongToken},
    {.key = "database.url",
     .variable = "BOOKMARKS_DATABASE_URL",
     .group = kStorage,
     .type = Type::Text,
     .allowed = "an absolute path or sqlite:///absolute/path; PostgreSQL is not built into this version",
     .help =
         "Where incidents, fixes and lessons are kept: an SQLite file. Empty: ai-ops-core.db in the home.",
     .check = wrongDatabaseUrl,
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.database = databasePath(value.text).value_or(""); }},
    {.key = "redis.url",
     .variable = "BOOKMARKS_REDIS_URL",
     .group = kStorage,
     .type = Type::Text,
     .allowed = "empty: Redis is not built into this version",
     .effect = Effect::NotYet,
     .help = "For several instances that share work over Redis. This version runs alone and refuses a value.",
     .check = wrongRedisUrl},
    {.key = "retention.max_age",
     .group = kStorage,
     .type = Type::Integer,
     .fallback = "90",
     .least = 1,
     .most = 3650,
     .allowed = "1 to 3650 days",
     .help =
         "After how many days rows that nothing needs any more leave the database. What is open or waits for "
         "a person stays, and so do the outcomes of fixes and the audit.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.retention.maxAge = std::chrono::days(static_cast<int64_t>(value.number));
         }},
    {.key = "retention.max_size",
     .group = kStorage,
     .type = Type::Integer,
     .fallback = "2048",
     .least = 64,
     .most = 1048576,
     .allowed = "64 to 1048576 MB",
     .help =
         "The size of the database, in MB, above which the oldest rows leave before their age is reached.",
     .set =
         [](const ParsedValue& value, Settings& settings) {
           settings.retention.maxBytes = static_cast<uint64_t>(value.number) << 20;
         }},
    {.key = "log.level",
     .variable = "BOOKMARKS_LOG_LEVEL",
     .group = kLog,
     .type = Type::Choice,
     .fallback = "info",
     .choices = "debug, info, warning, error",
     .effect = Effect::AtOnce,
     .help = "The least severe of what is written to standard error.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.log.level = static_cast<base::LogLevel>(value.choice); }},
    {.key = "log.format",
     .variable = "BOOKMARKS_LOG_FORMAT",
     .group = kLog,
     .type = Type::Choice,
     .fallback = "text",
     .choices = "text, json",
     .effect = Effect::AtOnce,
     .help = "How it is written: lines for people, or one JSON object a line.",
     .set = [](const ParsedValue& value,
               Settings& settings) { settings.log.format = static_cast<base::LogFormat>(value.choice); }},
};

}  // namespace

std::span<const SettingRow> settingTable() {
  return kTable;
}

const SettingRow* findSetting(std::string_view key) {
  for (const SettingRow& row : kTable) {
    if (key == row.key) return &row;
  }
  return nullptr;
}

const SettingRow* findVariable(std::string_view name) {
  for (const SettingRow& row : kTable) {
    if (!name.empty() && name == row.variable) return &row;
  }
  return nullptr;
}

}  // namespace aiops::config
