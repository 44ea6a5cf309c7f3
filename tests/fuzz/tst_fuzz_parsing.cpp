// Hostile lines through the line parser and the assembler: real heads cut, repeated, spliced and overwritten.
// What has to hold: no crash, every view points into the batch or its scratch, every kept byte is in exactly
// one record, and cutting the bytes into chunks elsewhere changes no record. Fixed seed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <array>
#include <random>
#include <set>

#include "parsing/line_format.h"
#include "parsing/record_assembler.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr size_t kInputs = 10'000;
const base::TimePoint kIngest{1795379723s};

struct Seed {
  std::string_view format;  ///< as line_format.cpp calls it
  std::string_view line;
};

constexpr std::array<Seed, 32> kSeeds = {{
    {"syslog (RFC 5424)",
     "<34>1 2026-11-22T20:35:23.003Z mail su 77 ID47 [o@1 a=\"b\\\"\" c=\"d\"][e] failed"},
    {"syslog (RFC 5424)", "<13>1 - - - - - - x"},
    {"syslog (RFC 3164)", "<13>Nov 22 20:35:23 box app[7]: {\"level\":\"warn\",\"a\":[1,{\"b\":2}]}"},
    {"syslog (RFC 3164)", "Nov 22 20:35:23 box sshd[7]: Failed password for root from 192.0.2.7 port 1 ssh2"},
    {"JSON lines", "{\"ts\":1795379723.062,\"level\":\"error\",\"msg\":\"a\\u00e9\\n\",\"in\":{\"x\":1}}"},
    {"JSON lines", "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"},
    {"JSON lines",
     "{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1795379723062000\",\"PRIORITY\":\"3\",\"_PID\":"
     "\"1\","
     "\"UNIT\":\"a.service\",\"_UID\":\"0\",\"MESSAGE\":\"level=warn a=b\\n{\\\"c\\\":1}\",\"B\":[1,2]}"},
    {"logfmt", "ts=2026-11-22T20:35:23Z level=info msg=\"a b\" c=d"},
    {"access log", "1.1.1.1 - - [22/Nov/2026:20:35:23 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\" rt=1"},
    {"access log",
     "a.example 1.1.1.1 - bob [22/Nov/2026:20:35:23 +0000] \"\\x16\" 400 0 \"\" \"-\" 1 0.1 [u] [] - - - - "
     "i"},
    {"HAProxy",
     "10.1.2.3:5 [22/Nov/2026:20:35:23.326] f b/s 0/0/1/4/5 200 33 - - ---- 3/2/0/0/0 0/0 {a} \"GET /x\""},
    {"HAProxy", "10.1.2.3:5 [22/Nov/2026:20:35:23.326] f b/s 0/0/5 33 SC 3/2/0/0/0 0/0"},
    {"load balancer requests",
     "http 2026-11-22T20:35:23.1Z app/x 1.1.1.1:1 - 0 0 0 502 - 34 366 \"GET http://x:80/ HTTP/1.1\" \"c\" - "
     "- a"},
    {"nginx error log",
     "2026/11/22 20:35:23 [error] 31#32: *6 open() \"/a\", client: 1.1.1.1, server: , request: \"GET\", "
     "host: \"h\""},
    {"Apache error log", "[Sun Nov 22 20:35:23.062 2026] [core:error] [pid 7:tid 8] [client ::1:5] x"},
    {"PostgreSQL", "2026-11-22 20:35:23.195 UTC [64] a@b ERROR:  x"},
    {"PostgreSQL", "2026-11-22 20:35:23.195 UTC [64] a@b DETAIL:  y"},
    {"MySQL error log", "2026-11-22T20:35:23.591234Z 8 [Warning] [MY-010055] [Server] x"},
    {"MariaDB error log", "261122  9:05:23 [ERROR] x"},
    {"MySQL slow log", "# Time: 261122 20:35:23"},
    {"Redis", "59:M 22 Nov 2026 20:35:23.062 # x"},
    {"Redis", "1:signal-handler (1795379723) x"},
    {"klog", "E1122 20:35:23.692994   28133 a.go:70] x"},
    {"Python logging", "2026-11-22 20:35:23,062 - a.b - ERROR - x"},
    {"Python logging", "INFO:root:x"},
    {"Java (log4j, logback)", "2026-11-22 20:35:23,354 ERROR [main] a.b.C - x {\"k\": 1}"},
    {"container log", "2026-11-22T20:35:23Z stderr F x"},
    {"CEF", "CEF:0|a|b|c|d|e|5|src=1 msg=a b c=d"},
    {"text with time stamps", "[2026-11-22 20:35:23: main] x"},
    {"text with time stamps", "Nov 22, 2026 8:35:23 PM a.B c"},
    {"plain text", "Traceback (most recent call last):"},
    {"plain text", "\x1b[31mERROR\x1b[0m x"},
}};

