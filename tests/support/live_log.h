// Operations whose live log grows as a test says.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/mutex.h"
#include "support/fake_operations.h"
#include "support/wrapped_operations.h"

namespace aiops::test {

/// Sequences must ascend from 1. Answers on the caller's thread.
class LiveLog final : public WrappedOperations {
 public:
  explicit LiveLog(service::Operations& inner);
  ~LiveLog() override;

  void add(const std::vector<model::LogLine>& lines);

  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override;

 private:
  size_t indexOf(uint64_t sequence) const AIOPS_REQUIRES(m_mutex);

  base::Mutex m_mutex;
  std::vector<model::LogLine> m_lines AIOPS_GUARDED_BY(m_mutex);
};

}  // namespace aiops::test
