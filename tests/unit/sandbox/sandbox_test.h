// What the sandbox tests share: running the evil program, and looking for what it left.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/id.h"
#include "sandbox/command_runner.h"
#include "sandbox/process_table.h"

namespace aiops::sandbox {

inline std::vector<std::string> evil(std::vector<std::string> args) {
  args.insert(args.begin(), EVIL);
  return args;
}

inline std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// Living processes that carry `tag` on their command line.
inline int countTagged(const std::string& tag) {
  int found = 0;
  for (const auto& info : listProcesses()) {
    const bool tagged =
        contents("/proc/" + std::to_string(info.pid) + "/cmdline").find(tag) != std::string::npos;
    found += tagged && !info.dead();
  }
  return found;
}

inline std::string newTag() {
  return "tag-" + base::newUuid();
}

}  // namespace aiops::sandbox
