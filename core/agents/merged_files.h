// Log files of the past as one stream.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "agents/offline_files.h"
#include "agents/offline_zones.h"
#include "base/result.h"
#include "pipeline/file_reader.h"

namespace aiops::agents {

/// The records of several files in order of event time, as far as each file is in that order; equal times in
/// order of the files. Not thread safe.
class MergedFiles {
 public:
  /// The first file that can't be opened is the error.
  static base::Result<std::unique_ptr<MergedFiles>> open(const std::vector<OfflineFile>& files,
                                                         const OfflineZones& zones);

  /// A batch with the next record, valid until the next call; null at the end.
  const model::LogBatch* next();

  uint64_t lines() const;
  uint64_t bytes() const;
  /// Files that could not be read to their end: path, why.
  std::vector<std::pair<std::string, std::string>> problems() const;

 private:
  using Head = std::pair<base::TimePoint, size_t>;

  MergedFiles() = default;

  std::vector<std::string> m_paths;
  std::vector<std::unique_ptr<pipeline::FileReader>> m_readers;
  std::priority_queue<Head, std::vector<Head>, std::greater<>>
      m_heads;  ///< of the files that are not current
  std::optional<size_t> m_current;
};

}  // namespace aiops::agents
