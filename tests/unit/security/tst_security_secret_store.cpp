// Secrets at rest: the file, and a key ring that answers, refuses, hangs or is not there.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>
#include <optional>

#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "security/secret_store.h"

using namespace aiops;
using base::ErrorCode;
using security::SecretStore;

namespace {

/// A key ring in memory; with `failure` every call answers that.
class FakeRing final : public security::SecretKeeper {
 public:
  base::Result<std::string> read(const std::string& name) override {
    ++calls;
    if (failure) return base::fail(*failure, "failed");
    const auto found = entries.find(name);
    if (found == entries.end()) return base::fail(ErrorCode::NotFound, "no entry");
    return found->second;
  }
  base::Result<> write(const std::string& name, const std::string& value) override {
    ++calls;
    if (failure) return base::fail(*failure, "failed");
    entries[name] = value;
    return {};
  }
  base::Result<> remove(const std::string& name) override {
    ++calls;
    if (failure) return base::fail(*failure, "failed");
    if (entries.erase(name) == 0) return base::fail(ErrorCode::NotFound, "no entry");
    return {};
  }

  std::map<std::string, std::string> entries;
  std::optional<ErrorCode> failure;
  int calls = 0;
};

const std::string kName = "notify.pagerduty_api_key", kValue = "s3cret-value-0123456789";

}  // namespace

