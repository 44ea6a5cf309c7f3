// One program in three roles for the executor's tests:
//   remediation_helper --executor                 the executor process, as the product starts it
//   remediation_helper service DIR                a service: reads its limit from DIR/etc/web.conf when
//   (re)started,
//                                                 notes each restart in DIR/ledger, obeys DIR/control
//   remediation_helper ctl restart|status DIR [LIMIT]    the service's control command
//   remediation_helper unit DIR                   a unit that a manager looks after; notes each verb in
//   DIR/verbs remediation_helper unitctl VERB DIR           a supervisor's command line DIR/docker ... under
//   this name: docker's command line, as strict as the real one
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/fd.h"
#include "remediation/executor.h"
#include "remediation/keyvalue.h"

namespace {

using aiops::base::Fd;
namespace fs = std::filesystem;

sockaddr_un addressOf(const fs::path& directory, const char* name = "control") {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (directory / name).c_str(), sizeof address.sun_path - 1);
  return address;
}

std::string configuredLimit(const fs::path& directory) {
  const auto bytes = aiops::base::readFile(directory / "etc/web.conf");
  return aiops::remediation::readValue(bytes.value_or(""), "memory_limit_mb").value_or("none");
}

int serve(const fs::path& directory) {
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = addressOf(directory);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 3;
  if (::listen(listener.get(), 8) != 0) return 3;
  std::string limit = configuredLimit(directory);
  std::ofstream(directory / "ready") << "ready\n";
  for (;;) {
    const Fd client(::accept(listener.get(), nullptr, nullptr));
    char buffer[256];
    const ssize_t got = ::read(client.get(), buffer, sizeof buffer);
    const std::string request(buffer, got > 0 ? static_cast<size_t>(got) : 0);
    char answer = '2';
    if (request == "restart") {
      limit = configuredLimit(directory);
      std::ofstream(directory / "ledger", std::ios::app) << limit << std::endl;
      answer = '0';
    } else if (request == "status " + limit) {
      answer = '0';
    } else if (request.starts_with("status ")) {
      answer = '1';
    }
    if (::write(client.get(), &answer, 1) != 1) continue;
  }
}

int ask(const fs::path& directory, const std::string& request) {
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = addressOf(directory);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 4;
  if (!aiops::base::writeAll(socket.get(), request)) return 4;
  char answer = '4';
  if (::read(socket.get(), &answer, 1) != 1) return 4;
  std::printf("%s: %c\n", request.c_str(), answer);
  return answer - '0';
}

/// Active or not, and which instance. `die` in the directory: what starts is gone a moment later.
class Unit {
 public:
  explicit Unit(fs::path directory) : m_directory(std::move(directory)) {}

  /// The exit status as a digit, then what to print.
  std::string answer(const std::string& request) {
    const bool alive = m_active && std::chrono::steady_clock::now() < m_diesAt;
    const std::string started = "2026-11-27T00:00:" + std::to_string(100 + m_instance).substr(1) + "Z";
    if (request == "status") return alive ? "0" : "3";
    if (request == "identity") return "0" + std::to_string(m_instance) + "\n";
    if (request == "inspect") {
      return std::string("00 {\"Status\":\"") + (alive ? "running" : "exited") +
             "\",\"Restarting\":false,\"OOMKilled\":false,\"Pid\":" + (alive ? "42" : "0") +
             ",\"ExitCode\":" + (alive ? "0" : "1") + ",\"StartedAt\":\"" + started + "\"}\n";
    }
    if (fs::exists(m_directory / "refuse")) return "7refused\n";
    std::ofstream(m_directory / "verbs", std::ios::app)
        << request << ':' << configuredLimit(m_directory) << std::endl;
    if (request == "stop") m_active = false;
    if (request == "start" || request == "restart") {
      m_active = true;
      ++m_instance;
      const bool dies = fs::exists(m_directory / "die");
      m_diesAt =
          std::chrono::steady_clock::now() + (dies ? std::chrono::milliseconds(100) : std::chrono::hours(1));
    }
    return "0";
  }

