// One golden line or more for each row of the table of formats, and that the rows do not take each other's
// lines. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/time.h"
#include "parsing/line_format.h"
#include "parsing/line_parser.h"

using namespace aiops;
using model::Severity;

namespace {

const base::TimePoint kIngest = *base::fromIso8601("2026-11-23T12:00:00Z");

struct Golden {
  const char* line;
  const char* format;
  const char* time;  ///< "-": none
  Severity severity;
  const char* message;
  std::vector<std::pair<const char*, const char*>> fields;
};

const std::vector<Golden>& goldens() {
  static const std::vector<Golden> rows = {
      // Syslog.
      {"<34>1 2026-11-22T20:35:23.003Z mail.example.org su 77 ID47 [origin@1 ip=\"10.0.0.1\" note=\"a "
       "\\\"b\\\" "
       "\\] c\"][more k=\"v\"] 'su root' failed",
       "syslog (RFC 5424)",
       "2026-11-22T20:35:23.003Z",
       Severity::Critical,
       "'su root' failed",
       {{"host", "mail.example.org"},
        {"program", "su"},
        {"pid", "77"},
        {"message_id", "ID47"},
        {"facility", "auth"},
        {"level", "crit"},
        {"ip", "10.0.0.1"},
        {"note", "a \"b\" ] c"},
        {"k", "v"}}},
      {"<165>1 2026-11-22T20:35:23+01:00 - app - - - all is well",
       "syslog (RFC 5424)",
       "2026-11-22T19:35:23.000Z",
       Severity::Info,
       "all is well",
       {{"program", "app"}, {"host", ""}, {"pid", ""}}},
      {"Nov 22 20:35:23 box nginx[311]: started",
       "syslog (RFC 3164)",
       "2026-11-22T20:35:23.000Z",
       Severity::Info,
       "started",
       {{"host", "box"}, {"program", "nginx"}, {"pid", "311"}}},
      {"<11>Nov  2 20:35:23 box cron: (root) CMD (x)",
       "syslog (RFC 3164)",
       "2026-11-02T20:35:23.000Z",
       Severity::Error,
       "(root) CMD (x)",
       {{"program", "cron"}, {"facility", "user"}}},
      {"2026-11-22T20:35:23.418891-07:00 box2 rsyslogd: was HUPed",
       "syslog (RFC 3164)",
       "2026-11-23T03:35:23.418Z",
       Severity::Info,
       "was HUPed",
       {{"host", "box2"}, {"program", "rsyslogd"}}},
      {"Nov 22 20:35:23 router daemon.err ntpd[5]: no server",
       "syslog (RFC 3164)",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       "no server",
       {{"program", "ntpd"}}},
      {"Nov 22 20:35:23 box app[9]: {\"level\":\"warn\",\"msg\":\"slow\",\"ms\":7}",
       "syslog (RFC 3164)",
       "2026-11-22T20:35:23.000Z",
       Severity::Warning,
       "slow",
       {{"program", "app"}, {"ms", "7"}}},
      {"2026-11-22T20:35:23.062Z stderr F ERROR cannot open the door",
       "container log",
       "2026-11-22T20:35:23.062Z",
       Severity::Error,
       "cannot open the door",
       {{"stream", "stderr"}}},
      // Fields only.
      {"{\"time\":\"2026-11-22T20:35:23Z\",\"level\":\"error\",\"msg\":\"no route\",\"n\":3}",
       "JSON lines",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       "no route",
       {{"n", "3"}}},
      {"{\"level\":50,\"time\":1795379723062,\"pid\":1,\"msg\":\"boom\"}",
       "JSON lines",
       "2026-11-22T20:35:23.062Z",
       Severity::Error,
       "boom",
       {{"pid", "1"}}},
      {"{\"log\":\"ERROR out of paper\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T20:35:23.5Z\"}",
       "JSON lines",
       "2026-11-22T20:35:23.500Z",
       Severity::Error,
       "ERROR out of paper",
       {{"stream", "stderr"}}},
      {"{\"Level\":\"Fatal\",\"Message\":\"gone\",\"Timestamp\":\"2026-11-22T20:35:23Z\"}",
       "JSON lines",
       "2026-11-22T20:35:23.000Z",
       Severity::Critical,
       "gone",
       {}},
      {"ts=2026-11-22T20:35:23Z level=warn caller=a.go:7 msg=\"it is \\\"late\\\"\" dur=2.2ms empty=",
       "logfmt",
       "2026-11-22T20:35:23.000Z",
       Severity::Warning,
       "it is \"late\"",
       {{"caller", "a.go:7"}, {"dur", "2.2ms"}}},
      {"CEF:0|Maker|Wall|1.0|100|port scan|8|src=10.0.0.1 msg=many ports, one source dst=2.2.2.2",
       "CEF",
       "-",
       Severity::Error,
       "port scan",
       {{"src", "10.0.0.1"}, {"msg", "many ports, one source"}, {"dst", "2.2.2.2"}}},
      // Requests.
      {"127.0.0.1 - bob [22/Nov/2026:20:35:23 +0000] \"GET /cart?a=1 HTTP/1.1\" 503 19",
       "access log",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       "\"GET /cart?a=1 HTTP/1.1\" 503 19",
       {{"host", "127.0.0.1"},
        {"user", "bob"},
        {"method", "GET"},
        {"path", "/cart?a=1"},
        {"status", "503"},
        {"bytes", "19"}}},
      {"10.0.0.7 - - [22/Nov/2026:21:35:23 +0100] \"POST /a HTTP/2.0\" 200 5 \"-\" \"x/1\" \"10.9.9.9\" "
       "rt=0.004",
       "access log",
       "2026-11-22T20:35:23.000Z",
       Severity::Info,
       "\"POST /a HTTP/2.0\" 200 5 \"-\" \"x/1\" \"10.9.9.9\" rt=0.004",
       {{"agent", "x/1"},
        {"referer", ""},
        {"forwarded_for", "10.9.9.9"},
        {"rt", "0.004"},
        {"protocol", "HTTP/2.0"}}},
      {"shop.example.org:443 10.0.0.7 - - [22/Nov/2026:20:35:23 +0000] \"\\x16\\x03\\x01\" 400 0",
       "access log",
       "2026-11-22T20:35:23.000Z",
       Severity::Info,
       "\"\\x16\\x03\\x01\" 400 0",
       {{"virtual_host", "shop.example.org:443"}, {"host", "10.0.0.7"}, {"request", "\\x16\\x03\\x01"}}},
      {"10.1.2.3:50210 [22/Nov/2026:20:35:23.326] front~ back/web1 0/0/1/48/49 200 3313 - - ---- 3/2/0/0/0 "
       "0/0 "
       "{curl/8} \"GET /x HTTP/1.1\"",
       "HAProxy",
       "2026-11-22T20:35:23.326Z",
       Severity::Info,
       "front~ back/web1 0/0/1/48/49 200 3313 - - ---- 3/2/0/0/0 0/0 {curl/8} \"GET /x HTTP/1.1\"",
       {{"client", "10.1.2.3"},
        {"frontend", "front"},
        {"backend", "back"},
        {"server", "web1"},
        {"status", "200"},
        {"time_total", "49"},
        {"path", "/x"}}},
      {"10.1.2.3:50210 [22/Nov/2026:20:35:23.326] ssh-in ssh-out/<NOSRV> -1/-1/0 0 SC 2/1/0/0/0 0/0",
       "HAProxy",
       "2026-11-22T20:35:23.326Z",
       Severity::Error,
       "ssh-in ssh-out/<NOSRV> -1/-1/0 0 SC 2/1/0/0/0 0/0",
       {{"server", "<NOSRV>"}, {"termination_state", "SC"}}},
      {"Nov 22 20:35:23 lb haproxy[7]: 10.1.2.3:50210 [22/Nov/2026:20:35:23.326] front back/<NOSRV> "
       "0/-1/-1/-1/0 503 "
       "212 - - SC-- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"",
       "syslog (RFC 3164)",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       "front back/<NOSRV> 0/-1/-1/-1/0 503 212 - - SC-- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"",
       {{"program", "haproxy"}, {"status", "503"}, {"backend", "back"}}},
      {"http 2026-11-22T20:35:23.186641Z app/lb/50dc 10.0.0.9:2817 10.0.0.1:80 0.000 0.001 0.000 502 502 34 "
       "366 \"GET "
       "http://www.example.org:80/ HTTP/1.1\" \"curl/7\" - - arn:x \"Root=1\" \"-\" \"-\" 0 "
       "2026-11-22T20:35:22.364000Z "
       "\"forward\" \"-\" \"-\"",
       "load balancer requests",
       "2026-11-22T20:35:23.186Z",
       Severity::Error,
       nullptr,
       {{"client_host", "10.0.0.9:2817"}, {"elb_status_code", "502"}, {"user_agent", "curl/7"}}},
      // Services.
      {"2026/11/22 20:35:23 [error] 31#32: *6 open() \"/a, b\" failed (2: No such file), client: 10.2.0.2, "
       "server: , "
       "request: \"GET /f HTTP/1.1\", upstream: \"http://10.0.0.3:80/f\", host: \"shop:4080\", referrer: "
       "\"\"",
       "nginx error log",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       nullptr,
       {{"pid", "31"},
        {"tid", "32"},
        {"connection", "6"},
        {"client", "10.2.0.2"},
        {"upstream", "http://10.0.0.3:80/f"},
        {"reason", "open() \"/a, b\" failed (2: No such file)"}}},
      {"[Sun Nov 22 20:35:23.062118 2026] [core:error] [pid 77:tid 43] [client ::1:58619] File does not "
       "exist: /x",
       "Apache error log",
       "2026-11-22T20:35:23.062Z",
       Severity::Error,
       "File does not exist: /x",
       {{"module", "core"}, {"pid", "77"}, {"tid", "43"}, {"client", "::1:58619"}}},
      {"2026-11-22 20:35:23.195 UTC [64] shop@orders FATAL:  sorry, too many clients already",
       "PostgreSQL",
       "2026-11-22T20:35:23.195Z",
       Severity::Critical,
       "sorry, too many clients already",
       {{"pid", "64"}, {"user", "shop"}, {"database", "orders"}}},
      {"2026-11-22 21:35:23 CET [7]: [3-1] user=u,db=d,app=a,client=10.0.0.1 ERROR:  deadlock "
       "detected\n2026-11-22 "
       "21:35:23 CET [7]: [4-1] user=u,db=d,app=a,client=10.0.0.1 DETAIL:  Process 7 waits\n2026-11-22 "
       "21:35:23 CET [7]: "
       "[5-1] user=u,db=d,app=a,client=10.0.0.1 STATEMENT:  UPDATE t",
       "PostgreSQL",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       nullptr,
       {{"pid", "7"},
        {"user", "u"},
        {"client", "10.0.0.1"},
        {"detail", "Process 7 waits"},
        {"statement", "UPDATE t"}}},
      {"2026-11-22T20:35:23.591234Z 8 [Warning] [MY-010055] [Server] IP address could not be resolved",
       "MySQL error log",
       "2026-11-22T20:35:23.591Z",
       Severity::Warning,
       "IP address could not be resolved",
       {{"thread", "8"}, {"code", "MY-010055"}, {"subsystem", "Server"}}},
      {"2026-11-22 20:35:23 140 [Note] InnoDB: ready",
       "MariaDB error log",
       "2026-11-22T20:35:23.000Z",
       Severity::Info,
       "InnoDB: ready",
       {{"thread", "140"}}},
      {"261122  9:05:23 [ERROR] Aborting",
       "MariaDB error log",
       "2026-11-22T09:05:23.000Z",
       Severity::Error,
       "Aborting",
       {}},
      {"# Time: 2026-11-22T20:35:23.062000Z\n# User@Host: app[app] @ web [192.0.2.5]  Id: 7\n# Query_time: "
       "2.5  Lock_time: 0.1 Rows_sent: 1  Rows_examined: 70\nSET timestamp=1795379723;\nSELECT 1;",
       "MySQL slow log",
       "2026-11-22T20:35:23.062Z",
       Severity::Info,
       "SET timestamp=1795379723;\nSELECT 1;",
       {{"user", "app"}, {"host", "web"}, {"query_time", "2.5"}, {"rows_examined", "70"}}},
      {"05-21 20:54:20.971  root  1215  1216 W [dhd] message",
       "text with time stamps",
       "2026-05-21T20:54:20.971Z",
       Severity::Warning,
       "[dhd] message",
       {}},
      {"59:M 22 Nov 2026 20:35:23.062 # Server can't set maximum open files",
       "Redis",
       "2026-11-22T20:35:23.062Z",
       Severity::Warning,
       "Server can't set maximum open files",
       {{"pid", "59"}, {"role", "master"}}},
      // Programs.
      {"E1122 20:35:23.692994   28133 kubelet.go:70] no network",
       "klog",
       "2026-11-22T20:35:23.692Z",
       Severity::Error,
       "no network",
       {{"thread", "28133"}, {"file", "kubelet.go"}, {"line", "70"}}},
      {"I20261122 20:35:23.411655    20 main.c++:9] Hello",
       "klog",
       "2026-11-22T20:35:23.411Z",
       Severity::Info,
       "Hello",
       {{"file", "main.c++"}}},
      {"2026-11-22 20:35:23,062 - shop.db - ERROR - no connection pool=main",
       "Python logging",
       "2026-11-22T20:35:23.062Z",
       Severity::Error,
       "no connection pool=main",
       {{"logger", "shop.db"}, {"pool", "main"}}},
      {"WARNING:root:disk is hot",
       "Python logging",
       "-",
       Severity::Warning,
       "disk is hot",
       {{"logger", "root"}}},
      {"2026-11-22 21:35:23,397+0100 WARN  [http-3] shop.payments.ChargeController - slow bank order=7",
       "Java (log4j, logback)",
       "2026-11-22T20:35:23.397Z",
       Severity::Warning,
       nullptr,
       {{"order", "7"}}},
      {"[2026-11-22 20:35:23,354: ERROR/MainProcess] cannot read queue",
       "Java (log4j, logback)",
       "2026-11-22T20:35:23.354Z",
       Severity::Error,
       nullptr,
       {}},
      {"[2026-11-22 20:35:23 +0000] [74] [CRITICAL] WORKER TIMEOUT",
       "text with time stamps",
       "2026-11-22T20:35:23.000Z",
       Severity::Critical,
       "WORKER TIMEOUT",
       {}},
      {"E [22/Nov/2026:20:35:23 +0000] no printer",
       "text with time stamps",
       "2026-11-22T20:35:23.000Z",
       Severity::Error,
       "no printer",
       {}},
      {"[DEBUG 2026-11-22 20:35:23 main]  ready",
       "text with time stamps",
       "2026-11-22T20:35:23.000Z",
       Severity::Debug,
       nullptr,
       {}},
      {"20:35:23.062 [main] ERROR shop.Orders - no stock", "plain text", "-", Severity::Error, nullptr, {}},
      {"nothing of the kind", "plain text", "-", Severity::Info, "nothing of the kind", {}},
  };
  return rows;
}

QString text(std::string_view bytes) {
  return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

}  // namespace

class TestFormats : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void brokenLinesAreNotTaken_data();
  void brokenLinesAreNotTaken();
  void golden_data();
  void golden();
  void stampsOfAllStyles_data();
  void stampsOfAllStyles();
  void levelsOfAllPlaces_data();
  void levelsOfAllPlaces();
  void theNameOfAFileIsThatOfMostLines();
  void coloursAndMarksArePassedOver();
  void theZoneOfASourceIsTaken();
};

