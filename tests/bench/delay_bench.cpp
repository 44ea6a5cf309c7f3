// How long it takes from a line in a file to its event, while other lines come too.
//   aiops_bench_delay PATTERN_DIRECTORY
// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "bench/bench_tools.h"
#include "pipeline/lane.h"

using namespace aiops;

namespace {

constexpr int kRounds = 400;

class Waiter : public pipeline::LaneSink {
 public:
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    const std::lock_guard lock(m_mutex);
    for (const auto& event : output.events) m_seen += event.patternId == "needle";
    m_changed.notify_all();
    return {};
  }
  void waitFor(int count) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_seen >= count; });
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  int m_seen = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) bench::die("usage: aiops_bench_delay PATTERN_DIRECTORY");
  auto patterns = bench::manyPatterns(argv[1], 499);
  auto& needle = patterns.emplace_back();
  needle.id = needle.name = needle.signal = "needle";
  needle.select.match = "needle (?P<n>\\d+)";
  needle.groupBy = "n";
  const auto set = detection::PatternSet::compile(std::move(patterns));
  set->prepare();
  char name[] = "/tmp/aiops-bench-XXXXXX";
  if (!::mkdtemp(name)) bench::die("no temporary folder");
  const auto log = std::filesystem::path(name) / "live.log";
  std::ofstream out(log, std::ios::binary);
  out.flush();
  base::SystemClock clock;
  Waiter sink;
  pipeline::Lane lane({{.path = log.string(), .service = "live", .startAt = sources::StartAt::Beginning}}, {},
                      {}, set, clock, sink);
  if (auto started = lane.start(); !started) bench::die(started.error().line());
  std::vector<double> delays;
  for (int i = 0; i < kRounds; ++i) {
    for (int other = 0; other < 20; ++other)
      out << base::toIso8601(clock.now()) << " INFO web: request " << i * 20 + other << " was served\n";
    out << base::toIso8601(clock.now()) << " ERROR web: needle " << i << "\n";
    const auto begun = clock.sinceBoot();
    out.flush();
    sink.waitFor(i + 1);
    delays.push_back(std::chrono::duration<double, std::milli>(clock.sinceBoot() - begun).count());
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + i % 40));
  }
  lane.stop();
  std::filesystem::remove_all(name);
  std::ranges::sort(delays);
  const auto p99 = delays[delays.size() * 99 / 100];
  std::printf("delay of %d lines: median %.1f ms, p99 %.1f ms, most %.1f ms (wanted: p99 below 100)\n",
              kRounds, delays[delays.size() / 2], p99, delays.back());
  return p99 < 100 ? 0 : 1;
}
