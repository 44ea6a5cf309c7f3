// What must survive redaction, and what redaction must survive.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <yaml-cpp/yaml.h>

#include <QtTest>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "security/redaction.h"
#include "security/redaction_decode.h"
#include "security/redaction_entropy.h"
#include "support/hostile_corpus.h"
#include "support/secret_maker.h"

using namespace aiops;

namespace {

/// Each sample of the shipped patterns is an ordinary line, but for those that show a secret on purpose.
constexpr size_t kMostChangedSamples = 0;
constexpr double kMostWork = 40;  // bytes looked at for a byte of hostile text

void collect(const YAML::Node& node, std::vector<std::string>& out) {
  if (node.IsScalar()) out.push_back(node.Scalar());
  if (node.IsSequence() || node.IsMap()) {
    for (const auto& child : node) collect(node.IsMap() ? child.second : child, out);
  }
}

std::vector<std::string> shippedSamples() {
  std::vector<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(AIOPS_SOURCE_DIR "/resources/patterns")) {
    const auto document = YAML::LoadFile(file.path().string());
    for (const auto& pattern : document.IsSequence() ? document : document["patterns"]) {
      if (pattern["samples"]) collect(pattern["samples"], out);
    }
  }
  return out;
}

std::string repeated(std::string_view piece, size_t size) {
  std::string out;
  while (out.size() < size) out += piece;
  return out;
}

}  // namespace

class RedactionSurvivalTest : public QObject {
  Q_OBJECT

  const security::Redactor m_redactor{{"own-secret-of-ours"}};

 private Q_SLOTS:
  void shippedSamplesStay() {
    const auto samples = shippedSamples();
    QVERIFY2(samples.size() > 1000, std::to_string(samples.size()).c_str());
    size_t changed = 0;
    for (const auto& sample : samples) {
      const auto out = m_redactor.redact(sample);
      if (out == sample) continue;
      ++changed;
      qInfo("changed: %s\n     to: %s", sample.c_str(), out.c_str());
    }
    qInfo("%zu of %zu ordinary samples changed", changed, samples.size());
    QVERIFY(changed <= kMostChangedSamples);
  }

  /// They are shown and edited over HTTP.
  void shippedPatternsStay() {
    for (const auto& file : std::filesystem::directory_iterator(AIOPS_SOURCE_DIR "/resources/patterns")) {
      const auto text = base::readFile(file.path()).value_or("");
      const auto out = m_redactor.redact(text);
      const auto at = static_cast<size_t>(std::ranges::mismatch(out, text).in1 - out.begin());
      QVERIFY2(out == text,
               (file.path().string() + ": " + out.substr(at - std::min<size_t>(at, 60), 160)).c_str());
    }
  }

