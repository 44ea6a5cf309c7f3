// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_investigation.h"

#include <algorithm>
#include <random>

namespace aiops::test {

model::Citation citation(const std::string& service, uint64_t line, int64_t ms, const std::string& reason,
                         const std::string& text, bool verified) {
  return {.evidence = {.id = "ev-" + service + std::to_string(line),
                       .source = "/var/log/" + service + ".log",
                       .service = service,
                       .position = {7, line * 120, static_cast<uint32_t>(text.size()), line},
                       .text = text,
                       .sha256 = std::string(64, 'e'),
                       .time = logTime(ms)},
          .reason = reason,
          .verified = verified};
}

service::TimelineLane busyLane(const std::string& service, const std::string& role, uint32_t level,
                               uint32_t bad, int64_t firstSignMs, const std::string& firstSign,
                               uint32_t seed) {
  std::mt19937 random(seed);
  service::TimelineLane lane{.service = service, .role = role};
  for (uint32_t i = 0; i < 44; ++i) {
    const bool failing = i >= 18 && bad > 0;
    const uint32_t warnings = failing ? bad + random() % (bad / 2 + 1) : 0;
    lane.all.push_back(level / 2 + random() % (level / 2 + 1) + warnings);
    lane.warnings.push_back(warnings);
  }
  if (bad > 0) lane.firstSign = logTime(firstSignMs);
  lane.firstSignText = firstSign;
  return lane;
}

service::Timeline busyTimeline() {
  service::Timeline timeline{.from = logTime(0), .to = logTime(132'000), .bucketSeconds = 3};
  service::TimelineLane cause = busyLane("redis", "root cause", 6, 0, 0, "connection closed by server", 1);
  std::fill(cause.all.begin() + 18, cause.all.end(), 0);
  std::fill(cause.warnings.begin(), cause.warnings.end(), 0);
  cause.firstSign = logTime(54'400);
  timeline.lanes = {cause,
                    busyLane("worker", "failing", 14, 2, 54'450, "Cannot read queue:tasks", 2),
                    busyLane("catalog", "degraded", 8, 9, 54'530, "cache read failed", 3),
                    busyLane("orders", "failing", 12, 10, 55'840, "enqueue failed", 4),
                    busyLane("web", "failing", 10, 8, 55'841, "upstream orders answered 503", 5),
                    busyLane("nginx", "failing", 22, 4, 55'900, "502", 6),
                    busyLane("postgres", "unaffected", 4, 0, 0, "", 7),
                    busyLane("payments", "unaffected", 5, 0, 0, "", 8)};
  timeline.entries = {{logTime(54'900), "opened", "redis", "incident opened"},
                      {logTime(54'450), "event", "worker", "Cannot read queue:tasks"},
                      {logTime(68'000), "diagnosed", "redis", "cause likely, 5 lines cited"},
                      {logTime(99'000), "proposed", "redis", "fix proposed"}};
  return timeline;
}

model::Diagnosis richDiagnosis(const model::IncidentId& incident) {
  model::Hypothesis killed{.service = "redis",
                           .kind = "process_killed",
                           .statement = "redis: process killed",
                           .confidence = 0.94,
                           .verdict = model::Verdict::Confirmed,
                           .analysts = {"Signatures", "Order in time"}};
  killed.evidenceFor = {
      citation("worker", 273, 54'450, "first sign", "Cannot read queue:tasks: Connection closed by server.."),
      citation("catalog", 457, 54'530, "0.13 s after", "cache read failed, using database"),
      citation("worker", 274, 54'900, "0.50 s after",
               "Error 111 connecting to redis.shop.internal:6379. Connection refused.. Trying again in 1.0 "
               "seconds..."),
      citation("orders", 278, 55'840, "1.44 s after", "enqueue failed \x1b[31m\xe2\x80\xaegpj.exe"),
      citation("web", 402, 55'841, "1.44 s after", "upstream orders answered 503 for POST /orders", false)};
  model::Hypothesis memory{.service = "redis",
                           .kind = "memory_limit_reached",
                           .statement = "redis: memory limit reached",
                           .confidence = 0.07,
                           .verdict = model::Verdict::Rejected,
                           .note = "no line about memory in the hour before"};
  memory.evidenceAgainst = {citation("redis", 12, 2'000, "memory was low", "DB saved on disk, 1.2M used")};
  model::Hypothesis partition{.service = "network",
                              .kind = "partition",
                              .statement = "network: partition to redis",
                              .confidence = 0.05,
                              .verdict = model::Verdict::Rejected};
  model::Hypothesis deploy{.service = "web",
                           .kind = "bad_deploy",
                           .statement = "web: bad deploy of cart",
                           .confidence = 0.03,
                           .verdict = model::Verdict::Unverified,
                           .note = "quote not found in web.log:402"};
  return {.incident = incident,
          .verdict = model::Verdict::Confirmed,
          .hypotheses = {killed, memory, partition, deploy},
          .opinions = {{"Signatures", "redis", "process_killed", 0.95, true, ""},
                       {"Order in time", "redis", "", 0.92, true, ""},
                       {"Topology", "redis", "", 0.9, true, ""},
                       {"Model", "web", "bad_deploy", 0.5, false,
                        "Blames web. Its quote is not in web.log:402, so the claim is unverified."}},
          .at = logTime(68'000)};
}

std::vector<model::Finding> richFindings() {
  model::Finding attack{.type = "attack", .service = "sshd", .title = "20 addresses try passwords on sshd"};
  attack.fields = {{"kind", "distributed: many addresses, few tries each; spraying: many users are tried"},
                   {"tries", "412, 137 a minute"},
                   {"users", "32 or more: admin, backup, git, oracle, postgres, root, test, ubuntu and more"},
                   {"from", "from outside"},
                   {"networks", "203.0.113.0/24 (20 addresses, 412 tries)"},
                   {"first", "2026-11-22 20:35 UTC"},
                   {"last", "2026-11-22 20:38 UTC, it still goes on"},
                   {"203.0.113.1", "61 tries, users 4: admin, git, root, test"}};
  for (int i = 1; i <= 20; ++i) attack.text += "203.0.113." + std::to_string(i) + '\n';
  attack.evidence = {citation("sshd", 31, 54'450, "a try of 203.0.113.1",
                              "Failed password for invalid user admin from 203.0.113.1 port 39017 ssh2"),
                     citation("sshd", 44, 55'450, "a try of 203.0.113.2",
                              "Failed password for root from 203.0.113.2 port 39018 ssh2")};
  model::Finding index{
      .type = "missing_index", .service = "postgres", .title = "An index would help table orders"};
  index.fields = {
      {"columns", "customer_id (equal), created_at (order, falling)"},
      {"known", "from the plan"},
      {"statement", "select id, total from orders where customer_id = ? order by created_at desc limit ?"},
      {"seen", "9 of the 11 slow entries that were read; 340 were counted in all"},
      {"takes", "median 1.50 s, worst 4.10 s"},
      {"thrown away", "99.99 % of 9000000 rows read"}};
  index.text = "CREATE INDEX CONCURRENTLY ON \"orders\" (\"customer_id\", \"created_at\" DESC);";
  index.evidence = {citation("postgres", 120, 56'000, "took 4.10 s", "LOG:  duration: 4100.250 ms  plan:")};
  return {attack, index};
}

service::Investigation richInvestigation() {
  service::Investigation result;
  result.incident = {.id = model::IncidentId("00000000-0000-4000-8000-000000000231"),
                     .number = 231,
                     .title = "redis process killed; checkout, cart and queue fail",
                     .severity = model::Severity::Critical,
                     .state = model::IncidentState::AwaitingApproval,
                     .services = {"redis", "worker", "catalog", "orders", "web", "nginx"},
                     .startedAt = logTime(54'400),
                     .detectedAt = logTime(54'900),
                     .eventCount = 1728,
                     .impact = model::Impact{"nginx", 1204, 457, 5}};
  result.diagnosis = richDiagnosis(result.incident.id);
  for (const auto& [service, severity] :
       std::vector<std::pair<std::string, model::Severity>>{{"redis", model::Severity::Critical},
                                                            {"worker", model::Severity::Error},
                                                            {"catalog", model::Severity::Warning},
                                                            {"orders", model::Severity::Error}}) {
    model::Event event;
    event.id = model::EventId("event-" + service);
    event.patternId = "p-" + service;
    event.patternName = "Trouble in " + service;
    event.count = 400 + result.events.size();
    event.service = service;
    event.severity = severity;
    event.first = logTime(54'400);
    result.events.push_back(event);
  }
  result.similar = {{{.number = 187,
                      .service = "redis",
                      .kind = "process_killed",
                      .basis = model::CauseBasis::Person,
                      .by = "anna"},
                     0.84},
                    {{.number = 142,
                      .service = "redis",
                      .kind = "memory_limit_reached",
                      .basis = model::CauseBasis::Fix,
                      .fix = "raise-memory-limit"},
                     0.47}};
  result.timeline = busyTimeline();
  return result;
}

std::vector<service::InvestigationSummary> richSummaries() {
  using model::IncidentState;
  using model::Verdict;
  const auto row = [](uint64_t number, const std::string& title, std::vector<std::string> services,
                      model::Severity severity, IncidentState state, Verdict verdict, double confidence,
                      int64_t startMs) {
    auto digits = std::to_string(number);
    service::InvestigationSummary summary;
    summary.incident = {.id = model::IncidentId("00000000-0000-4000-8000-000000000" + digits),
                        .number = number,
                        .title = title,
                        .severity = severity,
                        .state = state,
                        .services = std::move(services),
                        .startedAt = logTime(startMs),
                        .detectedAt = logTime(startMs + 500)};
    if (model::isClosed(state)) summary.incident.endedAt = logTime(startMs + 42'000);
    summary.verdict = verdict;
    summary.confidence = confidence;
    summary.cause = verdict == Verdict::Inconclusive ? "" : title;
    return summary;
  };
  const auto rich = richInvestigation();
  std::vector<service::InvestigationSummary> rows{
      row(231, rich.incident.title, rich.incident.services, model::Severity::Critical,
          IncidentState::AwaitingApproval, Verdict::Confirmed, 0.94, 54'400),
      row(230, "payments: the bank answers slowly", {"payments", "orders"}, model::Severity::Warning,
          IncidentState::Investigating, Verdict::Inconclusive, 0.3, 20'000),
      row(229, "web reached its memory limit", {"web", "front"}, model::Severity::Error,
          IncidentState::Resolved, Verdict::Confirmed, 0.91, -600'000),
      row(228, "postgres: too many connections", {"postgres", "orders", "web"}, model::Severity::Error,
          IncidentState::Failed, Verdict::Likely, 0.71, -4'000'000),
      row(227, "burst of 404 answers", {"nginx"}, model::Severity::Info, IncidentState::Dismissed,
          Verdict::Healthy, 0.8, -9'000'000)};
  return rows;
}

}  // namespace aiops::test
