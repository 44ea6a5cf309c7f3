// What a lane watches, and how that changes while it runs; lines of every size.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>
#include <QtTest/QtTest>

#include <QDateTime>
#include <QTemporaryDir>
#include <fstream>

#include "base/bytes.h"
#include "detection/pattern.h"
#include "sources/evidence_reader.h"
#include "unit/pipeline/rotation_world.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

[[maybe_unused]] size_t residentBytes() {
  std::ifstream in("/proc/self/statm");
  size_t pages = 0, resident = 0;
  in >> pages >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

class TestSources : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  base::Duration m_now = 1h;
  pipeline::LaneOptions m_options;
  std::unique_ptr<pipeline::SourceSet> m_set;
  pipeline::LaneOutput m_output;

  std::string file(const std::string& name) const { return m_dir->path().toStdString() + "/" + name; }
  void append(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::app | std::ios::binary) << bytes;
  }
  void add(const std::string& path, sources::StartAt at = sources::StartAt::Beginning) {
    m_set->add({path, "", at}, {}, m_now, base::TimePoint(m_now));
  }
  /// One look and one turn over all files.
  std::vector<std::string> step() {
    m_output = {};
    m_now += 2s;
    std::vector<std::unique_ptr<pipeline::SourceLane>> left;
    m_set->scan(m_now, base::TimePoint(m_now), left);
    for (auto& source : left) take(*source, true);
    for (auto& source : m_set->files()) take(*source, false);
    m_set->collect(base::TimePoint(m_now), m_output);
    std::vector<std::string> lines;
    for (const auto& line : m_output.lines) lines.push_back(line.service + ": " + line.text);
    return lines;
  }
  void take(pipeline::SourceLane& source, bool last) {
    for (auto& batch : source.read(m_now, base::TimePoint(m_now))) source.account(batch, m_output);
    for (auto& batch : source.flush(m_now + 3s, last)) source.account(batch, m_output);
    source.collect(m_output);
    source.committed();
  }
  using Lines = std::vector<std::string>;

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_options = {};
    m_output = {};
    m_options.serviceOf = [](const std::string& path) {
      const auto name = path.substr(path.rfind('/') + 1);
      return name.substr(0, name.find('.'));
    };
    m_set = std::make_unique<pipeline::SourceSet>(m_options);
  }

  void newFilesOfAGlobAreReadFromTheirBeginning();
  void aGlobWithoutFilesIsSaid();
  void aDirectoryThatComesLaterIsOne();
  void moreFilesThanAllowedAreSaid();
  void goneFilesLeaveAndComeBack();
  void removingDeliversWhatWasHeld();
  void aFileLeftByNameStaysKnownToItsGlob();
  void theZoneOfALiveLogIsWorkedOut();
  void aGivenZoneStays();
  void whatIsStampedAheadOfTheClockCountsFromNow();
  void aHundredMegabytesWithoutNewline();
  void emptyLinesAndStrangeBytes();
};

void TestSources::newFilesOfAGlobAreReadFromTheirBeginning() {
  append("a.log", "old\n");
  add(file("*.log"), sources::StartAt::End);
  QVERIFY(step().empty());
  append("b.log", "first of b\n");
  append("a.log", "new\n");
  QCOMPARE(step(), (Lines{"a: new", "b: first of b"}));
  std::filesystem::rename(file("b.log"), file("archived-b.log"));  // by nobody's scheme
  append("archived-b.log", "late\n");
  append("b.log", "next b\n");
  Lines lines;
  for (int i = 0; i < 5; ++i) {
    for (auto& line : step()) lines.push_back(line);
  }
  QCOMPARE(lines, (Lines{"b: late", "b: next b"}));
}

void TestSources::aGlobWithoutFilesIsSaid() {
  add(file("none/*.log"));
  step();
  QCOMPARE(m_output.health.size(), size_t(1));
  auto statuses = m_set->statuses(m_now);
  QCOMPARE(statuses.size(), size_t(1));
  QVERIFY(!statuses[0].readable && !statuses[0].problem.empty());
  step();
  QVERIFY(m_output.health.empty());
  std::filesystem::create_directory(file("none"));
  append("none/x.log", "here\n");
  QCOMPARE(step(), Lines{"x: here"});
  QCOMPARE(m_output.health.size(), size_t(1));
  QVERIFY(m_set->statuses(m_now)[0].readable);
}

