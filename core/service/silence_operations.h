// What no incident is wanted of: silences until a moment, and maintenance windows that come again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/silence.h"
#include "service/reply.h"

namespace aiops::service {

/// Events that one covers are stored and shown, and join what is open, but open no incident and lead to no
/// fix.
class SilenceOperations {
 public:
  virtual ~SilenceOperations() = default;
  /// Those that are not over.
  virtual void listSilences(Reply<std::vector<model::Silence>> reply) = 0;
  /// Of `silence` counts what a person chooses: services, patterns, reason, until. InvalidInput with what is
  /// allowed.
  virtual void addSilence(Caller caller, model::Silence silence, Reply<model::Silence> reply) = 0;
  /// Ends it now; NotFound when it is over.
  virtual void removeSilence(Caller caller, std::string id, Reply<model::Silence> reply) = 0;

  virtual void listMaintenance(Reply<std::vector<model::MaintenanceWindow>> reply) = 0;
  virtual void addMaintenance(Caller caller, model::MaintenanceWindow window,
                              Reply<model::MaintenanceWindow> reply) = 0;
  virtual void removeMaintenance(Caller caller, std::string id, Reply<model::MaintenanceWindow> reply) = 0;
};

}  // namespace aiops::service
