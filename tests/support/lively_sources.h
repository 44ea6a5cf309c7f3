// SourceOperations that behave: found logs can be looked at and watched. For tests and pictures of the
// console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "service/source_operations.h"
#include "support/fake_log_data.h"
#include "support/wrapped_operations.h"

namespace aiops::test {

model::FoundLog foundLog(const std::string& path, const std::string& format, double perHour, uint64_t bytes,
                         bool worth = true);

/// A machine with some services, a log that can't be read, and one that is quiet.
std::vector<model::FoundLog> someFoundLogs();

class LivelySources final : public service::SourceOperations {
 public:
  LivelySources();
  ~LivelySources() override;

  std::vector<model::FoundLog> logs = someFoundLogs();
  std::vector<model::SourceChoice> watched;
  std::optional<base::Error> discoverFailure, addFailure;

  void discoverLogs(service::Reply<std::vector<model::FoundLog>> reply) override;
  void previewLog(std::string path, service::Reply<model::LogPreview> reply) override;
  void addSources(service::Caller caller, std::vector<model::SourceChoice> choices,
                  service::Reply<std::vector<model::SourceStatus>> reply) override;
  void removeSource(service::Caller, std::string path, service::Reply<std::string> reply) override;
};

/// Operations with these sources.
class WithSources final : public WrappedOperations {
 public:
  explicit WithSources(service::Operations& inner);
  ~WithSources() override;

  LivelySources lively;
  service::SourceOperations& sources() override;
};

}  // namespace aiops::test
