// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHostAddress>
#include <QTest>

#include <random>

#include "integrations/address_rules.h"
#include "integrations/http_client.h"
#include "integrations/http_reply_parser.h"
#include "support/http_script.h"
#include "support/tls_identity.h"

using namespace aiops;
using namespace aiops::integrations;
using base::ErrorCode;
using std::chrono::milliseconds;
using test::answerWith;
using test::HttpScript;
using test::ScriptedAnswer;
using test::SeenRequest;

namespace {

const std::string kKey = "sk-canary-0123456789";

HttpPost postTo(const std::string& url, Reach reach = Reach::Configured) {
  return {
      url, {{"Authorization", "Bearer " + kKey}, {"Content-Type", "application/json"}}, "{\"a\":1}", reach};
}

HttpLimits quick() {
  return {.firstByte = milliseconds(300),
          .idle = milliseconds(300),
          .total = milliseconds(900),
          .bodyBytes = 4096};
}

base::Result<HttpAnswer> send(const HttpScript& server, HttpLimits limits = quick(), HttpWorld world = {}) {
  return HttpClient(limits, std::move(world)).post(postTo(server.url("/v1/x?y=1")), {}, {});
}

HttpScript::Script always(ScriptedAnswer answer) {
  return [answer](const SeenRequest&) { return answer; };
}

ErrorCode codeOf(const base::Result<HttpAnswer>& result) {
  return result ? ErrorCode::Internal : result.error().code;
}

struct Parsed {
  base::Result<> result;
  int status = 0;
  std::string body;
  bool done = false;
};

Parsed parse(const std::string& bytes, const std::vector<size_t>& cuts) {
  HttpReplyParser parser;
  Parsed out;
  size_t from = 0;
  for (const size_t to : cuts) {
    out.result = parser.feed(std::string_view(bytes).substr(from, to - from),
                             [&](std::string_view piece) { out.body += piece; });
    if (!out.result) return out;
    from = to;
  }
  out.result = parser.end();
  out.status = parser.head().status;
  out.done = parser.done();
  return out;
}

}  // namespace

