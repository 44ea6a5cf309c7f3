// What a sender of syslog got rid of is kept, however its connection or this program ends.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "pipeline/lane.h"
#include "sources/stream_tail.h"
#include "support/line_sink.h"
#include "support/syslog_peers.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;

namespace {

/// A blocking TLS client; handshake and writing need somebody who takes meanwhile.
class TlsPeer {
 public:
  explicit TlsPeer(uint16_t port) : m_context(SSL_CTX_new(TLS_client_method())), m_fd(client(port)) {
    m_session.reset(SSL_new(m_context.get()));
    SSL_set_fd(m_session.get(), m_fd.get());
  }
  bool connect() { return SSL_connect(m_session.get()) == 1; }
  bool write(const std::string& bytes) {
    return SSL_write(m_session.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  /// Ends without reading what came (TLS 1.3 sends tickets): the kernel answers what is sent then with a
  /// reset.
  void vanish(bool sayGoodbye) {
    if (sayGoodbye) SSL_shutdown(m_session.get());
    ::shutdown(m_fd.get(), SHUT_WR);
    const linger now{1, 0};
    ::setsockopt(m_fd.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    m_fd.reset();
  }

 private:
  struct End {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* session) const { SSL_free(session); }
  };
  std::unique_ptr<SSL_CTX, End> m_context;
  base::Fd m_fd;
  std::unique_ptr<SSL, End> m_session;
};

bool isReadable(int fd, int milliseconds) {
  pollfd entry{fd, POLLIN, 0};
  return ::poll(&entry, 1, milliseconds) > 0;
}

std::string contentOf(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

std::vector<std::string> drain(sources::StreamTail& tail) {
  std::vector<std::string> lines;
  for (int quiet = 0; quiet < 3;) {
    const auto chunk = tail.read(100s, base::TimePoint());
    quiet = chunk ? 0 : quiet + 1;
    if (!chunk) continue;
    for (const auto& line : chunk->lines) lines.push_back(chunk->bytes.substr(line.at, line.length));
  }
  return lines;
}

}  // namespace

class TestSyslogLosses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { ::signal(SIGPIPE, SIG_DFL); }
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void aBurstOverTlsComesWhole();
  void aTlsPeerThatVanishesIsNoSignal_data();
  void aTlsPeerThatVanishesIsNoSignal();
  void theEndOfTheProgramKeepsWhatCame();
  void aRemovedSourceDeliversWhatCame();
  void aCountedMessageIsCutByTheEnd();
  void aMessageWithoutEndHoldsNobodyUp();
  void manySendersComeAtOnce();
  void withoutDescriptorsSendersWait();
  void aLongPauseIsNotIdleness();
  void aCutMessageIsToldAtOnce();
  void whatIsLostIsCountedByReason();

 private:
  std::string tlsOptions() const {
    return "?cert=" + m_folder->filePath(text("cert.pem")).toStdString() +
           "&key=" + m_folder->filePath(text("key.pem")).toStdString();
  }
  std::string kept() const { return m_folder->filePath(text("input/syslog.log")).toStdString(); }

  std::unique_ptr<QTemporaryDir> m_folder;
};

/// Taken only when the descriptor says that there is something, as a lane does.
void TestSyslogLosses::aBurstOverTlsComesWhole() {
  if (!makeCertificate(*m_folder)) QSKIP("openssl is not installed");
  constexpr int kLines = 20'000;
  Receiver receiver("tls", {}, tlsOptions());
  std::promise<void> mayEnd;
  auto sent = std::async(std::launch::async, [&, port = receiver.port()] {
    TlsPeer peer(port);
    std::string burst;
    for (int i = 0; i < kLines; ++i) burst += "<13>line " + std::to_string(i) + std::string(100, 'x') + "\n";
    const bool done = peer.connect() && peer.write(burst);
    mayEnd.get_future().wait();  // silent, but connected
    return done;
  });
  while (std::ranges::count(receiver.text(), '\n') < kLines && isReadable(receiver.feed().pollFd(), 10'000))
    receiver.take();
  const auto came = std::ranges::count(receiver.text(), '\n');
  mayEnd.set_value();
  QVERIFY(sent.get());
  QCOMPARE(came, std::ptrdiff_t(kLines));
}

void TestSyslogLosses::aTlsPeerThatVanishesIsNoSignal_data() {
  QTest::addColumn<bool>("goodbye");
  QTest::addColumn<QByteArray>("words");
  QTest::newRow("in the middle") << false << QByteArray("<13>half of a li");
  QTest::newRow("with nonsense") << false << QByteArray("99999999999 ");
  QTest::newRow("with a goodbye") << true << QByteArray("<13>half of a li");
  QTest::newRow("with nonsense and a goodbye") << true << QByteArray("99999999999 ");
}

void TestSyslogLosses::aTlsPeerThatVanishesIsNoSignal() {
  if (!makeCertificate(*m_folder)) QSKIP("openssl is not installed");
  QFETCH(bool, goodbye);
  QFETCH(QByteArray, words);
  Receiver receiver("tls", {}, tlsOptions());
  for (int i = 0; i < 5; ++i) {
    auto gone = std::async(std::launch::async, [&, port = receiver.port()] {
      TlsPeer peer(port);
      const bool said = peer.connect() && peer.write(words.toStdString());
      peer.vanish(goodbye);
      return said;
    });
    // Asked once: a further look may already find it gone.
    QVERIFY(QTest::qWaitFor([&] {
      receiver.take();
      return receiver.feed().connections() == 1;
    }));
    while (gone.wait_for(0s) != std::future_status::ready && receiver.feed().connections() > 0)
      receiver.take();
    QVERIFY(gone.get());
    QTRY_COMPARE((receiver.take(), receiver.feed().connections()), size_t(0));
  }
}

/// Read or not yet read, a whole line or a part of one: it is in the file, and the next run reads it.
void TestSyslogLosses::theEndOfTheProgramKeepsWhatCame() {
  std::optional<model::SourcePosition> stored;
  base::Fd lines, counted, late;
  {
    auto feed =
        std::make_unique<sources::SyslogFeed>(*sources::parseSyslogAddress("syslog+tcp://127.0.0.1:0"));
    const auto& listening = *feed;
    sources::StreamTail tail(std::move(feed), kept(), {});
    drain(tail);
    lines = client(listening.port());
    counted = client(listening.port());
    sendAll(lines, "<1>whole\n<1>a part");
    sendAll(counted, "8 <2>whole40 <2>a part");
    std::vector<std::string> read;
    QTRY_VERIFY((std::ranges::copy(drain(tail), std::back_inserter(read)), read.size() == 2));
    stored = tail.position();
    late = client(listening.port());
    sendAll(late, "<3>nobody has looked\n<3>at this");
  }
  const auto text = contentOf(kept());
  for (const auto* line : {"<1>a part\n", "<2>a part\n", "<3>nobody has looked\n", "<3>at this\n"})
    QVERIFY2(text.find(line) != std::string::npos, (line + text).c_str());
  sources::StreamTail again(
      std::make_unique<sources::SyslogFeed>(*sources::parseSyslogAddress("syslog+tcp://127.0.0.1:0")), kept(),
      stored);
  QCOMPARE(drain(again).size(), size_t(4));
}

void TestSyslogLosses::aRemovedSourceDeliversWhatCame() {
  const auto port = freePort(SOCK_STREAM);
  const auto address = "syslog+tcp://127.0.0.1:" + std::to_string(port);
  base::SystemClock clock;
  LineSink sink;
  pipeline::LaneOptions options;
  options.inputFile = kept();
  pipeline::Lane lane({{.path = address, .service = "syslog"}}, {}, {}, detection::PatternSet::compile({}),
                      clock, sink, options);
  QVERIFY(lane.start().has_value());
  QTRY_VERIFY(!lane.statuses().empty() && lane.statuses().front().problem.empty());
  const auto sender = client(port);
  sendAll(sender, "<13>Nov 22 20:00:00 host app[7]: whole\n<13>Nov 22 20:00:00 host app[7]: a part");
  QTRY_COMPARE(sink.lines().size(), size_t(1));
  QVERIFY(lane.removeSource(address).has_value());
  QTRY_COMPARE(sink.lines().size(), size_t(2));
  QCOMPARE(sink.lines().back().message, std::string("a part"));
  lane.stop();
}

void TestSyslogLosses::aCountedMessageIsCutByTheEnd() {
  Receiver receiver("tcp");
  auto sender = client(receiver.port());
  sendAll(sender, "100 <13>the beginning of something");
  sender.reset();
  QVERIFY(receiver.comes(1));
  QCOMPARE(receiver.text(), std::string("<13>the beginning of something\n"));
  QCOMPARE(receiver.feed().drops().at("cut"), uint64_t(1));
}

/// One sender writes as fast as it can and never ends a line; each call comes back, and others are heard.
void TestSyslogLosses::aMessageWithoutEndHoldsNobodyUp() {
  Receiver receiver("tcp");
  std::atomic<bool> stop = false;
  std::vector<std::future<void>> floods;
  for (int i = 0; i < 6; ++i) {
    floods.push_back(std::async(std::launch::async, [&, fd = client(receiver.port())] {
      const std::string bytes(256 * 1024, 'x');
      while (!stop && ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) continue;
    }));
  }
  const auto other = client(receiver.port());
  for (int i = 0; i < 20; ++i) {
    const auto line = "<13>heard " + std::to_string(i) + "\n";
    sendAll(other, line);
    QTRY_VERIFY((receiver.take(), receiver.text().find(line) != std::string::npos));
  }
  stop = true;
  for (const auto& flood : floods) {
    while (flood.wait_for(0s) != std::future_status::ready) receiver.take();
  }
}

/// More than nobody accepts in time: the kernel keeps them, none has to try again.
void TestSyslogLosses::manySendersComeAtOnce() {
  constexpr int kSenders = 200;
  Receiver receiver("tcp");
  auto all = std::async(std::launch::async, [port = receiver.port()] {
    std::vector<base::Fd> senders;
    for (int i = 0; i < kSenders; ++i) {
      senders.push_back(client(port));
      sendAll(senders.back(), "<13>sender " + std::to_string(i) + "\n");
    }
    return senders;
  });
  QVERIFY(all.wait_for(20s) == std::future_status::ready);
  QVERIFY(receiver.comes(kSenders));
  QCOMPARE(receiver.feed().connections(), size_t(kSenders));
  const auto senders = all.get();
}

void TestSyslogLosses::withoutDescriptorsSendersWait() {
  Receiver receiver("tcp");
  const auto sender = client(receiver.port());
  sendAll(sender, "<13>patience\n");
  rlimit before{};
  QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;  // what is open stays open
  QVERIFY(isReadable(receiver.feed().pollFd(), 10'000));
  QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
  receiver.take();
  const auto problem = receiver.feed().problem();
  const auto told = receiver.feed().takeHealth().size();
  receiver.later(2s);
  receiver.take();
  const auto toldAgain = receiver.feed().takeHealth().size();
  QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
  QVERIFY2(problem.find("open files") != std::string::npos, problem.c_str());
  QVERIFY(!isReadable(receiver.feed().pollFd(), 0));  // nobody spins
  QCOMPARE(told, size_t(1));
  QCOMPARE(toldAgain, size_t(0));
  receiver.later(2s);
  QVERIFY(receiver.comes(1));
  QCOMPARE(receiver.feed().problem(), std::string());
}

/// As when nothing could be stored for long: what waits is read, not thrown away with the connection.
void TestSyslogLosses::aLongPauseIsNotIdleness() {
  sources::SyslogLimits limits;
  limits.idle = 60s;
  Receiver receiver("tcp", limits);
  std::vector<base::Fd> senders;
  for (int i = 0; i < 100; ++i) senders.push_back(client(receiver.port()));
  QTRY_COMPARE((receiver.take(), receiver.feed().connections()), size_t(100));
  for (const auto& sender : senders) sendAll(sender, "<13>waited\n");
  receiver.later(1h);
  QVERIFY(receiver.comes(100));
  QCOMPARE(receiver.feed().connections(), size_t(100));
}

void TestSyslogLosses::aCutMessageIsToldAtOnce() {
  Receiver receiver("tcp");
  const auto sender = client(receiver.port());
  sendAll(sender, "<13>" + std::string(100'000, 'x') + "\n<13>the next\n");
  QTRY_VERIFY((receiver.take(), receiver.text().ends_with("the next\n")));
  QCOMPARE(receiver.feed().drops().at("cut"), uint64_t(1));
  QCOMPARE(receiver.feed().connections(), size_t(1));
}

void TestSyslogLosses::whatIsLostIsCountedByReason() {
  sources::SyslogLimits limits;
  limits.connections = 1;
  Receiver receiver("tcp", limits);
  const auto good = client(receiver.port());
  QTRY_COMPARE((receiver.take(), receiver.feed().connections()), size_t(1));
  const auto tooMany = client(receiver.port());
  QTRY_COMPARE((receiver.take(), receiver.feed().drops().at("refused_connections")), uint64_t(1));
  sendAll(good, "99999999999 ");
  QTRY_COMPARE((receiver.take(), receiver.feed().drops().at("broken_connections")), uint64_t(1));

  limits.receiveBuffer = 4096;
  Receiver datagrams("udp", limits);
  const auto flood = client(datagrams.port(), SOCK_DGRAM);
  for (int i = 0; i < 1000; ++i) sendAll(flood, "<13>" + std::string(1000, 'x'));
  datagrams.take();
  sendAll(flood, "<13>the next one tells how many were lost");
  QTRY_VERIFY((datagrams.take(), datagrams.text().ends_with("were lost\n")));
  const auto lost = datagrams.feed().drops().at("kernel");
  QCOMPARE(lost + static_cast<uint64_t>(std::ranges::count(datagrams.text(), '\n')), uint64_t(1001));
}

QTEST_GUILESS_MAIN(TestSyslogLosses)

#include "tst_sources_syslog_losses.moc"
