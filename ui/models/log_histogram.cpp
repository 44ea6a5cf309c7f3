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

struct Range {
  base::TimePoint oldest = base::TimePoint::max();
  base::TimePoint newest = base::TimePoint::min();
};

template <class Visit>
void forEachTimed(const LogModel& model, Visit visit) {
  const auto& buffer = model.buffer();
  const auto& service = model.restrictions().service;
  for (uint64_t at = buffer.first(); at < buffer.end(); ++at) {
    const auto& entry = buffer.entry(at);
    if (!entry.hasTime || (service && buffer.services()[entry.service] != *service)) continue;
    visit(entry);
  }
}

void count(LogBar& bar, model::Severity severity) {
  if (severity >= model::Severity::Error) {
    ++bar.error;
  } else if (severity == model::Severity::Warning) {
    ++bar.warning;
  } else {
    ++bar.info;
  }
}

}  // namespace

LogHistogram histogramOf(const LogModel& model, seconds window, int mostBars) {
  Range range;
  forEachTimed(model, [&range](const auto& entry) {
    range.oldest = std::min(range.oldest, entry.time);
    range.newest = std::max(range.newest, entry.time);
  });
  LogHistogram result;
  if (range.newest < range.oldest) return result;
  range.oldest = std::max(range.oldest, base::TimePoint(range.newest - window));
  result.bucket = bucketFor(std::chrono::ceil<seconds>(range.newest - range.oldest), mostBars - 1);
  result.from = floorTo(range.oldest, result.bucket);
  result.bars.resize(static_cast<size_t>((range.newest - result.from) / result.bucket) + 1);
  forEachTimed(model, [&result](const auto& entry) {
    if (entry.time < result.from) return;
    count(result.bars[static_cast<size_t>((entry.time - result.from) / result.bucket)], entry.severity);
  });
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
