// Secrets go, ordinary log text stays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <random>

#include "base/bytes.h"
#include "security/api_keys.h"
#include "security/redaction.h"

using namespace aiops::security;

class RedactionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void knownFormatsGo_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("secret");
    // Put together from halves, so that no scanner takes this file for a leak.
    const QByteArray a36("abcdefghijABCDEFGHIJ0123456789abcdef"), hex32("0123456789abcdef0123456789abcdef");
    const auto row = [](const char* name, const QByteArray& before, const QByteArray& secret,
                        const QByteArray& after) {
      QTest::newRow(name) << before + secret + after << secret;
    };
    row("bearer", "upstream sent Bearer ", "abc123def456", " and failed");
    row("authorization", "Authorization: Basic ", "dXNlcjpodW50ZXIy", "\" 200");
    row("authorization json", R"({"authorization":"Bearer )", "s3cr3t.v4lue", R"("})");
    row("escaped json", R"({\"password\":\")", "hunter22", R"(\"})");
    row("aws id", "key ", QByteArray("AKIA") + "IOSFODNN7EXAMPLE", ".");
    row("aws secret", "aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "\n");
    row("github", "cloning with ", QByteArray("gh") + "p_" + a36, " done");
    row("github fine", "", QByteArray("github") + "_pat_" + a36, "");
    row("gitlab", "", QByteArray("gl") + "pat-" + "abcdefghij0123456789", " ok");
    row("slack", "posting with ", QByteArray("xo") + "xb-123456789012-abcdefghij", " failed");
    row("slack hook", "POST https://", "hooks.slack.com/services/T000/B000/XXXXXXXX", " 404");
    row("stripe", "", QByteArray("sk_") + "live_abcdefghij0123456789", "");
    row("google", "", QByteArray("AI") + "za" + "SyA0123456789abcdefghijklmnopqrstuv", " ");
    row("model", "using ", QByteArray("sk-") + "ant-api03-abcdefghij0123456789", " now");
    row("npm", "", QByteArray("npm") + "_" + a36, "");
    row("vault", "token ", QByteArray("hv") + "s.CAESIabcdefghij0123456789", "");
    row("twilio", "", QByteArray("SK") + hex32, " ");
    row("telegram", "bot", QByteArray(" 123456789:") + "AAabcdefghijklmnopqrstuvwxyz0123456", "");
    row("jwt", "cookie ", QByteArray("eyJhbGciOiJIUzI1NiJ9.") + "eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl", " seen");
    row("url", "connecting to postgres://app:", "p4ss:w@rd", "@db:5432/x");
    row("url without user", "redis://:", "hunter2", "@cache");
    row("parameter", "GET /cb?access_token=", "abcdefg", "&x=1");
    row("password =", "DB_PASSWORD=", "hunter2", " starting");
    row("password :", "password: ", "hunter2", "\n");
    row("password quoted", "password='", "two words", "' ");
    row("camel case", "dbPassword=", "x9", ";");
    row("pwd", "Server=db;Pwd=", "hunter2", ";Database=x");
    row("secret", "client_secret=", "abcdef", " ");
    row("token yaml", "api_key: ", "abcdef123456", "\n");
    row("option", "mysql --password=", "hunter2", " -h db");
    row("option apart", "tool --token ", "hunter2", " run");
    row("header", "X-Api-Key: ", "abcdef", "\n");
    row("cookie", "Cookie: ", "sid=abc; theme=dark", "\" 200");
    row("session", "GET /?PHPSESSID=", "abcdef0123456789", " ");
    row("azure", "AccountName=x;AccountKey=", "abcdefghijklmnopqrstuvwxyz0123456789==", ";");
    row("crypt", "root:", "$6$rounds=5000$abcdefgh$0123456789abcdef", ":19000");
    row("private key", "key:\n", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "\nnext");
    row("torn private key", "key:\n", "-----BEGIN PRIVATE KEY-----\nMIIE\nabc", "");
    row("xml", "<db:password>", "hunter2", "</db:password>");
    row("bytes", "\xff\xfe password=", "hunter2", " \x80");
  }
  void knownFormatsGo() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, secret);
    const std::string out = Redactor().redact(text.toStdString());
    QVERIFY2(out.find(secret.toStdString()) == std::string::npos, out.c_str());
    QVERIFY2(out.find("[redacted:") != std::string::npos, out.c_str());
    QCOMPARE(Redactor().redact(out), out);
  }

  void ordinaryTextStays_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"",
                             "Failed password for root from 10.0.0.1 port 22 ssh2",
                             "password authentication failed for user \"app\"",
                             "Unexpected token: } in JSON",
                             "invalid bearer authentication",
                             "token bucket is full, 3 dropped",
                             "the secret is out",
                             "compass=north bypass=true",
                             "GET /static/app.js?v=123 HTTP/1.1 200",
                             "https://example.com:8080/path@v2",
                             "mailto user@example.com",
                             "commit 0123456789abcdef0123456789abcdef01234567",
                             "id 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                             "task-queue-abcdefghijklmnopqrstuvwx",
                             "basic authentication required",
                             "eyJ is how base64 JSON begins",
                             "AKIA alone",
                             "Authorization: denied",
                             "keyboard=us key=value",
                             "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
                             "$PATH and $HOME",
                             "sk-learn 1.2",
                             "cookie jar is empty",
                             "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)",
                             "java.lang.OutOfMemoryError: Java heap space"}) {
      QTest::newRow(text) << QByteArray(text);
    }
  }
  void ordinaryTextStays() {
    QFETCH(QByteArray, text);
    QCOMPARE(Redactor({"Zx9-own-secret"}).redact(text.toStdString()), text.toStdString());
  }

  void ourOwnSecretsGoInEverySpelling() {
    const std::string secret = "p@ss \"w/rd+Ü?1";
    const Redactor redactor({secret, "abc", ""});
    QCOMPARE(redactor.redact("<" + secret + ">"), std::string("<[redacted:secret]>"));
    const std::string inJson = "{\"v\":\"p@ss \\\"w/rd+Ü?1\"}", withoutIt = "{\"v\":\"[redacted:secret]\"}";
    QCOMPARE(redactor.redact(inJson), withoutIt);
    QVERIFY(redactor.redact("v=p%40ss%20%22w%2Frd%2B%C3%9C%3F1").find("w%2Frd") == std::string::npos);
    QVERIFY(redactor.redact("v=p%40ss%20%22w%2frd%2b%c3%9c%3f1").find("w%2frd") == std::string::npos);
    QCOMPARE(redactor.redact("abc stays"), std::string("abc stays"));
    // As base64, wherever it lies in what was encoded.
    for (const char* before : {"", "u", "us", "use", "user:"}) {
      for (const char* after : {"", "\n", "xy"}) {
        const auto out = redactor.redact(aiops::base::toBase64(before + secret + after));
        QVERIFY2(out.find("[redacted:secret]") != std::string::npos, out.c_str());
        QVERIFY(out.size() < 17 + 4 * 6);
      }
    }
  }

  void ourOwnKeysGo() {
    const auto key = generateApiKey("n", Scope::Admin, {});
    QCOMPARE(Redactor().redact("got " + key.text + " from x"),
             std::string("got [redacted:aiops-key] from x"));
    QVERIFY(Redactor().redact(key.text.substr(0, 50)).find(key.text.substr(16, 20)) == std::string::npos);
  }

  void overlapsJoin() {
    const Redactor redactor({"abcdefgh", "efghijkl"});
    QCOMPARE(redactor.redact("1abcdefghijkl2"), std::string("1[redacted:secret]2"));
    QCOMPARE(redactor.redact("abcdefghabcdefgh"), std::string("[redacted:secret][redacted:secret]"));
  }

  void anyBytesAreTaken() {
    const Redactor redactor({"own-secret"});
    std::mt19937 random(7);
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (unsigned n = random() % 300; n > 0; --n) text += static_cast<char>(random());
      if (i % 2) text.insert(random() % (text.size() + 1), "own-secret");
      const auto out = redactor.redact(text);
      QVERIFY(out.find("own-secret") == std::string::npos);
      QCOMPARE(redactor.redact(out), out);
    }
  }
};

QTEST_GUILESS_MAIN(RedactionTest)
#include "tst_security_redaction.moc"
