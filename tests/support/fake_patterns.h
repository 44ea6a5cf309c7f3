// PatternOperations without an engine: answers with values that a test sets, and notes what it was asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/pattern_operations.h"

namespace aiops::test {

/// Answers at once, on the caller's thread.
class FakePatterns : public service::PatternOperations {
 public:
  base::Result<std::vector<model::PatternInfo>> listPatternsAnswer;
  void listPatterns(service::Reply<std::vector<model::PatternInfo>> reply) override {
    calls.push_back("listPatterns");
    reply(listPatternsAnswer);
  }

  base::Result<model::PatternDetail> patternAnswer;
  void pattern(std::string, service::Reply<model::PatternDetail> reply) override {
    calls.push_back("pattern");
    reply(patternAnswer);
  }

  base::Result<model::PatternDetail> savePatternAnswer;
  void savePattern(service::Caller, std::string, service::Reply<model::PatternDetail> reply) override {
    calls.push_back("savePattern");
    reply(savePatternAnswer);
  }

  base::Result<std::string> removePatternAnswer;
  void removePattern(service::Caller, std::string, service::Reply<std::string> reply) override {
    calls.push_back("removePattern");
    reply(removePatternAnswer);
  }

  base::Result<model::PatternInfo> enablePatternAnswer;
  void enablePattern(service::Caller, std::string, bool, service::Reply<model::PatternInfo> reply) override {
    calls.push_back("enablePattern");
    reply(enablePatternAnswer);
  }

  base::Result<model::PatternPreview> previewPatternAnswer;
  std::vector<model::PatternType> typesAnswer;
  void patternTypes(service::Reply<std::vector<model::PatternType>> reply) override {
    calls.push_back("patternTypes");
    reply(typesAnswer);
  }
  void previewPattern(std::string, service::Reply<model::PatternPreview> reply) override {
    calls.push_back("previewPattern");
    reply(previewPatternAnswer);
  }

  std::vector<std::string> calls;
};

}  // namespace aiops::test
