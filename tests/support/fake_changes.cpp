// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_changes.h"

namespace aiops::test {

void FakeChanges::listChanges(service::ChangeFilter filter,
                              service::Reply<std::vector<model::Change>> reply) {
  calls.push_back("listChanges " + filter.service + " " + base::toIso8601(filter.since) + " " +
                  std::to_string(filter.limit));
  reply(changes);
}

void FakeChanges::listBaselines(service::Reply<std::vector<model::Baseline>> reply) {
  reply(baselines);
}

void FakeChanges::setBaseline(service::Caller caller, std::string path,
                              service::Reply<model::Baseline> reply) {
  calls.push_back("setBaseline " + caller.name + " " + path);
  reply(setBaselineAnswer);
}

}  // namespace aiops::test
