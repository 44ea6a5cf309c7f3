// LearningOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/learning_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeLearning : public service::LearningOperations {
 public:
  base::Result<std::vector<model::Insight>> insightsAnswer;
  void insights(service::Reply<std::vector<model::Insight>> reply) override {
    calls.push_back("insights");
    reply(insightsAnswer);
  }

  base::Result<model::Metrics> metricsAnswer;
  void metrics(uint32_t, service::Reply<model::Metrics> reply) override {
    calls.push_back("metrics");
    reply(metricsAnswer);
  }

  std::vector<std::string> calls;
};

}  // namespace aiops::test
