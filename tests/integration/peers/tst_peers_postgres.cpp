// The kind of each message of PostgreSQL, as another project's suite names it, by the shipped patterns.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <set>

#include "integration/peers/peer_cases.h"

using namespace aiops;

namespace {

/// "LOCK_WAITING" is postgresql-lock-waiting here: a name for a name, whatever the message says.
std::string patternOf(const std::string& classification) {
  std::string id = "postgresql-";
  for (const char c : classification)
    id += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return id;
}

std::string asWritten(const nlohmann::json& line) {
  const auto level = line["level"].is_string() ? line["level"].get<std::string>() : "LOG";
  return "2026-11-22 20:35:23.062 UTC [64] app@shop " + level + ":  " + line["content"].get<std::string>();
}

}  // namespace

class TestPeersPostgres : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyMessageHasItsKind();
};

void TestPeersPostgres::everyMessageHasItsKind() {
  const auto cases = test::casesOf("pganalyze_postgres");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  const auto patterns = test::shippedPack("postgresql-messages.yaml");
  QVERIFY(patterns->problems().empty());
  size_t lines = 0, right = 0;
  for (const auto& item : cases) {
    for (size_t i = 0; i < item["lines"].size(); ++i) {
      // Exactly the one kind, and none for DETAIL, STATEMENT and the like.
      std::set<std::string> wanted, found;
      const auto& kind = item["per_line"].at(i);
      if (kind.is_string()) wanted.insert(patternOf(kind.get<std::string>()));
      for (const auto& event : test::eventsOf(patterns, asWritten(item["lines"][i])))
        found.insert(event.patternId);
      ++lines;
      right += wanted == found;
      if (wanted != found)
        qInfo("want %s, have %s: %s", wanted.empty() ? "none" : wanted.begin()->c_str(),
              found.empty() ? "none" : found.begin()->c_str(),
              item["lines"][i]["content"].get<std::string>().substr(0, 120).c_str());
    }
  }
  const double share = static_cast<double>(right) / static_cast<double>(lines);
  qInfo("messages: %zu of %zu (%.3f)", right, lines, share);
  QVERIFY(share >= 0.90);
}

QTEST_GUILESS_MAIN(TestPeersPostgres)
#include "tst_peers_postgres.moc"
