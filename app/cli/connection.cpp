// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/connection.h"

#include <cstdlib>

#include "base/bytes.h"
#include "config/home.h"
#include "config/settings.h"
#include "storage/instance_lock.h"

namespace aiops::app {
namespace {

constexpr size_t kLongestKeyFile = 256;

base::Result<std::optional<Connection>> over(const std::string& url, const std::string& key) {
  auto client = client::ApiClient::create({.url = url, .key = key});
  if (!client) return std::unexpected(client.error());
  return Connection{*std::move(client)};
}

}  // namespace

base::Result<std::optional<Connection>> connect(const std::string& url) {
  if (!url.empty()) {
    const char* key = std::getenv("AIOPS_API_KEY");
    if (key == nullptr) {
      return base::fail(base::ErrorCode::InvalidInput, "no key for " + url, "AIOPS_API_KEY",
                        "set it to a key from `ai-ops-core generate-api-key`");
    }
    return over(url, key);
  }
  const auto path = config::homeFromEnvironment(config::processEnvironment());
  if (!path) return std::unexpected(path.error());
  const config::Home home(*path);
  const auto holder = storage::InstanceLock::holder(home.path());
  if (!holder) return std::nullopt;
  if (holder->endpoint.empty()) {
    return base::fail(base::ErrorCode::Unavailable, "the instance of this home does not listen yet",
                      home.path().string(), "try again in a moment");
  }
  const auto key = base::readFile(home.localKeyFile(), kLongestKeyFile);
  if (!key) return std::unexpected(key.error());
  return over(holder->endpoint, *key);
}

}  // namespace aiops::app
