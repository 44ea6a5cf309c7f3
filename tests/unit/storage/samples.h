// Values for the tests of the store.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>

#include "model/fix.h"
#include "model/incident.h"
#include "storage/store.h"

namespace samples {

using namespace aiops;

inline base::TimePoint at(int64_t second) {
  return base::TimePoint(std::chrono::seconds(second));
}

class FixedClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return m_now; }
  base::Duration sinceBoot() const override { return base::Duration(0); }
  void set(base::TimePoint now) { m_now = now; }

 private:
  base::TimePoint m_now = at(1'800'000'000);
};

inline model::Event makeEvent(const std::string& id, int64_t second = 1'800'000'000) {
  model::Event event;
  event.id = model::EventId(id);
  event.patternId = "oom";
  event.service = "web";
  event.first = event.last = at(second);
  event.evidence.push_back(
      {"e-" + id, "/var/log/web.log", "web", {7, 100, 20, 3}, "out of memory", "00", at(second)});
  return event;
}

inline model::Incident incident(const std::string& id) {
  model::Incident incident;
  incident.id = model::IncidentId(id);
  incident.title = "web fails";
  incident.services = {"web", "front"};
  incident.startedAt = at(1'800'000'000);
  incident.detectedAt = at(1'800'000'003);
  return incident;
}

inline model::FixProposal fix(const std::string& id, const std::string& incident, const std::string& hash) {
  model::FixProposal fix;
  fix.id = model::FixId(id);
  fix.incident = model::IncidentId(incident);
  fix.planHash = hash;
  fix.plan.target = "web";
  model::PlanStep step;
  step.kind = "config_edit";
  step.edit = model::FileEdit{"/etc/web.conf", std::string("a\0\xff\n", 4), "b\n", 0640, 1, 2};
  fix.plan.steps.push_back(step);
  return fix;
}

inline model::Outcome outcome(const std::string& fix, model::OutcomeResult result) {
  model::Outcome outcome;
  outcome.id = model::OutcomeId::create();
  outcome.fix = model::FixId(fix);
  outcome.playbookId = "raise_limit";
  outcome.context = "web/memory_limit_reached";
  outcome.result = result;
  outcome.at = at(1'800'000'100);
  return outcome;
}

inline model::SourcePosition position(const std::string& source, uint64_t offset) {
  return {source, 7, offset, offset / 10, "abc", 3};
}

/// For tests that open hundreds of databases: memory if there is some, since a busy disk makes every sync
/// slow.
inline QString quickTemplate() {
  const bool memory = QFileInfo(QStringLiteral("/dev/shm")).isWritable();
  return (memory ? QStringLiteral("/dev/shm") : QDir::tempPath()) + QStringLiteral("/tst_storage-XXXXXX");
}

inline std::filesystem::path fileIn(const QTemporaryDir& dir) {
  return std::filesystem::path(dir.path().toStdString()) / "ai-ops-core.db";
}

}  // namespace samples

/// Fails the test with the error's own words.
#define REQUIRE_OK(result)                                                           \
  do {                                                                               \
    const auto& required = (result);                                                 \
    QVERIFY2(required.has_value(), required ? "" : required.error().line().c_str()); \
  } while (false)

#define REQUIRE_ERROR(result, expected)                                                            \
  do {                                                                                             \
    const auto& required = (result);                                                               \
    QVERIFY2(!required.has_value(), "an error was expected");                                      \
    QVERIFY2(required.error().code == base::ErrorCode::expected, required.error().line().c_str()); \
  } while (false)