  void ordinaryTextStays_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
         {"trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 parent=0",
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "token refresh for request 6ba7b810-9dad-11d1-80b4-00c04fd430c8 took 12 ms",
          "secret sync at commit 0123456789abcdef0123456789abcdef01234567 done",
          "pulled nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "Accepted publickey for bob ssh2: ED25519 SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
          "token key SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8 is known",
          "password: ${DB_PASSWORD}",
          "password={{ vault_password }}",
          "token: <your token here>",
          "api_key=$API_KEY",
          "password: ********",
          "token=%s",
          "Access denied for user 'bob'@'h' (using password: YES)",
          "Wrong password: attempt 3 of 5",
          "Unexpected token: value1 in line 7",
          "max_tokens=4096 total_tokens=512",
          "pod token-controller-manager-7d9f8b6c5d-x2x4z was restarted",
          "secret volume mount kube-api-access-9qk2x for pod billing-7c6c5b9f7d-abcde failed",
          "alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id",
          "pass: 12 fail: 3",
          "GET /search?q=a%20b%20c&page=2 HTTP/1.1",
          "C:\\Users\\new\\table\\x86 not found",
          "session opened for user root by (uid=0)",
          "Authorization: denied",
          "X-Cache-Key: /static/app.js",
          "token of Base64StandardTokenizerFactory and OAuth2ClientCredentialsProvider",
          "java.lang.IllegalArgumentException: tokenizer "
          "org.apache.lucene.analysis.StandardTokenizerFactory2Impl",
          "0x7f3a2c001230 in /lib/x86_64-linux-gnu/libcrypto.so.3",
          "x-request-id: 7b1c0f64-1111-4222-8333-944445555666",
          "https://user@example.com:8080/path",
          "etag \"5f3759df-1a2b3c\" md5 d41d8cd98f00b204e9800998ecf8427e",
          "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"}) {
      QTest::newRow(text) << QByteArray(text);
    }
  }
  void ordinaryTextStays() {
    QFETCH(QByteArray, text);
    QCOMPARE(m_redactor.redact(text.toStdString()), text.toStdString());
  }

  void randomWordsNearSecretWordsGo() {
    test::SecretMaker maker(5);
    const auto secret = maker.drawn('a', 32);
    const auto out = m_redactor.redact("the new password for the cluster is " + secret + " today");
    QVERIFY(out.find(secret) == std::string::npos);
    const std::string far = "the id of the build is " + secret + " today";
    QCOMPARE(m_redactor.redact(far), far);
    QVERIFY(security::entropyOf("aaaa") == 0.0 && security::entropyOf("abab") == 1.0);
    size_t found = 0;
    for (int i = 0; i < 1000; ++i) found += security::looksRandom(maker.drawn('a', 32));
    QVERIFY2(found >= 970, std::to_string(found).c_str());
  }

  /// Evidence is kept up to a length.
  void tokensThatWereCutGo() {
    const std::string begin = std::string("gh") + "p_";
    for (const char* end : {"", "\xe2\x80\xa6", "..."})
      QCOMPARE(m_redactor.redact("got " + begin + "Ab3dEf7h" + end),
               "got " + begin + "[redacted:cut-token]" + end);
  }

  void decodersSayWhereTheyRead() {
    for (const char* text : {"x%41%42y", "a\\u0041\\n", "&#65;&lt;&#x42;",
                             "QUJDREVGR0hJSktMTU5PUA==", "4142434445464748494a4b4c4d4e4f50"}) {
      size_t work = 0;
      const auto all = security::decodings(text, work);
      QVERIFY2(!all.empty(), text);
      for (const auto& one : all) {
        QCOMPARE(one.from.size(), one.text.size());
        QCOMPARE(one.to.size(), one.text.size());
        for (size_t i = 0; i < one.text.size(); ++i)
          QVERIFY(one.from[i] < one.to[i] && one.to[i] <= std::string_view(text).size());
      }
    }
    size_t work = 0;
    QCOMPARE(security::decodings("\\ud83d\\ude00\\u00e9", work).front().text,
             std::string("\xf0\x9f\x98\x80\xc3\xa9"));
  }

  void membersOfJsonAreJudgedByTheirNames() {
    nlohmann::json json{
        {"password", "tulip"}, {"message", "all is well"}, {"list", {"x", "token=abc123def"}}};
    m_redactor.redactStrings(json);
    QCOMPARE(json["password"].get<std::string>(), std::string("[redacted:password]"));
    QCOMPARE(json["message"].get<std::string>(), std::string("all is well"));
    QVERIFY(json["list"][1].get<std::string>().find("abc123") == std::string::npos);
  }

  /// Mutated secrets, hostile strings and noise: no crash, a second time changes nothing, UTF-8 stays UTF-8.
  void anythingIsTaken() {
    std::mt19937 random(11);
    std::vector<std::string> pieces = test::hostileCorpus(60);
    for (const auto& secret : test::SecretMaker(3).all()) {
      pieces.push_back(secret.text);
      pieces.push_back(test::encoded(secret.text, test::kEncodings[random() % test::kEncodings.size()]));
    }
    for (const char* piece :
         {"password=", "token: \"", "[redacted:", "[redacted:jwt]", "]", "%", "\\u", "\\\"", "&#x",
          "own-secret-of-ours", "\xc3\xa9", "\n", " ", "://", "@", "----", "="}) {
      for (int i = 0; i < 8; ++i) pieces.emplace_back(piece);
    }
    for (int i = 0; i < 3000; ++i) {
      std::string text;
      for (size_t n = 1 + random() % 5; n > 0; --n) {
        auto piece = pieces[random() % pieces.size()].substr(0, 600);
        for (size_t m = random() % 3; m > 0 && !piece.empty(); --m)
          piece[random() % piece.size()] = static_cast<char>(random());
        text += piece;
      }
      if (i % 2) text = base::toValidUtf8(text);
      const auto out = m_redactor.redact(text);
      QVERIFY(out.find("own-secret-of-ours") == std::string::npos);
      if (i % 2) QCOMPARE(base::toValidUtf8(out), out);
      const auto again = m_redactor.redact(out);
      QVERIFY2(again == out, (text + "\n -> " + out + "\n -> " + again).c_str());
    }
  }

  /// Work is counted, not timed: ten times the text is at most ten times the work (and a little).
  void hostileTextCostsLinearWork() {
    for (const char* piece : {"a",
                              "password=",
                              "password=x ",
                              "token: ",
                              "://",
                              "a://b:c@",
                              "a:b@",
                              "eyJa",
                              "eyJabcdefgh.",
                              "%41",
                              "%2541",
                              "\\u0041",
                              "\\\\",
                              "&#65;",
                              "&amp;",
                              "4142",
                              "QUJD",
                              "QUJDREVGR0hJSktM ",
                              "-----BEGIN PRIVATE KEY-----",
                              "secret ",
                              "secret token key ",
                              "sk-",
                              "[redacted:",
                              "[redacted:jwt]",
                              "[redacted:x",
                              "cookie: a=b ",
                              "logic.azure.com?sig=",
                              "chat.googleapis.com/v1/spaces/",
                              "curl -u ",
                              "mysql ",
                              "alter user x ",
                              "discord ",
                              "own-secret",
                              "own-secret-of-ours",
                              "\"\\\"",
                              "aws secret ",
                              "password:password:",
                              "-pass ",
                              "\n",
                              "7b2274"}) {
      size_t small = 0, large = 0;
      (void)m_redactor.redact(repeated(piece, 4'000), &small);
      (void)m_redactor.redact(repeated(piece, 40'000), &large);
      QVERIFY2(static_cast<double>(large) <= 10.5 * static_cast<double>(small) + 10'000, piece);
      QVERIFY2(static_cast<double>(large) <= kMostWork * 40'000,
               (std::string(piece) + " " + std::to_string(large)).c_str());
    }
  }
};

QTEST_GUILESS_MAIN(RedactionSurvivalTest)
#include "tst_security_redaction_survival.moc"
