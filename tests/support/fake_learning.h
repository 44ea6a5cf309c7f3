// LearningOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/learning_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeLearning : public service::LearningOperations {
 public:
  FakeLearning();
  ~FakeLearning() override;

  base::Result<std::vector<model::Insight>> insightsAnswer;
  void insights(service::Reply<std::vector<model::Insight>> reply) override;

  base::Result<model::Metrics> metricsAnswer;
  void metrics(uint32_t, service::Reply<model::Metrics> reply) override;

  base::Result<model::CalibrationReport> calibrationAnswer;
  void calibration(service::Reply<model::CalibrationReport> reply) override;

  std::vector<std::string> calls;
};

}  // namespace aiops::test
