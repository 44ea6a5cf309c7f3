// The newest lines of a file, read once and within bounds.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/found_log.h"
#include "parsing/line_parser.h"
#include "parsing/raw_chunk.h"

namespace aiops::sources {

struct LogSample {
  parsing::RawChunk chunk;  ///< whole lines of the last `most` bytes
  std::string format;       ///< found from the lines; "empty" for an empty file
  bool binary = false;      ///< no text: nothing else is said about it
  double linesPerHour = 0;  ///< from their time stamps; 0: not known
};

/// NotFound, PermissionDenied, InvalidInput (no regular file), Io. `now` is for time stamps without a year.
base::Result<LogSample> sampleOf(const std::string& path, base::TimePoint now, size_t most = 32 * 1024);

/// The newest entries of a file as they would be seen: at most `most`, out of its last 256 KiB. Fails as
/// sampleOf does.
base::Result<model::LogPreview> previewLog(const std::string& path, const std::string& service,
                                           const parsing::ParserOptions& parser, base::TimePoint now,
                                           size_t most = 50);

}  // namespace aiops::sources
