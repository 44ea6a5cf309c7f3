// What is concluded from how much services write, from what they never wrote before, and from the host; and
// how severe an incident is by what it does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "analysis/count_book.h"
#include "analysis/deviation_analyst.h"
#include "analysis/diagnose.h"
#include "analysis/impact.h"
#include "analysis/novelty_analyst.h"
#include "analysis/resource_analyst.h"
#include "model/labels.h"
#include "support/event_builder.h"

using namespace aiops;
using model::Severity;
using test::at;
using test::makeEvent;

namespace {

correlation::Topology shop() {
  model::Inventory out;
  out.services.push_back({.name = "db"});
  out.services.push_back({.name = "web", .dependsOn = {"db"}});
  out.services.push_back({.name = "front", .dependsOn = {"web"}});
  return correlation::Topology(out);
}

int64_t secondAt(double seconds) {
  return std::chrono::floor<std::chrono::seconds>(at(seconds)).time_since_epoch().count();
}

/// A service that writes `usual` lines a second, and `then` from `change` on, 300 seconds long.
void addCounts(analysis::CaseFile& file, const std::string& service, uint32_t usual, int change,
               uint32_t then) {
  for (int second = 0; second < 300; ++second) {
    const uint32_t lines = second < change ? usual : then;
    if (lines > 0) file.counts.push_back({service, secondAt(second), lines, 0});
  }
}

analysis::CaseFile caseOf(std::vector<model::Event> events) {
  return {{.id = model::IncidentId::create(), .startedAt = events.front().first}, std::move(events)};
}

model::Event newMessage(const std::string& service, double seconds) {
  auto event = makeEvent(service, "new_message", seconds, Severity::Info);
  event.captures["template"] = "lost <number> peers";
  return event;
}

model::Reading reading(const std::string& service, model::Resource resource, double used) {
  return {.service = service, .resource = resource, .where = "/var/lib", .used = used, .limit = 1};
}

}  // namespace

