// Notices that a service which wrote steadily has stopped writing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/event.h"

namespace aiops::detection {

/// In event time; `now` is the newest event time of all sources. A service counts as steady when it wrote
/// `steadyLines` lines at `steadyPerSecond` or more; it is silent when nothing came for `factor` times its
/// longest pause so far, but at least for `least`. Not thread safe. Deterministic.
class SilenceWatch {
 public:
  struct Options {
    uint64_t steadyLines = 50;
    double steadyPerSecond = 0.5;
    int factor = 3;
    base::Duration least = std::chrono::seconds(6);
  };

  explicit SilenceWatch(Options options) : m_options(options) {}

  /// `record` of `batch` was read.
  void add(const model::LogBatch& batch, const model::LogRecord& record);
  /// An event with the signal "service_silent" for each service that is silent since; its evidence is the
  /// last line. Each silence is told once.
  std::vector<model::Event> advance(base::TimePoint now);

 private:
  struct Service {
    uint64_t lines = 0;
    base::TimePoint first;
    base::TimePoint last;
    base::Duration longestPause{0};
    bool told = false;
    std::string source;
    std::string text;         ///< of the last line
    model::LogRecord record;  ///< its views are empty
  };

  const Options m_options;
  std::map<std::string, Service> m_services;
  base::TimePoint m_checked;
};

}  // namespace aiops::detection
