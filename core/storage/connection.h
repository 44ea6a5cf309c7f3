// One connection to the database file, the only code that speaks to Qt Sql.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace aiops::storage {

/// NULL, an integer, or bytes (bound and stored as BLOB).
using Cell = std::variant<std::monostate, int64_t, std::string>;

/// One row of an answer. A cell of another type than asked for reads as 0 or empty.
class Row {
 public:
  explicit Row(std::vector<Cell> cells) : m_cells(std::move(cells)) {}
  int64_t integer(size_t column) const;
  std::string bytes(size_t column) const;

 private:
  std::vector<Cell> m_cells;
};

/// Created, used and destroyed on one thread (a rule of Qt Sql that it does not enforce). Statements are
/// compiled once and kept. A reading connection never writes or checkpoints: with SQLite 3.40 two connections
/// that do can corrupt a WAL database.
class Connection {
 public:
  enum class Mode { Read, Write };

  /// The file must exist; ":memory:" is a database of its own.
  static base::Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Mode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  base::Result<std::vector<Row>> rows(const std::string& sql, const std::vector<Cell>& values = {});
  /// The number of rows changed.
  base::Result<uint64_t> run(const std::string& sql, const std::vector<Cell>& values = {});
  /// The first cell of the first row, 0 when there is none.
  base::Result<int64_t> number(const std::string& sql, const std::vector<Cell>& values = {});
  base::Result<std::string> text(const std::string& sql, const std::vector<Cell>& values = {});

  /// Takes the write lock at once: a later upgrade could fail half-way.
  base::Result<> begin() { return plain("BEGIN IMMEDIATE"); }
  base::Result<> beginRead() { return plain("BEGIN DEFERRED"); }
  base::Result<> commit() { return plain("COMMIT"); }
  /// Also when SQLite has already undone the transaction by itself.
  void rollback();
  base::Result<> plain(const std::string& sql);

  /// True once after a statement failed because the disk is full.
  bool takeDiskFull() { return std::exchange(m_diskFull, false); }
  /// True for ever after a failed sync: what is on disk is no longer known.
  bool syncFailed() const { return m_syncFailed; }

 private:
  struct Handle;
  Connection();
  std::unexpected<base::Error> failure(const std::string& doing);

  std::unique_ptr<Handle> m_handle;
  std::string m_file;
  bool m_diskFull = false;
  bool m_syncFailed = false;
};

}  // namespace aiops::storage
