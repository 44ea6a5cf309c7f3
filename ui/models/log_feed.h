// Asks for new lines of the live log, and makes them ready, away from the UI thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "base/worker.h"
#include "models/engine_bridge.h"
#include "models/log_buffer.h"

namespace aiops::ui {

/// Copying thousands of lines out of the engine, ordering them and looking for bytes to escape would be felt
/// on the UI thread. Used on the UI thread; answers arrive there. The bridge outlives this.
class LogFeed {
 public:
  struct Batch {
    LogBuffer::Packed packed;
    uint64_t next = 0;    ///< ask from here next time
    uint64_t missed = 0;  ///< lines that the engine let go before they were asked for
    bool more = false;    ///< as many came as were asked for: there may be others
  };
  using Took = std::function<void(base::Result<Batch>)>;

  explicit LogFeed(EngineBridge& bridge) : m_bridge(bridge) {}

  /// As StatusOperations::tailLogs. Lines before `from`, which an engine that started over may give, are left
  /// out.
  void ask(uint64_t from, uint32_t limit, Took took);

 private:
  EngineBridge& m_bridge;
  base::Worker m_worker{"log feed", 4};
};

}  // namespace aiops::ui
