// The systemd journal as a source: real journal files, read as journalctl reads them, gone on with after a
// crash at any byte, over rotation, vacuum, boots and lost permission. SPDX-License-Identifier:
// GPL-3.0-or-later
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "pipeline/lane.h"
#include "sources/journal_feed.h"
#include "sources/journal_line.h"
#include "sources/stream_tail.h"
#include "support/journal_maker.h"
#include "support/line_sink.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr uint64_t kBegin = 1'795'379'723'000'000;  // 2026-11-22T20:35:23Z

MadeEntry numbered(int number, const std::string& unit = "app.service") {
  return {kBegin + static_cast<uint64_t>(number) * 1000,
          {{"MESSAGE", "entry " + std::to_string(number)},
           {"PRIORITY", "6"},
           {"_SYSTEMD_UNIT", unit},
           {"SYSLOG_IDENTIFIER", "app"},
           {"_PID", "77"}}};
}

std::vector<Json> linesOf(const std::string& text) {
  std::vector<Json> lines;
  for (size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(Json::parse(text.substr(at, end - at)));
    at = end + 1;
  }
  return lines;
}

std::vector<int> numbersOf(const std::string& text) {
  std::vector<int> numbers;
  for (const auto& line : linesOf(text))
    numbers.push_back(std::stoi(line["MESSAGE"].get<std::string>().substr(6)));
  return numbers;
}

std::vector<int> fromTo(int begin, int end) {
  std::vector<int> numbers;
  for (int i = begin; i <= end; ++i) numbers.push_back(i);
  return numbers;
}

}  // namespace

class TestJournal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (!JournalMaker::isThere()) QSKIP("no journal can be made: systemd-journal-remote is not installed");
  }
  void init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_now = 100s;
    fs::permissions(m_folder->path().toStdString(), fs::perms(0755));
    fs::create_directory(directory());
  }
  void addressesAreChecked_data();
  void addressesAreChecked();
  void entriesAreAsJournalctlWritesThem();
  void oddBytesStayOneLine();
  void largeEntriesAreCut();
  void nothingIsLostOrTwiceAfterACrash();
  void whatComesWakesTheReader();
  void rotationAndBootsAreGoneThrough();
  void aVacuumIsSaid();
  void aFirstStartBeginsNow();
  void unitsAreChosen();
  void whoMayNotReadIsTold();
  void noJournalIsSaid();
  void theLaneKnowsTheUnits();

 private:
  std::string directory() const { return m_folder->path().toStdString() + "/journal"; }
  std::string kept() const { return m_folder->path().toStdString() + "/input/journal.log"; }
  void write(const std::string& name, int begin, int end) const {
    JournalMaker maker(directory() + "/" + name);
    for (int i = begin; i <= end; ++i) maker.add(numbered(i));
  }
  std::unique_ptr<sources::JournalFeed> feed(bool history = true, const std::string& options = {}) const {
    return std::make_unique<sources::JournalFeed>(
        *sources::parseJournalAddress("journal:?directory=" + directory() + options), history);
  }
  /// Until nothing more comes.
  std::string taken(sources::JournalFeed& from) {
    std::string text;
    while (from.take(text, m_now, base::TimePoint(base::Duration(kBegin)))) continue;
    return text;
  }
  std::string drained(sources::StreamTail& tail, int most = 1'000'000) const {
    std::string text;
    for (int quiet = 0, lines = 0; quiet < 3 && lines < most;) {
      const auto chunk = tail.read(100s, base::TimePoint());
      quiet = chunk ? 0 : quiet + 1;
      if (!chunk) continue;
      for (const auto& line : chunk->lines) text += chunk->bytes.substr(line.at, line.length) + "\n";
      lines += static_cast<int>(chunk->lines.size());
    }
    return text;
  }

  std::unique_ptr<QTemporaryDir> m_folder;
  base::Duration m_now{0};
};

