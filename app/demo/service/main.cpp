// The programs behind the demos, one executable:
//   supervisor --dir DIR [--parent PID] [--ready-fd N]
//   ctl --dir DIR restart SERVICE [--token TEXT] | ctl --dir DIR status SERVICE [--expect-limit MB]
//   web --config FILE --log FILE [--port PORT]
//   front --listen PORT --upstream 127.0.0.1:PORT --log FILE --error-log FILE
//   traffic --to PORT --seconds N [--rate N] [--later-rate N --later-after SECONDS]
// Everything is on loopback; nothing is written outside the files and the folder that are named.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "app/demo/service/service_process.h"

namespace {

using namespace aiops::demo;

struct Program {
  int (*run)(const Options&);
  std::set<std::string> options;
};

const std::map<std::string, Program>& programs() {
  static const std::map<std::string, Program> table = {
      {"supervisor", {runSupervisor, {"--dir", "--parent", "--ready-fd"}}},
      {"ctl", {runCtl, {"--dir", "--token", "--expect-limit"}}},
      {"web", {runWeb, {"--config", "--log", "--port", "--ready-fd"}}},
      {"front", {runFront, {"--listen", "--upstream", "--log", "--error-log", "--ready-fd"}}},
      {"traffic",
       {runTraffic, {"--to", "--rate", "--later-rate", "--later-after", "--seconds", "--ready-fd"}}},
  };
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto program = arguments.empty() ? programs().end() : programs().find(arguments.front());
  if (program == programs().end()) {
    return failWith(
        {aiops::base::ErrorCode::InvalidInput, "expected supervisor, ctl, web, front or traffic", {}, {}}, 2);
  }
  const auto options = Options::parse({arguments.begin() + 1, arguments.end()}, program->second.options);
  if (!options) return failWith(options.error(), 2);
  return program->second.run(*options);
}