void TestSources::aDirectoryThatComesLaterIsOne() {
  add(file("later"));
  step();
  QVERIFY(!m_set->statuses(m_now)[0].readable);
  std::filesystem::create_directory(file("later"));
  append("later/x.log", "here\n");
  append("later/x.txt", "not here\n");
  Lines lines = step();
  for (auto& line : step()) lines.push_back(line);
  QCOMPARE(lines, Lines{"x: here"});
  QCOMPARE(m_set->statuses(m_now).size(), size_t(1));
}

void TestSources::moreFilesThanAllowedAreSaid() {
  m_options.maxFiles = 3;
  for (int i = 0; i < 5; ++i) append(std::to_string(i) + ".log", "x\n");
  add(file("*.log"));
  step();
  QCOMPARE(m_set->files().size(), size_t(3));
  QCOMPARE(m_output.health.size(), size_t(1));
  QVERIFY(m_output.health[0].what.find("2 files too many") != std::string::npos);
  step();
  QVERIFY(m_output.health.empty());
}

void TestSources::goneFilesLeaveAndComeBack() {
  append("a.log", "1\n");
  append("b.log", "1\n");
  add(file("*.log"));
  step();
  std::filesystem::rename(file("b.log"), file("b.txt"));
  for (int i = 0; i < 40; ++i) step();
  QCOMPARE(m_set->files().size(), size_t(1));
  append("b.txt", "2\n");
  std::filesystem::rename(file("b.txt"), file("b.log"));
  QCOMPARE(step(), Lines{"b: 2"});
}

void TestSources::removingDeliversWhatWasHeld() {
  append("a.log", "2026-11-22T20:35:23Z ERROR broke\n");
  add(file("a.log"));
  for (auto& batch : m_set->files()[0]->read(m_now, base::TimePoint(m_now))) QVERIFY(batch.records.empty());
  auto left = m_set->remove(file("a.log"));
  QCOMPARE(left.size(), size_t(1));
  take(*left[0], true);
  QCOMPARE(m_output.lines.size(), size_t(1));
  QVERIFY(m_set->files().empty());
  QVERIFY(m_set->remove(file("a.log")).empty());
}

void TestSources::aFileLeftByNameStaysKnownToItsGlob() {
  append("a.log", "1\n");
  add(file("a.log"));
  add(file("*.log"));
  QCOMPARE(step(), Lines{"a: 1"});
  auto left = m_set->remove(file("a.log"));
  append("a.log", "2\n");
  QCOMPARE(step(), Lines{"a: 2"});
}

/// The clock of the test stands near 1970-01-01T01:00Z.
void TestSources::theZoneOfALiveLogIsWorkedOut() {
  m_options.parser.zone = {};
  append("a.log", "1969-12-31 23:00:00 INFO old, of two hours before\n");
  add(file("a.log"));
  step();
  QVERIFY(m_output.health.empty());  // a backlog tells nothing
  const auto local = QDateTime::fromMSecsSinceEpoch((m_now + 2s + 3h) / 1ms, Qt::UTC);
  append("a.log", local.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toStdString() + " ERROR now\n");
  QCOMPARE(step().size(), size_t(1));
  QVERIFY(m_output.lines[0].time == base::TimePoint(m_now));
  QCOMPARE(m_output.health.size(), size_t(1));
  QVERIFY(m_output.health[0].what.find("UTC+03:00") != std::string::npos);
}

void TestSources::aGivenZoneStays() {
  append("a.log", "");
  m_set->add({.path = file("a.log"), .startAt = sources::StartAt::Beginning, .zone = base::ZoneRule{}}, {},
             m_now, base::TimePoint(m_now));
  step();
  append("a.log", "1969-12-31 20:00:00 ERROR hours behind\n");
  QCOMPARE(step().size(), size_t(1));
  QVERIFY(m_output.lines[0].time == base::TimePoint(-4h));
  QVERIFY(m_output.health.empty());
}

