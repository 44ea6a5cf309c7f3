// The real rsyslogd as a sender: omfwd over TCP, framed by line ends and counted, old and new format.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/socket.h>
#include <sys/un.h>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <filesystem>
#include <fstream>
#include <map>

#include "pipeline/lane.h"
#include "support/line_sink.h"
#include "support/syslog_peers.h"

using namespace aiops;
using namespace aiops::test;

namespace {

/// An rsyslogd of our own: what comes on its socket goes to a port of loopback.
class Rsyslog {
 public:
  Rsyslog(const std::string& folder, uint16_t port, const QString& framing, const QString& format)
      : m_socket(folder + "/log.socket") {
    const auto conf = folder + "/rsyslog.conf";
    std::ofstream(conf)
        << "global(workDirectory=\"" << folder << "\")\n"
        << "module(load=\"imuxsock\" SysSock.Use=\"off\")\n"
        << "input(type=\"imuxsock\" Socket=\"" << m_socket << "\" RateLimit.Interval=\"0\")\n"
        << "action(type=\"omfwd\" target=\"127.0.0.1\" port=\"" << port
        << "\" protocol=\"tcp\" TCP_Framing=\"" << framing.toStdString() << "\" template=\""
        << format.toStdString()
        << "\" action.resumeInterval=\"1\" action.resumeRetryCount=\"-1\" queue.type=\"LinkedList\")\n";
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(QStandardPaths::findExecutable(text("rsyslogd"), kPlaces),
                    {text("-n"), text("-f"), QString::fromStdString(conf), text("-i"),
                     QString::fromStdString(folder + "/rsyslog.pid")});
  }
  ~Rsyslog() {
    m_process.terminate();
    m_process.waitForFinished();
  }
  static bool isThere() { return !QStandardPaths::findExecutable(text("rsyslogd"), kPlaces).isEmpty(); }
  /// False when it did not start.
  bool isUp() {
    return QTest::qWaitFor([&] { return std::filesystem::exists(m_socket); }, 20'000) &&
           m_process.state() == QProcess::Running;
  }
  QByteArray words() { return m_process.readAll(); }
  void log(const std::string& message) const {
    const base::Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    m_socket.copy(to.sun_path, sizeof to.sun_path - 1);
    if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) qFatal("no rsyslogd");
    sendAll(fd, message);
  }

 private:
  inline static const QStringList kPlaces = {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin"),
                                             QStringLiteral("/usr/bin")};
  const std::string m_socket;
  QProcess m_process;
};

}  // namespace

class TestRsyslog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatItForwardsIsUnderstood_data();
  void whatItForwardsIsUnderstood();
};

void TestRsyslog::whatItForwardsIsUnderstood_data() {
  QTest::addColumn<QString>("framing");
  QTest::addColumn<QString>("format");
  for (const char* framing : {"traditional", "octet-counted"}) {
    for (const char* format :
         {"RSYSLOG_SyslogProtocol23Format", "RSYSLOG_ForwardFormat", "RSYSLOG_TraditionalForwardFormat"})
      QTest::addRow("%s, %s", framing, format) << text(framing) << text(format);
  }
}

/// Also over a restart of the receiver: rsyslogd keeps what it could not send.
void TestRsyslog::whatItForwardsIsUnderstood() {
  if (!Rsyslog::isThere()) QSKIP("rsyslogd is not installed");
  constexpr int kMessages = 2000;
  QFETCH(QString, framing);
  QFETCH(QString, format);
  QTemporaryDir folder;
  const auto port = freePort(SOCK_STREAM);
  base::SystemClock clock;
  LineSink sink;
  pipeline::LaneOptions options;
  options.inputFile = folder.filePath(text("input/stdin.log")).toStdString();
  const auto address = "syslog+tcp://127.0.0.1:" + std::to_string(port);
  const auto lane = [&] {
    return std::make_unique<pipeline::Lane>(
        std::vector<pipeline::LaneSource>{{.path = address, .service = "syslog"}}, sink.positions(),
        std::string(), detection::PatternSet::compile({}), clock, sink, options);
  };
  auto running = lane();
  QVERIFY(running->start().has_value());
  QTRY_VERIFY(!running->statuses().empty() && running->statuses().front().problem.empty());
  Rsyslog rsyslog(folder.path().toStdString(), port, framing, format);
  if (!rsyslog.isUp()) QSKIP(("rsyslogd can't run here: " + rsyslog.words()).constData());

  rsyslog.log("<27>Nov 22 20:35:23 cron[77]: the job failed: \"no\" space\tleft");
  rsyslog.log("<30>Nov 22 20:35:23 shop[78]: two\nlines");
  QTRY_COMPARE_WITH_TIMEOUT(sink.lines().size(), size_t(2), 20'000);
  std::map<std::string, model::LogLine> byService;
  for (const auto& line : sink.lines()) byService[line.service] = line;
  QCOMPARE(byService["cron"].message, std::string("the job failed: \"no\" space#011left"));
  QVERIFY(byService["cron"].severity == model::Severity::Error);
  QVERIFY(byService["cron"].hasTime);
  QCOMPARE(byService["shop"].message, std::string("two#012lines"));

  for (int i = 0; i < kMessages; ++i) {
    rsyslog.log("<30>Nov 22 20:35:23 flood[79]: message " + std::to_string(i));
    if (i != kMessages / 2) continue;
    QTRY_VERIFY_WITH_TIMEOUT(sink.lines().size() == size_t(kMessages / 2 + 3), 20'000);
    running.reset();
    running = lane();
    QVERIFY(running->start().has_value());
    QTRY_VERIFY(!running->statuses().empty() && running->statuses().front().problem.empty());
  }
  // What rsyslogd wrote to the connection that was just being closed may be gone: TCP does not tell it.
  QTRY_VERIFY_WITH_TIMEOUT(sink.lines().back().message == "message " + std::to_string(kMessages - 1), 20'000);
  running->stop();
  int next = 0, missing = 0;
  for (const auto& line : sink.lines()) {
    if (line.service != "flood") continue;
    const int number = std::stoi(line.message.substr(8));
    QVERIFY2(number >= next, "out of order, or twice");
    missing += number - next;
    next = number + 1;
  }
  QVERIFY2(missing <= 1, std::to_string(missing).c_str());
}

QTEST_GUILESS_MAIN(TestRsyslog)

#include "tst_sources_rsyslog.moc"
