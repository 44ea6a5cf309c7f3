// Recorded logs of attacks from another project's suite: how many alarms, and against which addresses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <map>
#include <set>

#include "integration/peers/peer_cases.h"
#include "parsing/record_assembler.h"
#include "unit/parsing/line_feeder.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

struct Alarms {
  size_t count = 0;
  std::set<std::string> sources;
  std::string which;  ///< patterns and addresses
};

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The whole way of a log: lines, records, events. An episode that goes on is one alarm.
Alarms replay(const std::shared_ptr<const detection::PatternSet>& patterns, const std::string& bytes) {
  parsing::RecordAssembler assembler("/log", "peer");
  detection::Detector detector(patterns);
  test::LineFeeder feeder;
  const auto now = std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now());
  Alarms alarms;
  std::set<std::tuple<std::string, std::string, base::TimePoint>> episodes;
  const auto take = [&](const model::LogBatch& batch) {
    for (const auto& event : detector.feed(batch)) {
      episodes.insert({event.patternId, event.key, event.first});
      if (!event.key.empty()) alarms.sources.insert(event.key);
    }
  };
  take(assembler.add(feeder.chunk(bytes), now, 0s));
  take(assembler.flush(0s, true));
  alarms.count = episodes.size();
  for (const auto& [pattern, key, first] : episodes) alarms.which += ' ' + pattern + '@' + key;
  return alarms;
}

}  // namespace

class TestPeersAttacks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void alarmsAndTheirSources();
};

void TestPeersAttacks::alarmsAndTheirSources() {
  const auto cases = test::casesOf("crowdsec_hub");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  const auto root = *test::evalData("peers/crowdsec_hub");
  const auto patterns = test::shippedPack("abuse.yaml");
  QVERIFY(patterns->problems().empty());
  size_t judged = 0, sources = 0, both = 0, quiet = 0, quietRight = 0;
  for (const auto& item : cases) {
    // Without this key only the fields of the log are asked for.
    if (!item.contains("alerts") || !item["alerts"].is_number()) continue;
    const auto alarms = replay(patterns, read(root / item["log"].get<std::string>()));
    if (item["alerts"] == 0) {
      ++quiet;
      quietRight += alarms.count == 0;
      continue;
    }
    std::set<std::string> wanted;
    for (const auto& alert : item["alert_list"]) {
      for (const auto& source : alert["sources"]) wanted.insert(source.get<std::string>());
    }
    ++judged;
    const bool same = wanted == alarms.sources;
    const bool sameCount = alarms.count == item["alerts"].get<size_t>();
    sources += same;
    both += same && sameCount;
    if (same && sameCount) continue;
    std::string more, less;
    for (const auto& source : alarms.sources) more += wanted.contains(source) ? "" : " " + source;
    for (const auto& source : wanted) less += alarms.sources.contains(source) ? "" : " " + source;
    qInfo("%s: want %zu alarms, have %zu; missed:%s; beyond:%s; fired:%s",
          item["test"].get<std::string>().c_str(), item["alerts"].get<size_t>(), alarms.count, less.c_str(),
          more.c_str(), alarms.which.c_str());
  }
  const auto share = [&](size_t right) { return static_cast<double>(right) / static_cast<double>(judged); };
  qInfo("logs with alarms: %zu; the same addresses: %.3f; also the same number: %.3f; quiet logs: %zu of %zu",
        judged, share(sources), share(both), quietRight, quiet);
  QVERIFY(share(sources) >= 0.86);
  QVERIFY(share(both) >= 0.84);
}

QTEST_GUILESS_MAIN(TestPeersAttacks)
#include "tst_peers_attacks.moc"
