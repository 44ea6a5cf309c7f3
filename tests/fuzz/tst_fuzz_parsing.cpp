// Hostile lines through the line parser and the assembler: real heads cut, repeated, spliced and overwritten.
// What has to hold: no crash, every view points into the batch or its scratch, every kept byte is in exactly
// one record, and cutting the bytes into chunks elsewhere changes no record. Fixed seed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <array>
#include <random>

#include "parsing/line_format.h"
#include "parsing/record_assembler.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr size_t kInputs = 10'000;
const base::TimePoint kIngest{1795379723s};

constexpr std::array<std::string_view, 30> kSeeds = {
    "<34>1 2026-11-22T20:35:23.003Z mail su 77 ID47 [o@1 a=\"b\\\"\" c=\"d\"][e] failed",
    "<13>Nov 22 20:35:23 box app[7]: {\"level\":\"warn\",\"a\":[1,{\"b\":2}]}",
    "{\"ts\":1795379723.062,\"level\":\"error\",\"msg\":\"a\\u00e9\\n\",\"in\":{\"x\":1}}",
    "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
    "ts=2026-11-22T20:35:23Z level=info msg=\"a b\" c=d",
    "1.1.1.1 - - [22/Nov/2026:20:35:23 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"x\" rt=1",
    "10.1.2.3:5 [22/Nov/2026:20:35:23.326] f b/s 0/0/1/4/5 200 33 - - ---- 3/2/0/0/0 0/0 {a} \"GET /x\"",
    "http 2026-11-22T20:35:23.1Z app/x 1.1.1.1:1 - 0 0 0 502 - 34 366 \"GET http://x:80/ HTTP/1.1\" \"c\" - "
    "- a",
    "2026/11/22 20:35:23 [error] 31#32: *6 open() \"/a\", client: 1.1.1.1, server: , request: \"GET\", host: "
    "\"h\"",
    "[Sun Nov 22 20:35:23.062 2026] [core:error] [pid 7:tid 8] [client ::1:5] x",
    "2026-11-22 20:35:23.195 UTC [64] a@b ERROR:  x",
    "2026-11-22 20:35:23.195 UTC [64] a@b DETAIL:  y",
    "2026-11-22T20:35:23.591234Z 8 [Warning] [MY-010055] [Server] x",
    "261122  9:05:23 [ERROR] x",
    "59:M 22 Nov 2026 20:35:23.062 # x",
    "E1122 20:35:23.692994   28133 a.go:70] x",
    "2026-11-22 20:35:23,062 - a.b - ERROR - x",
    "INFO:root:x",
    "[2026-11-22 20:35:23,354: ERROR/Main] x",
    "Nov 22, 2026 8:35:23 PM a.B c",
    "SEVERE: x",
    "CEF:0|a|b|c|d|e|5|src=1 msg=a b c=d",
    "2026-11-22T20:35:23Z stderr F x",
    "Traceback (most recent call last):",
    "  File \"a.py\", line 1",
    "ValueError: x",
    "Unhandled exception:",
    "#0      main (a:1)",
    "panic: x",
    "\x1b[31mERROR\x1b[0m x",
};

constexpr std::array<std::string_view, 12> kSplices = {
    "\"", "\\",           "[", "]", "{", "=", std::string_view("\0", 1), "\xff\xfe", "\xEF\xBB\xBF",
    "\r", "\xed\xa0\x80", " "};

std::string mutated(std::mt19937_64& random) {
  const auto pick = [&](size_t below) { return static_cast<size_t>(random() % below); };
  std::string line(kSeeds[pick(kSeeds.size())]);
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
        line += kSeeds[pick(kSeeds.size())];
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

}  // namespace

class FuzzParsing : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void linesThroughTheParser();
  void linesThroughTheAssembler();
};

void FuzzParsing::linesThroughTheParser() {
  std::mt19937_64 random(20261122);
  parsing::LineParser parser;
  for (size_t i = 0; i < kInputs; ++i) {
    model::LogBatch batch;
    batch.bytes = std::make_unique<std::string>(mutated(random));
    if (batch.bytes->empty()) continue;
    const auto record = parser.parse(*batch.bytes, kIngest, batch);
    QVERIFY2(isInside(record.message, batch), batch.bytes->c_str());
    QVERIFY(record.text.size() == batch.bytes->size());
    QVERIFY(record.fields.size() <= 64);
    // Values may be constants (names of facilities and roles): those are short.
    for (const auto& [key, value] : record.fields)
      QVERIFY2(isInside(value, batch) || value.size() < 12, batch.bytes->c_str());
    QVERIFY(record.eventTime <= kIngest + 24h);
  }
}

void FuzzParsing::linesThroughTheAssembler() {
  std::mt19937_64 random(20261123);
  for (size_t round = 0; round < kInputs / 50; ++round) {
    std::string bytes;
    for (int i = 0; i < 50; ++i) bytes += mutated(random) + "\n";
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
