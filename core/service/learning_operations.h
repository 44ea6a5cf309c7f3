// What was learnt, and the figures that tell whether the program does any good.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/calibration.h"
#include "model/learning.h"
#include "service/reply.h"

namespace aiops::service {

class LearningOperations {
 public:
  virtual ~LearningOperations() = default;
  virtual void insights(Reply<std::vector<model::Insight>> reply) = 0;
  /// Over the last `days` (1 to 365) of wall time.
  virtual void metrics(uint32_t days, Reply<model::Metrics> reply) = 0;
  /// How well what was told fits what turned out, over the newest judged diagnoses.
  virtual void calibration(Reply<model::CalibrationReport> reply) = 0;
};

}  // namespace aiops::service
