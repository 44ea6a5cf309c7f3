// The audit as the console reads, filters and exports it, without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <deque>
#include <nlohmann/json.hpp>

#include "models/audit_export.h"
#include "models/audit_model.h"
#include "support/lively_operations.h"

using namespace aiops;

namespace {

struct Bench {
  test::FakeOperations fake;
  test::LivelyOperations engine{fake};
  std::optional<base::Error> failure;
  std::deque<std::function<void()>> held;  ///< one that runs may add another: none may move
  bool hold = false;

  ui::AskAudit asker() {
    return [this](service::PageRequest page, auto done) {
      const auto work = [this, page, done] {
        if (failure) return done(std::unexpected(*failure));
        engine.listAudit(page, done);
      };
      if (hold) return held.push_back(work);
      QMetaObject::invokeMethod(QCoreApplication::instance(), work, Qt::QueuedConnection);
    };
  }
};

QList<QByteArray> linesOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QList<QByteArray> lines = file.readAll().split('\n');
  if (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
  return lines;
}

}  // namespace

class TestModelsAudit : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsAPageAtATime();
  void reachesTheOldestByFetchingOn();
  void filtersLikeTheSlowWay();
  void aSearchCanBeStopped();
  void lateAnswersAreDropped();
  void saysWhatFailed();
  void countsWhatIsNewer();
  void hostileTextIsEscaped();
  void momentsInAllForms();
  void exportsOldestFirstAndWhole();
  void exportsWhatTheFilterShows();
  void aFailedExportLeavesTheOldFile();
  void aStoppedExportLeavesTheOldFile();
};

