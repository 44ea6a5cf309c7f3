// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/schema.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr uint32_t kApplicationId =
    0x41494f50;  // "AIOP", https://www.sqlite.org/fileformat2.html#application_id
constexpr size_t kHeaderBytes = 100;
constexpr uint64_t kFullCheckBytes = 32u << 20;  // above this the quicker check keeps the start short
const std::string kRestore = "restore it from a backup, or move it away to start anew";

int newestOf(const std::vector<Migration>& migrations) {
  return migrations.empty() ? 0 : migrations.back().version;
}

Result<> createPrivateFile(const fs::path& file) {
  const base::Fd fd(open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!fd.valid()) return failErrno(errno, "can't create the database", file.string());
  return {};
}

Result<> syncPath(const fs::path& path) {
  const base::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || fsync(fd.get()) != 0) return failErrno(errno, "can't sync to disk", path.string());
  return {};
}

Result<> syncAndRename(const fs::path& from, const fs::path& to) {
  if (auto synced = syncPath(from); !synced) return synced;
  if (rename(from.c_str(), to.c_str()) != 0) return failErrno(errno, "can't rename", from.string());
  return syncPath(to.parent_path());
}

// Statements end with a semicolon at the end of a line.
std::vector<std::string> statementsOf(const std::string& sql) {
  std::vector<std::string> statements;
  size_t start = 0;
  for (size_t end = sql.find(";\n"); end != std::string::npos; end = sql.find(";\n", start)) {
    statements.push_back(sql.substr(start, end - start));
    start = end + 2;
  }
  if (sql.find_first_not_of(" \t\r\n", start) != std::string::npos) statements.push_back(sql.substr(start));
  return statements;
}

Result<> applyMigrations(Connection& db, const std::vector<Migration>& migrations, int64_t from) {
  for (const Migration& migration : migrations) {
    if (migration.version <= from) continue;
    for (const std::string& statement : statementsOf(migration.sql)) {
      if (auto done = db.plain(statement); !done) return done;
    }
  }
  return db.plain("PRAGMA user_version = " + std::to_string(newestOf(migrations)));
}

Result<> migrateInOneTransaction(Connection& db, const std::vector<Migration>& migrations, int64_t from) {
  if (auto begun = db.begin(); !begun) return begun;
  auto done = applyMigrations(db, migrations, from);
  if (done) done = db.commit();
  if (!done) db.rollback();
  return done;
}

Result<> buildNew(const fs::path& file, const std::vector<Migration>& migrations) {
  if (auto created = createPrivateFile(file); !created) return created;
  auto db = Connection::open(file, Connection::Mode::Write);
  if (!db) return std::unexpected(db.error());
  // Before the first table; lets freed pages go back to the disk.
  if (auto set = (*db)->plain("PRAGMA auto_vacuum = INCREMENTAL"); !set) return set;
  auto marked = (*db)->plain("PRAGMA application_id = " + std::to_string(kApplicationId));
  if (!marked) return marked;
  return migrateInOneTransaction(**db, migrations, 0);
}

Result<> createDatabase(const fs::path& file, const std::vector<Migration>& migrations) {
  const fs::path fresh = file.string() + ".new";
  unlink(fresh.c_str());  // left by a start that was cut off
  unlink((fresh.string() + "-journal").c_str());
  if (auto built = buildNew(fresh, migrations); !built) {
    unlink(fresh.c_str());
    return built;
  }
  return syncAndRename(fresh, file);
}

// A journal or backup without its database means that the database was lost, not that there never was one.
Result<> refuseLostDatabase(const fs::path& file) {
  const std::string name = file.filename().string();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), error)) {
    const std::string other = entry.path().filename().string();
    if (other != name + "-wal" && !(other.starts_with(name + ".v") && other.ends_with(".backup"))) continue;
    return fail(ErrorCode::Corrupt, "the database is missing but '" + other + "' remains", file.string(),
                "put the database back, or move that file away to start anew");
  }
  if (error)
    return fail(ErrorCode::Io, "can't read the home: " + error.message(), file.parent_path().string());
  return {};
}

uint32_t bigEndian32(const char* bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// Looks at the file without SQLite, so that a foreign one stays exactly as it is.
Result<> checkHeader(const fs::path& file) {
  const base::Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info = {};
  if (!fd.valid() || fstat(fd.get(), &info) != 0) {
    return failErrno(errno, "can't open the database", file.string());
  }
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::InvalidInput, "the database is no regular file", file.string());
  char header[kHeaderBytes];
  if (pread(fd.get(), header, kHeaderBytes, 0) != static_cast<ssize_t>(kHeaderBytes)) {
    return fail(ErrorCode::Corrupt, "the database is empty or cut off", file.string(), kRestore);
  }
  if (std::string_view(header, 16) != std::string_view("SQLite format 3\0", 16)) {
    return fail(ErrorCode::Corrupt, "the database is damaged or no SQLite file", file.string(), kRestore);
  }
  if (bigEndian32(header + 68) != kApplicationId) {
    return fail(ErrorCode::Conflict, "the file is a database of another program", file.string(),
                "choose another home");
  }
  return {};
}

