// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_patterns.h"

namespace aiops::test {

FakePatterns::FakePatterns() = default;

FakePatterns::~FakePatterns() = default;

void FakePatterns::listPatterns(service::Reply<std::vector<model::PatternInfo>> reply) {
  calls.push_back("listPatterns");
  reply(listPatternsAnswer);
}

void FakePatterns::pattern(std::string, service::Reply<model::PatternDetail> reply) {
  calls.push_back("pattern");
  reply(patternAnswer);
}

void FakePatterns::savePattern(service::Caller, std::string, service::Reply<model::PatternDetail> reply) {
  calls.push_back("savePattern");
  reply(savePatternAnswer);
}

void FakePatterns::removePattern(service::Caller, std::string, service::Reply<std::string> reply) {
  calls.push_back("removePattern");
  reply(removePatternAnswer);
}

void FakePatterns::enablePattern(service::Caller, std::string, bool,
                                 service::Reply<model::PatternInfo> reply) {
  calls.push_back("enablePattern");
  reply(enablePatternAnswer);
}

void FakePatterns::patternTypes(service::Reply<std::vector<model::PatternType>> reply) {
  calls.push_back("patternTypes");
  reply(typesAnswer);
}

void FakePatterns::previewPattern(std::string, service::Reply<model::PatternPreview> reply) {
  calls.push_back("previewPattern");
  reply(previewPatternAnswer);
}

}  // namespace aiops::test
