// Reading and writing documents with their check sums. Internal to storage.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/codec.h"
#include "storage/connection.h"

namespace aiops::storage {

/// Every query for documents selects key, doc, sum in this order; further columns follow.
template <class T>
base::Result<std::vector<T>> decodeAll(Connection& db, std::string_view what, const std::string& sql,
                                       const std::vector<Cell>& values = {}) {
  auto rows = db.rows(sql, values);
  if (!rows) return std::unexpected(rows.error());
  std::vector<T> items;
  for (const Row& row : *rows) {
    auto item = decode<T>(what, row.bytes(0), row.bytes(1), row.bytes(2));
    if (!item) return std::unexpected(item.error());
    items.push_back(*std::move(item));
  }
  return items;
}

/// Most statements need no count of rows.
inline base::Result<> run(Connection& db, const std::string& sql, const std::vector<Cell>& values) {
  auto changed = db.run(sql, values);
  if (!changed) return std::unexpected(changed.error());
  return {};
}

/// Inserts or replaces one document; `table` and `keyColumn` are names that the caller has written.
inline base::Result<> putDocument(Connection& db, const std::string& table, const std::string& keyColumn,
                                  const std::string& key, const std::string& doc) {
  return run(db,
             "INSERT INTO " + table + " (" + keyColumn + ", doc, sum) VALUES (?, ?, ?) ON CONFLICT (" +
                 keyColumn + ") DO UPDATE SET doc = excluded.doc, sum = excluded.sum",
             {key, doc, checkSum(key, doc)});
}

}  // namespace aiops::storage
