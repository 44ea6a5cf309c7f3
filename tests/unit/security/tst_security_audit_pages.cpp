// Pages of the audit against the slow way: reading all of it from the top.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

#include "security/audit_chain.h"
#include "security/audit_file.h"
#include "security/audit_pages.h"

using namespace aiops;
namespace fs = std::filesystem;

namespace {

model::AuditEntry entryAt(uint64_t number, std::string why) {
  model::AuditEntry entry{.at = base::TimePoint(std::chrono::seconds(number)),
                          .who = "engine",
                          .what = "test",
                          .target = "unit " + std::to_string(number),
                          .why = std::move(why)};
  return entry;
}

/// A file without signatures: pages do not look at them.
struct Bench {
  QTemporaryDir folder;
  fs::path directory{folder.path().toStdString()};
  std::vector<model::AuditEntry> all;

  fs::path file() const { return security::AuditPaths(directory).log; }
  void append(size_t count) {
    std::ofstream out(file(), std::ios::app);
    for (size_t i = 0; i < count; ++i) {
      auto entry = entryAt(all.size() + 1, std::string(all.size() % 7 * 31, 'w'));
      security::chain(entry, all.size(), all.empty() ? std::string() : all.back().hash);
      out << security::auditLine(entry) << '\n';
      all.push_back(entry);
    }
  }
  /// The slow way.
  std::vector<uint64_t> expected(uint32_t limit, std::optional<uint64_t> before) const {
    std::vector<uint64_t> numbers;
    for (auto entry = all.rbegin(); entry != all.rend() && numbers.size() < limit; ++entry) {
      if (!before || entry->sequence < *before) numbers.push_back(entry->sequence);
    }
    return numbers;
  }
};

std::vector<uint64_t> numbersOf(const security::AuditPages::Page& page) {
  std::vector<uint64_t> numbers;
  for (const auto& entry : page.items) numbers.push_back(entry.sequence);
  return numbers;
}

}  // namespace

class AuditPagesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aMissingFileIsEmpty() {
    Bench bench;
    security::AuditPages pages(bench.directory);
    const auto page = pages.page(50, {});
    QVERIFY(page);
    QCOMPARE(page->total, uint64_t{0});
    QVERIFY(page->items.empty());
  }

  void everyPageIsAsTheSlowWay() {
    Bench bench;
    security::AuditPages pages(bench.directory);
    for (const size_t more : {1, 254, 1, 1, 300, 40, 0}) {
      bench.append(more);
      for (const uint32_t limit : {1U, 2U, 255U, 256U, 257U, 500U}) {
        for (const std::optional<uint64_t> before :
             {std::optional<uint64_t>(), std::optional<uint64_t>(0), std::optional<uint64_t>(1),
              std::optional<uint64_t>(2), std::optional<uint64_t>(256), std::optional<uint64_t>(257),
              std::optional<uint64_t>(258), std::optional<uint64_t>(bench.all.size()),
              std::optional<uint64_t>(99999)}) {
          const auto page = pages.page(limit, before);
          QVERIFY(page);
          QCOMPARE(page->total, uint64_t{bench.all.size()});
          QCOMPARE(numbersOf(*page), bench.expected(limit, before));
        }
      }
    }
    const auto newest = pages.page(1, {});
    QCOMPARE(newest->items[0].hash, bench.all.back().hash);
    QCOMPARE(newest->items[0].target, bench.all.back().target);
  }

  void aTornLineWaitsForItsEnd() {
    Bench bench;
    bench.append(3);
    security::AuditPages pages(bench.directory);
    {
      std::ofstream out(bench.file(), std::ios::app);
      out << R"({"at":)";
    }
    QCOMPARE(pages.page(50, {})->total, uint64_t{3});
    {
      std::ofstream out(bench.file(), std::ios::app);
      out << "broken\n";
    }
    const auto page = pages.page(50, {});
    QCOMPARE(page->total, uint64_t{4});
    QCOMPARE(page->items[0].sequence, uint64_t{4});
    QCOMPARE(page->items[0].result, std::string("unreadable"));
    QCOMPARE(page->items[1].hash, bench.all[2].hash);
  }

  void anEntryInTheWrongPlaceIsSaid() {
    Bench bench;
    bench.append(2);
    {
      std::ofstream out(bench.file(), std::ios::app);
      out << security::auditLine(bench.all[0]) << '\n';
    }
    security::AuditPages pages(bench.directory);
    const auto page = pages.page(50, {});
    QCOMPARE(page->items[0].sequence, uint64_t{3});
    QCOMPARE(page->items[0].result, std::string("unreadable"));
  }

  void aReplacedFileIsReadAnew() {
    Bench bench;
    bench.append(700);
    security::AuditPages pages(bench.directory);
    QCOMPARE(pages.page(1, {})->total, uint64_t{700});
    fs::remove(bench.file());
    bench.all.clear();
    bench.append(600);
    QCOMPARE(pages.page(1, {})->total, uint64_t{600});
    fs::resize_file(bench.file(), 0);
    bench.all.clear();
    bench.append(5);
    QCOMPARE(numbersOf(*pages.page(50, {})), bench.expected(50, {}));
  }

  void anUnreadableFileIsAnError() {
    Bench bench;
    fs::create_directory(bench.file());
    security::AuditPages pages(bench.directory);
    QVERIFY(!pages.page(50, {}));
  }
};

QTEST_GUILESS_MAIN(AuditPagesTest)
#include "tst_security_audit_pages.moc"
