// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "remediation/journal.h"

using namespace aiops;
using namespace aiops::remediation;
using model::FixState;

namespace {

model::Plan twoStepPlan() {
  model::Plan plan;
  plan.target = "web";
  plan.steps.resize(2);
  plan.steps[0].kind = "config_edit";
  plan.steps[0].edit = model::FileEdit{"/etc/web.conf", "a", "b", 0644, 0, 0};
  plan.steps[1].kind = "command";
  plan.steps[1].command = model::CommandSpec{{"/bin/true"}};
  plan.steps[1].inverse = model::CommandSpec{{"/bin/true"}};
  plan.steps[1].inverseDeferred = true;
  return plan;
}

/// Builds records that keep the rules; each test breaks one.
class Book {
 public:
  explicit Book() : m_bytes(model::canonicalBytes(twoStepPlan())), m_hash(base::sha256Hex(m_bytes)) {}

  JournalRecord& add(RecordKind kind, int step = -1, int attempt = 1, bool ok = true) {
    JournalRecord record;
    record.sequence = records.size() + 1;
    record.kind = kind;
    record.planHash = m_hash;
    record.step = step;
    record.attempt = attempt;
    record.ok = ok;
    record.target = "web";
    if (kind == RecordKind::Approval) record.planBytes = m_bytes;
    if (kind == RecordKind::Claim) record.fence = ++m_fence;
    records.push_back(record);
    return records.back();
  }
  Book& state(FixState next) {
    add(RecordKind::State).state = next;
    return *this;
  }
  Book& ran(int step, bool ok = true) {
    add(RecordKind::Intent, step);
    add(RecordKind::Result, step, 1, ok);
    return *this;
  }
  Book& undone(int step) {
    add(RecordKind::UndoIntent, step);
    add(RecordKind::UndoResult, step);
    return *this;
  }
  Book& claimed() {
    add(RecordKind::Approval);
    add(RecordKind::Claim);
    return *this;
  }
  bool holds() const { return invariantViolations(records).empty(); }

  std::vector<JournalRecord> records;

 private:
  std::string m_bytes, m_hash;
  uint64_t m_fence = 0;
};

}  // namespace

class TestJournal : public QObject {
  Q_OBJECT

