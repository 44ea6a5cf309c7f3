// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/resource_analyst.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/case_view.h"

namespace aiops::analysis {
namespace {

using model::Resource;

/// From which share of its limit a resource explains trouble, and how surely where nothing is left.
struct Row {
  Resource resource;
  double from;
  double most;
  const char* kind;
  const char* what;
};
constexpr std::array<Row, 5> kRows = {{
    {Resource::Disk, 0.97, 0.8, "disk_full", "disk"},
    {Resource::Inodes, 0.97, 0.8, "disk_full", "room for files"},
    {Resource::Memory, 0.95, 0.75, "memory_limit_reached", "memory"},
    {Resource::Descriptors, 0.9, 0.8, "fd_exhaustion", "file descriptors"},
    {Resource::Processor, 0.6, 0.7, "cpu_saturation", "processor"},
}};
constexpr double kFrom = 0.55;  // told where the share is just reached

std::string noteOf(const Row& row, const model::Reading& reading) {
  const auto percent = std::to_string(std::lround(100 * reading.used / reading.limit));
  if (reading.resource == Resource::Processor)
    return reading.where + ": something waited for the processor in " + percent + " % of the time";
  return std::string("the ") + row.what + " of " + reading.where + " " + percent + " % used";
}

}  // namespace

std::vector<Claim> ResourceAnalyst::analyse(const CaseFile& file) const {
  if (file.readings.empty()) return {};
  const CaseView view(file, m_topology);
  std::vector<Claim> claims;
  for (const auto& reading : file.readings) {
    const auto* row = std::ranges::find(kRows, reading.resource, &Row::resource);
    const double share = reading.limit > 0 ? std::min(1.0, reading.used / reading.limit) : 0;
    if (share < row->from) continue;
    const auto* sign = view.troubleOf(reading.service);
    if (sign == nullptr) continue;
    Claim claim{.service = reading.service,
                .kind = row->kind,
                .statement = reading.service + " runs short: " + noteOf(*row, reading),
                .confidence = kFrom + (row->most - kFrom) * (share - row->from) / (1 - row->from),
                .note = noteOf(*row, reading)};
    cite(claim.evidence, *sign, 1, "trouble, while " + claim.note);
    const auto same = std::ranges::find_if(claims, [&](const auto& other) {
      return other.service == claim.service && other.kind == claim.kind;
    });
    if (same == claims.end()) {
      claims.push_back(std::move(claim));
    } else if (same->confidence < claim.confidence) {
      *same = std::move(claim);
    }
  }
  return claims;
}

}  // namespace aiops::analysis