void TestJournal::addressesAreChecked_data() {
  QTest::addColumn<QString>("address");
  QTest::addColumn<QString>("problem");
  const auto row = [](const char* address, const char* problem) {
    QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(problem);
  };
  row("journal:", "");
  row("journal:?unit=nginx", "");
  row("journal:?unit=a.socket&unit=b@1.service&directory=/var/log/journal", "");
  row("journal:nginx", "nothing or a '?'");
  row("journal:?unit=", "no name of a unit");
  row("journal:?unit=a b", "no name of a unit");
  row("journal:?directory=here", "no absolute path");
  row("journal:?colour=red", "unknown option 'colour'");
  row("/var/log/journal", "no address of a journal");
}

void TestJournal::addressesAreChecked() {
  QFETCH(QString, address);
  QFETCH(QString, problem);
  const auto parsed = sources::parseJournalAddress(address.toStdString());
  QCOMPARE(parsed.has_value(), problem.isEmpty());
  if (!parsed)
    QVERIFY2(QString::fromStdString(parsed.error().line()).contains(problem), parsed.error().line().c_str());
  if (address == QStringLiteral("journal:?unit=nginx"))
    QCOMPARE(parsed->units, std::vector<std::string>{"nginx.service"});
}

/// The oracle is journalctl, as far as it writes values as strings.
void TestJournal::entriesAreAsJournalctlWritesThem() {
  {
    JournalMaker maker(directory() + "/a.journal");
    for (int i = 0; i < 50; ++i) {
      auto entry = numbered(i);
      entry.fields.emplace_back("_HOSTNAME", "box");
      entry.fields.emplace_back("NUMBER" + std::to_string(i), "\"quoted\" \\ back, é and two\nlines");
      maker.add(entry);
    }
  }
  auto journal = feed();
  const auto ours = linesOf(taken(*journal));
  QProcess journalctl;
  journalctl.start(QStringLiteral("journalctl"),
                   {QStringLiteral("-D"), QString::fromStdString(directory()), QStringLiteral("-o"),
                    QStringLiteral("json"), QStringLiteral("--no-pager")});
  if (!journalctl.waitForStarted()) QSKIP("journalctl is not installed");
  QVERIFY(journalctl.waitForFinished());
  const auto theirs = linesOf(journalctl.readAllStandardOutput().toStdString());
  QCOMPARE(ours.size(), size_t(50));
  QCOMPARE(theirs.size(), size_t(50));
  for (size_t i = 0; i < ours.size(); ++i) QVERIFY2(ours[i] == theirs[i], theirs[i].dump().c_str());
}

void TestJournal::oddBytesStayOneLine() {
  {
    JournalMaker maker(directory() + "/a.journal");
    auto entry = numbered(1);
    entry.fields[0].second = "first\nsecond\r\n\x1b[31mred\x1b[0m \xff end";
    entry.fields.emplace_back("BINARY", std::string("\0\xff\x01", 3));
    entry.fields.emplace_back("TWICE", "a");
    entry.fields.emplace_back("TWICE", "b");
    maker.add(entry);
  }
  auto journal = feed();
  const auto text = taken(*journal);
  QCOMPARE(std::ranges::count(text, '\n'), std::ptrdiff_t(1));
  const auto line = linesOf(text).front();
  QCOMPARE(line["MESSAGE"].get<std::string>(),
           std::string("first\nsecond\r\n\x1b[31mred\x1b[0m \xEF\xBF\xBD end"));
  QVERIFY(line["BINARY"] == Json({0, 255, 1}));
  QVERIFY(line["TWICE"] == Json({"a", "b"}) || line["TWICE"] == Json({"b", "a"}));
}

