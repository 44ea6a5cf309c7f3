// The audit chain: every change to its files is found, and what a crash leaves is repaired.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "base/bytes.h"
#include "base/fd.h"
#include "model/json.h"
#include "security/audit_chain.h"
#include "security/audit_file.h"

using namespace aiops::security;
using aiops::base::ErrorCode;
using aiops::model::AuditEntry;
namespace fs = std::filesystem;

class AuditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_temporary = std::make_unique<QTemporaryDir>();
    m_dir = fs::path(m_temporary->path().toStdString()) / "audit";
    auto log = AuditLog::open(m_dir);
    QVERIFY(log);
    QCOMPARE((*log)->notice(), std::string());
    for (int i = 1; i <= 4; ++i) m_last = *(*log)->append(entry(i));
  }

  void aWholeChainVerifies() {
    const auto found = verifyAudit(m_dir, AuditHead{m_last.sequence, m_last.hash});
    QVERIFY2(found.whole, found.problem.c_str());
    QCOMPARE(found.entries, uint64_t(4));
    QCOMPARE(found.headHash, m_last.hash);
    QCOMPARE(found.brokenAt, uint64_t(0));
    QVERIFY(*verifySignature(m_dir / "audit.pub", m_last.hash, m_last.signature));
  }

  void whatIsReadIsWhatWasWritten() {
    std::vector<AuditEntry> read;
    QVERIFY(readAudit(m_dir, [&](const AuditEntry& one) {
      read.push_back(one);
      return read.size() < 3;
    }));
    QCOMPARE(read.size(), size_t(3));
    QCOMPARE(read[1].target, std::string("unit 2"));
    QCOMPARE(read[1].previousHash, read[0].hash);
    QCOMPARE(read[0].previousHash, std::string());
  }

  void hostileTextIsKeptReadable() {
    auto log = *AuditLog::open(m_dir);
    AuditEntry hostile = entry(5);
    hostile.why = std::string("a\0b\n\"\xff\u202E", 9);
    hostile.at = aiops::base::TimePoint(aiops::base::Duration(1'234'567));  // not whole milliseconds
    const auto written = *log->append(hostile);
    QVERIFY(verifyAudit(m_dir).whole);
    AuditEntry read;
    QVERIFY(readAudit(m_dir, [&](const AuditEntry& one) {
      read = one;
      return true;
    }));
    QCOMPARE(auditLine(read), auditLine(written));
  }

  void everyFlippedBitIsFound() {
    const auto dir = m_dir / "small";
    QVERIFY((*AuditLog::open(dir))->append(entry(1)));
    QVERIFY((*AuditLog::open(dir))->append(entry(2)));
    for (const char* name : {"audit.jsonl", "audit.head"}) {
      const auto path = dir / name;
      const std::string good = text(path);
      for (size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        put(path, bad);
        const auto found = verifyAudit(dir);
        QVERIFY2(!found.whole && !found.problem.empty(), qPrintable(QString::number(bit)));
        // Flipping the last line feed looks torn, but the head knows better.
        if (bit % 61 == 0) QVERIFY2(!AuditLog::open(dir), qPrintable(QString::number(bit)));
        put(path, bad);
      }
      put(path, good);
    }
    QVERIFY(verifyAudit(dir).whole);
  }

  void movedRowsAreFound() {
    const auto lines = rows();
    for (size_t i = 0; i < lines.size(); ++i) {
      auto deleted = lines, doubled = lines, inserted = lines;
      deleted.erase(deleted.begin() + static_cast<long>(i));
      doubled.insert(doubled.begin() + static_cast<long>(i), lines[i]);
      inserted.insert(inserted.begin() + static_cast<long>(i), "{}");
      for (const auto& bad : {deleted, doubled, inserted}) expectBroken(bad);
      for (size_t other = i + 1; other < lines.size(); ++other) {
        auto swapped = lines;
        std::swap(swapped[i], swapped[other]);
        expectBroken(swapped);
      }
    }
  }

  void aCutTailIsFound() {
    for (size_t keep = 0; keep < 4; ++keep) {
      auto cut = rows();
      cut.resize(keep);
      expectBroken(cut);
    }
    const std::string whole = text(m_dir / "audit.jsonl");
    for (size_t length = 0; length < whole.size(); length += 5) {
      put(m_dir / "audit.jsonl", whole.substr(0, length));
      QVERIFY(!verifyAudit(m_dir).whole);
    }
  }

  void aCutTailWithAnOldHeadIsFoundByTheNotedHead() {
    const std::string log = text(m_dir / "audit.jsonl"), head = text(m_dir / "audit.head");
    const auto noted = (*AuditLog::open(m_dir))->append(entry(5));
    put(m_dir / "audit.jsonl", log);
    put(m_dir / "audit.head", head);
    QVERIFY(verifyAudit(m_dir).whole);  // within itself it is
    const auto found = verifyAudit(m_dir, AuditHead{noted->sequence, noted->hash});
    QVERIFY(!found.whole);
    QCOMPARE(found.brokenAt, uint64_t(5));
  }

  void aForkedTailIsFoundByTheNotedHead() {
    const std::string log = text(m_dir / "audit.jsonl"), head = text(m_dir / "audit.head");
    const auto noted = (*AuditLog::open(m_dir))->append(entry(5));
    put(m_dir / "audit.jsonl", log);
    put(m_dir / "audit.head", head);
    QVERIFY((*AuditLog::open(m_dir))->append(entry(6)));
    QVERIFY(verifyAudit(m_dir).whole);
    QVERIFY(!verifyAudit(m_dir, AuditHead{noted->sequence, noted->hash}).whole);
  }

  void resealingWithoutTheKeyIsFound() {
    // Change one entry and recompute all hashes; signatures are the old ones, empty, or of another key.
    const auto other = *SigningKey::loadOrCreate(m_dir / "other.key", m_dir / "other.pub");
    for (int way = 0; way < 3; ++way) {
      auto entries = parsed();
      entries[1].who = "someone else";
      std::vector<std::string> lines;
      std::string hash;
      for (auto& one : entries) {
        chain(one, one.sequence - 1, hash);
        hash = one.hash;
        if (way == 1) one.signature.clear();
        if (way == 2) one.signature = other.sign(one.hash);
        lines.push_back(auditLine(one));
      }
      const auto found = expectBroken(lines);
      QCOMPARE(found.brokenAt, uint64_t(way == 0 ? 2 : 1));
    }
  }

  void anotherKeyPairIsFound() {
    fs::remove(m_dir / "audit.key");
    fs::remove(m_dir / "audit.pub");
    QVERIFY(!AuditLog::open(m_dir));
    QVERIFY(SigningKey::loadOrCreate(m_dir / "audit.key", m_dir / "audit.pub"));
    QVERIFY(!verifyAudit(m_dir).whole);
    QVERIFY(!AuditLog::open(m_dir));
  }

  void aLostHeadIsFound() {
    fs::remove(m_dir / "audit.head");
    QVERIFY(!verifyAudit(m_dir).whole);
    const auto opened = AuditLog::open(m_dir);
    QVERIFY(!opened && opened.error().code == ErrorCode::Corrupt);
    fs::remove(m_dir / "audit.jsonl");
    QVERIFY(!verifyAudit(m_dir).whole);
  }

  void aCrashBetweenEntryAndHeadIsRepaired() {
    const std::string head = text(m_dir / "audit.head");
    const auto fifth = *(*AuditLog::open(m_dir))->append(entry(5));
    put(m_dir / "audit.head", head);
    const auto opened = AuditLog::open(m_dir);
    QVERIFY(opened);
    QVERIFY(!(*opened)->notice().empty());
    QCOMPARE((*opened)->append(entry(6))->previousHash, fifth.hash);
    QVERIFY(verifyAudit(m_dir).whole);
    put(m_dir / "audit.head", head);  // two behind was no crash
    QVERIFY(!AuditLog::open(m_dir));
    QVERIFY(!verifyAudit(m_dir).whole);
  }

  void aTornLineIsCut() {
    const std::string before = text(m_dir / "audit.jsonl"), head = text(m_dir / "audit.head");
    QVERIFY((*AuditLog::open(m_dir))->append(entry(5)));
    const std::string line = text(m_dir / "audit.jsonl").substr(before.size());
    for (size_t length = 1; length < line.size(); length += 31) {
      put(m_dir / "audit.jsonl", before + line.substr(0, length));
      put(m_dir / "audit.head", head);
      const auto opened = AuditLog::open(m_dir);
      QVERIFY(opened);
      QVERIFY(!(*opened)->notice().empty());
      QCOMPARE(text(m_dir / "audit.jsonl"), before);
      QCOMPARE((*opened)->append(entry(5))->sequence, uint64_t(5));
      QVERIFY(verifyAudit(m_dir).whole);
    }
  }

  void aFailedWriteClosesTheLog() {
    const std::string before = text(m_dir / "audit.jsonl");
    {
      auto log = *AuditLog::open(m_dir);
      const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
      struct rlimit limit{}, old{};
      ::getrlimit(RLIMIT_FSIZE, &old);
      limit = old;
      limit.rlim_cur = before.size() + 20;
      ::setrlimit(RLIMIT_FSIZE, &limit);
      const auto failed = log->append(entry(5));
      ::setrlimit(RLIMIT_FSIZE, &old);
      std::signal(SIGXFSZ, oldHandler);
      QVERIFY(!failed);
      QVERIFY(!log->append(entry(6)));
    }
    auto log = AuditLog::open(m_dir);
    QVERIFY(log);
    QVERIFY(!(*log)->notice().empty());
    QCOMPARE(text(m_dir / "audit.jsonl"), before);
  }

  void oneWriterOnly() {
    const auto first = AuditLog::open(m_dir);
    const auto second = AuditLog::open(m_dir);
    QVERIFY(first);
    QVERIFY(!second && second.error().code == ErrorCode::Conflict);
  }

  void thePrivateKeyIsPrivate() {
    struct stat info{};
    QCOMPARE(::stat((m_dir / "audit.key").c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777, 0600u);
    ::chmod((m_dir / "audit.key").c_str(), 0640);
    const auto opened = AuditLog::open(m_dir);
    QVERIFY(!opened && opened.error().code == ErrorCode::PermissionDenied);
  }

  void missingFilesAreAnAnswer() {
    const auto found = verifyAudit(m_dir / "nowhere");
    QVERIFY(!found.whole && !found.problem.empty());
    QVERIFY(readAudit(m_dir / "nowhere", {}));
  }

 private:
  static AuditEntry entry(int number) {
    AuditEntry one;
    one.at = aiops::base::TimePoint(std::chrono::seconds(1'800'000'000 + number));
    one.who = "executor";
    one.what = "step.result";
    one.target = "unit " + std::to_string(number);
    one.result = "ok";
    return one;
  }
  static std::string text(const fs::path& path) { return *aiops::base::readFile(path); }
  /// In place: replacing by way of O_TRUNC makes some file systems write to the disk each time.
  static void put(const fs::path& path, const std::string& bytes) {
    const aiops::base::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    const bool done =
        ::pwrite(fd.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()) &&
        ::ftruncate(fd.get(), static_cast<off_t>(bytes.size())) == 0;
    if (!done) QTest::qFail("can't write", __FILE__, __LINE__);
  }

  std::vector<std::string> rows() {
    std::vector<std::string> out;
    std::istringstream in(text(m_dir / "audit.jsonl"));
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }
  std::vector<AuditEntry> parsed() {
    std::vector<AuditEntry> out;
    for (const auto& line : rows()) out.push_back(nlohmann::json::parse(line).get<AuditEntry>());
    return out;
  }
  /// Puts `lines` in place of the log, expects that both verifier and writer notice, and puts the log back.
  aiops::model::AuditVerification expectBroken(const std::vector<std::string>& lines) {
    const std::string good = text(m_dir / "audit.jsonl");
    std::string bad;
    for (const auto& line : lines) bad += line + "\n";
    put(m_dir / "audit.jsonl", bad);
    const auto found = verifyAudit(m_dir);
    const auto opened = AuditLog::open(m_dir);
    put(m_dir / "audit.jsonl", good);
    if (found.whole || opened || opened.error().code != ErrorCode::Corrupt)
      QTest::qFail("not found", __FILE__, __LINE__);
    return found;
  }

  std::unique_ptr<QTemporaryDir> m_temporary;
  fs::path m_dir;
  AuditEntry m_last;
};

QTEST_GUILESS_MAIN(AuditTest)
#include "tst_security_audit.moc"
