// What a first reading of the files tells: their zones, and when they were written.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/offline_files.h"
#include "base/result.h"
#include "parsing/line_parser.h"

namespace aiops::agents {

/// A stamp without a zone takes the zone given for its service, else the offset that fits the other files
/// (parsing/zone_inference.h), else UTC. A stamp without a year takes the year of the newest stamp that has
/// one; without any such, of the newest file's last change.
class OfflineZones {
 public:
  /// Reads all files. InvalidInput: `given` names no zone, or a service without a file.
  static base::Result<OfflineZones> find(const std::vector<OfflineFile>& files,
                                         const std::map<std::string, std::string>& given);

  parsing::ParserOptions parserFor(const OfflineFile& file) const;
  /// Stands for the time of reading.
  base::TimePoint reference() const { return m_reference; }

 private:
  base::Result<> readGiven(const std::vector<OfflineFile>& files,
                           const std::map<std::string, std::string>& given);

  std::map<std::string, base::ZoneRule> m_given;     ///< by service
  std::map<std::string, base::ZoneRule> m_inferred;  ///< by path
  base::TimePoint m_reference;
};

}  // namespace aiops::agents