void TestModelsAudit::readsAPageAtATime() {
  Bench bench;
  bench.engine.fillAudit(100'000);
  ui::AuditModel model(bench.asker());
  model.reload();
  QTRY_VERIFY(!model.isLooking());
  QCOMPARE(model.rowCount(), 500);
  QCOMPARE(model.total(), 100'000U);
  QCOMPARE(model.at(0).sequence, 100'000U);
  QCOMPARE(bench.engine.auditPages.load(), 1);
  QVERIFY(model.canFetchMore({}));
  model.fetchMore({});
  QTRY_COMPARE(model.rowCount(), 1000);
  QCOMPARE(bench.engine.auditPages.load(), 2);
}

void TestModelsAudit::reachesTheOldestByFetchingOn() {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{499}, size_t{500}, size_t{501}, size_t{1234}}) {
    Bench bench;
    bench.engine.fillAudit(count);
    ui::AuditModel model(bench.asker());
    // It fetches on by itself, and looks at every row after each page: for few rows only.
    std::optional<QAbstractItemModelTester> tester;
    if (count < 500) tester.emplace(&model);
    model.reload();
    QTRY_VERIFY(!model.isLooking());
    while (model.canFetchMore({})) {
      model.fetchMore({});
      QTRY_VERIFY(!model.isLooking());
    }
    QCOMPARE(static_cast<size_t>(model.rowCount()), count);
    QVERIFY(model.isComplete());
    for (int row = 0; row < model.rowCount(); ++row) {
      QCOMPARE(model.at(row).sequence, count - static_cast<size_t>(row));
      QCOMPARE(model.rowOf(model.at(row).sequence), row);
    }
    QCOMPARE(model.rowOf(count + 1), -1);
  }
}

void TestModelsAudit::filtersLikeTheSlowWay() {
  Bench bench;
  bench.engine.fillAudit(3000);
  std::vector<ui::AuditFilter> filters(5);
  filters[0].who = QStringLiteral("OPERATOR");
  filters[1].what = QStringLiteral("automation");
  filters[2].target = QStringLiteral("FIX-15");
  filters[3].from = bench.engine.entries[1000].at;
  filters[3].to = bench.engine.entries[2000].at;
  filters[4].who = QStringLiteral("nobody");
  for (const auto& filter : filters) {
    std::vector<uint64_t> expected;
    for (auto entry = bench.engine.entries.rbegin(); entry != bench.engine.entries.rend(); ++entry) {
      if (filter.matches(*entry)) expected.push_back(entry->sequence);
    }
    ui::AuditModel model(bench.asker());
    model.setFilter(filter);
    QTRY_VERIFY(!model.isLooking());
    while (model.canFetchMore({})) {
      model.fetchMore({});
      QTRY_VERIFY(!model.isLooking());
    }
    std::vector<uint64_t> found;
    for (int row = 0; row < model.rowCount(); ++row) found.push_back(model.at(row).sequence);
    QCOMPARE(found, expected);
  }
  // The other side of the oracle: the half-open span holds a thousand entries.
  QCOMPARE(std::count_if(bench.engine.entries.begin(), bench.engine.entries.end(),
                         [&](const auto& entry) { return filters[3].matches(entry); }),
           1000);
}

void TestModelsAudit::aSearchCanBeStopped() {
  Bench bench;
  bench.engine.fillAudit(5000);
  bench.hold = true;
  ui::AuditModel model(bench.asker());
  model.setFilter({.who = QStringLiteral("nobody")});
  bench.held[0]();
  QVERIFY(model.isLooking());
  QCOMPARE(model.lookedThrough(), 500U);
  model.stopLooking();
  QVERIFY(!model.isLooking());
  bench.held[1]();
  QCOMPARE(model.lookedThrough(), 500U);
  QVERIFY(model.canFetchMore({}));
  model.fetchMore({});
  bench.held[2]();
  QCOMPARE(model.lookedThrough(), 1000U);
}

void TestModelsAudit::lateAnswersAreDropped() {
  Bench bench;
  bench.engine.fillAudit(10);
  bench.hold = true;
  auto model = std::make_unique<ui::AuditModel>(bench.asker());
  model->reload();
  model->setFilter({.who = QStringLiteral("engine")});
  bench.held[0]();
  QCOMPARE(model->rowCount(), 0);
  bench.held[1]();
  QCOMPARE(model->rowCount(), 2);
  model->reload();
  model.reset();
  bench.held[2]();
}

void TestModelsAudit::saysWhatFailed() {
  Bench bench;
  bench.failure = base::Error{base::ErrorCode::Io, "can't read the audit"};
  ui::AuditModel model(bench.asker());
  model.reload();
  QTRY_VERIFY(!model.isLooking());
  QVERIFY(model.problem().find("can't read the audit") != std::string::npos);
  QVERIFY(!model.canFetchMore({}));
  bench.failure.reset();
  bench.engine.fillAudit(3);
  model.reload();
  QTRY_COMPARE(model.rowCount(), 3);
  QVERIFY(model.problem().empty());
}

void TestModelsAudit::countsWhatIsNewer() {
  Bench bench;
  bench.engine.fillAudit(20);
  ui::AuditModel model(bench.asker());
  model.reload();
  QTRY_COMPARE(model.rowCount(), 20);
  bench.engine.fillAudit(32);
  model.lookForNew();
  QTRY_COMPARE(model.newer(), 12U);
  QCOMPARE(model.rowCount(), 20);
  model.reload();
  QTRY_COMPARE(model.rowCount(), 32);
  QCOMPARE(model.newer(), 0U);
}

void TestModelsAudit::hostileTextIsEscaped() {
  Bench bench;
  bench.engine.fillAudit(1);
  auto& entry = bench.engine.entries[0];
  entry.who = entry.what = entry.target = entry.why = entry.result = "<b>x</b>\x1b[2J\xe2\x80\xae\ny\xff";
  ui::AuditModel model(bench.asker());
  model.reload();
  QTRY_COMPARE(model.rowCount(), 1);
  for (int column = ui::AuditModel::Who; column < ui::AuditModel::ColumnCount; ++column) {
    for (const int role : {static_cast<int>(Qt::DisplayRole), static_cast<int>(Qt::AccessibleTextRole)}) {
      const QString text = model.index(0, column).data(role).toString();
      QVERIFY(text.contains(QStringLiteral("<b>x</b>\u27E6ESC\u27E7")));
      for (const QChar bad : {QChar(0x1b), QChar(0x202e), QChar(u'\n')}) QVERIFY(!text.contains(bad));
    }
  }
}

void TestModelsAudit::momentsInAllForms() {
  const auto now = *base::fromIso8601("2026-11-27T10:00:00.000Z");
  const auto is = [&](const char* text, const char* iso) {
    return ui::parseMoment(QString::fromLatin1(text), now) == base::fromIso8601(iso);
  };
  QVERIFY(is("2026-11-22", "2026-11-22T00:00:00.000Z"));
  QVERIFY(is(" 2026-11-22 20:35 ", "2026-11-22T20:35:00.000Z"));
  QVERIFY(is("2026-11-22 20:35:09", "2026-11-22T20:35:09.000Z"));
  QVERIFY(is("20:35", "2026-11-27T20:35:00.000Z"));
  for (const char* bad : {"", "yesterday", "2026-13-01", "25:00", "2026-11-22 20", "1"}) {
    QVERIFY2(!ui::parseMoment(QString::fromLatin1(bad), now), bad);
  }
}

void TestModelsAudit::exportsOldestFirstAndWhole() {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{500}, size_t{501}, size_t{1750}}) {
    Bench bench;
    bench.engine.fillAudit(count);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("audit.jsonl"));
    ui::AuditExport out(bench.asker(), path, {}, count);
    QSignalSpy ended(&out, &ui::AuditExport::ended);
    out.start();
    QTRY_COMPARE(ended.size(), 1);
    QCOMPARE(ended[0][0].toString(), QString());
    QCOMPARE(ended[0][1].toULongLong(), static_cast<qulonglong>(count));
    const auto lines = linesOf(path);
    QCOMPARE(static_cast<size_t>(lines.size()), count);
    for (size_t i = 0; i < count; ++i) {
      const auto entry =
          nlohmann::json::parse(lines[static_cast<qsizetype>(i)].toStdString()).get<model::AuditEntry>();
      QCOMPARE(entry.sequence, i + 1);
      QCOMPARE(entry.signature, bench.engine.entries[i].signature);
    }
    const auto others = QFile(path).permissions() & (QFileDevice::ReadOther | QFileDevice::ReadGroup);
    QVERIFY(!others);
  }
}

