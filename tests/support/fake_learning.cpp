// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_learning.h"

namespace aiops::test {

FakeLearning::FakeLearning() = default;

FakeLearning::~FakeLearning() = default;

void FakeLearning::insights(service::Reply<std::vector<model::Insight>> reply) {
  calls.push_back("insights");
  reply(insightsAnswer);
}

void FakeLearning::metrics(uint32_t, service::Reply<model::Metrics> reply) {
  calls.push_back("metrics");
  reply(metricsAnswer);
}

void FakeLearning::calibration(service::Reply<model::CalibrationReport> reply) {
  calls.push_back("calibration");
  reply(calibrationAnswer);
}

}  // namespace aiops::test
