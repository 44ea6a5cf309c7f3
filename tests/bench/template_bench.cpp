// Templates alone: real lines, lines that were never seen before, and memory. Processor time of one thread.
//   aiops_bench_templates LOG...
// SPDX-License-Identifier: GPL-3.0-or-later
#include <random>

#include "bench/bench_tools.h"
#include "detection/template_miner.h"

using namespace aiops;

namespace {

std::string word(std::mt19937& rng) {
  std::string out;
  for (uint32_t n = 3 + rng() % 8; n-- > 0;) out += static_cast<char>('a' + rng() % 26);
  return out;
}

/// Words that nobody said before, `words` in a line, some with a mark or a number behind.
std::vector<std::string> unseen(size_t count, uint32_t words) {
  std::mt19937 rng(1);
  std::vector<std::string> lines(count);
  for (auto& line : lines) {
    for (uint32_t n = words / 2 + rng() % words; n-- > 0;) {
      line += word(rng);
      line += rng() % 8 == 0 ? ": " : rng() % 8 == 0 ? " 17 " : " ";
    }
  }
  return lines;
}

/// A few statements with one or two words of a large vocabulary.
std::vector<std::string> freeWords(size_t count) {
  std::mt19937 rng(2);
  std::vector<std::string> lines(count);
  for (auto& line : lines) {
    line = rng() % 2 == 0 ? "job " + word(rng) + " for " + word(rng) + " finished"
                          : "the session of " + word(rng) + " on host " + word(rng) + " was closed by peer";
  }
  return lines;
}

void measure(const char* what, const std::vector<std::string>& lines, int runs) {
  double best = 1e9, longest = 0;
  size_t templates = 0;
  for (int run = 0; run < runs; ++run) {
    detection::TemplateMiner miner;
    const double before = bench::threadSeconds();
    double last = before;
    for (size_t i = 0; i < lines.size(); ++i) {
      miner.add(lines[i]);
      if (i % 64 != 63) continue;
      const double now = bench::threadSeconds();
      longest = std::max(longest, now - last);
      last = now;
    }
    best = std::min(best, bench::threadSeconds() - before);
    templates = miner.size();
  }
  std::printf("| %s | %.0f | %zu | %.1f |\n", what, static_cast<double>(lines.size()) / best, templates,
              longest * 1e3);
}

void measureMemory() {
  constexpr size_t kTemplates = 100'000;
  std::mt19937 rng(3);
  const auto before = bench::resident();
  detection::TemplateMiner miner;
  size_t bytes = 0;
  for (size_t i = 0; i < kTemplates; ++i) {
    std::string line;
    while (line.size() < 500) line += word(rng) + ' ';
    bytes += line.size();
    miner.add(line);
  }
  const auto after = bench::resident();
  std::printf("%zu templates of %zu bytes: %.0f MB more memory\n", miner.size(), bytes / kTemplates,
              static_cast<double>(after - before) / 1e6);
  const double from = bench::threadSeconds();
  const auto state = miner.snapshot();
  const double saved = bench::threadSeconds();
  detection::TemplateMiner other;
  if (!other.restore(state)) bench::die("the snapshot can't be read");
  std::printf("snapshot: %.0f MB, written in %.2f s, read in %.2f s\n",
              static_cast<double>(state.size()) / 1e6, saved - from, bench::threadSeconds() - saved);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) bench::die("usage: aiops_bench_templates LOG...");
  measureMemory();
  std::printf("| lines | lines/s | templates | longest 64 lines, ms |\n|---|---|---|---|\n");
  measure("real, mixed", bench::mixedLines({argv + 1, argv + argc}, 200'000), 5);
  measure("never seen, 4 to 12 words", unseen(300'000, 8), 2);
  measure("never seen, 30 to 90 words", unseen(150'000, 60), 2);
  measure("two free words in each", freeWords(300'000), 2);
  return 0;
}