class TestHttpClient : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sendsExactlyWhatItIsTold() {
    HttpScript server(always(answerWith(200, "application/json; charset=utf-8", "{}")));
    const auto got = send(server);
    QVERIFY2(got, got ? "" : got.error().line().c_str());
    QCOMPARE(got->status, 200);
    QCOMPARE(got->body, std::string("{}"));
    QCOMPARE(got->contentType, std::string("application/json"));
    const auto seen = server.requests();
    QCOMPARE(seen.size(), size_t(1));
    QCOMPARE(seen[0].line, std::string("POST /v1/x?y=1 HTTP/1.1"));
    QCOMPARE(seen[0].header("host"), "127.0.0.1:" + std::to_string(server.port()));
    QCOMPARE(seen[0].header("authorization"), "Bearer " + kKey);
    QCOMPARE(seen[0].header("accept-encoding"), std::string("identity"));
    QCOMPARE(seen[0].body, std::string("{\"a\":1}"));
    for (const char* name : {"host", "content-length", "user-agent", "connection"})
      QCOMPARE(seen[0].count(name), size_t(1));
    QCOMPARE(seen[0].count("cookie"), size_t(0));
  }

  void anErrorStatusIsAnAnswerAndARedirectIsNotFollowed() {
    HttpScript other(always(answerWith(200, "text/plain", "followed")));
    HttpScript server([&](const SeenRequest&) {
      return answerWith(302, "text/plain", "", "Location: " + other.url() + "\r\nSet-Cookie: a=b\r\n");
    });
    QCOMPARE(send(server)->status, 302);
    QCOMPARE(send(server)->status, 302);
    QCOMPARE(server.requests()[1].count("cookie"), size_t(0));
    QCOMPARE(other.connections(), 0);
    HttpScript limited(always(answerWith(429, "application/json", "{}", "Retry-After: 1000000000\r\n")));
    QCOMPARE(send(limited)->retryAfter, std::string("1000000000"));
  }

  void bodyIsStreamedAndMayBeLeft() {
    HttpScript server(always({.bytes = "HTTP/1.1 200 OK\r\n\r\nfirst", .close = false, .endlessly = "more"}));
    size_t bytes = 0;
    const auto got = HttpClient().post(
        postTo(server.url()), [&](std::string_view piece) { return (bytes += piece.size()) < 5; }, {});
    QVERIFY(got);
    QCOMPARE(got->status, 200);
    QVERIFY(got->body.empty());
  }

  void limitsHold_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("endless");
    QTest::addColumn<int>("drip");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& bytes, const std::string& endless, int drip,
                        ErrorCode code) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray::fromStdString(endless) << drip
                          << static_cast<int>(code);
    };
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n";
    row("hang before the head", "", "", 0, ErrorCode::Timeout);
    row("hang in the head", "HTTP/1.1 200 OK\r\nA: b", "", 0, ErrorCode::Timeout);
    row("hang after the head", head, "", 0, ErrorCode::Timeout);
    row("hang in the body", head + "half", "", 0, ErrorCode::Timeout);
    row("slow head", head, "", 50, ErrorCode::Timeout);
    row("slow body", head.substr(0, 1) + head.substr(1) + std::string(3000, 'x'), "", 1, ErrorCode::Timeout);
    row("endless body", "HTTP/1.1 200 OK\r\n\r\n", std::string(65536, 'x'), 0, ErrorCode::LimitExceeded);
    row("endless chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nabcd\r\n", 0,
        ErrorCode::LimitExceeded);
    row("endless head", "HTTP/1.1 200 OK\r\n", "A: " + std::string(1000, 'b') + "\r\n", 0,
        ErrorCode::LimitExceeded);
    row("endless chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0000", 0,
        ErrorCode::LimitExceeded);
    row("body of 5 GB announced", "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n",
        std::string(65536, 'x'), 0, ErrorCode::LimitExceeded);
  }
  void limitsHold() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, endless);
    QFETCH(int, drip);
    QFETCH(int, code);
    HttpScript server(always({bytes.toStdString(), false, endless.toStdString(), milliseconds(drip)}));
    const auto got = send(server);
    QVERIFY(!got);
    QVERIFY2(static_cast<int>(got.error().code) == code, got.error().line().c_str());
    QVERIFY(got.error().where.starts_with("http://127.0.0.1:"));
    QVERIFY(got.error().line().find(kKey) == std::string::npos);
    QCOMPARE(server.connections(), 1);
  }

  void brokenAnswersFailAndAreAskedForOnce_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("another protocol") << QByteArray("SSH-2.0-x\r\n\r\n");
    QTest::newRow("cut body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    QTest::newRow("cut chunk") << QByteArray(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf");
    QTest::newRow("length no number")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789");
    QTest::newRow("negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n0123456789");
    QTest::newRow("two lengths") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    QTest::newRow("length beside chunks")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    QTest::newRow("packed") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx");
    QTest::newRow("folded") << QByteArray("HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n");
    QTest::newRow("upgrade") << QByteArray("HTTP/1.1 101 Switching\r\n\r\n");
  }
  void brokenAnswersFailAndAreAskedForOnce() {
    QFETCH(QByteArray, bytes);
    HttpScript server(always({.bytes = bytes.toStdString()}));
    QVERIFY(!send(server));
    QCOMPARE(server.connections(), 1);
  }

  void cancellationEndsItAtOnce() {
    HttpScript server(always({.close = false}));
    const base::CancelToken cancel;
    QElapsedTimer clock;
    std::unique_ptr<QThread> other(QThread::create([&] {
      while (server.requests().empty()) QThread::msleep(1);
      clock.start();
      cancel.cancel();
    }));
    other->start();
    const auto got = HttpClient().post(postTo(server.url()), {}, cancel);
    const auto took = clock.elapsed();
    other->wait();
    QVERIFY(codeOf(got) == ErrorCode::Cancelled);
    QVERIFY2(took < 2000, std::to_string(took).c_str());  // meant: 20 ms; a busy machine gets time
  }

  void refusesAndIsRefused() {
    QTcpServer closed;
    closed.listen(QHostAddress::LocalHost);
    const auto url = "http://127.0.0.1:" + std::to_string(closed.serverPort()) + "/";
    closed.close();
    const auto got = HttpClient(quick()).post(postTo(url), {}, {});
    QVERIFY(codeOf(got) == ErrorCode::Unavailable);
    QVERIFY(!got.error().remedy.empty());
    for (const char* bad : {"", "/x", "file:///etc/passwd", "ftp://127.0.0.1/", "http://",
                            "http://127.0.0.1:0/", "http://u:secret@127.0.0.1/", "https://a/#b"}) {
      const auto result = HttpClient(quick()).post(postTo(bad), {}, {});
      QVERIFY2(codeOf(result) == ErrorCode::InvalidInput, bad);
      QVERIFY(result.error().line().find("secret") == std::string::npos);
    }
    HttpPost split = postTo(url);
    split.headers.emplace_back("x-api-key", kKey + "\r\nEvil: yes");
    const auto result = HttpClient(quick()).post(split, {}, {});
    QVERIFY(codeOf(result) == ErrorCode::InvalidInput);
    QVERIFY(result.error().line().find(kKey) == std::string::npos);
  }

  void addressesThatMayNotBeAsked() {
    const auto code = [](const std::string& url, Reach reach, std::vector<std::string> addresses = {}) {
      HttpWorld world;
      if (!addresses.empty()) world.resolve = [=](const std::string&) { return addresses; };
      return codeOf(HttpClient({.firstByte = milliseconds(30), .total = milliseconds(30)}, world)
                        .post(postTo(url, reach), {}, {}));
    };
    using enum Reach;
    for (const char* never :
         {"http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://0.0.0.0/",
          "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/",
          "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://224.0.0.1/",
          "http://255.255.255.255/", "http://[::]/", "http://[ff02::1]/"}) {
      QVERIFY2(code(never, Configured) == ErrorCode::PermissionDenied, never);
    }
    for (const char* here :
         {"https://127.0.0.1/", "https://10.1.2.3/", "https://172.31.0.1/", "https://192.168.0.1/",
          "https://[::1]/", "https://[fd12::1]/", "https://100.64.0.1/"}) {
      QVERIFY2(code(here, Public) == ErrorCode::PermissionDenied, here);
    }
    QVERIFY(code("http://model.example/", Configured, {"93.184.216.34"}) == ErrorCode::PermissionDenied);
    QVERIFY(code("https://model.example/", Public, {"93.184.216.34", "10.0.0.1"}) ==
            ErrorCode::PermissionDenied);
    QVERIFY(code("https://model.example/", Configured, {"127.0.0.1", "169.254.169.254"}) ==
            ErrorCode::PermissionDenied);
    QVERIFY(kindOf(QHostAddress(QStringLiteral("8.8.8.8"))) == AddressKind::Public);
    QVERIFY(kindOf(QHostAddress(QStringLiteral("2606:4700::1"))) == AddressKind::Public);
  }

  void aNameIsLookedUpOnce() {
    HttpScript server(always(answerWith(200, "text/plain", "here")));
    int asked = 0;
    HttpWorld world;
    world.resolve = [&](const std::string&) -> std::vector<std::string> {
      return {++asked == 1 ? "127.0.0.1" : "169.254.169.254"};
    };
    const auto got = HttpClient(quick(), world)
                         .post(postTo("http://model.example:" + std::to_string(server.port()) + "/"), {}, {});
    QVERIFY2(got, got ? "" : got.error().line().c_str());
    QCOMPARE(asked, 1);
    QCOMPARE(server.requests()[0].header("host"), "model.example:" + std::to_string(server.port()));
  }

  void tlsIsVerified() {
    const auto good = test::makeIdentity();
    HttpScript server(always(answerWith(200, "text/plain", "safe")), good);
    HttpWorld trusting{.resolve = {}, .trustedCertificates = good.certificate};
    HttpLimits patient;  // handshakes take their time on a busy machine
    const auto got = send(server, patient, trusting);
    QVERIFY2(got, got ? "" : got.error().line().c_str());
    QCOMPARE(got->body, std::string("safe"));
    const auto stranger = send(server, patient);
    QVERIFY(codeOf(stranger) == ErrorCode::PermissionDenied);
    const auto expired = test::makeIdentity(-7200, -3600);
    HttpScript old(always(answerWith(200, "text/plain", "old")), expired);
    QVERIFY(codeOf(send(old, patient, {{}, expired.certificate})) == ErrorCode::PermissionDenied);
    const auto other = test::makeIdentity(-3600, 3600, "other.example");
    HttpScript named(always(answerWith(200, "text/plain", "x")), other);
    QVERIFY(codeOf(send(named, patient, {{}, other.certificate})) == ErrorCode::PermissionDenied);
    for (const auto* shy : {&server, &old, &named})
      QVERIFY(shy->requests().size() == (shy == &server ? 1u : 0u));
    HttpScript plain(always(answerWith(200, "text/plain", "x")));
    const auto none =
        HttpClient(quick()).post(postTo("https://127.0.0.1:" + std::to_string(plain.port()) + "/"), {}, {});
    QVERIFY(!none);
    QVERIFY(plain.requests().empty());
  }

  void parsingDoesNotDependOnThePieces() {
    const std::string answers[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.0 200\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    };
    std::mt19937 random(7);
    for (const auto& answer : answers) {
      for (int round = 0; round < 200; ++round) {
        std::vector<size_t> cuts;
        for (size_t at = 0; at < answer.size();) {
          at = std::min(answer.size(), at + 1 + random() % (round % 2 ? 3 : 40));
          cuts.push_back(at);
        }
        const auto got = parse(answer, cuts);
        QVERIFY2(got.result && got.done, answer.c_str());
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body, std::string("hello"));
      }
    }
  }

  void parsingRandomBytesEnds() {
    std::mt19937 random(11);
    const std::string alphabet = "HTTP/1. 20\r\n:-ontelgh0a;Transfer-Encoding: chunked";
    for (int round = 0; round < 20'000; ++round) {
      std::string bytes = round % 3 ? "HTTP/1.1 200 OK\r\n" : "";
      for (size_t i = random() % 60; i > 0; --i) bytes += alphabet[random() % alphabet.size()];
      const auto got = parse(bytes, {bytes.size()});
      QVERIFY(got.body.size() <= bytes.size());
    }
  }
};

QTEST_GUILESS_MAIN(TestHttpClient)
#include "tst_integrations_http_client.moc"
