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

/// The patterns that need several lines, on all lines of a filter, in the order of the suite. That is no
/// order of time, so the time stamps say nothing: each line comes two seconds after the one before.
class Story {
 public:
  explicit Story(const detection::PatternSet& pack) {
    auto documents = pack.documents();
    std::erase_if(documents, [](const auto& document) { return document.type != "sequence"; });
    m_detector = std::make_unique<detection::Detector>(detection::PatternSet::compile(std::move(documents)));
  }

  std::vector<model::Event> next(const std::string& line) {
    model::LogBatch batch;
    batch.source = "/log";
    batch.service = "peer";
    batch.bytes = std::make_unique<std::string>(line);
    auto record = m_parser.parse(*batch.bytes, base::TimePoint(), batch);
    record.eventTime = base::TimePoint(std::chrono::seconds(2 * ++m_lines));
    batch.records.push_back(std::move(record));
    return m_detector->feed(batch);
  }

 private:
  std::unique_ptr<detection::Detector> m_detector;
  parsing::LineParser m_parser;
  int64_t m_lines = 0;
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
  void aNameNeverPassesForAnAttacker();
  void failuresCountWhateverTheName();
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
  size_t wrong = 0, byStory = 0;
  std::map<std::string, Story> stories;
  for (const auto& item : cases) {
    const auto filter = item["filter"].get<std::string>();
    const auto line = item["line"].get<std::string>();
    if (filter == kExample) continue;
    const bool match = item["match"].get<bool>();
    const auto host = item["host"].is_string() ? item["host"].get<std::string>() : "";
    auto events = test::eventsOf(patterns, line);
    const bool alone = match ? namesHost(events, host) : events.empty();
    // What a line says together with those before it.
    const auto told = stories.try_emplace(filter, *patterns).first->second.next(line);
    events.insert(events.end(), told.begin(), told.end());
    const bool ok = match ? namesHost(events, host) : events.empty();
    byStory += ok && !alone;
    // A line without its address, or with another verdict elsewhere, can't be judged by itself.
    const bool decidable = verdicts[line].size() == 1 && (!match || (!host.empty() && line.contains(host)));
    ++all.lines;
    all.right += ok;
    if (decidable) {
      ++byItself.lines;
      byItself.right += alone;
    }
    if (ok) continue;
    ++missed[filter];
    const bool alarm = !match && (decidable || !told.empty());
    wrong += alarm;
    if (decidable)
      qInfo("%s %s: %s", alarm ? "must not match" : "missed", filter.c_str(), line.substr(0, 160).c_str());
  }
  for (const auto& [filter, count] : missed) qInfo("%s: %zu", filter.c_str(), count);
  qInfo(
      "lines that can be judged by themselves: %zu of %zu (%.3f); all lines: %zu of %zu (%.3f); wrong "
      "alarms: %zu; "
      "by several lines: %zu",
      byItself.right, byItself.lines, byItself.share(), all.right, all.lines, all.share(), wrong, byStory);
  QVERIFY(all.share() >= 0.95);
  QVERIFY(byItself.share() >= 0.95);
  QCOMPARE(wrong, size_t(0));
}

namespace {

const std::string kReal = "203.0.113.7", kFeigned = "198.51.100.66";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::vector<std::string> samplesOf(const detection::PatternSet& patterns) {
  std::vector<std::string> lines;
  // A sequence finds nothing in one line.
  for (const auto& document : patterns.documents()) {
    if (document.type == "sequence") continue;
    lines.insert(lines.end(), document.samplesMatch.begin(), document.samplesMatch.end());
  }
  return lines;
}

/// What a client may call himself: other services' lines with another address, and pieces of them.
std::vector<std::string> hostileNames(const std::vector<std::string>& lines) {
  std::vector<std::string> names;
  for (const auto& line : lines) names.push_back(replaced(line, kReal, kFeigned));
  for (const std::string_view piece :
       {"x from @ port 22 ssh2", "x' from @", "a [@]", "rhost=@", "x, ip=[@]", "x>, rip=@, ", "' (@)",
        "x from @. ", "x ip=@", "x'@'@'", "\", client: @, server: x, request: \"",
        "x] failed to login from @", "x (attacker '@', file '", "client_ip=@", "\"client_ip\":\"@\"",
        "[client @] user x not found", "@ failed to login", "Failed password for root from @ port 1 ssh2",
        "login failed from @ (wrong password)"}) {
    names.push_back(replaced(std::string(piece), "@", kFeigned));
  }
  return names;
}

/// The pack as if each record were one too many.
std::shared_ptr<const detection::PatternSet> atOnce(const std::string& file) {
  auto documents = test::shippedPack(file)->documents();
  for (auto& document : documents) {
    document.count = 1;
    document.distinct.clear();
  }
  return detection::PatternSet::compile(std::move(documents));
}

}  // namespace

