// Keys: well formed, checked, and not forged by a slip of the hand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "base/bytes.h"
#include "security/api_keys.h"

using namespace aiops::security;

class ApiKeysTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyMutationOfOneCharacterIsRefused() {
    const auto key = generateApiKey("n", Scope::Read, {});
    QVERIFY(keyIdOf(key.text));
    for (size_t at = 0; at < key.text.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        std::string other = key.text;
        other[at] = static_cast<char>(value);
        if (other == key.text) continue;
        QVERIFY2(!keyIdOf(other), other.c_str());
        QVERIFY(!matches(other, key.record));
      }
    }
  }

  void otherLengthsAreRefused() {
    const auto key = generateApiKey("n", Scope::Read, {});
    for (size_t length = 0; length < key.text.size(); ++length) QVERIFY(!keyIdOf(key.text.substr(0, length)));
    QVERIFY(!keyIdOf(key.text + "0"));
    QVERIFY(!keyIdOf(key.text + '\n'));
    QVERIFY(!keyIdOf(" " + key.text));
    QVERIFY(!keyIdOf(key.text + std::string(1 << 20, 'a')));
  }

  void theFormIsAsDocumented() {
    const auto key = generateApiKey("name", Scope::Operate, {});
    const QRegularExpression form(QStringLiteral("^aiops_[0-9a-f]{8}_[0-9A-Za-z]{43}_[0-9a-f]{8}$"));
    QVERIFY(form.match(QString::fromStdString(key.text)).hasMatch());
    QCOMPARE(*keyIdOf(key.text), key.record.id);
    QCOMPARE(key.record.hash, aiops::base::sha256Hex(key.text));
    QCOMPARE(key.record.name, std::string("name"));
    QVERIFY(key.record.scope == Scope::Operate);
    QVERIFY(matches(key.text, key.record));
    QVERIFY(key.record.hash.find(key.text.substr(15, 43)) == std::string::npos);
  }

  void keysDiffer() {
    std::set<std::string> texts, ids;
    for (int i = 0; i < 1000; ++i) {
      const auto key = generateApiKey("n", Scope::Read, {});
      texts.insert(key.text.substr(15, 43));
      ids.insert(key.record.id);
    }
    QCOMPARE(texts.size(), size_t(1000));
    QVERIFY(ids.size() > 990);  // 32 bits may meet once
    const auto one = generateApiKey("n", Scope::Read, {}), two = generateApiKey("n", Scope::Read, {});
    QVERIFY(!matches(one.text, two.record));
    QVERIFY(!matches("", ApiKeyRecord{}));
  }

  void scopesCoverWhatIsBelowThem() {
    const Scope all[] = {Scope::Read, Scope::Ingest, Scope::Operate, Scope::Approve, Scope::Admin};
    const std::string expected[] = {"10000", "01000", "10100", "10110", "10111"};
    for (size_t has = 0; has < 5; ++has) {
      for (size_t needs = 0; needs < 5; ++needs)
        QCOMPARE(covers(all[has], all[needs]), expected[has][needs] == '1');
      QVERIFY(scopeFromString(toString(all[has])) == all[has]);
    }
    for (const char* bad : {"", "READ", "read ", "root"}) QVERIFY(!scopeFromString(bad));
  }
};

QTEST_GUILESS_MAIN(ApiKeysTest)
#include "tst_security_api_keys.moc"
