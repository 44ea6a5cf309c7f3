// What every question to the engine shares: the reply, pages, and who asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace aiops::service {

/// Called once, on a thread of the engine: post to your own thread before touching your own state.
template <class T>
using Reply = std::function<void(base::Result<T>)>;

/// Newest first. `before` continues after the last item of the page before it (its number).
struct PageRequest {
  uint32_t limit = 50;  ///< 1 to 500
  std::optional<uint64_t> before;
  bool openOnly = false;
};

template <class T>
struct Page {
  std::vector<T> items;
  uint64_t total = 0;
};

/// Who asks: a name for the audit, and what they may do.
struct Caller {
  std::string name;  ///< "local operator", "key ci-bot"
  bool mayOperate = false;
  bool mayApprove = false;
  bool isAdmin = false;
};

}  // namespace aiops::service
