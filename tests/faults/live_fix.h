// The demo's failing service and the real program on it, in a home of its own: what fault tests drive.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/demo/demo_scenario.h"
#include "base/result.h"
#include "faults/engine_process.h"

namespace aiops::test {

/// What an observer from outside sees of the service.
struct Outside {
  std::string config;       ///< bytes of web.conf
  std::vector<int> limits;  ///< MB of each start of web, in order, from its log
  size_t restarts = 0;      ///< of web, in the supervisor's ledger
  uint64_t limitBytes = 0;  ///< of the running web, from /healthz; 0: nobody answers
};

/// One home. Every function throws std::runtime_error when it can't do what it says. One thread, which has
/// to live as long.
class LiveFix {
 public:
  explicit LiveFix(demo::Web503Variant variant = demo::Web503Variant::Fixable);
  ~LiveFix();

  /// Starts `ai-ops-core --server` and waits until it is ready, or until `fault` has killed it: that becomes
  /// AIOPS_FAIL.
  void startEngine(const std::string& fault = "", std::map<std::string, std::string> environment = {});
  bool engineAlive() { return m_server.alive(); }
  Child& engine() { return m_server.process(); }
  EngineProcess& server() { return m_server; }
  /// SIGTERM; it has to end with status 0.
  void endEngine() { m_server.end(); }
  /// What the engine said on its standard output and error.
  std::string engineWords() const { return m_server.words(); }

  base::Result<nlohmann::json> get(const std::string& path) const { return m_server.get(path); }
  base::Result<nlohmann::json> post(const std::string& path, const nlohmann::json& body) const {
    return m_server.post(path, body);
  }
  /// As above; throws on an error answer.
  nlohmann::json must(const std::string& path) const { return m_server.must(path); }

  nlohmann::json awaitProposal() const;
  /// Waits for a proposal and approves it; its id.
  std::string approveProposal() const;
  base::Result<nlohmann::json> approve(const nlohmann::json& fix) const;
  nlohmann::json fix(const std::string& id) const { return must("/fixes/" + id); }
  /// Waits until the fix is in one of the states; the fix.
  nlohmann::json awaitState(const std::string& id, const std::vector<std::string>& states) const;
  /// Exit status of the program with these arguments in this home.
  int command(const std::vector<std::string>& arguments) const { return m_server.command(arguments); }

  Outside look() const;
  const std::string& before() const { return m_before; }
  /// web.conf as the fix should leave it, worked out here.
  const std::string& after() const { return m_after; }
  /// The file, the running service and the restarts are as before (`changed` false) or as after the fix, and
  /// nothing was done twice.
  void needWhole(bool changed) const;
  /// The chain verifies, by the program's own command.
  void needAuditVerifies() const { need(command({"audit", "verify"}) == 0, "the audit does not verify"); }
  /// No executor works on this home (it would hold its lock).
  bool executorGone() const;
  std::filesystem::path home() const { return m_root / "home"; }
  demo::Web503Scenario& scenario() { return *m_scenario; }

 private:
  const QTemporaryDir m_temporary;
  const std::filesystem::path m_root;
  std::unique_ptr<demo::Web503Scenario> m_scenario;
  std::string m_before;
  std::string m_after;
  EngineProcess m_server;
};

/// Bad news of a fix as one line.
std::string inWords(const nlohmann::json& fix);

}  // namespace aiops::test
