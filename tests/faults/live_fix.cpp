// SPDX-License-Identifier: GPL-3.0-or-later
#include "faults/live_fix.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

#include <QHostAddress>
#include <QTcpSocket>
#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const std::string kServices = std::string(AIOPS_BIN_DIR) + "/aiops-demo-service";
constexpr unsigned kPace = 3;
constexpr auto kUntilProposed = 60s;
constexpr auto kUntilState = 90s;
constexpr auto kUntilEnded = 30s;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  need(at != std::string::npos, "no \"" + from + "\" in the file");
  return text.replace(at, from.size(), to);
}

/// The number behind `word`, in each line that has it.
std::vector<int> numbersAfter(const std::string& text, const std::string& lineWith, const std::string& word) {
  std::vector<int> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find(word);
    if (line.find(lineWith) != std::string::npos && at != std::string::npos) {
      out.push_back(std::stoi(line.substr(at + word.size())));
    }
  }
  return out;
}

/// The answer's body, whatever its status.
std::string fetchBody(uint16_t port, const QByteArray& target) {
  QTcpSocket socket;
  socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
  if (!socket.waitForConnected(2000)) return {};
  socket.write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  QByteArray bytes;
  while (socket.waitForReadyRead(2000)) bytes += socket.readAll();
  bytes += socket.readAll();
  const auto body = bytes.indexOf("\r\n\r\n");
  return body < 0 ? std::string() : bytes.mid(body + 4).toStdString();
}

std::string listed(const std::vector<int>& numbers) {
  std::string out;
  for (const int number : numbers) out += std::to_string(number) + " ";
  return out;
}

}  // namespace

std::string inWords(const json& fix) {
  return fix.value("state", "?") + " (" + fix["execution"].value("detail", "") + ")";
}

LiveFix::LiveFix(demo::Web503Variant variant) : m_root(m_temporary.path().toStdString()), m_server(m_root) {
  m_scenario = orThrow(demo::Web503Scenario::prepare(
      {.home = home(), .serviceBinary = kServices, .variant = variant, .pace = kPace}));
  m_before = orThrow(m_scenario->bytesOfConfig());
  m_after = replaced(m_before, "memory_limit_mb = 48\n", "memory_limit_mb = 96\n");
  if (auto started = m_scenario->start(); !started) throw std::runtime_error(started.error().line());
}

LiveFix::~LiveFix() {
  m_server.kill();
  (void)eventually([this] { return executorGone(); }, kUntilEnded);
  m_scenario->stop();
}

void LiveFix::startEngine(const std::string& fault, std::map<std::string, std::string> environment) {
  const std::vector<std::string> arguments{"--config", m_scenario->engineConfig().string()};
  if (fault.empty()) return m_server.start(arguments, environment);
  environment["AIOPS_FAIL"] = fault;
  (void)m_server.startUnlessKilled(arguments, environment);
}

base::Result<json> LiveFix::approve(const json& fix) const {
  return post("/fixes/" + fix.at("id").get<std::string>() + "/approve", {{"plan_hash", fix.at("plan_hash")}});
}

json LiveFix::awaitProposal() const {
  json proposed;
  const auto there = [&] {
    const json answer = must("/fixes");
    for (const auto& item : answer.at("items")) {
      if (item.at("state") == "proposed") proposed = item;
    }
    return !proposed.is_null();
  };
  need(eventually(there, kUntilProposed), "nothing was proposed");
  return proposed;
}

std::string LiveFix::approveProposal() const {
  const auto proposed = awaitProposal();
  const auto approved = approve(proposed);
  need(approved.has_value(), approved ? "" : approved.error().line());
  return proposed.at("id");
}

json LiveFix::awaitState(const std::string& id, const std::vector<std::string>& states) const {
  json last;
  const auto there = [&] {
    last = fix(id);
    return std::ranges::find(states, last.at("state").get<std::string>()) != states.end();
  };
  const bool came = eventually(there, kUntilState);
  need(came, "the fix does not become " + states.front() + ": " + inWords(last));
  return last;
}

Outside LiveFix::look() const {
  Outside out;
  out.config = orThrow(m_scenario->bytesOfConfig());
  const auto log = orThrow(base::readFile(m_scenario->webLog()));
  out.limits = numbersAfter(log, "listening on", "memory_limit_mb=");
  std::istringstream ledger(orThrow(base::readFile(m_scenario->ledger())));
  for (std::string line; std::getline(ledger, line);) {
    out.restarts += json::parse(line).at("action") == "restart";
  }
  const auto health = json::parse(fetchBody(m_scenario->webPort(), "/healthz"), nullptr, false);
  if (health.is_object()) out.limitBytes = health.value("memory_limit_bytes", uint64_t{0});
  return out;
}

void LiveFix::needWhole(bool changed) const {
  const auto now = look();
  const bool isBefore = now.config == m_before, isAfter = now.config == m_after;
  need(isBefore || isAfter, "web.conf is neither as before nor as after: " + now.config);
  need(changed ? isAfter : isBefore, std::string("web.conf is as ") + (isAfter ? "after" : "before"));
  using Limits = std::vector<int>;
  // An undo also restarts a service whose restart was cut off: that one then had no effect, or none any more,
  // because the file was as before when web read it.
  const std::vector<Limits> whole = changed ? std::vector<Limits>{{48, 96}}
                                            : std::vector<Limits>{{48}, {48, 96, 48}, {48, 48}, {48, 48, 48}};
  need(std::ranges::find(whole, now.limits) != whole.end(),
       "limits that web ran with: " + listed(now.limits));
  need(now.restarts + 1 == now.limits.size(),
       "restarts in the ledger: " + std::to_string(now.restarts) + ", limits: " + listed(now.limits));
  need(now.limitBytes == (changed ? 96u : 48u) << 20,
       "web runs with a limit of " + std::to_string(now.limitBytes) + " bytes");
}

bool LiveFix::executorGone() const {
  const base::Fd lock(::open((home() / "executor" / "lock").c_str(), O_RDWR | O_CLOEXEC));
  return !lock.valid() || ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace aiops::test
