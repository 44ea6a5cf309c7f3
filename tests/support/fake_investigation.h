// An investigation with every kind of thing in it, for tests and pictures of the console. No engine computed
// it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/operations.h"
#include "support/fake_log_data.h"

namespace aiops::test {

model::Citation citation(const std::string& service, uint64_t line, int64_t ms, const std::string& reason,
                         const std::string& text, bool verified = true);

/// 44 buckets of 3 s; the failure begins in bucket 18.
service::TimelineLane busyLane(const std::string& service, const std::string& role, uint32_t level,
                               uint32_t bad, int64_t firstSignMs, const std::string& firstSign,
                               uint32_t seed);

service::Timeline busyTimeline();

model::Diagnosis richDiagnosis(const model::IncidentId& incident);

/// Two findings: who attacks, with twenty lines of text, and an index.
std::vector<model::Finding> richFindings();

service::Investigation richInvestigation();

/// Rows for the list: one of each state.
std::vector<service::InvestigationSummary> richSummaries();

}  // namespace aiops::test
