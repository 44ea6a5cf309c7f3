// Syslog as real senders send it, and as hostile ones do: framing, UDP, TCP, TLS, and the lane behind it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <map>
#include <random>
#include <set>

#include "pipeline/lane.h"
#include "sources/syslog_feed.h"
#include "sources/syslog_framing.h"
#include "support/line_sink.h"
#include "support/syslog_peers.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

std::string framed(const std::string& stream, std::mt19937* rng = nullptr) {
  sources::SyslogFraming framing;
  std::string lines;
  for (size_t at = 0; at < stream.size();) {
    const size_t count = rng ? 1 + (*rng)() % 40 : stream.size();
    if (!framing.add(std::string_view(stream).substr(at, count), lines)) lines += "<broken>";
    at += count;
    if (lines.ends_with("<broken>")) return lines;
  }
  framing.finish(lines);
  return lines;
}

}  // namespace

class TestSyslog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void framesAreFound_data();
  void framesAreFound();
  void howTheStreamIsCutDoesNotMatter();
  void addressesAreChecked_data();
  void addressesAreChecked();
  void aTakenPortIsSaid();
  void datagramsAreMessages();
  void connectionsAreKeptApart();
  void aConnectionThatMakesNoSenseIsEnded();
  void tooManyAndIdleConnectionsAreEnded();
  void tlsIsReceived();
  void aBadCertificateIsSaid();
  void theRealLoggerIsUnderstood_data();
  void theRealLoggerIsUnderstood();
  void theLaneKnowsThePrograms();
};

void TestSyslog::framesAreFound_data() {
  QTest::addColumn<QByteArray>("stream");
  QTest::addColumn<QByteArray>("lines");
  const auto row = [](const char* name, const QByteArray& stream, const QByteArray& lines) {
    QTest::newRow(name) << stream << lines;
  };
  row("lines", "<1>a\n<2>b\r\n\n<3>c", "<1>a\n<2>b\n<3>c\n");
  row("counted", "4 <1>a6 <2>b c", "<1>a\n<2>b c\n");
  row("both", "4 <1>a<2>line\n4 <3>c", "<1>a\n<2>line\n<3>c\n");
  row("a line end inside", "7 <1>a\nb\n", "<1>a#012b\n");
  row("a NUL inside", QByteArray("6 <1>a\0b", 8), "<1>a#000b\n");
  row("a count that is cut off", "99 <1>never whole", "<1>never whole\n");
  row("a count without a space", "12abc", "<broken>");
  row("a count beyond all measure", "999999999999 <1>a", "<broken>");
  row("a large count", "999999999 <1>a", "<broken>");
  row("text that begins with a letter", "plain text\n", "plain text\n");
}

void TestSyslog::framesAreFound() {
  QFETCH(QByteArray, stream);
  QFETCH(QByteArray, lines);
  QCOMPARE(QByteArray::fromStdString(framed(stream.toStdString())), lines);
}