void TestFormats::brokenLinesAreNotTaken_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<QString>("format");
  const auto row = [](const char* line, const char* format) {
    QTest::newRow(line) << QString::fromLatin1(line) << QString::fromLatin1(format);
  };
  row("X0505 17:59:40.692994   28133 klog.go:70] hello", "klog");
  row("I0000 17:59:40.692994   28133 klog.go:70] hello", "klog");
  row("I1122 17:59:40.692994   99999999999999999999999999 klog.go:70] hello", "klog");
  row("- - - [1234] - - -", "access log");
  row("10.0.0.1 - - [22/Nov/2026:20:35:23 +0000] no quotes", "access log");
  row("CEF:0|a|b|c|d|e|", "CEF");
  row("<999>1 2026-11-22T20:35:23Z h a - - - m", "syslog (RFC 5424)");
  row("10.0.0.1:99 [22/Nov/2026:20:35:23.326] front back 0/0/0 1 -- 1/1/1/1/1 0/0", "HAProxy");
  row("59:Q 22 Nov 2026 20:35:23.062 # x", "Redis");
  row("2026-11-22 20:35:23 [main] ERROR: one blank", "PostgreSQL");
  row("a=1 and then some words of an ordinary sentence", "logfmt");
}

void TestFormats::brokenLinesAreNotTaken() {
  QFETCH(QString, line);
  QFETCH(QString, format);
  QVERIFY(text(parsing::formatOf(line.toStdString()).name) != format);
}