/// One health event for all of them; a few seconds ahead are no matter, and what is old stays so.
void TestSources::whatIsStampedAheadOfTheClockCountsFromNow() {
  append("x.log", "");
  add(file("x.log"));
  step();
  const auto wall = base::TimePoint(m_now);
  const auto stamped = [&](base::Duration ahead) { return base::toIso8601(wall + ahead) + " INFO x\n"; };
  append("x.log", stamped(5s) + stamped(-24h) + stamped(2h) + stamped(24h * 3650) + "no stamp\n");
  m_output = {};
  take(*m_set->files().front(), true);
  QCOMPARE(m_output.lines.size(), size_t(5));
  const auto read = wall.time_since_epoch();
  const std::vector<base::Duration> expected{read + 5s, read - 24h, read, read};
  for (size_t i = 0; i < expected.size(); ++i)
    QCOMPARE(std::chrono::floor<std::chrono::seconds>(m_output.lines[i].time.time_since_epoch()),
             std::chrono::floor<std::chrono::seconds>(expected[i]));
  QCOMPARE(m_output.health.size(), size_t(1));
  QVERIFY(m_output.health[0].what.find("line 3 is stamped 7200 s ahead") != std::string::npos);
}

/// 64 KiB are kept, the rest is skipped without being held, and the other file gets its turn all the time.
void TestSources::aHundredMegabytesWithoutNewline() {
  {
    std::ofstream out(file("huge.log"), std::ios::binary);
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) out << block;
    out << "\nafter\n";
  }
  add(file("huge.log"));
  add(file("other.log"));
  append("other.log", "0\n");
  step();
  [[maybe_unused]] const auto before = residentBytes();
  int turns = 0, others = 1;
  Lines kept;
  std::vector<model::HealthEvent> health;
  for (bool more = true; more; ++turns) {
    append("other.log", std::to_string(others) + "\n");
    const auto lines = step();
    QVERIFY(std::ranges::find(lines, "other: " + std::to_string(others++)) != lines.end());
    for (const auto& line : lines) {
      if (line.starts_with("huge")) kept.push_back(line);
    }
    health.insert(health.end(), m_output.health.begin(), m_output.health.end());
    more = kept.empty() || kept.back() != "huge: after";
    QVERIFY(turns < 1000);
  }
#ifndef __SANITIZE_ADDRESS__  // it keeps what is freed for a while
  QVERIFY(residentBytes() < before + (8u << 20));
#endif
  QCOMPARE(kept.size(), size_t(1));
  const auto statuses = m_set->statuses(m_now);
  QCOMPARE(statuses[0].cutLines, uint64_t(1));
  QCOMPARE(statuses[0].lines, uint64_t(2));
  QCOMPARE(statuses[0].bytes, uint64_t((100u << 20) + 7));
  QCOMPARE(health.size(), size_t(1));
  QVERIFY(health[0].what.find("104857600 bytes") != std::string::npos);
}

/// Every kind of bytes is delivered, counted, and cited byte for byte.
void TestSources::emptyLinesAndStrangeBytes() {
  const Lines raw = {std::string("nul \0 inside", 12),
                     "bad \xff\xfe\xc0 utf",
                     "\xEF\xBB\xBF"
                     "bom",
                     "\x1b[31mred\x1b[0m",
                     "lone \xED\xA0\x80 surrogate",
                     "\xE2\x80\xAE bidi"};
  std::string all;
  for (const auto& line : raw) all += line + "\r\n" + std::string(1000, '\n');
  append("x.log", all + std::string(1 << 20, '\n') + "end\n");
  add(file("x.log"));
  std::vector<model::LogLine> lines;
  for (int i = 0; i < 10; ++i) {
    step();
    lines.insert(lines.end(), m_output.lines.begin(), m_output.lines.end());
  }
  QCOMPARE(lines.size(), raw.size() + 1);
  for (size_t i = 0; i < raw.size(); ++i) {
    QCOMPARE(lines[i].text, base::toValidUtf8(raw[i]));
    model::EvidenceRef ref;
    ref.source = lines[i].source;
    ref.position = lines[i].position;
    ref.text = base::toValidUtf8(raw[i]);
    ref.sha256 = base::sha256Hex(raw[i]);
    QCOMPARE(sources::EvidenceReader().reread(ref).value(), raw[i]);
  }
  QCOMPARE(lines.back().position.line, raw.size() * 1001 + (1u << 20) + 1);
  QCOMPARE(m_set->statuses(m_now)[0].invalidLines, uint64_t(2));
}

QTEST_GUILESS_MAIN(TestSources)
#include "tst_pipeline_sources.moc"
