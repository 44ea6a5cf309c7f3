// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_silences.h"

namespace aiops::test {

void FakeSilences::listSilences(service::Reply<std::vector<model::Silence>> reply) {
  reply(silences);
}

void FakeSilences::addSilence(service::Caller caller, model::Silence silence,
                              service::Reply<model::Silence> reply) {
  calls.push_back("addSilence " + caller.name + " " + silence.reason);
  if (failure) return reply(std::unexpected(*failure));
  silence.id = "silence-" + std::to_string(silences.size() + 1);
  silence.by = caller.name;
  silences.push_back(silence);
  reply(silence);
}

void FakeSilences::removeSilence(service::Caller caller, std::string id,
                                 service::Reply<model::Silence> reply) {
  calls.push_back("removeSilence " + caller.name + " " + id);
  if (failure) return reply(std::unexpected(*failure));
  std::erase_if(silences, [&](const auto& silence) { return silence.id == id; });
  reply(removeSilenceAnswer);
}

void FakeSilences::listMaintenance(service::Reply<std::vector<model::MaintenanceWindow>> reply) {
  reply(windows);
}

void FakeSilences::addMaintenance(service::Caller caller, model::MaintenanceWindow window,
                                  service::Reply<model::MaintenanceWindow> reply) {
  calls.push_back("addMaintenance " + caller.name + " " + window.name);
  if (failure) return reply(std::unexpected(*failure));
  window.id = "window-" + std::to_string(windows.size() + 1);
  window.by = caller.name;
  windows.push_back(window);
  reply(window);
}

void FakeSilences::removeMaintenance(service::Caller caller, std::string id,
                                     service::Reply<model::MaintenanceWindow> reply) {
  calls.push_back("removeMaintenance " + caller.name + " " + id);
  if (failure) return reply(std::unexpected(*failure));
  std::erase_if(windows, [&](const auto& window) { return window.id == id; });
  reply(removeMaintenanceAnswer);
}

void fillQuietTimes(FakeSilences& fake, base::TimePoint now) {
  using std::chrono::hours;
  using std::chrono::minutes;
  const auto today = base::toIso8601(now).substr(0, 10);
  fake.silences = {{.id = "s-redis",
                    .services = {"redis", "worker"},
                    .reason = "Moving redis to the new host",
                    .by = "anna",
                    .from = now - minutes(48),
                    .until = now + minutes(72),
                    .active = true},
                   {.id = "s-404",
                    .services = {},
                    .patterns = {"http-404"},
                    .reason = "Load test until the morning",
                    .by = "local operator",
                    .from = now - hours(2),
                    .until = now + hours(9),
                    .active = true}};
  fake.windows = {{.id = "w-backup",
                   .name = "Weekly backup of the databases",
                   .services = {"postgres"},
                   .days = {"mon", "wed", "sat", "sun"},
                   .start = "02:30",
                   .durationMinutes = 90,
                   .zone = "Europe/Paris",
                   .by = "anna",
                   .createdAt = now - hours(24 * 30)},
                  {.id = "w-old",
                   .name = "Move of the mail relay",
                   .date = "2026-01-10",
                   .start = "22:00",
                   .durationMinutes = 120,
                   .zone = "UTC",
                   .by = "local operator",
                   .createdAt = now - hours(24 * 60)},
                  {.id = "w-now",
                   .name = "Patching",
                   .date = today,
                   .start = "00:00",
                   .durationMinutes = 1440,
                   .zone = "UTC",
                   .by = "local operator",
                   .createdAt = now - hours(24),
                   .active = true}};
}

}  // namespace aiops::test
