// Operations with agents, learning, settings and an audit that behave: changes stick, bad values are refused,
// pages run towards the past. For tests and pictures of the console; no engine computed the values.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

#include "support/fake_console_data.h"
#include "support/wrapped_operations.h"

namespace aiops::test {

/// Four agents. `fix_executor` has a ceiling: its risk_threshold can't be more than low.
class LivelyAgents final : public service::AgentOperations {
 public:
  LivelyAgents();
  ~LivelyAgents() override;

  std::vector<model::AgentStatus> agents = consoleAgents();
  std::optional<base::Error> failure;
  std::vector<std::string> calls;

  static std::vector<model::AgentStatus> consoleAgents();

  void listAgents(service::Reply<std::vector<model::AgentStatus>> reply) override;
  void enableAgent(service::Caller caller, std::string id, bool enabled,
                   service::Reply<model::AgentStatus> reply) override;
  void configureAgent(service::Caller caller, std::string id, std::map<std::string, std::string> values,
                      service::Reply<model::AgentStatus> reply) override;
  void restartAgent(service::Caller caller, std::string id,
                    service::Reply<model::AgentStatus> reply) override;

 private:
  model::AgentStatus* find(const std::string& id);
};

class LivelyLearning final : public service::LearningOperations {
 public:
  LivelyLearning();
  ~LivelyLearning() override;

  uint32_t incidentsADay = 2;  ///< 0: nothing happened yet
  std::vector<uint32_t> asked;

  void insights(service::Reply<std::vector<model::Insight>> reply) override;
  void calibration(service::Reply<model::CalibrationReport> reply) override;
  uint32_t judged = 49;  ///< cases of the calibration
  std::vector<model::Insight> sayings = {
      {.id = "trust:restart-service",
       .kind = "trust",
       .subject = "restart-service",
       .statement = "restart-service worked 12 of 13 times here",
       .cases = 13,
       .at = ago(1200)},
      {.id = "quality:gateway-5xx",
       .kind = "pattern_quality",
       .subject = "gateway-5xx",
       .statement = "4 of 9 incidents of \"gateway upstream 5xx\" were dismissed",
       .suggestion = "Raise its threshold, or narrow what it matches.",
       .cases = 9,
       .at = ago(90000)},
      {.id = "trust:restart-worker",
       .kind = "trust",
       .subject = "restart-worker",
       .statement = "restart-worker was undone 3 of 4 times on worker",
       .suggestion = "Look for another way: the queue kept growing.",
       .cases = 4,
       .at = ago(6500)},
      {.id = "coverage:disk",
       .kind = "coverage",
       .subject = "disk_full",
       .statement = "No playbook for disk full; it came up twice",
       .suggestion = "Write a playbook for it, or point one at it.",
       .cases = 2,
       .at = ago(400000)}};

  void metrics(uint32_t days, service::Reply<model::Metrics> reply) override;
};

class LivelySettings final : public service::SettingsOperations {
 public:
  LivelySettings();
  ~LivelySettings() override;

  std::vector<model::SettingInfo> settings = consoleSettings();
  std::vector<std::string> calls;

  static std::vector<model::SettingInfo> consoleSettings();

  void listSettings(service::Reply<std::vector<model::SettingInfo>> reply) override;
  void changeSetting(service::Caller, std::string key, std::optional<std::string> value,
                     service::Reply<model::SettingInfo> reply) override;

 private:
  static std::vector<std::string> split(const std::string& words);
  static bool allowed(const model::SettingInfo& row, const std::string& value);
};

/// `inner` answers the rest.
class LivelyOperations : public WrappedOperations {
 public:
  explicit LivelyOperations(service::Operations& inner);
  ~LivelyOperations() override;

  LivelyAgents livelyAgents;
  LivelyLearning livelyLearning;
  LivelySettings livelySettings;
  std::vector<model::AuditEntry> entries;  ///< oldest first, numbers from 1
  model::AuditVerification verification{.whole = true, .headHash = std::string(64, 'a')};
  std::atomic<int> auditPages{0};
  bool holdVerify = false;
  service::Reply<model::AuditVerification> heldVerify;
  service::NewKey newKey{"0a1b2c3d", "aok_test-only-key-text"};
  std::vector<std::string> keysMade;

  service::AgentOperations& agents() override;
  service::LearningOperations& learning() override;
  service::SettingsOperations& settings() override;

  void listAudit(service::PageRequest page, service::Reply<service::Page<model::AuditEntry>> reply) override;
  void verifyAudit(service::Reply<model::AuditVerification> reply) override;
  void createApiKey(service::Caller, std::string name, std::string scope,
                    service::Reply<service::NewKey> reply) override;

  /// Plausible entries: proposals, decisions, steps, stops.
  void fillAudit(size_t count);
};

/// Trusts and outcomes as of a program that has worked for a month.
void fillLearning(FakeOperations& fake);

}  // namespace aiops::test
