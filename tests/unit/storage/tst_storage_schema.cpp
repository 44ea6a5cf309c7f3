// Creating, migrating and refusing database files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QtTest>
#include <filesystem>

#include <sys/stat.h>

#include "samples.h"

using namespace aiops;
using namespace samples;
using storage::Migration;
using storage::Store;
namespace fs = std::filesystem;

class TestSchema : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_file = fileIn(*m_dir);
  }

  void aNewDatabaseIsPrivateAndComplete() {
    {
      auto store = open();
      REQUIRE_OK(store);
      REQUIRE_OK((*store)->saveIncident(incident("i1")));
      QVERIFY((*store)->sizeBytes() > 4096);
      for (const auto& entry : fs::directory_iterator(m_file.parent_path())) {
        struct stat info = {};
        QCOMPARE(stat(entry.path().c_str(), &info), 0);
        QVERIFY2((info.st_mode & 077) == 0, entry.path().c_str());
        QVERIFY2(entry.path().extension() != ".new", entry.path().c_str());
      }
    }
    QVERIFY2(!fs::exists(m_file.string() + "-wal"), "the last connection to close is the writer's");
    QCOMPARE(number("PRAGMA user_version"), int(storage::builtInMigrations().back().version));
    QCOMPARE(number("PRAGMA application_id"), 0x41494f50);
  }

  void migrationsAreNumberedFromOne() {
    int expected = 1;
    for (const auto& migration : storage::builtInMigrations()) QCOMPARE(migration.version, expected++);
  }

  void anOlderSchemaIsBackedUpAndMigrated() {
    REQUIRE_OK(fill("i1"));
    auto migrations = storage::builtInMigrations();
    const int old = migrations.back().version;
    migrations.push_back(
        {old + 1, "CREATE TABLE extra (x BLOB NOT NULL) STRICT;\nCREATE INDEX extra_x ON extra (x);\n"});
    {
      auto store = open(migrations);
      REQUIRE_OK(store);
      REQUIRE_OK((*store)->incident("i1"));
    }
    QCOMPARE(number("PRAGMA user_version"), old + 1);
    const fs::path backup = m_file.string() + ".v" + std::to_string(old) + ".backup";
    QVERIFY(fs::exists(backup));
    REQUIRE_ERROR(open(), Conflict);  // the older program refuses the newer schema

    fs::rename(backup, m_file);  // and the backup is a whole database of its own
    auto store = open();
    REQUIRE_OK(store);
    REQUIRE_OK((*store)->incident("i1"));
  }

  void aMigrationThatFailsChangesNothing() {
    REQUIRE_OK(fill("i1"));
    auto migrations = storage::builtInMigrations();
    const int old = migrations.back().version;
    migrations.push_back(
        {old + 1, "CREATE TABLE extra (x BLOB) STRICT;\nDELETE FROM incidents;\nNONSENSE;\n"});
    QVERIFY(!open(migrations));
    QCOMPARE(number("PRAGMA user_version"), old);
    auto store = open();
    REQUIRE_OK(store);
    REQUIRE_OK((*store)->incident("i1"));
  }

  /// What earlier versions stored counts too; what can't be read there is no reason not to start.
  void patternsGetTheResultsOfTheirPast() {
    auto older = storage::builtInMigrations();
    std::erase_if(older, [](const Migration& migration) { return migration.version > 4; });
    QVERIFY(open(older).has_value());
    const auto incident = [&](const char* id, int number, const char* doc) {
      run(QStringLiteral(
              "INSERT INTO incidents (id, number, open, doc, sum) VALUES (CAST('%1' AS BLOB), %2, 0, "
              "CAST('%3' AS BLOB), x'00')")
              .arg(QLatin1String(id))
              .arg(number)
              .arg(QLatin1String(doc)));
    };
    const auto event = [&](const char* id, const char* in, const char* doc) {
      run(QStringLiteral(
              "INSERT INTO events (id, incident, first, last, doc, sum) VALUES (CAST('%1' AS BLOB), "
              "CAST('%2' AS BLOB), 0, 0, CAST('%3' AS BLOB), x'00')")
              .arg(QLatin1String(id), QLatin1String(in), QLatin1String(doc)));
    };
    incident("real", 1, R"({"state":"resolved","falsePositive":false})");
    incident("false", 2, R"({"state":"dismissed","falsePositive":true})");
    incident("gone", 3, R"({"state":"dismissed"})");
    incident("broken", 4, "{");
    for (const char* id : {"real", "false", "gone", "broken"}) {
      event((std::string(id) + "-1").c_str(), id, R"({"patternId":"oom"})");
      event((std::string(id) + "-2").c_str(), id, R"({"patternId":"oom"})");
    }
    event("x", "real", "{");
    event("y", "real", "{}");
    auto store = open();
    REQUIRE_OK(store);
    REQUIRE_OK((*store)->assignEvents(model::IncidentId("real"), {model::EventId("x"), model::EventId("y")}));
    base::Result<std::vector<storage::PatternResult>> results;
    REQUIRE_OK((*store)->read([&](storage::Reader& reader) -> base::Result<> {
      results = reader.patternResults();
      return {};
    }));
    QCOMPARE(results->size(), size_t(1));
    QCOMPARE(results->front().pattern, std::string("oom"));
    QCOMPARE(results->front().resolved, uint64_t(1));
    QCOMPARE(results->front().falseAlarms, uint64_t(1));
    QCOMPARE(results->front().fixesRun, uint64_t(0));
  }

  void whatIsNotOursIsLeftAsItIs() {
    run(QStringLiteral("CREATE TABLE t (x)"));
    const QByteArray before = bytes();
    REQUIRE_ERROR(open(), Conflict);
    QCOMPARE(bytes(), before);

    put("this is not a database, but long enough to be taken for one: " + QByteArray(200, 'x'));
    REQUIRE_ERROR(open(), Corrupt);
    put("");
    REQUIRE_ERROR(open(), Corrupt);
    put("SQLite format 3");
    REQUIRE_ERROR(open(), Corrupt);
    QCOMPARE(bytes(), QByteArray("SQLite format 3"));
    fs::remove(m_file);
    fs::create_directory(m_file);
    QVERIFY(!open());
  }

  void aLostDatabaseIsNotReplacedByAnEmptyOne() {
    put("x");
    fs::rename(m_file, m_file.string() + "-wal");
    REQUIRE_ERROR(open(), Corrupt);
    fs::rename(m_file.string() + "-wal", m_file.string() + ".v1.backup");
    REQUIRE_ERROR(open(), Corrupt);
    QVERIFY(!fs::exists(m_file));
    fs::remove(m_file.string() + ".v1.backup");
    REQUIRE_OK(open());
  }

  void whatAStartThatWasCutOffLeavesIsNoObstacle() {
    put("half a database");
    fs::rename(m_file, m_file.string() + ".new");
    REQUIRE_OK(open());
    QVERIFY(!fs::exists(m_file.string() + ".new"));
  }

  void aMissingOrClosedDirectoryIsOneClearLine() {
    m_file = "/nonexistent/home/x.db";
    auto store = open();
    REQUIRE_ERROR(store, Io);
    QVERIFY(store.error().line().find("/nonexistent/home") != std::string::npos);
  }

 private:
  base::Result<std::unique_ptr<Store>> open(std::vector<Migration> migrations = {}) {
    return Store::open(m_file, m_clock, {.ballastBytes = 0, .migrations = std::move(migrations)});
  }
  base::Result<model::Incident> fill(const std::string& id) {
    auto store = open();
    if (!store) return std::unexpected(store.error());
    return (*store)->saveIncident(incident(id));
  }
  QVariant run(const QString& sql) {
    QVariant answer;
    {
      auto db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("test"));
      db.setDatabaseName(QString::fromStdString(m_file.string()));
      if (!db.open()) return {};
      QSqlQuery query(sql, db);
      if (query.next()) answer = query.value(0);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("test"));
    return answer;
  }
  int number(const char* sql) { return run(QLatin1String(sql)).toInt(); }
  QByteArray bytes() {
    QFile file(QString::fromStdString(m_file.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  void put(const QByteArray& content) {
    QFile file(QString::fromStdString(m_file.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
  }

  FixedClock m_clock;
  std::unique_ptr<QTemporaryDir> m_dir;
  fs::path m_file;
};

QTEST_GUILESS_MAIN(TestSchema)
#include "tst_storage_schema.moc"
