// What one entry means: time, severity, message and fields, for each family and for hostile lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/time.h"
#include "parsing/line_parser.h"
#include "parsing/stack_trace.h"

using namespace aiops;
using model::Severity;

namespace {

const base::TimePoint kIngest = *base::fromIso8601("2026-11-22T21:00:00Z");

struct Parsed {
  model::LogBatch batch;
  model::LogRecord record;
};

Parsed parse(const std::string& line, parsing::ParserOptions options = {}) {
  parsing::LineParser parser(options);
  Parsed parsed;
  parsed.batch.bytes = std::make_unique<std::string>(line);
  parsed.record = parser.parse(*parsed.batch.bytes, kIngest, parsed.batch);
  return parsed;
}

QString text(std::string_view bytes) {
  return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

bool isInside(std::string_view part, const std::string& whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace

class TestLineParser : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void stampsAreRead_data();
  void stampsAreRead();
  void linesWithoutAStampTakeTheIngestTime_data();
  void linesWithoutAStampTakeTheIngestTime();
  void aStampOfTheFarFutureIsNotBelieved();
  void aSyslogStampTakesTheYearBeforeIngest();
  void severityIsAsWritten_data();
  void severityIsAsWritten();
  void textGivesMessageAndFields();
  void syslogGivesHostProgramAndPid();
  void jsonGivesItsScalars();
  void onlyEscapedJsonIsCopied();
  void brokenJsonIsPlain_data();
  void brokenJsonIsPlain();
  void accessLinesGiveTheirParts();
  void continuationsAreTold_data();
  void continuationsAreTold();
};

void TestLineParser::stampsAreRead_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<QString>("time");
  const QString expected = QStringLiteral("2026-11-22T20:35:23.062Z");
  const QString whole = QStringLiteral("2026-11-22T20:35:23.000Z");
  QTest::newRow("space") << QStringLiteral("2026-11-22 20:35:23.062 ERROR web: x") << expected;
  QTest::newRow("T and Z") << QStringLiteral("2026-11-22T20:35:23.062Z x") << expected;
  QTest::newRow("comma") << QStringLiteral("2026-11-22 20:35:23,062 x") << expected;
  QTest::newRow("zone with colon") << QStringLiteral("2026-11-22T21:35:23.062+01:00 x") << expected;
  QTest::newRow("zone behind a space") << QStringLiteral("2026-11-22 15:35:23.062 -0500 x") << expected;
  QTest::newRow("brackets") << QStringLiteral("[2026-11-22 20:35:23.062] x") << expected;
  QTest::newRow("nanoseconds") << QStringLiteral("2026-11-22T20:35:23.062999999Z x") << expected;
  QTest::newRow("slashes") << QStringLiteral("2026/11/22 20:35:23 [error] x") << whole;
  QTest::newRow("syslog") << QStringLiteral("Nov 22 20:35:23 host prog[1]: x") << whole;
  QTest::newRow("json") << QStringLiteral(R"({"ts":"2026-11-22T20:35:23.062Z","msg":"x"})") << expected;
  QTest::newRow("json epoch") << QStringLiteral(R"({"time":1795379723.062,"msg":"x"})") << expected;
  QTest::newRow("json millis") << QStringLiteral(R"({"timestamp":1795379723062,"msg":"x"})") << expected;
  QTest::newRow("access") << QStringLiteral(
                                 R"(1.1.1.1 - - [22/Nov/2026:21:35:23 +0100] "GET / HTTP/1.1" 200 1)")
                          << whole;
}

void TestLineParser::stampsAreRead() {
  QFETCH(QString, line);
  QFETCH(QString, time);
  const auto parsed = parse(line.toStdString());
  QVERIFY(parsed.record.hasEventTime);
  QCOMPARE(text(base::toIso8601(parsed.record.eventTime)), time);
  QCOMPARE(text(parsed.record.text), line);
}

void TestLineParser::linesWithoutAStampTakeTheIngestTime_data() {
  QTest::addColumn<QString>("line");
  for (const char* line :
       {"hello", "2026-13-22 20:35:23 no such month", "2026-11-31 20:35:23 no such day",
        "2026-11-22 25:00:00 no such hour", "2026-11-22", "Foo 22 20:35:23 x", "[", "{}", " "}) {
    QTest::newRow(line) << QString::fromLatin1(line);
  }
}

void TestLineParser::linesWithoutAStampTakeTheIngestTime() {
  QFETCH(QString, line);
  const auto parsed = parse(line.toStdString());
  QVERIFY(!parsed.record.hasEventTime);
  QVERIFY(parsed.record.eventTime == kIngest);
}

void TestLineParser::aStampOfTheFarFutureIsNotBelieved() {
  QVERIFY(!parse("2999-01-01 00:00:00 ERROR x").record.hasEventTime);
  QVERIFY(!parse(R"({"time":99999999999,"msg":"x"})").record.hasEventTime);
}

void TestLineParser::aSyslogStampTakesTheYearBeforeIngest() {
  QCOMPARE(text(base::toIso8601(parse("Dec 31 23:59:59 h p: x").record.eventTime)),
           QStringLiteral("2025-12-31T23:59:59.000Z"));
  QCOMPARE(text(base::toIso8601(parse("Feb 29 10:00:00 h p: x").record.eventTime)),
           QStringLiteral("2024-02-29T10:00:00.000Z"));
}

void TestLineParser::severityIsAsWritten_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<int>("severity");
  const auto row = [](const char* line, Severity severity) {
    QTest::newRow(line) << QString::fromLatin1(line) << static_cast<int>(severity);
  };
  row("2026-11-22 20:35:23 ERROR web: x", Severity::Error);
  row("2026-11-22 20:35:23 warn x", Severity::Warning);
  row("2026-11-22 20:35:23 [main] FATAL x", Severity::Critical);
  row("2026/11/22 20:35:23 [error] 31#31: x", Severity::Error);
  row("2026-11-22 20:35:23 DEBUG: x", Severity::Debug);
  row("2026-11-22 20:35:23 an error was not found", Severity::Info);
  row("Nov 22 20:35:23 host prog[1]: error: x", Severity::Error);
  row("time=now level=warning msg=x", Severity::Warning);
  row("ERROR x", Severity::Error);
  row("Alert the user about news", Severity::Info);
  row(R"({"level":"error","msg":"x"})", Severity::Error);
  row(R"({"severity":"CRITICAL","message":"x"})", Severity::Critical);
  row(R"(1.1.1.1 - - [22/Nov/2026:20:35:23 +0000] "GET / HTTP/1.1" 503 1)", Severity::Error);
  row(R"(1.1.1.1 - - [22/Nov/2026:20:35:23 +0000] "GET / HTTP/1.1" 404 1)", Severity::Info);
}

