// Notices that a service which wrote steadily has stopped writing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "model/event.h"

namespace aiops::detection {

/// Of one service, in event time. It counts as steady when it wrote 50 lines or more at one in two seconds or
/// more; it is silent when nothing came for three times its longest pause so far, but at least for six
/// seconds. A writer that hands over its lines in blocks pauses between them, whatever their stamps say:
/// pauses are learnt from both. Deterministic.
class Silence {
 public:
  /// `record` of `batch` was read.
  void add(const model::LogBatch& batch, const model::LogRecord& record);
  /// The service's time is `progress` now. An event with the signal "service_silent" when it is silent since;
  /// its evidence is the last line. Each silence is told once.
  std::optional<model::Event> advance(base::TimePoint progress);
  /// The pause under way, with the step of the clock in it, tells nothing of the service.
  void clockPutForward(base::Duration by);

 private:
  model::EvidenceRef lastLine() const;

  uint64_t m_lines = 0;
  base::TimePoint m_first;
  base::TimePoint m_last;
  base::TimePoint m_readAt;
  base::Duration m_longestPause{0};
  bool m_told = false;
  bool m_stepped = false;  ///< the clock was put forward since the last line
  std::string m_source;
  std::string m_service;
  std::string m_text;                            ///< of the last line
  model::LogRecord m_record;                     ///< of it; its views are empty
  std::optional<model::EvidenceRef> m_longLine;  ///< in place of its text, which would be much to keep
};

}  // namespace aiops::detection
