// A small engine of the test's own: a home, one pattern, a real executor process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "agents/engine.h"
#include "security/audit_pages.h"
#include "security/redaction.h"
#include "service/reply.h"

namespace aiops::test {

/// This thread and those it starts keep to the permissions of files, also as root. False when they don't.
inline bool keepToPermissions() {
  if (::geteuid() != 0) return true;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  data[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
  return ::syscall(SYS_capset, &header, data) == 0;
}

/// Waits for what `ask` hands to its reply.
template <class T, class Ask>
base::Result<T> answerOf(const Ask& ask) {
  const auto promise = std::make_shared<std::promise<base::Result<T>>>();
  auto answer = promise->get_future();
  ask([promise](base::Result<T> result) { promise->set_value(std::move(result)); });
  return answer.get();
}

inline service::Caller admin() {
  return {.name = "alice", .mayOperate = true, .mayApprove = true, .isAdmin = true};
}

class EngineWorld {
 public:
  EngineWorld() {
    for (const char* folder : {"share/patterns", "share/signatures", "share/playbooks", "logs"})
      std::filesystem::create_directories(root() / folder);
    write("share/patterns/some.yaml", "{id: some, signal: x, match: failed}\n");
    settings.home = (root() / "home").string();
    settings.database = (root() / "home/ai-ops-core.db").string();
  }
  ~EngineWorld() { end(); }

  std::filesystem::path root() const { return m_directory.path().toStdString(); }
  std::string path(const std::string& name) const { return (root() / name).string(); }
  /// Creates or lengthens a file below the root; its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(root() / name, std::ios::app) << text;
    return path(name);
  }

  /// Everything but the start of the agents.
  base::Result<> open() {
    if (auto home = config::Home::create(settings.home); !home) return std::unexpected(home.error());
    const agents::ResourcePaths resources{root() / "share"};
    executor = std::make_unique<remediation::ExecutorClient>(agents::executorConfig(settings, resources),
                                                             AIOPS_HELPER);
    if (auto spawned = executor->spawn(); !spawned) return spawned;
    auto created = agents::Engine::create({settings,
                                           resources,
                                           *executor,
                                           m_clock,
                                           {},
                                           [this](std::string_view text) { return m_redactor.redact(text); },
                                           changePlaces});
    if (!created) return std::unexpected(created.error());
    engine = *std::move(created);
    return {};
  }
  /// Starts, and waits until the sources are watched.
  void start() {
    if (!engine) {
      const auto opened = open();
      QVERIFY2(opened.has_value(), opened ? "" : opened.error().line().c_str());
    }
    engine->start();
    QTRY_VERIFY_WITH_TIMEOUT(!engine->agent("log_monitor")->status().task.empty(), 30000);
  }
  void end() {
    if (engine) engine->stop();
    engine.reset();
    executor.reset();
  }

  /// Newest first.
  std::vector<model::AuditEntry> audited(const std::string& what) const {
    std::vector<model::AuditEntry> out;
    auto page = security::AuditPages(engine->auditDirectory()).page(500, {});
    for (auto& entry : page ? page->items : std::vector<model::AuditEntry>{}) {
      if (entry.what == what) out.push_back(std::move(entry));
    }
    return out;
  }

  config::Settings settings;
  agents::ChangePlaces changePlaces;
  std::unique_ptr<remediation::ExecutorClient> executor;
  std::unique_ptr<agents::Engine> engine;

 private:
  QTemporaryDir m_directory;
  base::SystemClock m_clock;
  security::Redactor m_redactor;
};

}  // namespace aiops::test