void TestJournal::largeEntriesAreCut() {
  {
    JournalMaker maker(directory() + "/a.journal");
    auto entry = numbered(1);
    entry.fields[0].second = std::string(100'000, '\x01') + "é";
    for (int i = 0; i < 100; ++i)
      entry.fields.emplace_back("LARGE_" + std::to_string(i), std::string(20'000, 'x'));
    entry.fields.emplace_back("BINARY", std::string(20'000, '\xff'));
    maker.add(entry);
    maker.add(numbered(2));
  }
  auto journal = feed();
  const auto text = taken(*journal);
  QVERIFY(text.find('\n') < sources::kMostOfJournalLine);
  const auto lines = linesOf(text);
  QCOMPARE(lines.size(), size_t(2));
  QVERIFY(lines[0]["__CUT"].get<std::string>().starts_with("MESSAGE=100002 "));
  QVERIFY(lines[0]["MESSAGE"].get<std::string>().size() > 5000);
  QCOMPARE(lines[0]["_SYSTEMD_UNIT"].get<std::string>(), std::string("app.service"));
  QVERIFY(!lines[1].contains("__CUT"));
  QCOMPARE(journal->drops().at("cut"), uint64_t(1));
}

/// kill -9 while entries are kept leaves any number of bytes of them; what was read of them before may be
/// stored or not.
void TestJournal::nothingIsLostOrTwiceAfterACrash() {
  constexpr int kEntries = 300, kRounds = 60;
  write("a.journal", 1, kEntries);
  std::mt19937 random(7);
  for (int round = 0; round < kRounds; ++round) {
    fs::remove_all(fs::path(kept()).parent_path());
    std::optional<model::SourcePosition> stored;
    std::string before;
    {
      sources::StreamOptions options;
      options.limits.readBytes = 1 + random() % 60'000;
      sources::StreamTail tail(feed(), kept(), {}, options);
      before = drained(tail, static_cast<int>(random() % kEntries));
      stored = tail.position();
    }
    QVERIFY(stored.has_value());
    const auto size = fs::file_size(kept());
    fs::resize_file(kept(), stored->offset + random() % (size - stored->offset + 1));
    sources::StreamTail again(feed(), kept(), stored);
    QCOMPARE(numbersOf(before + drained(again)), fromTo(1, kEntries));
  }
}

void TestJournal::whatComesWakesTheReader() {
  JournalMaker maker(directory() + "/a.journal");
  maker.add(numbered(1));
  auto journal = feed();
  std::string text;
  QTRY_VERIFY((m_now += 6s, journal->take(text, m_now, {}), !text.empty()));
  QVERIFY(!journal->take(text, m_now, {}));
  for (int i = 2; i <= 20; ++i) {
    maker.add(numbered(i));
    while (numbersOf(text).size() < static_cast<size_t>(i)) {
      pollfd entry{journal->pollFd(), POLLIN, 0};
      QVERIFY(::poll(&entry, 1, 10'000) == 1);
      journal->take(text, m_now, {});
    }
  }
  QCOMPARE(numbersOf(text), fromTo(1, 20));
  pollfd entry{journal->pollFd(), POLLIN, 0};
  while (journal->take(text, m_now, {}) || ::poll(&entry, 1, 200) == 1) continue;
  QCOMPARE(::poll(&entry, 1, 0), 0);  // and then it sleeps
}

void TestJournal::rotationAndBootsAreGoneThrough() {
  write("system.journal", 1, 100);
  auto journal = feed();
  auto text = taken(*journal);
  fs::rename(directory() + "/system.journal", directory() + "/system@1.journal");
  {
    JournalMaker maker(directory() + "/system.journal");
    for (int i = 101; i <= 200; ++i) {
      auto entry = numbered(i);
      entry.bootId = "ffffffffffffffffffffffffffffffff";
      maker.add(entry);
    }
  }
  text += taken(*journal);
  QCOMPARE(numbersOf(text), fromTo(1, 200));
  QCOMPARE(linesOf(text).back()["_BOOT_ID"].get<std::string>(), std::string(32, 'f'));
  const auto lines = linesOf(text);
  auto again = feed();
  again->resume(text.substr(0, text.find('\n')), {});
  QCOMPARE(numbersOf(taken(*again)), fromTo(2, 200));
  QVERIFY(again->takeHealth().empty());
}

void TestJournal::aVacuumIsSaid() {
  write("a.journal", 1, 50);
  write("b.journal", 51, 100);
  auto journal = feed();
  const auto text = taken(*journal);
  QCOMPARE(numbersOf(text), fromTo(1, 100));
  const auto lineOf = [&](int number) {
    size_t at = 0;
    for (int i = 1; i < number; ++i) at = text.find('\n', at) + 1;
    return text.substr(at, text.find('\n', at) - at);
  };
  fs::remove(directory() + "/a.journal");
  auto kept = feed();
  kept->resume(lineOf(60), {});  // the file that is gone had been read
  QCOMPARE(numbersOf(taken(*kept)), fromTo(61, 100));
  QCOMPARE(kept->drops().at("gaps"), uint64_t(0));
  auto gone = feed();
  gone->resume(lineOf(10), {});
  QCOMPARE(numbersOf(taken(*gone)), fromTo(51, 100));
  QCOMPARE(gone->drops().at("gaps"), uint64_t(1));
  const auto health = gone->takeHealth();
  QCOMPARE(health.size(), size_t(1));
  QVERIFY2(health[0].what.find("between 2026-11-22T20:35:23.010") != std::string::npos,
           health[0].what.c_str());
  QVERIFY2(health[0].what.find("and 2026-11-22T20:35:23.051") != std::string::npos, health[0].what.c_str());
}

void TestJournal::aFirstStartBeginsNow() {
  JournalMaker maker(directory() + "/a.journal");
  for (int i = -20; i < 0; ++i) maker.add(numbered(i));
  QTRY_VERIFY(fs::exists(directory() + "/a.journal"));
  auto journal = feed(false);
  std::string text;
  QTRY_VERIFY((m_now += 6s, journal->take(text, m_now, base::TimePoint(base::Duration(kBegin))),
               journal->problem().empty()));
  QCOMPARE(text, std::string());
  maker.add(numbered(5));
  QTRY_VERIFY((journal->take(text, m_now, base::TimePoint(base::Duration(kBegin))), !text.empty()));
  QCOMPARE(numbersOf(text), std::vector<int>{5});
  auto later = feed(false);  // nothing had come in an earlier run, which began before these
  later->resume({}, base::TimePoint(base::Duration(kBegin - 10'000)));
  maker.end();
  QCOMPARE(numbersOf(taken(*later)).size(), size_t(11));
  auto history = feed(true);  // the earlier run could read nothing: the past is still to come
  history->resume({}, base::TimePoint(base::Duration(kBegin)));
  QCOMPARE(numbersOf(taken(*history)).size(), size_t(21));
}

void TestJournal::unitsAreChosen() {
  {
    JournalMaker maker(directory() + "/a.journal");
    maker.add(numbered(1, "nginx.service"));
    maker.add(numbered(2, "other.service"));
    auto about = numbered(3, "init.scope");
    about.fields.emplace_back("UNIT", "nginx.service");
    about.fields[4].second = "1";
    maker.add(about);
    auto pretender = numbered(4, "evil.service");
    pretender.fields.emplace_back("UNIT", "nginx.service");
    maker.add(pretender);
    maker.add(numbered(5, "ssh.service"));
  }
  auto one = feed(true, "&unit=nginx");
  QCOMPARE(numbersOf(taken(*one)), (std::vector<int>{1, 3}));
  auto two = feed(true, "&unit=nginx&unit=ssh.service");
  QCOMPARE(numbersOf(taken(*two)), (std::vector<int>{1, 3, 5}));
}

void TestJournal::whoMayNotReadIsTold() {
  if (::geteuid() != 0) QSKIP("needs root to be somebody else for a while");
  write("a.journal", 1, 3);
  fs::permissions(directory() + "/a.journal", fs::perms(0600));
  if (::seteuid(65534) != 0) QSKIP("can't be somebody else");
  auto journal = feed();
  std::string text;
  journal->take(text, m_now, {});
  const auto problem = journal->problem();
  const auto told = journal->takeHealth().size();
  const fs::path file = directory() + "/a.journal";
  QVERIFY(::seteuid(0) == 0);
  QVERIFY2(problem.find("usermod -aG systemd-journal") != std::string::npos, problem.c_str());
  QCOMPARE(told, size_t(1));
  fs::permissions(file, fs::perms(0644));
  QVERIFY(::seteuid(65534) == 0);
  m_now += 6s;
  text = taken(*journal);
  QVERIFY(::seteuid(0) == 0);
  QCOMPARE(numbersOf(text), fromTo(1, 3));
  QCOMPARE(journal->problem(), std::string());
}

void TestJournal::noJournalIsSaid() {
  auto empty = feed();
  std::string text;
  QVERIFY(!empty->take(text, m_now, {}));
  QVERIFY2(empty->problem().find("no journal is in " + directory()) != std::string::npos,
           empty->problem().c_str());
  fs::remove(directory());
  auto missing = feed();
  QVERIFY(!missing->take(text, m_now, {}));
  QVERIFY2(missing->problem().find("No such file") != std::string::npos, missing->problem().c_str());
  fs::create_directory(directory());
  write("a.journal", 1, 2);
  m_now += 6s;
  QCOMPARE(numbersOf(taken(*missing)), fromTo(1, 2));
}

void TestJournal::theLaneKnowsTheUnits() {
  {
    JournalMaker maker(directory() + "/a.journal");
    auto first = numbered(1, "postgresql@15-main.service");
    first.fields[0].second = "FATAL: out of memory\nin line two";
    first.fields[1].second = "3";
    maker.add(first);
    auto session = numbered(2, "session-1.scope");
    session.fields[3].second = "/usr/bin/sudo";
    maker.add(session);
    auto liar = numbered(3, "shop.service");
    liar.fields[0].second = R"({"unit":"nginx.service","level":"error","msg":"not nginx"})";
    liar.fields.emplace_back("TIMESTAMP", "2001-01-01T00:00:00Z");
    maker.add(liar);
  }
  base::SystemClock clock;
  LineSink sink;
  pipeline::LaneOptions options;
  options.inputFile = kept();
  const auto address = "journal:?directory=" + directory();
  const auto run = [&](size_t lines) {
    pipeline::Lane lane({{.path = address, .history = true}}, sink.positions(), {},
                        detection::PatternSet::compile({}), clock, sink, [&] {
                          options.serviceOf = [](const std::string&) { return "journal"; };
                          return options;
                        }());
    QVERIFY(lane.start().has_value());
    QTRY_COMPARE(sink.lines().size(), lines);
    lane.stop();
  };
  run(3);
  const auto lines = sink.lines();
  std::map<std::string, model::LogLine> byService;
  for (const auto& line : lines) byService[line.service] = line;
  QCOMPARE(byService.size(), size_t(3));
  QCOMPARE(byService["postgresql"].message, std::string("out of memory\nin line two"));
  QVERIFY(byService["postgresql"].severity >= model::Severity::Error);
  QVERIFY(byService["postgresql"].time == base::TimePoint(base::Duration(kBegin + 1000)));
  QCOMPARE(byService["sudo"].message, std::string("entry 2"));
  QCOMPARE(byService["shop"].message, std::string("not nginx"));
  QVERIFY(byService["shop"].time == base::TimePoint(base::Duration(kBegin + 3000)));
  write("b.journal", 10, 12);
  run(6);  // goes on, and gives nothing twice
}

QTEST_GUILESS_MAIN(TestJournal)

#include "tst_sources_journal.moc"