void TestPeersRefusals::aNameNeverPassesForAnAddress() {
  const auto patterns = test::shippedPack("authentication.yaml");
  const auto lines = samplesOf(*patterns);
  size_t tried = 0;
  for (const auto& line : lines) {
    QVERIFY2(namesHost(test::eventsOf(patterns, line), kReal), line.c_str());
    const size_t at = line.find("bob");
    if (at == std::string::npos) continue;
    for (const auto& name : hostileNames(lines)) {
      const auto text = line.substr(0, at) + name + line.substr(at + 3);
      ++tried;
      QVERIFY2(!namesHost(test::eventsOf(patterns, text), kFeigned), text.c_str());
    }
  }
  QVERIFY(tried > 500);
}

void TestPeersRefusals::aNameNeverPassesForAnAttacker() {
  const auto patterns = atOnce("abuse.yaml");
  QVERIFY(patterns->problems().empty());
  auto lines = samplesOf(*test::shippedPack("authentication.yaml"));
  for (auto& line : samplesOf(*patterns)) lines.push_back(std::move(line));
  // Browsers and paths are the client's words too.
  lines.push_back(kReal + R"( - - [22/Nov/2026:20:35:23 +0000] "GET / HTTP/1.1" 401 12 "-" "bob")");
  lines.push_back(kReal + R"( - - [22/Nov/2026:20:35:23 +0000] "GET /bob HTTP/1.1" 404 12 "-" "curl/8")");
  lines.push_back(
      "2026/11/22 20:35:23 [error] 7#7: *3 open() \"/bob\" failed (2: No such file or directory), client: " +
      kReal + ", server: www.example.com, request: \"GET /bob HTTP/1.1\"");
  size_t tried = 0;
  for (const auto& line : lines) {
    const size_t at = line.find("bob");
    if (at == std::string::npos || line.find(kReal) == std::string::npos) continue;
    for (const auto& name : hostileNames(lines)) {
      // In JSON and in requests a quote of the client's is escaped by who writes the line.
      const bool quoted = line.starts_with('{') || line.find("HTTP/1.1\"") != std::string::npos;
      const auto text =
          line.substr(0, at) + (quoted ? replaced(name, "\"", "\\\"") : name) + line.substr(at + 3);
      ++tried;
      QVERIFY2(!namesHost(test::eventsOf(patterns, text), kFeigned), text.c_str());
    }
  }
  QVERIFY(tried > 1000);
}

/// The same failures are found by the pack that counts them.
void TestPeersRefusals::failuresCountWhateverTheName() {
  const auto patterns = atOnce("abuse.yaml");
  for (const char* line :
       {"Nov 22 20:35:23 host sshd[266]: Failed password for invalid user BOB from 203.0.113.7 port 39017 "
        "ssh2",
        "Nov 22 20:35:23 host sshd[266]: Invalid user BOB from 203.0.113.7 port 39017",
        "Nov 22 20:35:23 mail dovecot: imap-login: Disconnected (auth failed, 2 attempts in 9 secs): "
        "user=<BOB>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1, TLS, session=<x>",
        "2026-11-22 20:35:23 4644 [Warning] Access denied for user 'BOB'@'203.0.113.7' (using password: YES)",
        "2026/11/22 20:35:23 [error] 7#7: *3 user \"BOB\" was not found in \"/etc/p\", client: 203.0.113.7, "
        "server: x, request: \"GET / HTTP/1.1\"",
        "[Sun Nov 22 20:35:23.424126 2026] [auth_basic:error] [pid 7:tid 7] [client 203.0.113.7:55309] "
        "AH01617: user BOB: authentication failure for \"/\": Password Mismatch",
        "Nov 22 20:35:23 web roundcube: IMAP Error: Login failed for BOB from 203.0.113.7. AUTHENTICATE "
        "PLAIN: A0002 NO Login failed. in /usr/a.php on line 7 (POST /?_task=login)"}) {
    for (const auto& name : {std::string("bob"), "x from " + kFeigned, "ip=" + kFeigned}) {
      const auto text = replaced(line, "BOB", name);
      QVERIFY2(namesHost(test::eventsOf(patterns, text), kReal), text.c_str());
    }
  }
}

QTEST_GUILESS_MAIN(TestPeersRefusals)
#include "tst_peers_refusals.moc"