void TestLineParser::severityIsAsWritten() {
  QFETCH(QString, line);
  QFETCH(int, severity);
  QCOMPARE(static_cast<int>(parse(line.toStdString()).record.severity), severity);
}

void TestLineParser::textGivesMessageAndFields() {
  const auto parsed = parse(
      "2026-11-22 20:35:23.062 ERROR web: cannot store session: memory limit reached, 5 of 5 bytes in use "
      "(memory_limit_mb=48) user=\"a b\" a==b =x");
  QVERIFY(parsed.record.message.starts_with("web: cannot store"));
  QCOMPARE(text(parsed.record.field("memory_limit_mb")), QStringLiteral("48"));
  QCOMPARE(text(parsed.record.field("user")), QStringLiteral("a b"));
  QVERIFY(isInside(parsed.record.field("user"), *parsed.batch.bytes));
  QCOMPARE(parsed.record.fields.size(), size_t(2));
}

void TestLineParser::syslogGivesHostProgramAndPid() {
  const auto parsed = parse("Nov  2 20:35:23 box nginx[311]: started");
  QCOMPARE(text(parsed.record.field("host")), QStringLiteral("box"));
  QCOMPARE(text(parsed.record.field("program")), QStringLiteral("nginx"));
  QCOMPARE(text(parsed.record.field("pid")), QStringLiteral("311"));
  QCOMPARE(text(parsed.record.message), QStringLiteral("started"));
}

void TestLineParser::jsonGivesItsScalars() {
  const auto parsed = parse(
      R"({"time":"2026-11-22T20:35:23Z","level":"warn","msg":"slow","n":12.5,"ok":true,"none":null,"in":{"a":[1]},"last":"z"} )");
  QVERIFY(!parsed.record.hasEventTime);  // a trailing blank: not an object up to the end of the line
  const auto whole = parse(
      R"({"time":"2026-11-22T20:35:23Z","level":"warn","msg":"slow","n":12.5,"ok":true,"none":null,"in":{"a":[1]},"last":"z"})");
  QCOMPARE(text(whole.record.message), QStringLiteral("slow"));
  QCOMPARE(text(whole.record.field("n")), QStringLiteral("12.5"));
  QCOMPARE(text(whole.record.field("ok")), QStringLiteral("true"));
  QCOMPARE(text(whole.record.field("last")), QStringLiteral("z"));
  QVERIFY(whole.record.field("in").empty());
  QVERIFY(whole.record.field("none").empty());
}

