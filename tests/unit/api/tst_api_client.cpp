// The command line's client against the real server, and against things that are no server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <thread>

#include <nlohmann/json.hpp>

#include "client/api_client.h"
#include "test_server.h"

using namespace aiops;
using namespace aiops::test;
using base::ErrorCode;
using client::ApiClient;
using nlohmann::json;
using security::Scope;

namespace {

/// Answers one connection with `bytes`, whatever it asks.
class Impostor {
 public:
  explicit Impostor(std::string bytes) : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ::bind(m_listener.get(), reinterpret_cast<sockaddr*>(&address), length);
    ::listen(m_listener.get(), 1);
    ::getsockname(m_listener.get(), reinterpret_cast<sockaddr*>(&address), &length);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    m_thread = std::thread([this, bytes = std::move(bytes)] {
      const base::Fd fd(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      ::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      char piece[4096];
      while (::recv(fd.get(), piece, sizeof piece, 0) > 0) {
      }
    });
  }
  ~Impostor() {
    ::shutdown(m_listener.get(), SHUT_RDWR);
    m_thread.join();
  }
  std::string url;

 private:
  base::Fd m_listener;
  std::thread m_thread;
};

ErrorCode codeOf(const base::Result<json>& result) {
  return result ? static_cast<ErrorCode>(-1) : result.error().code;
}

}  // namespace

class TestApiClient : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void refusesWhatIsNotLoopbackHttp() {
    const auto codeFor = [](const std::string& url) {
      const auto made = ApiClient::create({.url = url});
      return made ? static_cast<ErrorCode>(-1) : made.error().code;
    };
    QVERIFY(codeFor("https://127.0.0.1:8500") == ErrorCode::Unavailable);
    QVERIFY(codeFor("http://192.0.2.1:8500") == ErrorCode::PermissionDenied);
    QVERIFY(codeFor("http://localhost.evil.example:8500") == ErrorCode::PermissionDenied);
    QVERIFY(codeFor("http://user@127.0.0.1:8500") == ErrorCode::PermissionDenied);
    QVERIFY(codeFor("http://:8500") == ErrorCode::InvalidInput);
    QVERIFY(codeFor("http://127.0.0.1:0") == ErrorCode::InvalidInput);
    QVERIFY(codeFor("http://127.0.0.1:99999") == ErrorCode::InvalidInput);
    QVERIFY(codeFor("127.0.0.1:8500") == ErrorCode::InvalidInput);
    QVERIFY(codeFor("http://127.0.0.1:8500") == static_cast<ErrorCode>(-1));
    QVERIFY(!ApiClient::create({.key = "a\r\nX-Evil: 1"}));
  }

  void asksAndActs() {
    TestServer server;
    QVERIFY(server.start());
    for (const std::string base : {"http://127.0.0.1:", "http://localhost:"}) {
      const auto url = base + std::to_string(server.port) + "/api/v1/";
      const auto client = ApiClient::create({.url = url, .key = server.keys.add("cli", Scope::Approve)});
      QVERIFY(client);
      const auto page = client->get("/fixes?limit=5");
      QVERIFY(page);
      const json first = page->at("items").at(0);
      QCOMPARE(client::toModelKeys(first).get<model::FixProposal>().planHash, testFix().planHash);
      const auto approved = client->post("/fixes/FIX-0087/approve", {{"plan_hash", first.at("plan_hash")}});
      QVERIFY(approved);
      QCOMPARE(approved->at("state").get<std::string>(), std::string("approved"));
    }
  }

  void errorsComeAcross() {
    TestServer server;
    QVERIFY(server.start());
    const std::string url = "http://" + server.host();
    const auto nobody = ApiClient::create({.url = url});
    QVERIFY(codeOf(nobody->get("/status")) == ErrorCode::PermissionDenied);
    const auto client = ApiClient::create({.url = url, .key = server.keys.add("cli", Scope::Approve)});
    QVERIFY(codeOf(client->get("/fixes/FIX-9999")) == ErrorCode::NotFound);
    const auto stale = client->post("/fixes/FIX-0087/approve", {{"plan_hash", "00"}});
    QVERIFY(codeOf(stale) == ErrorCode::Stale);
    QCOMPARE(stale.error().remedy, std::string("look at it again"));
    QVERIFY(codeOf(client->get("/audit")) == ErrorCode::PermissionDenied);
    QVERIFY(codeOf(client->get("status")) == ErrorCode::InvalidInput);
    QVERIFY(codeOf(client->get("/x HTTP/1.1\r\nX: ")) == ErrorCode::InvalidInput);
  }

  void nobodyThere() {
    TestServer server;
    QVERIFY(server.start());
    server.server.stop();
    const auto client = ApiClient::create({.url = "http://" + server.host()});
    const auto result = client->get("/health");
    QVERIFY(codeOf(result) == ErrorCode::Unavailable);
    QVERIFY(result.error().remedy.find("--server") != std::string::npos);
  }

  void impostors_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<int>("code");
    const auto answer = [](const std::string& body) {
      return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const auto row = [](const char* name, const std::string& bytes, ErrorCode code) {
      QTest::newRow(name) << bytes << static_cast<int>(code);
    };
    row("not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", ErrorCode::Corrupt);
    row("not JSON", answer("<html>"), ErrorCode::Corrupt);
    row("deep JSON", answer(std::string(100000, '[') + std::string(100000, ']')), ErrorCode::Corrupt);
    row("enormous", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", ErrorCode::Corrupt);
    row("page of another program", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        ErrorCode::NotFound);
    row("odd error", "HTTP/1.1 409 C\r\nContent-Length: 13\r\n\r\n{\"error\":[1]}", ErrorCode::Conflict);
    row("silent", "", ErrorCode::Timeout);
  }

  void impostors() {
    QFETCH(std::string, bytes);
    QFETCH(int, code);
    const Impostor impostor(bytes);
    const auto client = ApiClient::create({.url = impostor.url, .timeout = std::chrono::milliseconds(1000)});
    QCOMPARE(static_cast<int>(codeOf(client->get("/health"))), code);
  }
};

QTEST_GUILESS_MAIN(TestApiClient)
#include "tst_api_client.moc"
