// Waits for the answer of an asynchronous operation; for programs without an event loop of their own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <future>
#include <memory>

#include "service/operations.h"

namespace aiops::app {

/// Calls `ask` with a reply and waits for it. Timeout after 10 s.
template <class T>
base::Result<T> waitFor(const std::function<void(service::Reply<T>)>& ask) {
  const auto promise = std::make_shared<std::promise<base::Result<T>>>();
  auto future = promise->get_future();
  ask([promise](base::Result<T> result) { promise->set_value(std::move(result)); });
  if (future.wait_for(std::chrono::seconds(10)) != std::future_status::ready) {
    return base::fail(base::ErrorCode::Timeout, "the engine did not answer within 10 s");
  }
  return future.get();
}

}  // namespace aiops::app
