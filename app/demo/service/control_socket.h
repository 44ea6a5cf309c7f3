// How `ctl` talks to the supervisor: one JSON line each way over a Unix socket in the demo's folder.
//   {"verb":"restart","service":"web","token":"..."}  ->  {"ok":true,"detail":"pid 4711"}
//   {"verb":"status","service":"web"}                 ->  {"ok":true,"state":"running","properties":{...}}
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::demo {

/// Listens on DIR/supervisor.sock; a socket left by a supervisor that is gone is replaced.
/// Fails with Conflict when a living supervisor holds it. Works for folders longer than a socket address.
base::Result<base::Fd> listenForControl(const std::string& dir);
/// Connects to DIR/supervisor.sock; Unavailable when nobody listens there.
base::Result<base::Fd> connectToSupervisor(const std::string& dir);

/// Reads one line and parses it; fails after `limit`, at the peer's end, or above 64 KiB.
base::Result<nlohmann::json> receiveMessage(int fd, std::chrono::milliseconds limit);
/// Never raises SIGPIPE.
base::Result<> sendMessage(int fd, const nlohmann::json& message);

}  // namespace aiops::demo
