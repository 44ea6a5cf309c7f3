// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "malformed_corpus.h"
#include "test_server.h"

using namespace aiops::test;

namespace {

std::string filledIn(std::string text, const std::string& mark, const std::string& value) {
  for (size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size()) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace

class TestApiMalformed : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QVERIFY(m_server.start());
    m_key = m_server.keys.add("tester", aiops::security::Scope::Admin);
  }

  void corpusIsRefused_data() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto& row : malformedCorpus()) {
      QTest::newRow(std::string(row.name).c_str()) << index++;
    }
    QVERIFY(index >= 60);
  }

  /// The right status, an error body, then closed; or open and good for an honest request.
  void corpusIsRefused() {
    QFETCH(int, index);
    const auto row = malformedCorpus().at(static_cast<size_t>(index));
    RawClient client(m_server.port);
    client.send(filledIn(filledIn(row.bytes, "@HOST", m_server.host()), "@KEY", m_key));
    const auto response = client.read();
    QVERIFY(response);
    QCOMPARE(response->status, row.status);
    QVERIFY(response->body.starts_with("{\"error\":{\"code\":\""));
    QVERIFY(response->has("X-Content-Type-Options: nosniff"));
    if (row.after == After::Closed) {
      QVERIFY(response->has("Connection: close"));
      QVERIFY(client.closedByServer());
    } else {
      client.send(m_server.request("GET", "/health", {}));
      const auto next = client.read();
      QVERIFY(next);
      QCOMPARE(next->status, 200);
    }
  }

  /// None of it got through to the engine as a request to act.
  void nothingActed() {
    for (const auto& call : m_server.operations.calls()) QCOMPARE(call, std::string("status"));
    QCOMPARE(m_server.ask("GET", "/status", m_key).status, 200);
  }

 private:
  TestServer m_server;
  std::string m_key;
};

QTEST_GUILESS_MAIN(TestApiMalformed)
#include "tst_api_malformed.moc"
