// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_histogram.h"

#include <algorithm>
#include <array>

namespace aiops::ui {
namespace {

using std::chrono::seconds;

constexpr std::array<int64_t, 12> kWidths{1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 600, 3600};

seconds bucketFor(seconds span, int mostBars) {
  for (const auto width : kWidths) {
    if (span.count() / width + 1 <= mostBars) return seconds(width);
  }
  return seconds(kWidths.back() * (span.count() / kWidths.back() / mostBars + 1));
}

base::TimePoint floorTo(base::TimePoint time, seconds bucket) {
  const auto whole = std::chrono::floor<seconds>(time).time_since_epoch().count();
  const auto width = bucket.count();
  return base::TimePoint(seconds(whole - ((whole % width) + width) % width));
}

/// The counts of the chosen service, or of all, in one second.
LogBar barOf(const std::vector<LogBar>& services, std::optional<size_t> chosen) {
  LogBar sum;
  for (size_t i = 0; i < services.size(); ++i) {
    if (chosen && *chosen != i) continue;
    sum.info += services[i].info;
    sum.warning += services[i].warning;
    sum.error += services[i].error;
  }
  return sum;
}

/// The index of the chosen service; one that no line has yet is beyond all.
std::optional<size_t> chosenService(const LogModel& model) {
  const auto& service = model.restrictions().service;
  if (!service) return std::nullopt;
  const auto& known = model.buffer().services();
  return static_cast<size_t>(std::find(known.begin(), known.end(), *service) - known.begin());
}

}  // namespace

LogHistogram histogramOf(const LogModel& model, seconds window, int mostBars) {
  const auto chosen = chosenService(model);
  std::vector<std::pair<int64_t, LogBar>> counted;
  for (const auto& [second, services] : model.counts().seconds()) {
    const LogBar bar = barOf(services, chosen);
    if (bar.all() > 0) counted.emplace_back(second, bar);
  }
  LogHistogram result;
  if (counted.empty()) return result;
  const int64_t newest = counted.back().first;
  const int64_t oldest = std::max(counted.front().first, newest - window.count());
  result.bucket = bucketFor(seconds(newest - oldest), mostBars - 1);
  result.from = floorTo(base::TimePoint(seconds(oldest)), result.bucket);
  const int64_t from = std::chrono::floor<seconds>(result.from).time_since_epoch().count();
  result.bars.resize(static_cast<size_t>((newest - from) / result.bucket.count()) + 1);
  for (const auto& [second, bar] : counted) {
    if (second < from) continue;
    LogBar& sum = result.bars[static_cast<size_t>((second - from) / result.bucket.count())];
    sum.info += bar.info;
    sum.warning += bar.warning;
    sum.error += bar.error;
  }
  return result;
}

std::optional<uint64_t> firstLineAt(const LogModel& model, base::TimePoint time) {
  const auto& buffer = model.buffer();
  for (qsizetype row = 0; row < model.rowCount(); ++row) {
    const auto ordinal = model.ordinalAt(row);
    if (buffer.entry(ordinal).time >= time) return ordinal;
  }
  return std::nullopt;
}

}  // namespace aiops::ui
