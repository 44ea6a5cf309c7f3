// The schema as numbered steps. Forward only: an older program refuses a newer schema.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace aiops::storage {

/// Brings the schema from `version - 1` to `version`. Statements end with a semicolon at the end of a line.
struct Migration {
  int version = 0;
  std::string sql;
};

/// resources/migrations/NNNN_name.sql, compiled in.
const std::vector<Migration>& builtInMigrations();

}  // namespace aiops::storage
