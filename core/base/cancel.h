// Asks work that runs elsewhere to end soon.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>

namespace aiops::base {

/// Copies share one flag, which never goes back. Thread safe. What takes long looks at it at least every
/// 50 ms and ends with ErrorCode::Cancelled.
class CancelToken {
 public:
  void cancel() const { m_flag->store(true); }
  bool cancelled() const { return m_flag->load(); }

 private:
  std::shared_ptr<std::atomic<bool>> m_flag = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace aiops::base
