// Finds the instance that a command talks to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "client/api_client.h"

namespace aiops::app {

struct Connection {
  client::ApiClient client;
};

/// With `url`: that instance, with the key in AIOPS_API_KEY. Else the one that holds this user's home, with
/// its local key; nothing when none holds it.
base::Result<std::optional<Connection>> connect(const std::string& url);

}  // namespace aiops::app