void TestLineParser::onlyEscapedJsonIsCopied() {
  const auto parsed = parse(R"({"plain":"abc","msg":"two\nlines \u00e9","k\u0065y":"v"})");
  QVERIFY(isInside(parsed.record.field("plain"), *parsed.batch.bytes));
  QCOMPARE(text(parsed.record.message), QStringLiteral("two\nlines é"));
  QCOMPARE(text(parsed.record.field("key")), QStringLiteral("v"));
  QCOMPARE(parsed.batch.scratch.size(), size_t(2));
}

void TestLineParser::brokenJsonIsPlain_data() {
  QTest::addColumn<QByteArray>("line");
  QTest::newRow("cut") << QByteArray(R"({"msg":"x)");
  QTest::newRow("no value") << QByteArray(R"({"msg":})");
  QTest::newRow("trailing") << QByteArray(R"({"msg":"x"} {"a":1})");
  QTest::newRow("invalid utf-8") << QByteArray("{\"msg\":\"\xff\"}");
  QTest::newRow("lone surrogate") << QByteArray(R"({"msg":"\ud800"})");
  QTest::newRow("too deep") << QByteArray("{\"msg\":\"x\",\"a\":") + QByteArray(100, '[') +
                                   QByteArray(100, ']') + "}";
  QTest::newRow("very deep") << QByteArray("{\"a\":") + QByteArray(60000, '{') + "}";
}

void TestLineParser::brokenJsonIsPlain() {
  QFETCH(QByteArray, line);
  const auto parsed = parse(line.toStdString());
  QVERIFY(parsed.record.message == parsed.record.text);
  QVERIFY(parsed.record.field("msg").empty());
}

void TestLineParser::accessLinesGiveTheirParts() {
  const auto parsed = parse(
      R"(127.0.0.1 - bob [22/Nov/2026:20:35:23 +0000] "GET /cart?a=1 HTTP/1.1" 503 19 "-" "probe \"x\"/1.0" upstream=127.0.0.1:8000 upstream_status=503 rt=0.004)");
  const auto field = [&](std::string_view name) { return text(parsed.record.field(name)); };
  QCOMPARE(field("method"), QStringLiteral("GET"));
  QCOMPARE(field("path"), QStringLiteral("/cart?a=1"));
  QCOMPARE(field("status"), QStringLiteral("503"));
  QCOMPARE(field("bytes"), QStringLiteral("19"));
  QCOMPARE(field("host"), QStringLiteral("127.0.0.1"));
  QCOMPARE(field("user"), QStringLiteral("bob"));
  QCOMPARE(field("agent"), QStringLiteral("probe \\\"x\\\"/1.0"));
  QCOMPARE(field("upstream"), QStringLiteral("127.0.0.1:8000"));
  QCOMPARE(field("upstream_status"), QStringLiteral("503"));
  QCOMPARE(field("rt"), QStringLiteral("0.004"));
  QVERIFY(parsed.record.field("referer").empty());
}

void TestLineParser::continuationsAreTold_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<bool>("joins");
  QTest::newRow("indented") << QStringLiteral("    at x.y(z)") << true;
  QTest::newRow("tab") << QStringLiteral("\tat x.y(z)") << true;
  QTest::newRow("cause") << QStringLiteral("Caused by: x") << true;
  QTest::newRow("traceback") << QStringLiteral("Traceback (most recent call last):") << true;
  QTest::newRow("word") << QStringLiteral("attention") << false;
  QTest::newRow("indented stamp") << QStringLiteral("  2026-11-22 20:35:23 x") << false;
  QTest::newRow("indented object") << QStringLiteral("  {\"a\":1}") << false;
  QTest::newRow("blank") << QStringLiteral("   ") << true;  // ends no trace
  QTest::newRow("empty") << QString() << false;
}

void TestLineParser::continuationsAreTold() {
  QFETCH(QString, line);
  QFETCH(bool, joins);
  parsing::StackTrace trace;
  trace.begin("2026-11-22 20:35:23 ERROR x");
  QCOMPARE(trace.accepts(line.toStdString()), joins);
}

QTEST_GUILESS_MAIN(TestLineParser)
#include "tst_parsing_line_parser.moc"
