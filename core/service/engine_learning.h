// LearningOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/learning_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EngineLearning final : public LearningOperations {
 public:
  EngineLearning(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void insights(Reply<std::vector<model::Insight>> reply) override;
  void metrics(uint32_t days, Reply<model::Metrics> reply) override;
  void calibration(Reply<model::CalibrationReport> reply) override;

 private:
  [[maybe_unused]] agents::Engine& m_engine;
  [[maybe_unused]] base::Worker& m_worker;
};

}  // namespace aiops::service