void TestFormats::golden_data() {
  QTest::addColumn<int>("index");
  for (size_t i = 0; i < goldens().size(); ++i)
    QTest::addRow("%02d %.40s", static_cast<int>(i), goldens()[i].line) << static_cast<int>(i);
}

void TestFormats::golden() {
  QFETCH(int, index);
  const auto& row = goldens()[static_cast<size_t>(index)];
  model::LogBatch batch;
  batch.bytes = std::make_unique<std::string>(row.line);
  parsing::LineParser parser;
  const auto record = parser.parse(*batch.bytes, kIngest, batch);
  QCOMPARE(text(parsing::formatOf(*batch.bytes).name), QString::fromLatin1(row.format));
  QCOMPARE(record.hasEventTime ? text(base::toIso8601(record.eventTime)) : QStringLiteral("-"),
           QString::fromLatin1(row.time));
  QCOMPARE(static_cast<int>(record.severity), static_cast<int>(row.severity));
  if (row.message) QCOMPARE(text(record.message), QString::fromLatin1(row.message));
  for (const auto& [key, value] : row.fields) QCOMPARE(text(record.field(key)), QString::fromLatin1(value));
  QCOMPARE(text(record.text), QString::fromLatin1(row.line));
}

void TestFormats::stampsOfAllStyles_data() {
  QTest::addColumn<QString>("stamp");
  QTest::addColumn<QString>("time");
  const auto row = [](const char* stamp, const char* time = "2026-11-22T20:35:23.000Z") {
    QTest::newRow(stamp) << QString::fromLatin1(stamp) << QString::fromLatin1(time);
  };
  row("2026-11-22 20:35:23");
  row("20261122 20:35:23");
  row("20261122T203523Z");
  row("2026/11/22 20:35:23");
  row("Nov 22 20:35:23");
  row("Nov 22 2026 20:35:23");
  row("Nov 22, 2026 8:35:23 PM");
  row("Nov-22 20:35:23");
  row("22/Nov/2026:20:35:23 +0000");
  row("22-Nov-2026 20:35:23 UTC");
  row("22 Nov 2026 20:35:23");
  row("22 Nov 20:35:23");
  row("Sun Nov 22 20:35:23 2026");
  row("Sun Nov 22 20:35:23 UTC 2026");
  row("Sun, 22 Nov 2026 20:35:23 GMT");
  row("(Sun Nov 22 20:35:23:062149 2026)", "2026-11-22T20:35:23.062Z");
  row("11/22/2026 08:35:23 PM");
  row("22/11/2026:20:35:23");
  row("22.11.2026 20:35:23");
  row("11-22 20:35:23");
  row("261122 20:35:23");
  row("1795379723.000");
  row("2026-11-22 21:35:23 CET");
  row("2026-11-22 13:35:23 MST");
  row("2026-11-22T08:35:23 PM UTC");
  row("2026-11-22  8:35:23", "2026-11-22T08:35:23.000Z");
  row("2026-11-22T20:35:23.123456789+00:00", "2026-11-22T20:35:23.123Z");
}

