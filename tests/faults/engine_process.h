// The real program as a server in a home of its own, and a client of its HTTP interface.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/api_client.h"
#include "faults/child.h"

namespace aiops::test {

/// Throws std::runtime_error when `holds` is false.
void need(bool holds, const std::string& otherwise);

template <class T>
T orThrow(base::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().line());
  return *std::move(result);
}

/// Below `root`: `home`, and what the program says. Every function throws std::runtime_error when it can't do
/// what it says. One thread, which has to live as long.
class EngineProcess {
 public:
  explicit EngineProcess(std::filesystem::path root) : m_root(std::move(root)) {}

  /// Starts `ai-ops-core --server` with these arguments and waits until it is ready.
  void start(const std::vector<std::string>& arguments,
             const std::map<std::string, std::string>& environment = {});
  /// As start(). False when SIGKILL ended it before it was ready, as a fault injected into it does.
  bool startUnlessKilled(const std::vector<std::string>& arguments,
                         const std::map<std::string, std::string>& environment);
  void kill() { m_process.reset(); }
  bool alive() { return m_process && m_process->alive(); }
  Child& process() { return *m_process; }
  /// SIGTERM; it has to end with status 0.
  void end();
  /// What it said on its standard output and error.
  std::string words() const { return m_process->output() + m_process->errors(); }

  base::Result<nlohmann::json> get(const std::string& path) const { return m_client->get(path); }
  base::Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body) const {
    return m_client->post(path, body);
  }
  /// As above; throws on an error answer.
  nlohmann::json must(const std::string& path) const { return orThrow(get(path)); }
  nlohmann::json mustPost(const std::string& path, const nlohmann::json& body) const {
    return orThrow(post(path, body));
  }
  /// The entry of GET /sources, or null.
  nlohmann::json source(const std::string& path) const;
  /// An open or ended incident of the service, or null; the newest.
  nlohmann::json incidentOf(const std::string& service) const;
  /// Exit status of the program with these arguments in this home; its output is in commandOutput().
  int command(const std::vector<std::string>& arguments) const;
  std::string commandOutput() const;

  std::filesystem::path root() const { return m_root; }
  std::filesystem::path home() const { return m_root / "home"; }

 private:
  const std::filesystem::path m_root;
  std::unique_ptr<Child> m_process;
  std::unique_ptr<client::ApiClient> m_client;
};

}  // namespace aiops::test
