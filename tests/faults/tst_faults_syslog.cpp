// The real program as a receiver of syslog: senders that vanish do not end it, and what was sent before it is
// told to end is in its file. SPDX-License-Identifier: GPL-3.0-or-later
#include <netinet/in.h>
#include <signal.h>
#include <sys/wait.h>

#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <fstream>
#include <sstream>

#include "faults/child.h"
#include "support/syslog_peers.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

std::string contentOf(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

/// Closes so that the kernel answers what is sent then with a reset.
void vanish(base::Fd fd) {
  const linger now{1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool listens(uint16_t port) {
  const base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
}

bool ignoresBrokenPipes(pid_t pid) {
  const auto status = contentOf("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("SigIgn:");
  return (std::stoull(status.substr(at + 7), nullptr, 16) >> (SIGPIPE - 1) & 1) != 0;
}

}  // namespace

class TestSyslogServer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { ::signal(SIGPIPE, SIG_DFL); }  // as a service manager leaves it
  void whatWasSentIsKept();
};

void TestSyslogServer::whatWasSentIsKept() {
  const QTemporaryDir folder;
  const auto home = folder.path().toStdString() + "/home";
  const auto port = freePort(SOCK_STREAM);
  const auto address = "syslog+tcp://127.0.0.1:" + std::to_string(port);
  Child server(
      {.argv = {AIOPS_BIN_DIR "/ai-ops-core", "--server", "--listen", "127.0.0.1:0", "--watch", address},
       .environment = {{"AIOPS_HOME", home}},
       .output = folder.path().toStdString() + "/output"});
  const auto kept = home + "/input/syslog-tcp---127.0.0.1-" + std::to_string(port) + ".log";
  QVERIFY2(eventually([&] { return server.output().find("ready on") != std::string::npos; }, 60s),
           server.errors().c_str());
  QVERIFY(ignoresBrokenPipes(server.pid()));
  QVERIFY(eventually([&] { return std::filesystem::exists(kept); }, 20s));
  QVERIFY(eventually([&] { return listens(port); }, 20s));
  for (int i = 0; i < 20; ++i) {
    auto gone = client(port);
    sendAll(gone, i % 2 == 0 ? "99999999999 " : "<13>half of a li");
    vanish(std::move(gone));
  }
  const auto lines = client(port), counted = client(port);
  std::string all;
  for (int i = 0; i < 2000; ++i) all += "<13>Nov 22 20:35:23 box app[7]: line " + std::to_string(i) + "\n";
  sendAll(lines, all);
  QVERIFY(eventually([&] { return contentOf(kept).find("line 1999\n") != std::string::npos; }, 60s));
  sendAll(lines, "<13>Nov 22 20:35:23 box app[7]: not ended");
  sendAll(counted, "99 <13>Nov 22 20:35:23 box app[8]: not whole");
  server.signal(SIGTERM);
  const auto status = server.waitForEnd(60s);
  QVERIFY(status && WIFEXITED(*status) && WEXITSTATUS(*status) == 0);
  const auto text = contentOf(kept);
  for (int i = 0; i < 2000; ++i)
    QVERIFY2(text.find("line " + std::to_string(i) + "\n") != std::string::npos, std::to_string(i).c_str());
  QVERIFY(text.find("not ended\n") != std::string::npos);
  QVERIFY(text.find("not whole\n") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSyslogServer)

#include "tst_faults_syslog.moc"