void TestFormats::stampsOfAllStyles() {
  QFETCH(QString, stamp);
  QFETCH(QString, time);
  for (const auto& line :
       {stamp + QStringLiteral(" x"), stamp, QStringLiteral("[") + stamp + QStringLiteral("] x")}) {
    model::LogBatch batch;
    batch.bytes = std::make_unique<std::string>(line.toStdString());
    const auto record = parsing::LineParser().parse(*batch.bytes, kIngest, batch);
    QVERIFY2(record.hasEventTime, qPrintable(line));
    QCOMPARE(text(base::toIso8601(record.eventTime)), time);
  }
}

void TestFormats::levelsOfAllPlaces_data() {
  QTest::addColumn<QString>("rest");
  QTest::addColumn<int>("severity");
  const auto row = [](const char* rest, Severity severity) {
    QTest::newRow(rest) << QString::fromLatin1(rest) << static_cast<int>(severity);
  };
  row("ERROR x", Severity::Error);
  row("[error] x", Severity::Error);
  row("[main] WARN x", Severity::Warning);
  row("main WARN x", Severity::Warning);
  row("[7] [req 5 a] FATAL x", Severity::Critical);
  row("local.ERROR: x", Severity::Error);
  row("[25376]ERROR:mod:x", Severity::Error);
  row("E t0 a.cc:47 x", Severity::Error);
  row("1000 23402 23402 W Tag: x", Severity::Warning);
  row("W/Tag( 17): x", Severity::Warning);
  row("[352]   WARN - #o.j.X - x", Severity::Warning);
  row("an error was not found", Severity::Info);
  row("the request failed with ERROR", Severity::Info);
  row("log rotated", Severity::Info);
  row("path=/ERROR/x", Severity::Info);
}

