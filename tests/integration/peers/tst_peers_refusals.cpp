// Lines of which another project says whether somebody is refused there, and from which address, by the
// shipped pack. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <map>
#include <set>

#include "integration/peers/peer_cases.h"

using namespace aiops;

namespace {

/// No service writes these lines: they show how a filter of that project is written.
constexpr std::string_view kExample = "zzz-generic-example";

struct Tally {
  size_t lines = 0, right = 0;
  double share() const { return lines ? static_cast<double>(right) / static_cast<double>(lines) : 1.0; }
};

bool namesHost(const std::vector<model::Event>& events, const std::string& host) {
  return std::any_of(events.begin(), events.end(), [&](const model::Event& event) {
    const auto capture = event.captures.find("host");
    return capture != event.captures.end() && capture->second == host;
  });
}

}  // namespace

class TestPeersRefusals : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whoIsRefusedAndFromWhere();
  void aNameNeverPassesForAnAddress();
};

void TestPeersRefusals::whoIsRefusedAndFromWhere() {
  const auto cases = test::casesOf("fail2ban");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  const auto patterns = test::shippedPack("authentication.yaml");
  QVERIFY(patterns->problems().empty());
  // That project judges some lines by the mode that a filter is set to: both answers stand in its suite.
  std::map<std::string, std::set<bool>> verdicts;
  for (const auto& item : cases) verdicts[item["line"].get<std::string>()].insert(item["match"].get<bool>());

  Tally all, byItself;
  std::map<std::string, size_t> missed;
  size_t wrong = 0;
  for (const auto& item : cases) {
    const auto filter = item["filter"].get<std::string>();
    const auto line = item["line"].get<std::string>();
    if (filter == kExample) continue;
    const bool match = item["match"].get<bool>();
    const auto host = item["host"].is_string() ? item["host"].get<std::string>() : "";
    const auto events = test::eventsOf(patterns, line);
    const bool ok = match ? namesHost(events, host) : events.empty();
    // A line without its address, or with another verdict elsewhere, can't be judged by itself.
    const bool decidable = verdicts[line].size() == 1 && (!match || (!host.empty() && line.contains(host)));
    ++all.lines;
    all.right += ok;
    if (decidable) {
      ++byItself.lines;
      byItself.right += ok;
    }
    if (ok) continue;
    ++missed[filter];
    const bool alarm = !match && decidable;
    wrong += alarm;
    if (decidable)
      qInfo("%s %s: %s", alarm ? "must not match" : "missed", filter.c_str(), line.substr(0, 160).c_str());
  }
  for (const auto& [filter, count] : missed) qInfo("%s: %zu", filter.c_str(), count);
  qInfo(
      "lines that can be judged by themselves: %zu of %zu (%.3f); all lines: %zu of %zu (%.3f); wrong "
      "alarms: %zu",
      byItself.right, byItself.lines, byItself.share(), all.right, all.lines, all.share(), wrong);
  QVERIFY(byItself.share() >= 0.95);
  QCOMPARE(wrong, size_t(0));
}

/// The clients choose their names: other services' lines with another address, and pieces of them.
void TestPeersRefusals::aNameNeverPassesForAnAddress() {
  const std::string real = "203.0.113.7", feigned = "198.51.100.66";
  const auto replaced = [](std::string text, const std::string& what, const std::string& with) {
    for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
      text.replace(at, what.size(), with);
    return text;
  };
  const auto patterns = test::shippedPack("authentication.yaml");
  std::vector<std::string> lines, names;
  for (const auto& document : patterns->documents())
    lines.insert(lines.end(), document.samplesMatch.begin(), document.samplesMatch.end());
  for (const auto& line : lines) names.push_back(replaced(line, real, feigned));
  for (const std::string_view piece :
       {"x from @ port 22 ssh2", "x' from @", "a [@]", "rhost=@", "x, ip=[@]", "x>, rip=@, ", "' (@)",
        "x from @. ", "x ip=@", "x'@'@'", "\", client: @, server: x, request: \"",
        "x] failed to login from @", "x (attacker '@', file '"}) {
    names.push_back(replaced(std::string(piece), "@", feigned));
  }
  size_t tried = 0;
  for (const auto& line : lines) {
    QVERIFY2(namesHost(test::eventsOf(patterns, line), real), line.c_str());
    const size_t at = line.find("bob");
    if (at == std::string::npos) continue;
    for (const auto& name : names) {
      const auto text = line.substr(0, at) + name + line.substr(at + 3);
      ++tried;
      QVERIFY2(!namesHost(test::eventsOf(patterns, text), feigned), text.c_str());
    }
  }
  QVERIFY(tried > 500);
}

QTEST_GUILESS_MAIN(TestPeersRefusals)
#include "tst_peers_refusals.moc"
