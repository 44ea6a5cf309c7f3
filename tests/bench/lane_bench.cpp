// One lane beside `sec` (the Simple Event Correlator) on one mixed log with the same fifty expressions, and
// with five hundred; then two lanes beside one.
//   aiops_bench_lane PATTERN_DIRECTORY LOG...
// The logs are mixed line by line into one file. Both sides are measured in processor time of one thread, so
// that other work on the machine does not count. The lane parses, matches, counts and cites; `sec` matches.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "bench/bench_tools.h"
#include "detection/pattern.h"
#include "pipeline/lane.h"

using namespace aiops;
namespace fs = std::filesystem;

namespace {

constexpr size_t kPatterns = 50, kManyPatterns = 500;
constexpr size_t kLines = 500'000;
constexpr size_t kSecLines = 30'000;  // it takes its time

using bench::die;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpuOf(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

size_t write(const fs::path& path, const std::vector<std::string>& lines, size_t count) {
  std::ofstream out(path, std::ios::binary);
  size_t bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    out << lines[i] << '\n';
    bytes += lines[i].size() + 1;
  }
  return bytes;
}

class Counter : public pipeline::LaneSink {
 public:
  explicit Counter(uint64_t end) : m_end(end) {}
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    m_records += output.lines.size();
    m_events += output.events.size();
    for (const auto& position : output.positions) {
      if (position.offset == m_end) m_done.set_value();
    }
    return {};
  }
  void wait() { m_done.get_future().wait(); }
  size_t records() const { return m_records; }
  size_t events() const { return m_events; }

 private:
  const uint64_t m_end;
  size_t m_records = 0;
  size_t m_events = 0;
  std::promise<void> m_done;
};

double runLane(const fs::path& log, size_t bytes, const std::vector<detection::PatternDocument>& patterns) {
  base::SystemClock clock;
  Counter sink(bytes);
  const auto set = detection::PatternSet::compile(patterns);
  set->prepare();
  pipeline::Lane lane({{.path = log.string(), .service = "mixed", .startAt = sources::StartAt::Beginning}},
                      {}, {}, set, clock, sink);
  const double before = cpuOf(RUSAGE_SELF);
  if (auto started = lane.start(); !started) die(started.error().line());
  sink.wait();
  const double cpu = cpuOf(RUSAGE_SELF) - before;
  lane.stop();
  const auto counters = lane.counters();
  std::printf("lane: %zu records, %llu matches, %zu events\n", sink.records(),
              static_cast<unsigned long long>(counters.matches), sink.events());
  return cpu;
}

/// Seconds that `count` lanes need, each for a file of its own, on as many cores.
double runLanes(const fs::path& folder, size_t count, size_t bytes,
                const std::shared_ptr<const detection::PatternSet>& set) {
  base::SystemClock clock;
  std::vector<std::unique_ptr<Counter>> sinks;
  std::vector<std::unique_ptr<pipeline::Lane>> lanes;
  for (size_t i = 0; i < count; ++i) {
    const auto log = folder / ("lane" + std::to_string(i) + ".log");
    if (!fs::exists(log)) fs::copy_file(folder / "lane.log", log);
    sinks.push_back(std::make_unique<Counter>(bytes));
    lanes.push_back(std::make_unique<pipeline::Lane>(
        std::vector<pipeline::LaneSource>{
            {.path = log.string(), .service = "mixed", .startAt = sources::StartAt::Beginning}},
        std::vector<model::SourcePosition>{}, std::string(), set, clock, *sinks.back()));
  }
  const auto begun = clock.sinceBoot();
  for (auto& lane : lanes) {
    if (auto started = lane->start(); !started) die(started.error().line());
  }
  for (auto& sink : sinks) sink->wait();
  return std::chrono::duration<double>(clock.sinceBoot() - begun).count();
}

double runSec(const fs::path& folder, const std::vector<detection::PatternDocument>& patterns) {
  std::ofstream rules(folder / "sec.conf");
  for (const auto& pattern : patterns) {
    rules << "type=Single\ncontinue=TakeNext\nptype=RegExp\npattern=" << pattern.select.match
          << "\ndesc=" << pattern.id << "\naction=none\n\n";
  }
  rules.close();
  const std::string conf = "--conf=" + (folder / "sec.conf").string();
  const std::string input = "--input=" + (folder / "sec.log").string();
  const double before = cpuOf(RUSAGE_CHILDREN);
  const pid_t child = ::fork();
  if (child == 0) {
    const int out = ::open((folder / "sec.out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execlp("sec", "sec", conf.c_str(), input.c_str(), "--notail", "--debug=3", nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) die("sec did not run: install the package sec");
  if (fs::file_size(folder / "sec.out") > 0)
    die("sec refuses rules: " + base::readFile(folder / "sec.out").value_or(""));
  return cpuOf(RUSAGE_CHILDREN) - before;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("usage: aiops_bench_lane PATTERN_DIRECTORY LOG...");
  const auto lines = bench::mixedLines({argv + 2, argv + argc}, kLines);
  const auto patterns = bench::manyPatterns(argv[1], kPatterns);
  char name[] = "/tmp/aiops-bench-XXXXXX";
  if (!::mkdtemp(name)) die("no temporary folder");
  const fs::path folder = name;
  const size_t bytes = write(folder / "lane.log", lines, kLines);
  write(folder / "sec.log", lines, kSecLines);
  const double lane = kLines / runLane(folder / "lane.log", bytes, patterns);
  const double many =
      kLines / runLane(folder / "lane.log", bytes, bench::manyPatterns(argv[1], kManyPatterns));
  const double sec = kSecLines / runSec(folder, patterns);
  const auto set = detection::PatternSet::compile(bench::manyPatterns(argv[1], kManyPatterns));
  set->prepare();
  const double one = runLanes(folder, 1, bytes, set), two = runLanes(folder, 2, bytes, set);
  std::printf(
      "two lanes on two cores: %.2f times one (wanted: 1.8; of elapsed time, so on a quiet machine)\n",
      2 * one / two);
  fs::remove_all(folder);
  const double megabytes = static_cast<double>(bytes) / kLines / 1e6;
  std::printf(
      "lane, 50 patterns: %.0f lines/s, %.1f MB/s\nlane, 500 patterns: %.0f lines/s, %.1f MB/s (wanted: "
      "400000)\n"
      "sec, 50 patterns: %.0f lines/s\nratio: %.1f (wanted: 25)\n",
      lane, lane * megabytes, many, many * megabytes, sec, lane / sec);
  return lane / sec >= 25 ? 0 : 1;
}
