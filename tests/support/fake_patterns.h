// PatternOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/pattern_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakePatterns : public service::PatternOperations {
 public:
  FakePatterns();
  ~FakePatterns() override;

  base::Result<std::vector<model::PatternInfo>> listPatternsAnswer;
  void listPatterns(service::Reply<std::vector<model::PatternInfo>> reply) override;

  base::Result<model::PatternDetail> patternAnswer;
  void pattern(std::string, service::Reply<model::PatternDetail> reply) override;

  base::Result<model::PatternDetail> savePatternAnswer;
  void savePattern(service::Caller, std::string, service::Reply<model::PatternDetail> reply) override;

  base::Result<std::string> removePatternAnswer;
  void removePattern(service::Caller, std::string, service::Reply<std::string> reply) override;

  base::Result<model::PatternInfo> enablePatternAnswer;
  void enablePattern(service::Caller, std::string, bool, service::Reply<model::PatternInfo> reply) override;

  base::Result<model::PatternPreview> previewPatternAnswer;
  std::vector<model::PatternType> typesAnswer;
  void patternTypes(service::Reply<std::vector<model::PatternType>> reply) override;
  void previewPattern(std::string, service::Reply<model::PatternPreview> reply) override;

  std::vector<std::string> calls;
};

}  // namespace aiops::test
