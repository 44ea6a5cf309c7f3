// Redaction alone: what a line costs, and how many ordinary lines are changed. Processor time of one thread.
//   aiops_bench_redaction LOG...
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/bench_tools.h"
#include "security/redaction.h"

using namespace aiops;

namespace {

constexpr size_t kShown = 12;

void measure(const char* what, const security::Redactor& redactor, const std::vector<std::string>& lines) {
  double best = 1e9;
  size_t bytes = 0, kept = 0;
  for (const auto& line : lines) bytes += line.size();
  for (int run = 0; run < 3; ++run) {
    const double before = bench::threadSeconds();
    for (const auto& line : lines) kept += redactor.redact(line).size();
    best = std::min(best, bench::threadSeconds() - before);
  }
  if (kept == 0) bench::die("nothing was kept");
  std::printf("| %s | %zu | %.0f | %.2f | %.0f |\n", what, lines.size(),
              static_cast<double>(bytes) / static_cast<double>(lines.size()),
              best * 1e6 / static_cast<double>(lines.size()), static_cast<double>(bytes) / best / 1e6);
}

void countChanged(const security::Redactor& redactor, const std::string& path) {
  size_t lines = 0, changed = 0;
  std::ifstream in(path, std::ios::binary);
  for (std::string line; std::getline(in, line); ++lines) {
    const auto out = redactor.redact(line);
    if (out != line && ++changed <= kShown) std::printf("  %s\n", out.c_str());
  }
  if (changed > 0) std::printf("%zu of %zu lines changed: %s\n", changed, lines, path.c_str());
}

std::vector<std::string> repeated(const char* line, size_t count) {
  return std::vector<std::string>(count, line);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) bench::die("usage: aiops_bench_redaction LOG...");
  const double before = bench::threadSeconds();
  const security::Redactor redactor({"an-own-secret-of-20", "another-own-secret", "a-third-one-of-ours"});
  std::printf("construction: %.1f ms\n", (bench::threadSeconds() - before) * 1e3);
  std::printf("| lines | count | bytes | microseconds a line | MB/s |\n|---|---|---|---|---|\n");
  measure("real, mixed", redactor, bench::mixedLines({argv + 1, argv + argc}, 200'000));
  measure(
      "access log", redactor,
      repeated(
          "192.0.2.9 - - [22/Nov/2026:20:35:23 +0000] \"GET /a/b?id=12 HTTP/1.1\" 200 512 \"-\" \"curl/8\"",
          100'000));
  measure("with a secret word", redactor,
          repeated("2026-11-22 20:35:23 WARN auth: access token of user 17 expired, 3 tries left", 100'000));
  measure("with a secret", redactor,
          repeated("2026-11-22 20:35:23 WARN db: connecting with password=tulip7 failed", 20'000));
  for (int i = 1; i < argc; ++i) countChanged(redactor, argv[i]);
  return 0;
}
