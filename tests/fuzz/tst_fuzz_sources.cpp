// Hostile bytes through what sources make lines of: entries of the journal, and streams of syslog. What has
// to hold: one line each, valid JSON, within bounds, and what is parsed out of it is what was put in. Fixed
// seed. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <nlohmann/json.hpp>
#include <random>

#include "base/bytes.h"
#include "parsing/line_parser.h"
#include "sources/journal_line.h"
#include "sources/syslog_framing.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

constexpr size_t kInputs = 10'000;

class Hostile {
 public:
  explicit Hostile(uint64_t seed) : m_random(seed) {}

  size_t below(size_t end) { return static_cast<size_t>(m_random() % end); }
  std::string bytes(size_t most) {
    static constexpr std::array<std::string_view, 12> kParts = {
        "\"",           "\\",           "\n",       "\r",       std::string_view("\0", 1),
        "\xff",         "\xed\xa0\x80", "\xC3\xA9", "\xE2\x82", "{\"",
        "level=error ", "text "};
    std::string out;
    for (size_t n = below(most); n > 0; --n) {
      if (below(3) == 0)
        out += static_cast<char>(m_random());
      else
        out += kParts[below(kParts.size())];
    }
    return below(1000) == 0 ? out + std::string(below(200'000), out.empty() ? 'x' : out[0]) : out;
  }
  std::string name() {
    static constexpr std::array<std::string_view, 10> kNames = {
        "MESSAGE", "PRIORITY", "_PID", "UNIT", "_UID", "TIMESTAMP", "lower", "__CURSOR", "", "A"};
    return below(8) == 0 ? bytes(20)
                         : std::string(kNames[below(kNames.size())]) + (below(2) == 0 ? "" : "_X");
  }

 private:
  std::mt19937_64 m_random;
};

}  // namespace

class FuzzSources : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void journalEntries();
  void syslogStreams();
};

void FuzzSources::journalEntries() {
  Hostile hostile(20261122);
  parsing::LineParser parser;
  for (size_t i = 0; i < kInputs; ++i) {
    sources::JournalEntry entry{.cursor = "s=1;i=" + std::to_string(i),
                                .realtime = 1'795'379'723'000'000 + i,
                                .monotonic = i,
                                .bootId = "0123456789abcdef",
                                .fields = {}};
    for (size_t n = hostile.below(100); n > 0; --n)
      entry.fields.emplace_back(hostile.name(), hostile.bytes(40));
    const std::string message = "message " + std::to_string(i);
    const bool plain =
        std::ranges::none_of(entry.fields, [](const auto& field) { return field.first == "MESSAGE"; });
    if (plain) entry.fields.emplace_back("MESSAGE", message);
    std::string line;
    sources::appendJournalLine(entry, line);
    QVERIFY(line.size() <= sources::kMostOfJournalLine);
    QCOMPARE(line.find('\n'), line.size() - 1);
    line.pop_back();
    QVERIFY2(nlohmann::json::accept(line), line.c_str());
    QCOMPARE(sources::cursorOf(line), std::string_view(entry.cursor));
    QVERIFY(base::toValidUtf8(line) == line);
    model::LogBatch batch;
    batch.bytes = std::make_shared<std::string>(line);
    const auto record = parser.parse(*batch.bytes, base::TimePoint(1'795'379'724s), batch);
    QVERIFY(record.eventTime == base::TimePoint(base::Duration(static_cast<int64_t>(entry.realtime))));
    if (plain) QCOMPARE(record.message, std::string_view(message));
  }
}

void FuzzSources::syslogStreams() {
  Hostile hostile(20261123);
  for (size_t i = 0; i < kInputs; ++i) {
    sources::SyslogFraming framing;
    std::string lines;
    for (size_t n = hostile.below(10); n > 0; --n) {
      const auto piece =
          (hostile.below(2) == 0 ? std::to_string(hostile.below(300)) + " " : "") + hostile.bytes(60);
      if (!framing.add(piece, lines)) break;
    }
    framing.finish(lines);
    QVERIFY(lines.empty() || lines.back() == '\n');
    QCOMPARE(static_cast<uint64_t>(std::ranges::count(lines, '\n')), framing.messages());
    QVERIFY(lines.find('\0') == std::string::npos);
  }
}

QTEST_GUILESS_MAIN(FuzzSources)
#include "tst_fuzz_sources.moc"