/// Lines that go on an entry.
constexpr std::array<std::string_view, 11> kContinuations = {"# User@Host: a[a] @ b []",
                                                             "# Query_time: 2  Lock_time: 0",
                                                             "SEVERE: x",
                                                             "  File \"a.py\", line 1",
                                                             "ValueError: x",
                                                             "Unhandled exception:",
                                                             "#0      main (a:1)",
                                                             "panic: x",
                                                             "\tat a.b.C.d(E.java:7)",
                                                             "Caused by: a.B: c",
                                                             "goroutine 1 [running]:"};

constexpr std::array<std::string_view, 12> kSplices = {
    "\"", "\\",           "[", "]", "{", "=", std::string_view("\0", 1), "\xff\xfe", "\xEF\xBB\xBF",
    "\r", "\xed\xa0\x80", " "};

/// `line` cut, overwritten, repeated and spliced with others, up to five times.
std::string mutated(std::string line, std::mt19937_64& random) {
  const auto pick = [&](size_t below) { return static_cast<size_t>(random() % below); };
  for (size_t i = pick(6); i > 0 && !line.empty(); --i) {
    const size_t at = pick(line.size());
    switch (pick(7)) {
      case 0:
        line.resize(at);
        break;
      case 1:
        line.erase(0, at);
        break;
      case 2:
        line.insert(at, kSplices[pick(kSplices.size())]);
        break;
      case 3:
        line[at] = static_cast<char>(random());
        break;
      case 4:
        line += kSeeds[pick(kSeeds.size())].line;
        break;
      case 5:
        line.insert(at, line.substr(at, pick(40)));
        break;
      default:
        line.insert(at, std::string(pick(300), "[{\"=( \\9"[pick(8)]));
        break;
    }
  }
  std::erase(line, '\n');
  return line;
}

std::string anyLine(std::mt19937_64& random) {
  const auto at = static_cast<size_t>(random() % (kSeeds.size() + kContinuations.size()));
  return mutated(std::string(at < kSeeds.size() ? kSeeds[at].line : kContinuations[at - kSeeds.size()]),
                 random);
}

parsing::RawChunk chunkOf(const std::string& bytes, size_t from, size_t to, uint64_t& line) {
  parsing::RawChunk chunk;
  chunk.inode = 7;
  chunk.newGeneration = from == 0;
  chunk.bytes = bytes.substr(from, to - from);
  for (size_t at = 0; at < chunk.bytes.size();) {
    const size_t end = std::min(chunk.bytes.find('\n', at), chunk.bytes.size());
    ++line;
    if (end > at) chunk.lines.push_back({at, static_cast<uint32_t>(end - at), from + at, line, false, false});
    at = end + 1;
  }
  chunk.endOffset = to;
  chunk.endLine = line;
  return chunk;
}

bool isInside(std::string_view view, const model::LogBatch& batch) {
  if (view.empty()) return true;
  const auto within = [&](const std::string& whole) {
    return view.data() >= whole.data() && view.data() + view.size() <= whole.data() + whole.size();
  };
  return within(*batch.bytes) || std::any_of(batch.scratch.begin(), batch.scratch.end(),
                                             [&](const auto& text) { return within(*text); });
}

/// What has to hold of a record, whatever the line was. Empty, or what does not.
std::string wrongWith(const model::LogRecord& record, const model::LogBatch& batch) {
  if (!isInside(record.message, batch)) return "the message lies outside";
  if (record.text.size() != batch.bytes->size()) return "the text is not the line";
  if (record.fields.size() > 64) return "too many fields";
  // Values may be constants (names of facilities and roles): those are short.
  for (const auto& [key, value] : record.fields) {
    if (!isInside(value, batch) && value.size() >= 12) return "a field lies outside";
  }
  return record.eventTime <= kIngest + 24h ? "" : "a time far ahead";
}

}  // namespace

