// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/engine_process.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <stdexcept>

#include "base/bytes.h"

namespace aiops::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string kProgram = std::string(AIOPS_BIN_DIR) + "/ai-ops-core";
constexpr auto kUntilReady = 60s;
constexpr auto kUntilEnded = 30s;

}  // namespace

void need(bool holds, const std::string& otherwise) {
  if (!holds) throw std::runtime_error(otherwise);
}

void EngineProcess::start(const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment) {
  const bool ready = startUnlessKilled(arguments, environment);
  need(ready, "the engine was killed before it was ready: " + words());
}

bool EngineProcess::startUnlessKilled(const std::vector<std::string>& arguments,
                                      const std::map<std::string, std::string>& environment) {
  m_process.reset();
  auto all = environment;
  all["AIOPS_HOME"] = home().string();
  std::vector<std::string> argv{kProgram, "--server", "--listen", "127.0.0.1:0"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  m_process = std::make_unique<Child>(Child::Start{argv, all, m_root / "engine"});
  std::string url;
  const auto ready = [&] {
    const std::string text = m_process->output(), mark = "ready on ";
    const auto from = text.find(mark), to = text.find(',', from);
    if (from == std::string::npos || to == std::string::npos) return !m_process->alive();
    url = text.substr(from + mark.size(), to - from - mark.size());
    return true;
  };
  (void)eventually(ready, kUntilReady);
  if (url.empty() && !m_process->alive()) {
    const auto status = m_process->waitForEnd(kUntilEnded);
    if (status && WIFSIGNALED(*status) && WTERMSIG(*status) == SIGKILL) return false;
  }
  need(!url.empty(), "the engine did not become ready: " + words());
  const auto key = orThrow(base::readFile(home() / "run" / "local.key"));
  m_client = std::make_unique<client::ApiClient>(
      orThrow(client::ApiClient::create({.url = url, .key = key, .timeout = 20s})));
  return true;
}

void EngineProcess::end() {
  m_process->signal(SIGTERM);
  const auto status = m_process->waitForEnd(kUntilEnded);
  need(status.has_value(), "the engine does not end on SIGTERM");
  need(WIFEXITED(*status) && WEXITSTATUS(*status) == 0,
       "the engine ended with wait status " + std::to_string(*status) + ": " + words());
}

json EngineProcess::source(const std::string& path) const {
  const json all = must("/sources");
  for (const auto& item : all.at("items")) {
    if (item.at("source") == path) return item;
  }
  return {};
}

json EngineProcess::incidentOf(const std::string& service) const {
  const json all = must("/investigations?limit=200");
  for (const auto& item : all.at("items")) {
    const auto& services = item.at("services");
    if (std::ranges::find(services, json(service)) != services.end()) return item;
  }
  return {};
}

int EngineProcess::command(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv{kProgram};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Child child({argv, {{"AIOPS_HOME", home().string()}}, m_root / "command"});
  const auto status = child.waitForEnd(kUntilEnded);
  return status && WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
}

std::string EngineProcess::commandOutput() const {
  return base::readFile(m_root / "command").value_or("");
}

}  // namespace aiops::test
