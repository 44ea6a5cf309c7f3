// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/event_builder.h"

#include "base/bytes.h"

namespace aiops::test {

base::TimePoint at(double seconds) {
  return base::TimePoint(
      std::chrono::microseconds(1'795'000'000'000'000 + static_cast<int64_t>(seconds * 1e6)));
}

model::Event makeEvent(const std::string& service, const std::string& signal, double seconds,
                       model::Severity severity) {
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
