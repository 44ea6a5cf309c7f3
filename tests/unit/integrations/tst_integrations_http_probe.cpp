// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QThread>

#include "integrations/http_probe.h"

using namespace aiops;
using namespace aiops::integrations;
using base::ErrorCode;

namespace {

/// Answers every request with fixed bytes; an empty answer stays silent.
class Server : public QTcpServer {
 public:
  explicit Server(QByteArray answer) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this, answer] {
      QTcpSocket* socket = nextPendingConnection();
      connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
        requests += socket->readAll();
        if (answer.isEmpty() || !requests.endsWith("\r\n\r\n")) return;
        socket->write(answer);
        socket->disconnectFromHost();
      });
    });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(serverPort()) + "/health?x=1"; }
  QByteArray requests;
};

QByteArray reply(const QByteArray& status, const QByteArray& body, const QByteArray& headers = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers +
         "\r\n" + body;
}

}  // namespace

class TestHttpProbe : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void returnsStatusAndBody() {
    Server server(reply("200 OK", QByteArray("a\0b", 3)));
    const auto got = httpGet(server.url());
    QVERIFY2(got, got ? "" : got.error().line().c_str());
    QCOMPARE(got->status, 200);
    QCOMPARE(got->body, std::string("a\0b", 3));
    QVERIFY(server.requests.startsWith("GET /health?x=1 HTTP/1.1\r\n"));
  }

  void anErrorStatusIsAnAnswer() {
    Server server(reply("503 Service Unavailable", "{}"));
    QCOMPARE(httpGet(server.url())->status, 503);
  }

  void aRedirectIsNotFollowed() {
    Server other(reply("200 OK", "followed"));
    Server server(reply("302 Found", "", "Location: " + QByteArray::fromStdString(other.url()) + "\r\n"));
    QCOMPARE(httpGet(server.url())->status, 302);
    QVERIFY(other.requests.isEmpty());
  }

  void limitsHold() {
    HttpProbeLimits limits;
    limits.bodyBytes = 1000;
    Server fits(reply("200 OK", QByteArray(1000, 'x')));
    QCOMPARE(httpGet(fits.url(), limits)->body.size(), size_t(1000));
    Server large(reply("200 OK", QByteArray(200000, 'x')));
    QVERIFY(httpGet(large.url(), limits).error().code == ErrorCode::LimitExceeded);
    limits.timeout = std::chrono::milliseconds(50);
    Server silent({});
    QVERIFY(httpGet(silent.url(), limits).error().code == ErrorCode::Timeout);
  }

  void failuresAreNotAnswers() {
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const auto url = "http://127.0.0.1:" + std::to_string(closed.serverPort()) + "/";
    closed.close();
    QVERIFY(httpGet(url).error().code == ErrorCode::Unavailable);
    Server nonsense("SSH-2.0-x\r\n\r\n");
    QVERIFY(!httpGet(nonsense.url()));
    Server cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    QVERIFY(!httpGet(cut.url()));
  }

  void onlyHttpAddresses() {
    for (const char* url : {"", "/health", "file:///etc/passwd", "ftp://127.0.0.1/", "http://",
                            "http://u:p@127.0.0.1/", "data:,x", "qrc:/x"}) {
      QVERIFY2(httpGet(url).error().code == ErrorCode::InvalidInput, url);
    }
  }

  void worksOnAnyThread() {
    Server server(reply("200 OK", "x"));
    int status = 0;
    std::unique_ptr<QThread> thread(
        QThread::create([&] { status = httpGet(server.url()).value_or(HttpReply{}).status; }));
    thread->start();
    QTRY_VERIFY(thread->isFinished());
    QCOMPARE(status, 200);
  }
};

QTEST_GUILESS_MAIN(TestHttpProbe)
#include "tst_integrations_http_probe.moc"