  static std::filesystem::path fileIn(const QTemporaryDir& directory) {
    return std::filesystem::path(directory.path().toStdString()) / "journal";
  }
  static void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }
  /// Three records; their bytes, and the size after each.
  static std::pair<std::string, std::vector<size_t>> threeRecords(const std::filesystem::path& file) {
    std::vector<size_t> sizes{0};
    {
      auto journal = Journal::open(file).value();
      for (const char* text : {"one", "two", "three"}) {
        JournalRecord record;
        record.detail = text;
        if (!journal->append(record)) qFatal("append failed");
        sizes.push_back(std::filesystem::file_size(file));
      }
    }
    return {base::readFile(file).value(), sizes};
  }

 private Q_SLOTS:
  void keepsRecordsAcrossOpening() {
    const QTemporaryDir directory;
    threeRecords(fileIn(directory));
    const auto journal = Journal::open(fileIn(directory));
    QVERIFY(journal);
    QCOMPARE((*journal)->records().size(), size_t(3));
    QCOMPARE((*journal)->records()[2].detail, std::string("three"));
    QVERIFY((*journal)->notice().empty());
    QCOMPARE(std::filesystem::status(fileIn(directory)).permissions(), std::filesystem::perms(0600));
  }

  /// Cut anywhere: what was whole is kept, the torn rest is removed and said, and the journal goes on.
  void aTornTailIsCut() {
    const QTemporaryDir directory;
    const auto file = fileIn(directory);
    const auto [bytes, sizes] = threeRecords(file);
    for (size_t cut = 0; cut <= bytes.size(); cut += 5) {
      write(file, bytes.substr(0, cut));
      auto journal = Journal::open(file);
      QVERIFY2(journal, std::to_string(cut).c_str());
      const auto whole =
          static_cast<size_t>(std::ranges::count_if(sizes, [&](size_t size) { return size <= cut; })) - 1;
      QCOMPARE((*journal)->records().size(), whole);
      QCOMPARE((*journal)->notice().empty(), cut == sizes[whole]);
      QVERIFY((*journal)->append({}));
    }
    write(file, bytes + std::string(100, '\0'));  // a power cut may leave zeros
    QCOMPARE((*Journal::open(file))->records().size(), size_t(3));
  }

  /// Any flipped bit anywhere is damage, never a shorter journal.
  void anyFlippedBitIsDamage() {
    const QTemporaryDir directory;
    const auto file = fileIn(directory);
    const std::string bytes = threeRecords(file).first;
    for (size_t bit = 0; bit < bytes.size() * 8; bit += 23) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      write(file, damaged);
      const auto journal = Journal::open(file);
      QVERIFY2(!journal && journal.error().code == base::ErrorCode::Corrupt, std::to_string(bit).c_str());
    }
  }

  void recordsRemovedOrSwappedAreDamage() {
    const QTemporaryDir directory;
    const auto file = fileIn(directory);
    const auto [bytes, sizes] = threeRecords(file);
    write(file, bytes.substr(0, sizes[1]) + bytes.substr(sizes[2]));
    QVERIFY(!Journal::open(file));
    write(file, bytes + bytes.substr(sizes[2]));
    QVERIFY(!Journal::open(file));
  }

  void goodLivesKeepTheRules() {
    QVERIFY(Book().claimed().ran(0).ran(1).state(FixState::Validating).state(FixState::Succeeded).holds());
    QVERIFY(Book()
                .claimed()
                .ran(0)
                .ran(1)
                .state(FixState::Validating)
                .state(FixState::RollingBack)
                .undone(0)
                .undone(1)
                .state(FixState::RolledBack)
                .holds());
    QVERIFY(Book()
                .claimed()
                .ran(0, false)
                .state(FixState::RollingBack)
                .undone(0)
                .state(FixState::RolledBack)
                .holds());
  }

  void eachRuleIsChecked() {
    const auto breaks = [](const char* rule, auto&& change) {
      Book book;
      change(book);
      QVERIFY2(!book.holds(), rule);
    };
    breaks("gap", [](Book& b) { b.claimed().records[1].sequence = 3; });
    breaks("claim without approval", [](Book& b) { b.add(RecordKind::Claim); });
    breaks("approval used twice", [](Book& b) { b.claimed().add(RecordKind::Claim); });
    breaks("approved after use", [](Book& b) { b.claimed().add(RecordKind::Approval); });
    breaks("plan and hash differ", [](Book& b) { b.claimed().records[0].planBytes += ' '; });
    breaks("withdrawn, then claimed", [](Book& b) {
      b.add(RecordKind::Approval);
      b.add(RecordKind::Void);
      b.add(RecordKind::Claim);
    });
    breaks("fence does not grow", [](Book& b) { b.claimed().records[1].fence = 0; });
    breaks("step before claim", [](Book& b) {
      b.add(RecordKind::Approval);
      b.add(RecordKind::Intent, 0);
    });
    breaks("steps out of order", [](Book& b) { b.claimed().ran(1); });
    breaks("next step after a failed one", [](Book& b) { b.claimed().ran(0, false).ran(1); });
    breaks("attempt repeated", [](Book& b) { b.claimed().ran(0).ran(0); });
    breaks("blind second attempt", [](Book& b) {
      b.claimed().ran(0, false);
      b.add(RecordKind::Intent, 0, 2);
    });
    breaks("result without intent", [](Book& b) { b.claimed().add(RecordKind::Result, 0); });
    breaks("two results", [](Book& b) { b.claimed().ran(0).add(RecordKind::Result, 0); });
    breaks("step while undoing", [](Book& b) { b.claimed().ran(0).state(FixState::RollingBack).ran(1); });
    breaks("undo before rolling back", [](Book& b) { b.claimed().ran(0).undone(0); });
    breaks("undo of what never began",
           [](Book& b) { b.claimed().ran(0).state(FixState::RollingBack).undone(1); });
    breaks("deferred undo first",
           [](Book& b) { b.claimed().ran(0).ran(1).state(FixState::RollingBack).undone(1); });
    breaks("validating too early", [](Book& b) { b.claimed().ran(0).state(FixState::Validating); });
    breaks("success without validation",
           [](Book& b) { b.claimed().ran(0).ran(1).state(FixState::Succeeded); });
    breaks("rolled back with a step left", [](Book& b) {
      b.claimed().ran(0).ran(1).state(FixState::RollingBack).undone(0).state(FixState::RolledBack);
    });
    breaks("needs human without lock", [](Book& b) { b.claimed().ran(0).state(FixState::NeedsHuman); });
    breaks("life after the end", [](Book& b) {
      b.claimed()
          .ran(0)
          .ran(1)
          .state(FixState::Validating)
          .state(FixState::Succeeded)
          .state(FixState::RollingBack);
    });
  }
};

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_remediation_journal.moc"
