// How the use cases over the engine answer; for the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>

#include "base/worker.h"
#include "service/reply.h"

namespace aiops::service {

/// Runs `work` on `worker` and replies with what it returns; Unavailable when too many questions wait.
template <class T, class Work>
void answerOn(base::Worker& worker, Reply<T> reply, Work work) {
  const bool taken = worker.post([reply, work = std::move(work)] { reply(work()); });
  if (!taken) {
    reply(base::fail(base::ErrorCode::Unavailable, "too many questions wait", "", "try again"));
  }
}

inline std::unexpected<base::Error> lacksScope(const std::string& scope) {
  return base::fail(base::ErrorCode::PermissionDenied, "this needs the scope " + scope);
}

}  // namespace aiops::service
