// Creating, checking and migrating the database file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.h"
#include "storage/connection.h"
#include "storage/migrations.h"

namespace aiops::storage {

/// The writing connection to a database that is ours, whole and of the newest schema. A missing file is built
/// under another name and renamed when complete, so that an empty file is always a damaged one. An older
/// schema is copied to `<file>.v<version>.backup` before it is migrated in one transaction.
base::Result<std::unique_ptr<Connection>> openDatabase(const std::filesystem::path& file,
                                                       const std::vector<Migration>& migrations);

}  // namespace aiops::storage
