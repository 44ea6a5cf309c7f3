// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/offline_zones.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "parsing/zone_inference.h"
#include "pipeline/file_reader.h"

namespace aiops::agents {
namespace {

constexpr std::chrono::hours kDay{24};
/// Later than any stamp: in the first reading no stamp is taken for one of the future.
constexpr base::TimePoint kFarAway{std::chrono::sys_days(std::chrono::year(9000) / 1 / 1)};

base::TimePoint changedAt(const std::string& path) {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error);
  if (error) return {};
  return std::chrono::time_point_cast<base::Duration>(std::chrono::file_clock::to_sys(time));
}

/// True when the stamp had its own year, and not that of the reading.
bool isDated(base::TimePoint time) {
  return time < kFarAway - 400 * kDay;
}

}  // namespace

namespace {

/// The times of one file's records, as far as they can be told when it is read at `ingest`.
struct Times {
  std::optional<base::TimePoint> newest;  ///< of those with a year
  bool undated = false;                   ///< there are some without
};

base::Result<Times> read(const OfflineFile& file, base::TimePoint ingest, parsing::ZoneInference& inference,
                         bool onlyUndated) {
  auto reader = pipeline::FileReader::open(file.path, file.service, {}, ingest);
  if (!reader) return std::unexpected(reader.error());
  Times times;
  while ((*reader)->next()) {
    const auto& record = (*reader)->record();
    if (!record.hasEventTime) continue;
    const bool dated = ingest == kFarAway && isDated(record.eventTime);
    times.undated = times.undated || !dated;
    if (dated) times.newest = std::max(times.newest.value_or(record.eventTime), record.eventTime);
    if (dated || onlyUndated) inference.add(file.path, record.eventTime, !record.zoneAssumed);
  }
  return times;
}

base::TimePoint newestChange(const std::vector<OfflineFile>& files) {
  base::TimePoint newest;
  for (const auto& file : files) newest = std::max(newest, changedAt(file.path));
  return newest;
}

}  // namespace

base::Result<OfflineZones> OfflineZones::find(const std::vector<OfflineFile>& files,
                                              const std::map<std::string, std::string>& given) {
  OfflineZones out;
  if (auto checked = out.readGiven(files, given); !checked) return std::unexpected(checked.error());
  parsing::ZoneInference inference;
  std::optional<base::TimePoint> newest;
  std::vector<const OfflineFile*> undated;
  for (const auto& file : files) {
    const auto times = read(file, kFarAway, inference, false);
    if (!times) return std::unexpected(times.error());
    if (times->newest) newest = std::max(newest.value_or(*times->newest), *times->newest);
    if (times->undated) undated.push_back(&file);
  }
  out.m_reference = newest ? *newest : newestChange(files);
  for (const auto* file : undated) {
    if (const auto times = read(*file, out.m_reference, inference, true); !times)
      return std::unexpected(times.error());
  }
  for (const auto& [path, offset] : inference.offsets()) out.m_inferred[path] = {.offset = offset};
  return out;
}

base::Result<> OfflineZones::readGiven(const std::vector<OfflineFile>& files,
                                       const std::map<std::string, std::string>& given) {
  for (const auto& [service, text] : given) {
    const auto zone = base::zoneFromText(text);
    if (!zone) {
      return base::fail(base::ErrorCode::InvalidInput, "'" + text + "' is no time zone", "--zone " + service,
                        "allowed: " + std::string(base::kZonesAllowed));
    }
    const auto whose = std::ranges::find(files, service, &OfflineFile::service);
    if (whose == files.end()) {
      return base::fail(base::ErrorCode::InvalidInput, "no log file belongs to the service",
                        "--zone " + service);
    }
    m_given[service] = *zone;
  }
  return {};
}

parsing::ParserOptions OfflineZones::parserFor(const OfflineFile& file) const {
  parsing::ParserOptions options;
  if (const auto given = m_given.find(file.service); given != m_given.end()) {
    options.zone = given->second;
  } else if (const auto inferred = m_inferred.find(file.path); inferred != m_inferred.end()) {
    options.zone = inferred->second;
  }
  return options;
}

}  // namespace aiops::agents
