// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_sources.h"

namespace aiops::test {

FakeSources::FakeSources() = default;

FakeSources::~FakeSources() = default;

void FakeSources::discoverLogs(service::Reply<std::vector<model::FoundLog>> reply) {
  calls.push_back("discoverLogs");
  reply(discoverLogsAnswer);
}

void FakeSources::previewLog(std::string, service::Reply<model::LogPreview> reply) {
  calls.push_back("previewLog");
  reply(previewLogAnswer);
}

void FakeSources::addSources(service::Caller, std::vector<model::SourceChoice>,
                             service::Reply<std::vector<model::SourceStatus>> reply) {
  calls.push_back("addSources");
  reply(addSourcesAnswer);
}

void FakeSources::removeSource(service::Caller, std::string, service::Reply<std::string> reply) {
  calls.push_back("removeSource");
  reply(removeSourceAnswer);
}

}  // namespace aiops::test
