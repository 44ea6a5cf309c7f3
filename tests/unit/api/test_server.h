// The real server on a free port, with an engine and keys of the test's own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/http_server.h"
#include "base/mutex.h"
#include "raw_client.h"
#include "support/fake_operations.h"

namespace aiops::test {

/// Thread safe, unlike a plain map: a test adds keys while the server runs.
class MemoryKeys final : public api::KeyStore {
 public:
  std::string add(const std::string& name, security::Scope scope,
                  std::optional<base::TimePoint> expires = {}) {
    auto key = security::generateApiKey(name, scope, base::SystemClock().now());
    key.record.expiresAt = expires;
    base::MutexLock lock(m_mutex);
    m_records[key.record.id] = key.record;
    return key.text;
  }
  std::optional<security::ApiKeyRecord> find(const std::string& id8) override {
    base::MutexLock lock(m_mutex);
    const auto found = m_records.find(id8);
    return found == m_records.end() ? std::nullopt : std::optional(found->second);
  }
  void authFailed(const api::AuthFailure& failure) override {
    base::MutexLock lock(m_mutex);
    m_failures.push_back(failure);
  }
  std::vector<api::AuthFailure> failures() const {
    base::MutexLock lock(m_mutex);
    return m_failures;
  }

 private:
  mutable base::Mutex m_mutex;
  std::map<std::string, security::ApiKeyRecord> m_records AIOPS_GUARDED_BY(m_mutex);
  std::vector<api::AuthFailure> m_failures AIOPS_GUARDED_BY(m_mutex);
};

struct TestServer {
  explicit TestServer(api::ServerLimits limits = {}) : config{.port = 0, .limits = limits} {}
  explicit TestServer(api::ServerConfig serverConfig) : config(std::move(serverConfig)) { config.port = 0; }

  bool start() {
    const auto bound = server.start();
    port = bound.value_or(0);
    return bound.has_value();
  }
  std::string host() const { return "127.0.0.1:" + std::to_string(port); }
  /// A request as text; `more` are further header lines, each with its CR LF.
  std::string request(const std::string& method, const std::string& path, const std::string& key,
                      const std::string& more = {}, const std::string& body = {}) const {
    std::string text = method + " " + path + " HTTP/1.1\r\nHost: " + host() + "\r\n";
    if (!key.empty()) text += "Authorization: Bearer " + key + "\r\n";
    if (method == "POST") text += "Content-Type: application/json\r\n";
    if (method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + more + "\r\n" + body;
  }
  /// One request on a connection of its own.
  RawResponse ask(const std::string& method, const std::string& path, const std::string& key = {},
                  const std::string& more = {}, const std::string& body = {}) const {
    RawClient client(port);
    client.send(request(method, path, key, more, body));
    return client.read(method != "HEAD").value_or(RawResponse{});
  }

  FakeOperations operations;
  MemoryKeys keys;
  base::SystemClock clock;
  api::ServerConfig config;
  api::HttpServer server{config, operations, keys, clock};
  uint16_t port = 0;
};

}  // namespace aiops::test
