// How the server lives with slow, many, vanishing and half-finished clients.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>

#include <QTest>

#include <atomic>
#include <fstream>
#include <memory>
#include <thread>

#include "base/bytes.h"
#include "test_server.h"

using namespace aiops;
using namespace aiops::test;
using namespace std::chrono_literals;
using security::Scope;

namespace {

/// Short, so that tests of deadlines end soon.
api::ServerLimits shortLimits() {
  api::ServerLimits limits;
  limits.headerTime = 300ms;
  limits.requestTime = 800ms;
  limits.idleTime = 300ms;
  limits.drainTime = 200ms;
  return limits;
}

/// Of this process; 0 under sanitizers, which hold on to freed memory.
size_t residentBytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 0;
#else
  std::ifstream file("/proc/self/statm");
  size_t total = 0;
  size_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
#endif
}

/// Waits for a state that another thread brings about.
template <class Condition>
bool eventually(Condition condition) {
  return QTest::qWaitFor(condition, 15000);
}

}  // namespace

class TestApiServer : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void portInUseIsSaid() {
    TestServer first;
    QVERIFY(first.start());
    FakeOperations operations;
    MemoryKeys keys;
    base::SystemClock clock;
    api::HttpServer second({.port = first.port}, operations, keys, clock);
    const auto result = second.start();
    QVERIFY(!result);
    QVERIFY(result.error().code == base::ErrorCode::Unavailable);
    QCOMPARE(result.error().what, "port " + std::to_string(first.port) + " on 127.0.0.1 is in use");
    QVERIFY(!result.error().remedy.empty());
    first.server.stop();
    QVERIFY(second.start());
  }

  void onlyLoopbackIsServed() {
    TestServer open(api::ServerConfig{.address = "0.0.0.0"});
    const auto refused = open.server.start();
    QVERIFY(!refused && refused.error().code == base::ErrorCode::PermissionDenied);
    TestServer named(api::ServerConfig{.address = "localhost"});
    const auto name = named.server.start();
    QVERIFY(!name && name.error().code == base::ErrorCode::InvalidInput);
  }

  void oneConnectionTakesManyRequests() {
    TestServer server;
    QVERIFY(server.start());
    const auto key = server.keys.add("op", Scope::Operate);
    RawClient client(server.port);
    // Pipelined: with a body, without, refused with no body, and again.
    client.send(server.request("POST", "/automation/stop", key, {}, R"({"reason":"a"})") +
                server.request("GET", "/trust", key) + server.request("GET", "/nothing", key) +
                server.request("GET", "/trust", {}) + server.request("GET", "/fixes", key));
    for (const int status : {200, 200, 404, 401, 200}) {
      const auto answer = client.read();
      QVERIFY(answer);
      QCOMPARE(answer->status, status);
      QVERIFY(answer->has("Connection: keep-alive"));
    }
  }

  void aHeadMayComeByteByByte() {
    TestServer server;
    QVERIFY(server.start());
    const auto text =
        server.request("POST", "/automation/stop", server.keys.add("op", Scope::Operate), {}, "{}");
    RawClient client(server.port);
    for (const char c : text) QVERIFY(client.send({&c, 1}));
    QCOMPARE(client.read()->status, 200);
  }

  void chunkedBodiesAndContinue() {
    TestServer server;
    QVERIFY(server.start());
    const auto key = server.keys.add("op", Scope::Operate);
    const std::string head = "POST /automation/stop HTTP/1.1\r\nHost: " + server.host() +
                             "\r\nAuthorization: Bearer " + key +
                             "\r\nContent-Type: application/json; charset=UTF-8\r\n";
    RawClient client(server.port);
    client.send(
        head +
        "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"rea\r\nb\r\nson\":\"why\"}\r\n0\r\nX-T: 1\r\n\r\n");
    QCOMPARE(client.read()->status, 200);
    QCOMPARE(server.operations.calls().back(), std::string("stopAutomation key op why"));
    client.send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    QCOMPARE(client.read(false)->status, 100);
    client.send("{}");
    QCOMPARE(client.read()->status, 200);
  }

  void oldClientsAreAnsweredOnce() {
    TestServer server;
    QVERIFY(server.start());
    RawClient client(server.port);
    client.send("GET /health HTTP/1.0\r\nHost: " + server.host() + "\r\n\r\n");
    QCOMPARE(client.read()->status, 200);
    QVERIFY(client.closedByServer());
  }

  void halfClosedClientsGetTheirAnswer() {
    TestServer server;
    QVERIFY(server.start());
    RawClient client(server.port);
    client.send(server.request("GET", "/health", {}));
    client.finishSending();
    QCOMPARE(client.read()->status, 200);
    QVERIFY(client.closedByServer());
    RawClient cut(server.port);
    const auto key = server.keys.add("op", Scope::Operate);
    const auto whole = server.request("POST", "/automation/stop", key, {}, R"({"reason":"x"})");
    cut.send(whole.substr(0, whole.size() - 3));
    cut.finishSending();
    QCOMPARE(cut.read()->status, 400);
  }

  /// A client that drips its header, one that drips its body, one that says nothing: cut, while others are
  /// served.
  void slowClientsAreCut() {
    TestServer server(shortLimits());
    QVERIFY(server.start());
    const auto key = server.keys.add("op", Scope::Operate);
    RawClient header(server.port);
    RawClient body(server.port);
    RawClient silent(server.port);
    body.send("POST /automation/stop HTTP/1.1\r\nHost: " + server.host() + "\r\nAuthorization: Bearer " +
              key + "\r\nContent-Type: application/json\r\nContent-Length: 16000\r\n\r\n");
    std::atomic<bool> dripping = true;
    std::thread drip([&] {
      header.send("GET /status HTTP/1.1\r\n");
      while (dripping) {
        std::this_thread::sleep_for(10ms);
        if (!header.send("X") || !body.send(" ")) break;
      }
    });
    QCOMPARE(server.ask("GET", "/trust", key).status, 200);
    const auto one = header.read();
    const auto two = body.read();
    const auto three = silent.read();
    dripping = false;
    drip.join();
    QVERIFY(one && two && three);
    QCOMPARE(one->status, 408);
    QCOMPARE(two->status, 408);
    QCOMPARE(three->status, 408);
    QVERIFY(silent.closedByServer());
    QCOMPARE(server.ask("GET", "/trust", key).status, 200);
  }

  void idleConnectionsAreClosed() {
    TestServer server(shortLimits());
    QVERIFY(server.start());
    RawClient client(server.port);
    client.send(server.request("GET", "/health", {}));
    QCOMPARE(client.read()->status, 200);
    QVERIFY(client.closedByServer());
  }

  void aSilentEngineIsReported() {
    TestServer server(shortLimits());
    server.operations.holdReplies();
    QVERIFY(server.start());
    const auto answer = server.ask("GET", "/health");
    QCOMPARE(answer.status, 503);
    QVERIFY(answer.has("Retry-After: 1"));
    QVERIFY(answer.body.find("\"timeout\"") != std::string::npos);
    server.operations.releaseReplies();  // late: dropped
    QCOMPARE(server.ask("GET", "/health").status, 200);
  }

  void clientsMayVanish() {
    TestServer server;
    QVERIFY(server.start());
    server.operations.holdReplies();
    for (int i = 0; i < 20; ++i) {
      RawClient client(server.port);
      client.send(server.request("GET", "/health", {}));
      QVERIFY(eventually([&] { return server.operations.heldReplies() == static_cast<size_t>(i + 1); }));
      i % 2 ? client.reset() : client.disconnect();
    }
    server.operations.releaseReplies();
    QCOMPARE(server.ask("GET", "/health").status, 200);
  }

  /// 300 connections that ask nothing don't keep out those that do, and memory stays.
  void manyConnections() {
    TestServer server;
    QVERIFY(server.start());
    QCOMPARE(server.ask("GET", "/health").status, 200);
    const auto before = residentBytes();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 300; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      QVERIFY(clients.back()->connected());
      if (i % 2) clients.back()->send("GET /health HTTP/1.1\r\n");
      if (i % 50 == 0) QCOMPARE(server.ask("GET", "/health").status, 200);
    }
    QVERIFY(clients.front()->closedByServer());
    QCOMPARE(server.ask("GET", "/health").status, 200);
    QVERIFY(residentBytes() < before + 20 * 1024 * 1024);
  }

  /// With every place taken by a request under way the next one is turned away at once.
  void busyPlacesAreKept() {
    api::ServerConfig config;
    config.limits.connectionsPerAddress = 4;
    std::atomic<int> refused = 0;
    config.onRefused = [&](std::string_view kind, uint64_t) { refused += kind == "too_many_connections"; };
    TestServer server(config);
    server.operations.holdReplies();
    QVERIFY(server.start());
    std::vector<std::unique_ptr<RawClient>> clients;
    for (size_t i = 0; i < 4; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port));
      clients.back()->send(server.request("GET", "/health", {}));
      QVERIFY(eventually([&] { return server.operations.heldReplies() == i + 1; }));
    }
    RawClient extra(server.port);
    const auto answer = extra.read();
    QVERIFY(answer);
    QCOMPARE(answer->status, 503);
    QVERIFY(answer->has("Retry-After: 1"));
    QCOMPARE(refused.load(), 1);
    server.operations.releaseReplies();
    for (auto& client : clients) QCOMPARE(client->read()->status, 200);
  }

  void refusedRequestsLeaveNoMemory() {
    TestServer server;
    QVERIFY(server.start());
    const auto round = [&] {
      for (int i = 0; i < 300; ++i) {
        RawClient client(server.port);
        client.send("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n\r\n");
        client.read();
      }
    };
    round();
    const auto before = residentBytes();
    for (int i = 0; i < 3; ++i) round();
    QVERIFY(residentBytes() < before + 5 * 1024 * 1024);
  }

  /// Out of descriptors: the waiting client is let go, and service resumes when there are some again.
  void descriptorsMayRunOut() {
    TestServer server;
    QVERIFY(server.start());
    QCOMPARE(server.ask("GET", "/health").status, 200);
    RawClient waiting(server.port);  // its socket exists before the famine
    waiting.send(server.request("GET", "/health", {}));
    QCOMPARE(waiting.read()->status, 200);
    std::vector<base::Fd> sockets;
    for (int i = 0; i < 4; ++i) sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    rlimit old{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &old), 0);
    const base::Fd highest(::dup(0));
    rlimit low = old;
    low.rlim_cur = static_cast<rlim_t>(highest.get()) + 1;
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &low), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (const auto& socket : sockets) {
      ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    pollfd poll{.fd = sockets.front().get(), .events = POLLIN, .revents = 0};
    const int letGo = ::poll(&poll, 1, 15000);
    waiting.send(server.request("GET", "/health", {}));
    const auto still = waiting.read();
    ::setrlimit(RLIMIT_NOFILE, &old);
    QCOMPARE(letGo, 1);
    QVERIFY(still);
    QCOMPARE(still->status, 200);
    sockets.clear();
    QCOMPARE(server.ask("GET", "/health").status, 200);
  }

  /// Idle, half-sent and waiting connections; a reply that comes after the server is gone is dropped.
  void stopsWithOpenConnections() {
    auto server = std::make_unique<TestServer>();
    QVERIFY(server->start());
    RawClient idle(server->port);
    RawClient half(server->port);
    RawClient waiting(server->port);
    half.send("GET /health HT");
    server->operations.holdReplies();
    waiting.send(server->request("GET", "/health", {}));
    QVERIFY(eventually([&] { return server->operations.heldReplies() == 1; }));
    server->server.stop();
    QVERIFY(!idle.read() && !half.read() && !waiting.read());
    QVERIFY(!RawClient(server->port).connected());
    server->server.stop();
    server->operations.releaseReplies();
    server.reset();
  }

  void answersUnderWayAreFinishedOnStop() {
    TestServer server;
    QVERIFY(server.start());
    server.operations.holdReplies();
    RawClient client(server.port);
    client.send(server.request("GET", "/health", {}));
    QVERIFY(eventually([&] { return server.operations.heldReplies() == 1; }));
    std::thread stopper([&] { server.server.stop(); });
    server.operations.releaseReplies();
    const auto answer = client.read();
    stopper.join();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
  }

  void startsAgain() {
    TestServer server;
    for (int i = 0; i < 3; ++i) {
      QVERIFY(server.start());
      QVERIFY(!server.server.start());
      QCOMPARE(server.ask("GET", "/health").status, 200);
      server.server.stop();
    }
  }
};

QTEST_GUILESS_MAIN(TestApiServer)
#include "tst_api_server.moc"
