// Inside an agent a failed write is a failure of the agent: it stops, reports, and starts again from the
// store. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <utility>

#include "base/result.h"

namespace aiops::agents {

/// Thrown and caught within an agent's thread only.
class AgentFailure : public std::runtime_error {
 public:
  explicit AgentFailure(const base::Error& error) : std::runtime_error(error.line()) {}
};

inline void must(const base::Result<>& result) {
  if (!result) throw AgentFailure(result.error());
}

template <class T>
T must(base::Result<T> result) {
  if (!result) throw AgentFailure(result.error());
  return *std::move(result);
}

}  // namespace aiops::agents