void TestSyslog::howTheStreamIsCutDoesNotMatter() {
  std::mt19937 rng(1);
  static const std::vector<std::string> kParts = {
      "<34>1 ", "a", "\n", "5 ", "12 ", "4 <1>a", "\r\n", " ", "9", "<1>text here\n", std::string(1, '\0'),
      "é\xff"};
  for (int round = 0; round < 10'000; ++round) {
    std::string stream;
    for (uint32_t n = 1 + rng() % 30; n-- > 0;) stream += kParts[rng() % kParts.size()];
    QCOMPARE(framed(stream, &rng), framed(stream));
  }
  const auto longLine = "<1>" + std::string(200'000, 'x') + "\n<2>next\n";
  const auto kept = framed(longLine, &rng);
  QCOMPARE(kept.size(), sources::SyslogFraming::kMostBytes + 1 + std::string("<2>next\n").size());
  const auto counted = "200000 " + std::string(200'000, 'y') + "4 <3>c";
  QVERIFY(framed(counted, &rng).ends_with("\n<3>c\n"));
}

void TestSyslog::addressesAreChecked_data() {
  QTest::addColumn<QString>("address");
  QTest::addColumn<QString>("problem");
  const auto row = [](const char* address, const char* problem) {
    QTest::newRow(address) << text(address) << text(problem);
  };
  row("syslog+udp://127.0.0.1:514", "");
  row("syslog+tcp://[::1]:6514", "");
  row("syslog+tls://0.0.0.0:6514?cert=/a.pem&key=/a.key&ca=/b.pem", "");
  row("syslog+sctp://127.0.0.1:1", "udp, tcp or tls");
  row("syslog+udp:127.0.0.1", "no address for syslog");
  row("syslog+udp://127.0.0.1", "port is missing");
  row("syslog+udp://127.0.0.1:99999", "port must be a number");
  row("syslog+udp://example.org:514", "no address; a name will not do");
  row("syslog+tls://127.0.0.1:6514", "tls needs cert");
  row("syslog+tcp://127.0.0.1:514?cert=/a", "only tls");
  row("syslog+tcp://127.0.0.1:514?color=red", "unknown option 'color'");
}

void TestSyslog::addressesAreChecked() {
  QFETCH(QString, address);
  QFETCH(QString, problem);
  const auto parsed = sources::parseSyslogAddress(address.toStdString());
  QCOMPARE(parsed.has_value(), problem.isEmpty());
  if (!parsed)
    QVERIFY2(QString::fromStdString(parsed.error().line()).contains(problem), parsed.error().line().c_str());
}

void TestSyslog::aTakenPortIsSaid() {
  Receiver first("tcp");
  QVERIFY(first.port() != 0);
  sources::SyslogFeed second(
      *sources::parseSyslogAddress("syslog+tcp://127.0.0.1:" + std::to_string(first.port())));
  std::string lines;
  QVERIFY(!second.take(lines, 100s, base::TimePoint()));
  QVERIFY2(second.problem().find("in use") != std::string::npos, second.problem().c_str());
  QCOMPARE(second.takeHealth().size(), size_t(1));
  second.take(lines, 200s, base::TimePoint());
  QVERIFY(second.takeHealth().empty());  // not again and again
}

void TestSyslog::datagramsAreMessages() {
  Receiver receiver("udp");
  const auto sender = client(receiver.port(), SOCK_DGRAM);
  sendAll(sender, "<13>one\n");
  sendAll(sender, "<13>two\nlines");
  sendAll(sender, std::string("<13>a\0b", 7));
  QVERIFY(receiver.comes(3));
  QCOMPARE(receiver.text(), std::string("<13>one\n<13>two#012lines\n<13>a#000b\n"));
}

void TestSyslog::connectionsAreKeptApart() {
  Receiver receiver("tcp");
  const auto a = client(receiver.port());
  auto b = client(receiver.port());
  sendAll(a, "<1>first ha");
  sendAll(b, "11 <2>whole on");
  receiver.take();
  receiver.take();
  sendAll(b, "<3>half");
  sendAll(a, "lf\n");
  QVERIFY(receiver.comes(2));
  b = {};  // gone in the middle of a line: what it said is said
  QVERIFY(receiver.comes(3));
  QVERIFY(receiver.text().find("<1>first half\n") != std::string::npos);
  QVERIFY(receiver.text().find("<2>whole on") != std::string::npos);
}

void TestSyslog::aConnectionThatMakesNoSenseIsEnded() {
  Receiver receiver("tcp");
  const auto good = client(receiver.port()), bad = client(receiver.port());
  sendAll(bad, "GET / HTTP/1.1\r\n99999999999 ");
  sendAll(good, "<1>fine\n");
  QTRY_VERIFY((receiver.take(),
               receiver.feed().connections() == 1 && receiver.text().find("<1>fine") != std::string::npos));
  sendAll(good, "<1>still\n");
  QTRY_VERIFY((receiver.take(), receiver.text().find("still") != std::string::npos));
  bool told = false;
  for (const auto& event : receiver.feed().takeHealth())
    told = told || event.what.find("made no sense") != std::string::npos;
  QVERIFY(told);
}

void TestSyslog::tooManyAndIdleConnectionsAreEnded() {
  sources::SyslogLimits limits;
  limits.connections = 3;
  limits.idle = 60s;
  Receiver receiver("tcp", limits);
  std::vector<base::Fd> all;
  for (int i = 0; i < 6; ++i) all.push_back(client(receiver.port()));
  QTRY_COMPARE((receiver.take(), receiver.feed().connections()), size_t(3));
  sendAll(all[0], "<1>a\n");
  QVERIFY(receiver.comes(1));
  receiver.later(61s);
  receiver.take();
  QCOMPARE(receiver.feed().connections(), size_t(0));
}

void TestSyslog::tlsIsReceived() {
  QTemporaryDir folder;
  if (!makeCertificate(folder)) QSKIP("openssl is not installed");
  Receiver receiver("tls", {},
                    "?cert=" + folder.filePath(text("cert.pem")).toStdString() +
                        "&key=" + folder.filePath(text("key.pem")).toStdString());
  QVERIFY2(receiver.port() != 0, receiver.feed().problem().c_str());
  QProcess sender;
  sender.start(text("openssl"), {text("s_client"), text("-quiet"), text("-connect"),
                                 text("127.0.0.1:%1").arg(receiver.port())});
  QVERIFY(sender.waitForStarted());
  sender.write("15 <13>over a wire<13>and a line\n");
  QVERIFY(receiver.comes(2));
  QCOMPARE(receiver.text(), std::string("<13>over a wire\n<13>and a line\n"));
  sender.closeWriteChannel();
  sender.kill();
  sender.waitForFinished();
  const auto plain = client(receiver.port());  // no TLS at all
  sendAll(plain, "<13>plain text\n<13>more of it, so that it is surely no greeting\n");
  QTRY_COMPARE((receiver.take(), receiver.feed().connections()), size_t(0));
  QVERIFY(receiver.text().find("plain") == std::string::npos);
}

void TestSyslog::aBadCertificateIsSaid() {
  Receiver receiver("tls", {}, "?cert=/no/such.pem&key=/no/such.key");
  QCOMPARE(receiver.port(), uint16_t(0));
  QVERIFY2(receiver.feed().problem().find("/no/such.pem can't be used") != std::string::npos,
           receiver.feed().problem().c_str());
}

void TestSyslog::theRealLoggerIsUnderstood_data() {
  QTest::addColumn<QString>("transport");
  QTest::addColumn<QStringList>("options");
  QTest::newRow("udp, RFC 5424") << text("udp") << QStringList{text("-d"), text("--rfc5424")};
  QTest::newRow("udp, RFC 3164") << text("udp") << QStringList{text("-d"), text("--rfc3164")};
  QTest::newRow("tcp, a line each") << text("tcp") << QStringList{text("-T"), text("--rfc5424")};
  QTest::newRow("tcp, counted") << text("tcp")
                                << QStringList{text("-T"), text("--rfc5424"), text("--octet-count")};
  QTest::newRow("tcp, RFC 3164, counted")
      << text("tcp") << QStringList{text("-T"), text("--rfc3164"), text("--octet-count")};
}

void TestSyslog::theRealLoggerIsUnderstood() {
  QFETCH(QString, transport);
  QFETCH(QStringList, options);
  QTemporaryDir folder;
  const auto port = freePort(transport == text("udp") ? SOCK_DGRAM : SOCK_STREAM);
  base::SystemClock clock;
  LineSink sink;
  pipeline::LaneOptions lane;
  lane.inputFile = folder.filePath(text("input/stdin.log")).toStdString();
  const auto address = "syslog+" + transport.toStdString() + "://127.0.0.1:" + std::to_string(port);
  pipeline::Lane running({{.path = address, .service = "syslog"}}, {}, {}, detection::PatternSet::compile({}),
                         clock, sink, lane);
  QVERIFY(running.start().has_value());
  QTRY_VERIFY(!running.statuses().empty() && running.statuses().front().problem.empty());
  const auto log = [&](const QString& program, const QString& message) {
    return QProcess::execute(text("logger"),
                             QStringList{text("-n"), text("127.0.0.1"), text("-P"), QString::number(port),
                                         text("-t"), program, text("-p"), text("daemon.err")} +
                                 options + QStringList{message});
  };
  QCOMPARE(log(text("cron"), text("the job failed")), 0);
  QCOMPARE(log(text("backup"), text("nothing to do")), 0);
  QTRY_COMPARE(sink.lines().size(), size_t(2));
  running.stop();
  std::map<std::string, model::LogLine> byService;
  for (const auto& line : sink.lines()) byService[line.service] = line;
  QVERIFY(byService.contains("cron") && byService.contains("backup"));
  const auto& line = byService["cron"];
  QCOMPARE(line.message, std::string("the job failed"));
  QVERIFY(line.severity == model::Severity::Error);
  QVERIFY(line.hasTime);
  QFile kept(QString::fromStdString(line.source));  // what is cited can be read again
  QVERIFY(kept.open(QIODevice::ReadOnly) && kept.seek(static_cast<qint64>(line.position.offset)));
  QCOMPARE(kept.read(line.position.length).toStdString(), line.text);
}

/// A crash between receiving and storing loses nothing: what was received is read from its file.
void TestSyslog::theLaneKnowsThePrograms() {
  QTemporaryDir folder;
  const auto port = freePort(SOCK_STREAM);
  base::SystemClock clock;
  pipeline::LaneOptions options;
  options.inputFile = folder.filePath(text("input/stdin.log")).toStdString();
  const auto address = "syslog+tcp://127.0.0.1:" + std::to_string(port);
  const auto patterns = [] {
    std::vector<detection::PatternProblem> problems;
    return detection::PatternSet::compile(detection::parsePatterns(
        "{id: a, match: failed, service: sshd, cooldown_seconds: 1}", "p", problems));
  };
  LineSink sink;
  {
    pipeline::Lane lane({{.path = address, .service = "syslog"}}, {}, {}, patterns(), clock, sink, options);
    QVERIFY(lane.start().has_value());
    QTRY_VERIFY(!lane.statuses().empty() && lane.statuses().front().problem.empty());
    const auto sender = client(port);
    for (int i = 0; i < 1000; ++i)
      sendAll(sender, "<13>Nov 22 20:00:0" + std::to_string(i % 10) + " host postfix/smtpd[7]: line " +
                          std::to_string(i) + "\n");
    QTRY_COMPARE(sink.lines().size(), size_t(1000));
    lane.stop();
  }
  std::set<std::string> services;
  for (const auto& line : sink.lines()) services.insert(line.service);
  QVERIFY(services == std::set<std::string>{"postfix"});
  LineSink again;  // as if nothing of it had been stored
  const auto first = sink.lines().front();
  model::SourcePosition begin{.source = first.source, .inode = first.position.inode};
  pipeline::Lane lane({{.path = address, .service = "syslog"}}, {begin}, {}, patterns(), clock, again,
                      options);
  QVERIFY(lane.start().has_value());
  QTRY_COMPARE(again.lines().size(), size_t(1000));
  lane.stop();
}

QTEST_GUILESS_MAIN(TestSyslog)

#include "tst_sources_syslog.moc"
