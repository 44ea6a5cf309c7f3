// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_silences.h"

namespace aiops::test {
void FakeSilences::listSilences(service::Reply<std::vector<model::Silence>> reply) {
  reply(silences);
}

void FakeSilences::addSilence(service::Caller caller, model::Silence silence,
                              service::Reply<model::Silence> reply) {
  calls.push_back("addSilence " + caller.name + " " + silence.reason);
  silence.id = "silence-" + std::to_string(silences.size() + 1);
  silence.by = caller.name;
  silences.push_back(silence);
  reply(silence);
}

void FakeSilences::removeSilence(service::Caller caller, std::string id,
                                 service::Reply<model::Silence> reply) {
  calls.push_back("removeSilence " + caller.name + " " + id);
  std::erase_if(silences, [&](const auto& silence) { return silence.id == id; });
  reply(removeSilenceAnswer);
}

void FakeSilences::listMaintenance(service::Reply<std::vector<model::MaintenanceWindow>> reply) {
  reply(windows);
}

void FakeSilences::addMaintenance(service::Caller caller, model::MaintenanceWindow window,
                                  service::Reply<model::MaintenanceWindow> reply) {
  calls.push_back("addMaintenance " + caller.name + " " + window.name);
  window.id = "window-" + std::to_string(windows.size() + 1);
  window.by = caller.name;
  windows.push_back(window);
  reply(window);
}

void FakeSilences::removeMaintenance(service::Caller caller, std::string id,
                                     service::Reply<model::MaintenanceWindow> reply) {
  calls.push_back("removeMaintenance " + caller.name + " " + id);
  std::erase_if(windows, [&](const auto& window) { return window.id == id; });
  reply(removeMaintenanceAnswer);
}

}  // namespace aiops::test