class TestSecretStore : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_ring = {};
  }

  void withAKeyRingTheFileHoldsOnlyTheName() {
    SecretStore store(home(), m_ring);
    const auto kept = store.write(kName, kValue);
    QVERIFY2(kept.has_value(), kept ? "" : kept.error().line().c_str());
    QCOMPARE(*kept, std::string("key ring"));
    QCOMPARE(*SecretStore(home(), m_ring).read(kName), kValue);
    QVERIFY(fileText().find(kValue) == std::string::npos);
    QVERIFY(fileText().find(kName) != std::string::npos);
    QVERIFY(store.remove(kName).has_value());
    QVERIFY(m_ring.entries.empty());
    QVERIFY(!std::filesystem::exists(store.file()));
  }

  void withoutOneTheFileKeepsIt() {
    m_ring.failure = ErrorCode::Unavailable;
    SecretStore store(home(), m_ring);
    const auto kept = store.write(kName, kValue);
    QVERIFY(kept && kept->find("secrets.json (0600)") != std::string::npos);
    QCOMPARE(store.list()->at(0).keptIn, *kept);
    QCOMPARE(mode(), 0600u);
    m_ring.calls = 0;
    QCOMPARE(*store.read(kName), kValue);
    QCOMPARE(m_ring.calls, 0);
  }

  void aKeyRingThatFailsIsNoReasonForAFile_data() {
    QTest::addColumn<int>("code");
    QTest::newRow("hangs") << int(ErrorCode::Timeout);
    QTest::newRow("refuses") << int(ErrorCode::PermissionDenied);
    QTest::newRow("fails") << int(ErrorCode::Io);
  }

  void aKeyRingThatFailsIsNoReasonForAFile() {
    QFETCH(int, code);
    m_ring.failure = ErrorCode(code);
    SecretStore store(home(), m_ring);
    const auto kept = store.write(kName, kValue);
    QVERIFY(!kept && kept.error().code == ErrorCode(code));
    QVERIFY(!std::filesystem::exists(store.file()));
    QVERIFY(store.write(kName, kValue, SecretStore::Place::File).has_value());  // asked for
  }

  void movingLeavesNoSecondCopy() {
    SecretStore store(home(), m_ring);
    QVERIFY(store.write(kName, kValue).has_value());
    QVERIFY(store.write(kName, "another-value", SecretStore::Place::File).has_value());
    QVERIFY(m_ring.entries.empty());
    QCOMPARE(*store.read(kName), std::string("another-value"));
    QVERIFY(store.write(kName, kValue).has_value());
    QVERIFY(fileText().find("another-value") == std::string::npos);
    QCOMPARE(store.list()->size(), size_t{1});
  }

  void nothingIsAskedWhenNothingIsKept() {
    SecretStore store(home(), m_ring);
    QVERIFY(store.list()->empty());
    const auto none = store.read(kName);
    QVERIFY(!none && none.error().code == ErrorCode::NotFound);
    QVERIFY(!store.remove(kName));
    QCOMPARE(m_ring.calls, 0);
  }

  void twoHomesShareNothing() {
    const QTemporaryDir other;
    SecretStore here(home(), m_ring), there(other.path().toStdString(), m_ring);
    QVERIFY(here.write(kName, "of here").has_value());
    QVERIFY(there.write(kName, "of there").has_value());
    QCOMPARE(*here.read(kName), std::string("of here"));
    QVERIFY(there.remove(kName).has_value());
    QCOMPARE(*here.read(kName), std::string("of here"));
  }

  void hostileValues() {
    m_ring.failure = ErrorCode::Unavailable;
    SecretStore store(home(), m_ring);
    for (const std::string& value : {std::string("quote\" \\ {\"a\":1}\n\t"),
                                     std::string("\xC3\xA9 \xE2\x80\xAE"), std::string(4096, 'x')}) {
      QVERIFY(store.write(kName, value).has_value());
      QCOMPARE(*store.read(kName), value);
    }
    for (const std::string& value :
         {std::string(), std::string("a\0b", 3), std::string("\xFF\xFE"), std::string(4097, 'x')}) {
      const auto refused = store.write(kName, value);
      QVERIFY(!refused && refused.error().code == ErrorCode::InvalidInput);
    }
  }

  void aFileOpenToOthersIsClosed() {
    m_ring.failure = ErrorCode::Unavailable;
    SecretStore store(home(), m_ring);
    QVERIFY(store.write(kName, kValue).has_value());
    QCOMPARE(::chmod(store.file().c_str(), 0644), 0);
    QCOMPARE(*store.read(kName), kValue);
    QCOMPARE(mode(), 0600u);
  }

  void aDamagedFileIsSaidWithoutItsBytes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("cut") << QByteArray("{\"file\":{\"a\":\"s3cret");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("list") << QByteArray("[\"s3cret\"]");
    QTest::newRow("no ring") << QByteArray("{\"file\":{}}");
    QTest::newRow("number") << QByteArray("{\"file\":{\"a\":1},\"key_ring\":[]}");
    QTest::newRow("ring of numbers") << QByteArray("{\"file\":{},\"key_ring\":[1]}");
    QTest::newRow("deep") << QByteArray(100000, '[');
  }

  void aDamagedFileIsSaidWithoutItsBytes() {
    QFETCH(QByteArray, text);
    std::ofstream(home() / "secrets.json", std::ios::binary) << text.toStdString();
    SecretStore store(home(), m_ring);
    const auto read = store.read(kName);
    QVERIFY(!read && read.error().code == ErrorCode::Corrupt);
    QVERIFY(read.error().line().find("s3cret") == std::string::npos);
    QVERIFY(!store.write(kName, kValue));  // and nothing is overwritten
    QCOMPARE(QByteArray::fromStdString(fileText()), text);
  }

  void linksAndPipesAreNotFollowed() {
    SecretStore store(home(), m_ring);
    std::ofstream(home() / "elsewhere") << "{\"file\":{},\"key_ring\":[]}";
    QCOMPARE(::symlink("elsewhere", store.file().c_str()), 0);
    QVERIFY(!store.list());
    std::filesystem::remove(store.file());
    QCOMPARE(::mkfifo(store.file().c_str(), 0600), 0);
    QVERIFY(!store.list());
  }

 private:
  std::filesystem::path home() const { return m_dir->path().toStdString(); }
  std::string fileText() const { return base::readFile(home() / "secrets.json").value_or(""); }
  unsigned mode() const {
    struct stat info = {};
    ::stat((home() / "secrets.json").c_str(), &info);
    return info.st_mode & 07777;
  }

  std::unique_ptr<QTemporaryDir> m_dir;
  FakeRing m_ring;
};

QTEST_GUILESS_MAIN(TestSecretStore)
#include "tst_security_secret_store.moc"
