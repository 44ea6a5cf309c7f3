// ChangeOperations without an engine: gives what it holds, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/change_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeChanges : public service::ChangeOperations {
 public:
  void listChanges(service::ChangeFilter filter, service::Reply<std::vector<model::Change>> reply) override;
  void listBaselines(service::Reply<std::vector<model::Baseline>> reply) override;
  void setBaseline(service::Caller caller, std::string path, service::Reply<model::Baseline> reply) override;

  std::vector<model::Change> changes;
  std::vector<model::Baseline> baselines;
  base::Result<model::Baseline> setBaselineAnswer = model::Baseline{};
  std::vector<std::string> calls;
};

}  // namespace aiops::test
