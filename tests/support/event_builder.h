// Events for tests, with times in seconds from a fixed point.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/bytes.h"
#include "model/event.h"

namespace aiops::test {

inline base::TimePoint at(double seconds) {
  return base::TimePoint(
      std::chrono::microseconds(1'795'000'000'000'000 + static_cast<int64_t>(seconds * 1e6)));
}

/// An event of `service` with one cited line.
inline model::Event makeEvent(const std::string& service, const std::string& signal, double seconds,
                              model::Severity severity = model::Severity::Error) {
  model::Event out{.id = model::EventId::create(),
                   .patternId = signal,
                   .patternName = signal,
                   .signal = signal,
                   .service = service,
                   .severity = severity,
                   .first = at(seconds),
                   .last = at(seconds)};
  const std::string text = service + " says " + signal;
  out.evidence.push_back({.id = service + signal,
                          .source = "/logs/" + service + ".log",
                          .service = service,
                          .text = text,
                          .sha256 = base::sha256Hex(text),
                          .time = at(seconds)});
  return out;
}

}  // namespace aiops::test
