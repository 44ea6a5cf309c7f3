// SourceOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakeSources : public service::SourceOperations {
 public:
  FakeSources();
  ~FakeSources() override;

  base::Result<std::vector<model::FoundLog>> discoverLogsAnswer;
  void discoverLogs(service::Reply<std::vector<model::FoundLog>> reply) override;

  base::Result<model::LogPreview> previewLogAnswer;
  void previewLog(std::string, service::Reply<model::LogPreview> reply) override;

  base::Result<std::vector<model::SourceStatus>> addSourcesAnswer;
  void addSources(service::Caller, std::vector<model::SourceChoice>,
                  service::Reply<std::vector<model::SourceStatus>> reply) override;

  base::Result<std::string> removeSourceAnswer;
  void removeSource(service::Caller, std::string, service::Reply<std::string> reply) override;

  std::vector<std::string> calls;
};

}  // namespace aiops::test