class TestCounts : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aSeriesDeviatesBeyondAllThatWasBefore() {
    const std::vector<double> calm = {10, 12, 9, 11, 10, 30, 10, 11, 9, 10};
    auto values = calm;
    values.insert(values.end(), {11, 10, 48, 52, 50});
    const auto found = analysis::firstDeviation(values, 10);
    QVERIFY(found);
    QCOMPARE(found->at, size_t{12});
    QVERIFY(found->above);
    QCOMPARE(found->bound, 30.0);
  }

  void whatBurstBeforeIsNoDeviation() {
    const std::vector<double> values = {10, 12, 9, 60, 58, 10, 10, 11, 9, 10, 61, 59, 10};
    QVERIFY(!analysis::firstDeviation(values, 10));
  }

  void oneWindowAloneIsNoDeviation() {
    const std::vector<double> values = {10, 12, 9, 11, 10, 10, 10, 11, 9, 10, 90, 10, 10};
    QVERIFY(!analysis::firstDeviation(values, 10));
  }

  void tooLittleBeforeTellsNothing() {
    QVERIFY(!analysis::firstDeviation({1, 1, 1, 1, 1, 1, 1, 90, 90}, 7));
    QVERIFY(!analysis::firstDeviation({}, 0));
    QVERIFY(!analysis::firstDeviation(std::vector<double>(20, 1), 20));
  }

  void whatStopsDeviatesToo() {
    std::vector<double> values(10, 40);
    values.insert(values.end(), {0, 0});
    const auto found = analysis::firstDeviation(values, 10);
    QVERIFY(found);
    QVERIFY(!found->above);
    QCOMPARE(found->at, size_t{10});
  }

  void whoDeviatesFirstIsBlamed() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("web", "requests_failing", 200), makeEvent("db", "error_logged", 215),
                        makeEvent("front", "upstream_failing", 202)});
    addCounts(file, "db", 4, 160, 40);
    addCounts(file, "web", 10, 200, 60);
    addCounts(file, "front", 10, 200, 60);
    const auto claims = analysis::DeviationAnalyst(topology).analyse(file);
    QCOMPARE(claims.size(), size_t{1});
    QCOMPARE(claims[0].service, std::string("db"));
    QVERIFY(claims[0].kind.empty());
    QVERIFY(claims[0].confidence > 0.6);
    QVERIFY(!claims[0].evidence.empty());
    QVERIFY2(claims[0].note.find("never more than 20") != std::string::npos, claims[0].note.c_str());
  }

  void amongSimultaneousOnesTheDependencyIsBlamed() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("web", "requests_failing", 200), makeEvent("db", "error_logged", 200)});
    addCounts(file, "web", 10, 200, 60);
    addCounts(file, "db", 4, 203, 40);
    const auto claims = analysis::DeviationAnalyst(topology).analyse(file);
    QCOMPARE(claims.size(), size_t{1});
    QCOMPARE(claims[0].service, std::string("db"));
  }

  void whatCanNotBeShownIsNotSaid() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("front", "upstream_failing", 200)});
    addCounts(file, "db", 4, 160, 40);
    QVERIFY(analysis::DeviationAnalyst(topology).analyse(file).empty());
    file.counts.clear();
    QVERIFY(analysis::DeviationAnalyst(topology).analyse(file).empty());
  }

  void aNewMessageIsBlamedWhenTheTroubleBegins() {
    const auto topology = shop();
    const auto claims = analysis::NoveltyAnalyst(topology).analyse(
        caseOf({newMessage("db", 195), makeEvent("web", "requests_failing", 200), newMessage("web", 201)}));
    QCOMPARE(claims.size(), size_t{1});
    QCOMPARE(claims[0].service, std::string("db"));
    QVERIFY(claims[0].confidence > 0.55 && claims[0].confidence < 0.7);
    QVERIFY(claims[0].note.find("lost <number> peers") != std::string::npos);
    QCOMPARE(claims[0].evidence.size(), size_t{1});
  }

  void newAndLongAgoOrLongAfterIsNotBlamed() {
    const auto topology = shop();
    const analysis::NoveltyAnalyst analyst(topology);
    QVERIFY(
        analyst.analyse(caseOf({newMessage("db", 100), makeEvent("web", "requests_failing", 200)})).empty());
    QVERIFY(
        analyst.analyse(caseOf({newMessage("db", 230), makeEvent("web", "requests_failing", 200)})).empty());
    QVERIFY(analyst.analyse(caseOf({newMessage("db", 200)})).empty());
  }

  void aFullDiskExplainsTroubleThatNoLineExplains() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("web", "requests_failing", 200)});
    file.readings = {reading("web", model::Resource::Disk, 1), reading("db", model::Resource::Disk, 1)};
    const auto claims = analysis::ResourceAnalyst(topology).analyse(file);
    QCOMPARE(claims.size(), size_t{1});  // nothing is wrong with db
    QCOMPARE(claims[0].kind, std::string("disk_full"));
    QCOMPARE(claims[0].confidence, 0.8);
    QVERIFY(claims[0].note.find("/var/lib 100 % used") != std::string::npos);
    QCOMPARE(claims[0].evidence.size(), size_t{1});
  }

  void whatIsLeftIsNoCause() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("web", "requests_failing", 200)});
    file.readings = {reading("web", model::Resource::Disk, 0.96),
                     reading("web", model::Resource::Memory, 0.94),
                     reading("web", model::Resource::Descriptors, 0.5)};
    file.readings.push_back({.service = "web", .resource = model::Resource::Disk, .used = 5, .limit = 0});
    QVERIFY(analysis::ResourceAnalyst(topology).analyse(file).empty());
  }

  void theWorstReadingOfAKindCounts() {
    const auto topology = shop();
    auto file = caseOf({makeEvent("web", "requests_failing", 200)});
    file.readings = {reading("web", model::Resource::Inodes, 0.98), reading("web", model::Resource::Disk, 1)};
    const auto claims = analysis::ResourceAnalyst(topology).analyse(file);
    QCOMPARE(claims.size(), size_t{1});
    QCOMPARE(claims[0].confidence, 0.8);
  }

  void impactIsTheWorstShareOfFailedRequests() {
    auto file =
        caseOf({makeEvent("web", "requests_failing", 100), makeEvent("front", "upstream_failing", 101),
                makeEvent("db", "slow_query", 101, Severity::Warning)});
    for (int second = 90; second < 140; ++second) {
      file.counts.push_back({"web", secondAt(second), 9, 0, 8, second < 100 ? 0u : 2u});
      file.counts.push_back({"front", secondAt(second), 9, 0, 9, 1});
    }
    const auto impact = analysis::impactOf(file, at(140));
    QCOMPARE(impact.service, std::string("web"));
    QCOMPARE(impact.requests, uint64_t{320});
    QCOMPARE(impact.failures, uint64_t{80});
    QCOMPARE(impact.failing, uint32_t{2});
    QVERIFY(analysis::severityOf(impact) == Severity::Critical);
    QCOMPARE(model::impactText(impact),
             std::string("80 of 320 requests to web fail (25 %); 2 services report errors"));
  }

  void severityFollowsTheImpact() {
    using analysis::severityOf;
    QVERIFY(severityOf({.service = "web", .requests = 1000, .failures = 249}) == Severity::Error);
    QVERIFY(severityOf({.service = "web", .requests = 1000, .failures = 10}) == Severity::Error);
    QVERIFY(severityOf({.service = "web", .requests = 1000, .failures = 9, .failing = 5}) ==
            Severity::Warning);
    QVERIFY(severityOf({.failing = 3}) == Severity::Critical);
    QVERIFY(severityOf({.failing = 2}) == Severity::Warning);
    QCOMPARE(model::impactText({}), std::string());
    QCOMPARE(model::impactText({.service = "web", .requests = 1000, .failures = 1}),
             std::string("1 of 1000 requests to web fail (under 1 %)"));
  }

  void fewRequestsTellNoShare() {
    auto file = caseOf({makeEvent("web", "requests_failing", 100)});
    file.counts.push_back({"web", secondAt(100), 9, 9, 9, 9});
    const auto impact = analysis::impactOf(file, at(110));
    QVERIFY(impact.service.empty());
    QCOMPARE(impact.failing, uint32_t{1});
  }

  void countsAreKeptForAnHourOfEventTime() {
    analysis::CountBook book;
    model::LogRecord record;
    record.fields = {{"status", "503"}};
    record.severity = Severity::Error;
    record.eventTime = at(10'000);
    book.add("web", record);
    book.add("web", record);
    record.eventTime = at(10'000 - 3'601);  // too old
    book.add("web", record);
    record.fields = {{"status", "burnt"}};
    record.severity = Severity::Info;
    record.eventTime = at(9'000);
    book.add("web", record);
    const auto counts = book.of({"web", "none"}, at(0));
    QCOMPARE(counts.size(), size_t{2});
    QCOMPARE(counts[0].requests, 0u);
    QCOMPARE(counts[1].all, 2u);
    QCOMPARE(counts[1].warnings, 2u);
    QCOMPARE(counts[1].requests, 2u);
    QCOMPARE(counts[1].failures, 2u);
    QVERIFY(book.of({"web"}, at(10'001)).empty());
  }
};

QTEST_APPLESS_MAIN(TestCounts)
#include "tst_analysis_counts.moc"
