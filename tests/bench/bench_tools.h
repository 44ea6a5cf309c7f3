// What the benches share: real lines, generated patterns, processor time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <malloc.h>
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "detection/pattern.h"

namespace aiops::bench {

[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(3);
}

/// Seconds of processor time of this thread.
inline double threadSeconds() {
  timespec ts{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
  return static_cast<double>(ts.tv_sec) + static_cast<double>(ts.tv_nsec) / 1e9;
}

/// Memory of this process that is there, in bytes, without what was given back.
inline size_t resident() {
  ::malloc_trim(0);
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("VmRSS:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  }
  return 0;
}

/// Lines of all logs in turn, from their beginnings again when they end.
inline std::vector<std::string> mixedLines(const std::vector<std::string>& paths, size_t count) {
  std::vector<std::vector<std::string>> files;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    auto& lines = files.emplace_back();
    for (std::string line; std::getline(in, line);) {
      if (!line.empty()) lines.push_back(line);
    }
    if (lines.empty()) die(path + " can't be read or is empty");
  }
  std::vector<std::string> out;
  for (size_t i = 0; out.size() < count; ++i) {
    const auto& file = files[i % files.size()];
    out.push_back(file[i / files.size() % file.size()]);
  }
  return out;
}

/// `count` patterns: the shipped ones that look at the whole text, then messages as programs write them, each
/// with a name of its own, so that most never match.
inline std::vector<detection::PatternDocument> manyPatterns(const std::string& directory, size_t count) {
  static const char* const kForms[] = {"failed to open %s: (?P<reason>.+)",
                                       "(?i)\\b%s\\b.*timed? out after \\d+ ?ms",
                                       "connection to %s(?:-\\d+)? (?:refused|reset|lost)",
                                       "%s\\[\\d+\\]: (?:error|fatal): (?P<what>\\S+)",
                                       "could not (?:read|write|parse) %s: line \\d+",
                                       "user '(?P<user>[^']+)' denied by %s",
                                       "(?:WARN|ERROR) +%s - retry (?P<n>\\d+) of \\d+"};
  std::vector<detection::PatternDocument> out;
  const auto shipped = detection::loadPatterns({directory});
  for (const auto& document : shipped->documents()) {
    if (out.size() < count && document.select.field.empty() && !document.select.match.empty())
      out.push_back(document);
  }
  static const char* const kWords[] = {"alpha", "broker", "cache", "disk", "edge",   "flow",
                                       "gate",  "heap",   "index", "job",  "kernel", "ledger",
                                       "mail",  "node",   "order", "proxy"};
  for (size_t i = 0; out.size() < count; ++i) {
    char text[256];
    const auto name = std::string(kWords[i % 16]) + kWords[i / 16 % 16] + std::to_string(i);
    std::snprintf(text, sizeof text, kForms[i % 7], name.c_str());
    auto& document = out.emplace_back();
    document.id = document.name = document.signal = "bench-" + std::to_string(i);
    document.select.match = text;
  }
  return out;
}

}  // namespace aiops::bench