void TestModelsAudit::exportsWhatTheFilterShows() {
  Bench bench;
  bench.engine.fillAudit(1000);
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("audit.jsonl"));
  ui::AuditExport out(bench.asker(), path, {.who = QStringLiteral("ci-bot")}, 1000);
  QSignalSpy ended(&out, &ui::AuditExport::ended);
  out.start();
  QTRY_COMPARE(ended.size(), 1);
  QCOMPARE(linesOf(path).size(), 200);
}

void TestModelsAudit::aFailedExportLeavesTheOldFile() {
  Bench bench;
  bench.engine.fillAudit(10);
  bench.failure = base::Error{base::ErrorCode::Io, "gone"};
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("audit.jsonl"));
  QFile old(path);
  QVERIFY(old.open(QIODevice::WriteOnly));
  old.write("before\n");
  old.close();
  ui::AuditExport out(bench.asker(), path, {}, 10);
  QSignalSpy ended(&out, &ui::AuditExport::ended);
  out.start();
  QTRY_COMPARE(ended.size(), 1);
  QVERIFY(ended[0][0].toString().contains(QStringLiteral("gone")));
  QCOMPARE(linesOf(path), QList<QByteArray>{"before"});
  ui::AuditExport nowhere(bench.asker(), folder.filePath(QStringLiteral("no/such/folder/a.jsonl")), {}, 10);
  QSignalSpy refused(&nowhere, &ui::AuditExport::ended);
  nowhere.start();
  QCOMPARE(refused.size(), 1);
  QVERIFY(!refused[0][0].toString().isEmpty());
  QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestModelsAudit::aStoppedExportLeavesTheOldFile() {
  Bench bench;
  bench.engine.fillAudit(2000);
  bench.hold = true;
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("audit.jsonl"));
  ui::AuditExport out(bench.asker(), path, {}, 2000);
  QSignalSpy ended(&out, &ui::AuditExport::ended);
  out.start();
  bench.held[0]();
  out.cancel();
  bench.held[1]();
  QCOMPARE(ended.size(), 1);
  QVERIFY(!QFile::exists(path));
}

QTEST_GUILESS_MAIN(TestModelsAudit)
#include "tst_models_audit.moc"