 private:
  const fs::path m_directory;
  bool m_active = !fs::exists(m_directory / "inactive");
  int m_instance = 1;
  std::chrono::steady_clock::time_point m_diesAt = std::chrono::steady_clock::time_point::max();
};

int serveUnit(const fs::path& directory) {
  const Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = addressOf(directory, "unit");
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 3;
  if (::listen(listener.get(), 8) != 0) return 3;
  Unit unit(directory);
  std::ofstream(directory / "unit-ready") << "ready\n";
  for (;;) {
    const Fd client(::accept(listener.get(), nullptr, nullptr));
    char buffer[256];
    const ssize_t got = ::read(client.get(), buffer, sizeof buffer);
    const std::string request(buffer, got > 0 ? static_cast<size_t>(got) : 0);
    if (!request.empty()) (void)aiops::base::writeAll(client.get(), unit.answer(request));
  }
}

int askUnit(const fs::path& directory, const std::string& request) {
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address = addressOf(directory, "unit");
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return 4;
  if (!aiops::base::writeAll(socket.get(), request)) return 4;
  std::string answer;
  char buffer[512];
  for (ssize_t got; (got = ::read(socket.get(), buffer, sizeof buffer)) > 0;)
    answer.append(buffer, static_cast<size_t>(got));
  if (answer.empty()) return 4;
  std::fputs(answer.c_str() + 1, stdout);
  return answer[0] - '0';
}

/// Knows what docker's own command line knows of these four commands, and no more.
int docker(const fs::path& directory, const std::vector<std::string>& arguments) {
  const auto unknown = [](const std::string& what) {
    std::fprintf(stderr, "unknown flag: %s\nSee 'docker --help'.\n", what.c_str());
    return 125;
  };
  if (arguments.empty()) return unknown("");
  const std::string& verb = arguments[0];
  std::vector<std::string> operands;
  std::string format, type;
  bool flags = true;
  for (size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (flags && argument == "--") {
      flags = false;
    } else if (flags && argument.starts_with("-")) {
      const bool known = verb == "inspect" && (argument == "--format" || argument == "--type");
      if (!known || i + 1 == arguments.size()) return unknown(argument);
      (argument == "--format" ? format : type) = arguments[++i];
    } else {
      operands.push_back(argument);
    }
  }
  if (operands.size() != 1) return unknown("\"docker " + verb + "\" requires exactly 1 argument here");
  if (operands[0] != "web") {
    std::fprintf(stderr, "Error response from daemon: No such container: %s\n", operands[0].c_str());
    return 1;
  }
  if (verb == "inspect" && type == "container" && format == "{{.RestartCount}} {{json .State}}")
    return askUnit(directory, "inspect");
  if (verb != "start" && verb != "stop" && verb != "restart") return unknown(verb);
  const int status = askUnit(directory, verb);
  if (status == 0) std::printf("web\n");
  return status == 0 ? 0 : 1;
}

int control(const std::string& verb, const fs::path& directory, const std::string& limit) {
  if (verb == "restart" && fs::exists(directory / "hang")) {
    std::printf("hanging\n");
    std::fflush(stdout);
    for (;;) ::poll(nullptr, 0, 1000);
  }
  if (verb == "restart" && fs::exists(directory / "fail-restart")) return 7;
  return ask(directory, verb == "status" ? "status " + limit : verb);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string role = argc > 1 ? argv[1] : "";
  const fs::path self = argc > 0 ? argv[0] : "";
  if (self.filename() == "docker") return docker(self.parent_path(), {argv + 1, argv + argc});
  if (role == "unit" && argc == 3) return serveUnit(argv[2]);
  if (role == "unitctl" && argc == 4) return askUnit(argv[3], argv[2]);
  if (role == "--executor") return aiops::remediation::executorMain(3);
  if (role == "service" && argc == 3) return serve(argv[2]);
  if (role == "ctl" && argc >= 4) return control(argv[2], argv[3], argc > 4 ? argv[4] : "");
  return 2;
}