Result<> checkIntegrity(Connection& db, const fs::path& file) {
  std::error_code error;
  const bool small = fs::file_size(file, error) <= kFullCheckBytes;
  auto verdict = db.text(small ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
  if (!verdict) return std::unexpected(verdict.error());
  if (*verdict != "ok")
    return fail(ErrorCode::Corrupt, "the database is damaged: " + *verdict, file.string(), kRestore);
  if (!small) return {};
  auto dangling = db.rows("PRAGMA foreign_key_check");
  if (!dangling) return std::unexpected(dangling.error());
  if (dangling->empty()) return {};
  return fail(ErrorCode::Corrupt,
              "the database is damaged: rows of '" + dangling->front().bytes(0) +
                  "' refer to something that is not there",
              file.string(), kRestore);
}

Result<std::string> schemaText(Connection& db) {
  auto rows = db.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
  if (!rows) return std::unexpected(rows.error());
  std::string text;
  for (const Row& row : *rows) {
    for (size_t column = 0; column < 4; ++column) text += row.bytes(column) + '\0';
  }
  return text;
}

// A damaged schema can pass SQLite's own check; a database built afresh shows how it must look.
Result<> checkSchema(Connection& db, const fs::path& file, const std::vector<Migration>& migrations) {
  auto model = Connection::open(":memory:", Connection::Mode::Write);
  if (!model) return std::unexpected(model.error());
  if (auto built = migrateInOneTransaction(**model, migrations, 0); !built) return built;
  const auto expected = schemaText(**model);
  if (!expected) return std::unexpected(expected.error());
  const auto actual = schemaText(db);
  if (!actual) return std::unexpected(actual.error());
  if (*actual == *expected) return {};
  return fail(ErrorCode::Corrupt, "the database is damaged: its tables are not as this version made them",
              file.string(), kRestore);
}

Result<> backUp(Connection& db, const fs::path& file, int64_t version) {
  const fs::path backup = file.string() + ".v" + std::to_string(version) + ".backup";
  const fs::path fresh = backup.string() + ".new";
  unlink(fresh.c_str());
  if (auto created = createPrivateFile(fresh); !created) return created;
  auto copied = db.run("VACUUM INTO CAST(? AS TEXT)", {fresh.string()});
  if (copied) return syncAndRename(fresh, backup);
  unlink(fresh.c_str());
  return std::unexpected(copied.error());
}

// Rebuilds a database that can't give freed pages back. Without the room for that it stays as it is.
void letShrink(Connection& db) {
  constexpr int64_t kIncremental = 2;
  const auto mode = db.number("PRAGMA auto_vacuum");
  if (!mode || *mode == kIncremental || !db.plain("PRAGMA auto_vacuum = INCREMENTAL")) return;
  static_cast<void>(db.plain("VACUUM"));
  static_cast<void>(db.takeDiskFull());
}

Result<> migrateOlder(Connection& db, const fs::path& file, const std::vector<Migration>& migrations) {
  auto version = db.number("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  const int newest = newestOf(migrations);
  if (*version > newest) {
    return fail(ErrorCode::Conflict,
                "the database was written by a newer version (schema " + std::to_string(*version) +
                    ", this program knows " + std::to_string(newest) + ")",
                file.string(), "upgrade ai-ops-core");
  }
  if (*version < 1)
    return fail(ErrorCode::Corrupt, "the database is damaged: it has no schema version", file.string(),
                kRestore);
  if (*version == newest) return {};
  if (auto saved = backUp(db, file, *version); !saved) return saved;
  if (auto migrated = migrateInOneTransaction(db, migrations, *version); !migrated) return migrated;
  letShrink(db);
  return {};
}

Result<> configure(Connection& db, const fs::path& file) {
  auto mode = db.text("PRAGMA journal_mode = WAL");
  if (!mode) return std::unexpected(mode.error());
  if (*mode != "wal")
    return fail(ErrorCode::Io, "the disk can't hold a write-ahead log", file.string(), "use a local disk");
  for (const char* pragma : {"PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
                             "PRAGMA temp_store = MEMORY", "PRAGMA journal_size_limit = 16777216",
                             "PRAGMA wal_autocheckpoint = 1000", "PRAGMA trusted_schema = OFF"}) {
    if (auto set = db.plain(pragma); !set) return set;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> openDatabase(const fs::path& file,
                                                 const std::vector<Migration>& migrations) {
  struct stat info = {};
  const bool missing = lstat(file.c_str(), &info) != 0 && errno == ENOENT;
  auto ready = missing ? refuseLostDatabase(file) : Result<>();
  if (missing && ready) ready = createDatabase(file, migrations);
  if (ready) ready = checkHeader(file);
  if (!ready) return std::unexpected(ready.error());

  auto db = Connection::open(file, Connection::Mode::Write);
  if (!db) return db;
  chmod(file.c_str(), 0600);
  ready = checkIntegrity(**db, file);
  if (ready) ready = migrateOlder(**db, file, migrations);
  if (ready) ready = checkSchema(**db, file, migrations);
  if (ready) ready = configure(**db, file);
  if (!ready) return std::unexpected(ready.error());
  return db;
}

}  // namespace aiops::storage
