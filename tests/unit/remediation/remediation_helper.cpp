// One program in three roles for the executor's tests:
//   remediation_helper --executor                 the executor process, as the product starts it
//   remediation_helper service DIR                a service: reads its limit from DIR/etc/web.conf when
//   (re)started,
//                                                 notes each restart in DIR/ledger, obeys DIR/control
//   remediation_helper ctl restart|status DIR [LIMIT]    the service's control command
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/bytes.h"
#include "base/fd.h"
#include "remediation/executor.h"
#include "remediation/keyvalue.h"

namespace {

using aiops::base::Fd;
namespace fs = std::filesystem;

sockaddr_un addressOf(const fs::path& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (directory / "control").c_str(), sizeof address.sun_path - 1);
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
  if (role == "--executor") return aiops::remediation::executorMain(3);
  if (role == "service" && argc == 3) return serve(argv[2]);
  if (role == "ctl" && argc >= 4) return control(argv[2], argv[3], argc > 4 ? argv[4] : "");
  return 2;
}
