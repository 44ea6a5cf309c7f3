// SilenceOperations without an engine: keeps what it is given, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/silence_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeSilences : public service::SilenceOperations {
 public:
  void listSilences(service::Reply<std::vector<model::Silence>> reply) override;
  void addSilence(service::Caller caller, model::Silence silence,
                  service::Reply<model::Silence> reply) override;
  void removeSilence(service::Caller caller, std::string id, service::Reply<model::Silence> reply) override;
  void listMaintenance(service::Reply<std::vector<model::MaintenanceWindow>> reply) override;
  void addMaintenance(service::Caller caller, model::MaintenanceWindow window,
                      service::Reply<model::MaintenanceWindow> reply) override;
  void removeMaintenance(service::Caller caller, std::string id,
                         service::Reply<model::MaintenanceWindow> reply) override;

  /// If set, every change is answered with it and nothing happens.
  std::optional<base::Error> failure;
  base::Result<model::Silence> removeSilenceAnswer = model::Silence{};
  base::Result<model::MaintenanceWindow> removeMaintenanceAnswer = model::MaintenanceWindow{};
  std::vector<model::Silence> silences;
  std::vector<model::MaintenanceWindow> windows;
  std::vector<std::string> calls;
};

/// Two silences and a window in force, one that comes on weekdays, and one that is over.
void fillQuietTimes(FakeSilences& fake, base::TimePoint now);

}  // namespace aiops::test