class FuzzParsing : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void linesOfEachFormat_data();
  void linesOfEachFormat();
  void longLinesEnd_data() { linesOfEachFormat_data(); }
  void longLinesEnd();
  void linesThroughTheAssembler();
};

void FuzzParsing::linesOfEachFormat_data() {
  QTest::addColumn<QString>("format");
  std::set<std::string> names;
  for (const auto& seed : kSeeds) names.emplace(seed.format);
  for (const auto& name : names) QTest::newRow(name.c_str()) << QString::fromStdString(name);
  QCOMPARE(names.size(), size_t(21));  // each row of the table of formats
}

void FuzzParsing::linesOfEachFormat() {
  QFETCH(QString, format);
  std::vector<std::string> lines;
  for (const auto& seed : kSeeds) {
    if (format.toStdString() == seed.format) lines.emplace_back(seed.line);
  }
  for (const auto& line : lines)
    QCOMPARE(parsing::formatOf(line).name, std::string_view(format.toStdString()));
  std::mt19937_64 random(20261122);
  parsing::LineParser parser;
  for (size_t i = 0; i < kInputs; ++i) {
    model::LogBatch batch;
    batch.bytes = std::make_unique<std::string>(mutated(lines[random() % lines.size()], random));
    if (batch.bytes->empty()) continue;
    const auto record = parser.parse(*batch.bytes, kIngest, batch);
    const auto wrong = wrongWith(record, batch);
    QVERIFY2(wrong.empty(), (wrong + ": " + *batch.bytes).c_str());
  }
}

/// Not timed; but a reader that is quadratic in a line of 256 KiB would not end before the test is stopped.
void FuzzParsing::longLinesEnd() {
  QFETCH(QString, format);
  parsing::LineParser parser;
  for (const auto& seed : kSeeds) {
    if (format.toStdString() != seed.format) continue;
    for (const std::string_view piece :
         {"[", "{\"", "= ", "a=b ", "\\\"", "x:", " | ", "\"a\" ", "9", "}", "(", "#"}) {
      std::string tail;
      while (tail.size() < 256 * 1024) tail += piece;
      for (const bool behind : {true, false}) {
        model::LogBatch batch;
        batch.bytes = std::make_unique<std::string>(behind ? std::string(seed.line) + tail
                                                           : tail + std::string(seed.line));
        const auto record = parser.parse(*batch.bytes, kIngest, batch);
        const auto wrong = wrongWith(record, batch);
        QVERIFY2(wrong.empty(), wrong.c_str());
      }
    }
  }
}

void FuzzParsing::linesThroughTheAssembler() {
  std::mt19937_64 random(20261123);
  for (size_t round = 0; round < kInputs; ++round) {
    std::string bytes;
    for (size_t i = random() % 12; i < 12; ++i) bytes += anyLine(random) + "\n";
    std::vector<std::string> whole, pieces;
    size_t kept = 0;
    const auto collect = [](const model::LogBatch& batch, std::vector<std::string>& out) {
      for (const auto& record : batch.records) out.emplace_back(record.text);
    };
    parsing::RecordAssembler first("/log", "svc"), second("/log", "svc");
    uint64_t line = 0;
    auto chunk = chunkOf(bytes, 0, bytes.size(), line);
    for (const auto& raw : chunk.lines) kept += raw.length;
    collect(first.add(std::move(chunk), kIngest, 0s), whole);
    collect(first.flush(0s, true), whole);
    line = 0;
    for (size_t from = 0; from < bytes.size();) {
      const size_t cut = std::min(from + 1 + static_cast<size_t>(random() % 400), bytes.size());
      const size_t to = bytes.find('\n', cut - 1) + 1;
      collect(second.add(chunkOf(bytes, from, to, line), kIngest, 0s), pieces);
      from = to;
    }
    collect(second.flush(0s, true), pieces);
    QVERIFY(whole == pieces);
    size_t covered = 0;
    for (const auto& text : whole)
      covered += text.size() - static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    QCOMPARE(covered, kept);
  }
}

QTEST_GUILESS_MAIN(FuzzParsing)
#include "tst_fuzz_parsing.moc"
