// The scenario web-503: a web service that runs out of its own memory limit, a front before it, and visitors.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace aiops::demo {

/// How the fix of this run turns out.
enum class Web503Variant {
  Fixable,         ///< twice the limit holds all sessions
  FailValidation,  ///< visitors grow so much that twice the limit is not enough either
  BreakSomething,  ///< the service refuses to start with the larger limit
};

struct Web503Options {
  std::filesystem::path home;           ///< AIOPS_HOME; the run lives in HOME/demo/web-503-PID
  std::filesystem::path serviceBinary;  ///< absolute path of aiops-demo-service
  Web503Variant variant = Web503Variant::Fixable;
  std::chrono::seconds trafficFor{180};  ///< visitors leave after this time whatever happens
  unsigned pace = 1;  ///< 1 to 9: so many times faster memory fills, by larger sessions; for tests
};

/// Owns one run: a folder, its files, and the processes of its supervisor. Everything listens on 127.0.0.1
/// only.
///
///     auto scenario = Web503Scenario::prepare({home, bin / "aiops-demo-service"});
///     // start the engine with (*scenario)->engineConfig(), then
///     (*scenario)->start();
///     ...
///     (*scenario)->stop();
///
/// Thread rule: one thread for all calls, and that thread has to outlive the run: when it ends, the kernel
/// asks the supervisor to end, and it ends its services. So nothing is left either when this process is
/// killed; then only the folder stays, and the next prepare() removes it.
class Web503Scenario {
 public:
  /// Makes the folder with web.conf, config.yaml, services.json and empty logs; starts nothing.
  /// Removes the folders of earlier runs whose process is gone.
  static base::Result<std::unique_ptr<Web503Scenario>> prepare(const Web503Options& options);
  ~Web503Scenario() { stop(); }
  Web503Scenario(const Web503Scenario&) = delete;
  Web503Scenario& operator=(const Web503Scenario&) = delete;

  /// Starts the supervisor and waits until all services take requests; about eight seconds later the first
  /// 503s come.
  base::Result<> start();
  /// Ends all processes, waits for them, removes the folder. Idempotent. Not for a signal handler: let the
  /// handler wake the main loop, which calls this.
  void stop();

  const std::filesystem::path& directory() const { return m_dir; }
  /// The engine's configuration for this run.
  std::filesystem::path engineConfig() const { return m_dir / "config.yaml"; }
  std::filesystem::path webConfig() const { return m_dir / "web.conf"; }
  std::filesystem::path webLog() const { return m_dir / "logs" / "web.log"; }
  std::filesystem::path frontLog() const { return m_dir / "logs" / "front.log"; }
  std::filesystem::path frontErrorLog() const { return m_dir / "logs" / "front-error.log"; }
  /// What the supervisor did, one JSON line each: start, restart (with the requester's token), ended, stop.
  std::filesystem::path ledger() const { return m_dir / "ledger.jsonl"; }
  uint16_t webPort() const { return m_webPort; }
  uint16_t frontPort() const { return m_frontPort; }
  /// 0 when it is not running.
  pid_t supervisorPid() const { return m_supervisor; }
  /// web.conf as it is on disk now.
  base::Result<std::string> bytesOfConfig() const;

 private:
  explicit Web503Scenario(const Web503Options& options);
  base::Result<> choosePorts();
  base::Result<> writeFiles() const;
  std::string webConfigText() const;
  std::string servicesText() const;
  std::string engineConfigText() const;
  base::Result<> spawnSupervisor(int readyFd);
  void endSupervisor();

  const Web503Options m_options;
  const std::filesystem::path m_dir;
  uint16_t m_webPort = 0;
  uint16_t m_frontPort = 0;
  pid_t m_supervisor = 0;
};

}  // namespace aiops::demo
