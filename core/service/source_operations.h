// Log files: find them on this machine, look into one, watch it or leave it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/found_log.h"
#include "model/status.h"
#include "service/reply.h"

namespace aiops::service {

class SourceOperations {
 public:
  virtual ~SourceOperations() = default;
  /// Log files below the usual directories, most recently written first; unreadable ones too, with how to
  /// allow it.
  virtual void discoverLogs(Reply<std::vector<model::FoundLog>> reply) = 0;
  /// The newest lines of a file, parsed, without watching it.
  virtual void previewLog(std::string path, Reply<model::LogPreview> reply) = 0;
  /// Watches the paths (files or globs) from now on, and again after a restart. An empty service is worked
  /// out from the path.
  virtual void addSources(Caller caller, std::vector<model::SourceChoice> choices,
                          Reply<std::vector<model::SourceStatus>> reply) = 0;
  /// Conflict for a source that the configuration names.
  virtual void removeSource(Caller caller, std::string path, Reply<std::string> reply) = 0;
};

}  // namespace aiops::service