void TestFormats::levelsOfAllPlaces() {
  QFETCH(QString, rest);
  QFETCH(int, severity);
  model::LogBatch batch;
  batch.bytes = std::make_unique<std::string>("2026-11-22 20:35:23 " + rest.toStdString());
  QCOMPARE(static_cast<int>(parsing::LineParser().parse(*batch.bytes, kIngest, batch).severity), severity);
}

void TestFormats::theNameOfAFileIsThatOfMostLines() {
  QVERIFY(parsing::formatName({}).empty());
  QVERIFY(parsing::formatName({"", "  ", "\r\n"}).empty());
  QCOMPARE(
      text(parsing::formatName({"Nov 22 20:35:23 box a[1]: x", "{\"a\":1}", "Nov 22 20:35:24 box a[1]: y"})),
      QStringLiteral("syslog (RFC 3164)"));
  QCOMPARE(text(parsing::formatName({"{\"a\":1}", "\tat a.b.C(D.java:1)", "\tat a.b.C(D.java:2)"})),
           QStringLiteral("JSON lines"));
}

void TestFormats::coloursAndMarksArePassedOver() {
  model::LogBatch batch;
  batch.bytes =
      std::make_unique<std::string>("\x1b[31m2026-11-22 20:35:23 \x1b[1;33mERROR\x1b[0m x\x1b[K y=1");
  auto record = parsing::LineParser().parse(*batch.bytes, kIngest, batch);
  QVERIFY(record.hasEventTime);
  QCOMPARE(static_cast<int>(record.severity), static_cast<int>(Severity::Error));
  QCOMPARE(text(record.message), QStringLiteral("x y=1"));
  QCOMPARE(text(record.field("y")), QStringLiteral("1"));
  QCOMPARE(record.text.size(), batch.bytes->size());  // as written
  *batch.bytes = "\xEF\xBB\xBF{\"level\":\"error\",\"msg\":\"m\"}";
  record = parsing::LineParser().parse(*batch.bytes, kIngest, batch);
  QCOMPARE(text(record.message), QStringLiteral("m"));
}

void TestFormats::theZoneOfASourceIsTaken() {
  parsing::LineParser parser({.zone = {.offset = std::chrono::minutes(90)}});
  model::LogBatch batch;
  batch.bytes = std::make_unique<std::string>("2026-11-22 20:35:23 x");
  auto record = parser.parse(*batch.bytes, kIngest, batch);
  QVERIFY(record.zoneAssumed);
  QCOMPARE(text(base::toIso8601(record.eventTime)), QStringLiteral("2026-11-22T19:05:23.000Z"));
  parser.setZone({});
  record = parser.parse(*batch.bytes, kIngest, batch);
  QCOMPARE(text(base::toIso8601(record.eventTime)), QStringLiteral("2026-11-22T20:35:23.000Z"));
}

QTEST_GUILESS_MAIN(TestFormats)
#include "tst_parsing_formats.moc"
