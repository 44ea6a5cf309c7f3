// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/connection.h"

#include <unordered_map>

#include <QCoreApplication>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QUuid>
#include <QVariant>

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

// Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte is the primary code.
constexpr int kBusy = 5, kReadOnly = 8, kIoError = 10, kCorrupt = 11, kFull = 13, kCantOpen = 14;
constexpr int kConstraint = 19, kNotADatabase = 26;
constexpr int kIoErrorFsync = 1034, kIoErrorDirFsync = 1290, kIoErrorShmSize = 4874, kForeignKey = 787;

QVariant toVariant(const Cell& cell) {
  if (const auto* integer = std::get_if<int64_t>(&cell)) return QVariant::fromValue<qlonglong>(*integer);
  if (const auto* bytes = std::get_if<std::string>(&cell)) {
    return QByteArray(bytes->data(), static_cast<qsizetype>(bytes->size()));
  }
  return QVariant(QMetaType::fromType<QByteArray>());
}

Cell toCell(const QVariant& value) {
  switch (value.userType()) {
    case QMetaType::QByteArray:
      return value.toByteArray().toStdString();
    case QMetaType::Int:
    case QMetaType::LongLong:
      return static_cast<int64_t>(value.toLongLong());
    case QMetaType::QString:
      return value.isNull() ? Cell() : Cell(value.toString().toStdString());
    default:
      return {};
  }
}

ErrorCode codeOf(int sqlite) {
  if (sqlite == kIoErrorShmSize) return ErrorCode::LimitExceeded;
  switch (sqlite & 0xff) {
    case kBusy:
      return ErrorCode::Timeout;
    case kFull:
      return ErrorCode::LimitExceeded;
    case kCorrupt:
    case kNotADatabase:
      return ErrorCode::Corrupt;
    case kReadOnly:
    case kIoError:
    case kCantOpen:
      return ErrorCode::Io;
    case kConstraint:
      return sqlite == kForeignKey ? ErrorCode::NotFound : ErrorCode::Conflict;
    default:
      return ErrorCode::Internal;
  }
}

std::string remedyFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::Timeout:
      return "another program keeps the database locked; close it";
    case ErrorCode::LimitExceeded:
      return "the disk is full; free some space";
    case ErrorCode::Corrupt:
      return "restore the database from a backup, or move it away to start anew";
    default:
      return {};
  }
}

}  // namespace

int64_t Row::integer(size_t column) const {
  const auto* value = column < m_cells.size() ? std::get_if<int64_t>(&m_cells[column]) : nullptr;
  return value ? *value : 0;
}

std::string Row::bytes(size_t column) const {
  const auto* value = column < m_cells.size() ? std::get_if<std::string>(&m_cells[column]) : nullptr;
  return value ? *value : std::string();
}

struct Connection::Handle {
  QString name;
  QSqlDatabase database;
  std::unordered_map<std::string, QSqlQuery> statements;
  QSqlError lastError;

  // Compiled once. The pointer stays valid: a node of the map does not move.
  QSqlQuery* prepare(const std::string& sql) {
    const auto found = statements.find(sql);
    if (found != statements.end()) return &found->second;
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.prepare(QString::fromStdString(sql))) {
      lastError = query.lastError();
      return nullptr;
    }
    return &statements.emplace(sql, std::move(query)).first->second;
  }

  QSqlQuery* execute(const std::string& sql, const std::vector<Cell>& values) {
    QSqlQuery* query = prepare(sql);
    if (!query) return nullptr;
    for (size_t i = 0; i < values.size(); ++i) query->bindValue(static_cast<int>(i), toVariant(values[i]));
    if (query->exec()) return query;
    lastError = query->lastError();
    query->finish();
    return nullptr;
  }
};

Connection::Connection() : m_handle(std::make_unique<Handle>()) {}

Connection::~Connection() {
  m_handle->statements.clear();
  m_handle->database.close();
  m_handle->database = QSqlDatabase();
  QSqlDatabase::removeDatabase(m_handle->name);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Mode mode) {
  // Qt looks for its database drivers where the application object says.
  if (!QCoreApplication::instance()) return fail(ErrorCode::Internal, "no application object exists");
  if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QSQLITE"))) {
    return fail(ErrorCode::Unavailable, "the SQLite driver of Qt is missing", {},
                "install the package libqt6sql6-sqlite");
  }
  std::unique_ptr<Connection> connection(new Connection);
  Handle& handle = *connection->m_handle;
  connection->m_file = file.string();
  handle.name = QStringLiteral("aiops-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
  handle.database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), handle.name);
  handle.database.setDatabaseName(QFile::decodeName(file.c_str()));
  QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000");
  if (mode == Mode::Read) options += QStringLiteral(";QSQLITE_OPEN_READONLY");
  handle.database.setConnectOptions(options);
  if (handle.database.open()) return connection;
  handle.lastError = handle.database.lastError();
  return connection->failure("can't open the database");
}

std::unexpected<base::Error> Connection::failure(const std::string& doing) {
  const QSqlError& error = m_handle->lastError;
  const int sqlite = error.nativeErrorCode().toInt();
  const ErrorCode code = codeOf(sqlite);
  if (code == ErrorCode::LimitExceeded) m_diskFull = true;
  if (sqlite == kIoErrorFsync || sqlite == kIoErrorDirFsync) m_syncFailed = true;
  std::string what = error.databaseText().toStdString();
  if (what.empty()) what = error.driverText().toStdString();
  return fail(code, doing + ": " + what + " (SQLite " + std::to_string(sqlite) + ")", m_file,
              remedyFor(code));
}

Result<std::vector<Row>> Connection::rows(const std::string& sql, const std::vector<Cell>& values) {
  QSqlQuery* query = m_handle->execute(sql, values);
  if (!query) return failure("the database refused a query");
  std::vector<Row> rows;
  while (query->next()) {
    std::vector<Cell> cells;
    for (int i = 0; i < query->record().count(); ++i) cells.push_back(toCell(query->value(i)));
    rows.emplace_back(std::move(cells));
  }
  m_handle->lastError = query->lastError();
  query->finish();
  if (m_handle->lastError.isValid()) return failure("the database broke off a query");
  return rows;
}

Result<uint64_t> Connection::run(const std::string& sql, const std::vector<Cell>& values) {
  QSqlQuery* query = m_handle->execute(sql, values);
  if (!query) return failure("the database refused a change");
  const int changed = query->numRowsAffected();
  query->finish();
  return static_cast<uint64_t>(changed < 0 ? 0 : changed);
}

Result<int64_t> Connection::number(const std::string& sql, const std::vector<Cell>& values) {
  auto found = rows(sql, values);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? 0 : found->front().integer(0);
}

Result<std::string> Connection::text(const std::string& sql, const std::vector<Cell>& values) {
  auto found = rows(sql, values);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::string() : found->front().bytes(0);
}

Result<> Connection::plain(const std::string& sql) {
  QSqlQuery query(m_handle->database);
  if (query.exec(QString::fromStdString(sql))) return {};
  m_handle->lastError = query.lastError();
  return failure("the database refused '" + sql.substr(0, 40) + "'");
}

void Connection::rollback() {
  QSqlQuery query(m_handle->database);
  query.exec(QStringLiteral("ROLLBACK"));  // fails when nothing is open any more, which is as good
}

}  // namespace aiops::storage
