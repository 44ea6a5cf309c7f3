// The same messages over TCP into one whole lane, and into rsyslogd (imtcp to a file), one after the other.
//   aiops_bench_syslog PATTERN_DIRECTORY LOG...
// The logs are mixed line by line; each line is the message of one RFC 5424 entry. The sender is a process of
// its own. What counts is processor time of the receiver: other work on the machine does not count then, and
// neither does that rsyslogd has several threads. The time that passed is printed too.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/fd.h"
#include "bench/bench_tools.h"
#include "detection/pattern.h"
#include "pipeline/lane.h"

using namespace aiops;
using bench::die;
namespace fs = std::filesystem;

namespace {

constexpr size_t kPatterns = 500;
constexpr size_t kLines = 300'000;
constexpr auto kLongest = std::chrono::seconds(180);
constexpr std::string_view kEnd = "the last message of the bench";

struct Cost {
  double cpu = 0, wall = 0;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpuOf(const rusage& usage) {
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string messages(const std::vector<std::string>& lines) {
  const std::string head = "<13>1 2026-11-22T20:35:23.123456+00:00 box app 77 - - ";
  std::string stream;
  for (const auto& line : lines) {
    stream += head;
    stream += line;
    stream += '\n';
  }
  return stream + head + std::string(kEnd) + "\n";
}

base::Fd bound(uint16_t& port) {
  base::Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&at), &length) != 0)
    die("no port of loopback");
  port = ntohs(at.sin_port);
  return fd;
}

/// A process that sends all and ends when the receiver lets it.
pid_t startSender(uint16_t port, const std::string& stream) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (int tries = 0; ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0; ++tries) {
    if (tries > 100) ::_exit(1);
    ::usleep(50'000);
  }
  for (size_t at = 0; at < stream.size();) {
    const auto put =
        ::send(fd, stream.data() + at, std::min<size_t>(stream.size() - at, 1 << 16), MSG_NOSIGNAL);
    if (put <= 0) ::_exit(1);
    at += static_cast<size_t>(put);
  }
  ::shutdown(fd, SHUT_WR);
  char byte = 0;
  while (::recv(fd, &byte, 1, 0) > 0) continue;
  ::_exit(0);
}

void endOf(pid_t sender) {
  int status = 0;
  ::kill(sender, SIGKILL);
  ::waitpid(sender, &status, 0);
}

class Counter : public pipeline::LaneSink {
 public:
  base::Result<> commit(const pipeline::LaneOutput& output) override {
    m_records += output.lines.size();
    for (const auto& line : output.lines) {
      if (!m_over && line.text.find(kEnd) != std::string::npos) {
        m_over = true;
        m_done.set_value();
      }
    }
    return {};
  }
  bool wait() { return m_done.get_future().wait_for(kLongest) == std::future_status::ready; }
  size_t records() const { return m_records; }

 private:
  std::atomic<size_t> m_records = 0;
  bool m_over = false;
  std::promise<void> m_done;
};

Cost runLane(const fs::path& folder, const std::string& patterns, const std::string& stream) {
  const auto set = detection::PatternSet::compile(bench::manyPatterns(patterns, kPatterns));
  set->prepare();
  uint16_t port = 0;
  bound(port).reset();
  base::SystemClock clock;
  Counter sink;
  pipeline::LaneOptions options;
  options.inputFile = (folder / "input/stdin.log").string();
  pipeline::Lane lane({{.path = "syslog+tcp://127.0.0.1:" + std::to_string(port), .service = "syslog"}}, {},
                      {}, set, clock, sink, options);
  const pid_t sender = startSender(port, stream);
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  const double begun = now();
  if (auto started = lane.start(); !started) die(started.error().line());
  const bool came = sink.wait();
  Cost cost{0, now() - begun};
  ::getrusage(RUSAGE_SELF, &after);
  cost.cpu = cpuOf(after) - cpuOf(before);
  endOf(sender);
  lane.stop();
  if (!came) die("the lane does not come to the end");
  std::printf("lane:     %zu records\n", sink.records());
  return cost;
}

bool endsWithTheLast(const fs::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return false;
  const auto size = static_cast<std::streamoff>(in.tellg());
  std::string tail(static_cast<size_t>(std::min<std::streamoff>(size, 200)), '\0');
  in.seekg(size - static_cast<std::streamoff>(tail.size()));
  in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  return tail.find(kEnd) != std::string::npos;
}

/// False when `holds` did not become true in time.
bool waitFor(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

pid_t startRsyslog(const fs::path& folder) {
  const auto file = [&](const char* name) { return (folder / name).string(); };
  std::ofstream(file("rsyslog.conf"))
      << "global(workDirectory=\"" << folder.string() << "\" maxMessageSize=\"64k\")\n"
      << "module(load=\"imtcp\")\n"
      << "input(type=\"imtcp\" port=\"0\" address=\"127.0.0.1\" "
      << "listenPortFileName=\"" << file("port") << "\")\n"
      << "action(type=\"omfile\" file=\"" << file("out.log") << "\")\n";
  const pid_t child = ::fork();
  if (child != 0) return child;
  const auto conf = file("rsyslog.conf"), pid = file("rsyslog.pid");
  ::execlp("rsyslogd", "rsyslogd", "-n", "-f", conf.c_str(), "-i", pid.c_str(), nullptr);
  ::_exit(127);
}

Cost runRsyslog(const fs::path& folder, const std::string& stream) {
  const pid_t server = startRsyslog(folder);
  uint16_t port = 0;
  const bool listens = waitFor([&] {
    std::ifstream(folder / "port") >> port;
    return port != 0 || ::waitpid(server, nullptr, WNOHANG) == server;
  });
  if (!listens || port == 0) die("rsyslogd does not start; is it installed?");
  const double begun = now();
  const pid_t sender = startSender(port, stream);
  const bool came = waitFor([&] { return endsWithTheLast(folder / "out.log"); });
  Cost cost{0, now() - begun};
  endOf(sender);
  ::kill(server, SIGTERM);
  rusage usage{};
  int status = 0;
  ::wait4(server, &status, 0, &usage);
  cost.cpu = cpuOf(usage);
  if (!came) die("rsyslogd does not come to the end");
  std::printf("rsyslogd: %.1f MB written\n", static_cast<double>(fs::file_size(folder / "out.log")) / 1e6);
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) die("give a directory of patterns and logs");
  const auto lines = bench::mixedLines(std::vector<std::string>(argv + 2, argv + argc), kLines);
  const auto stream = messages(lines);
  auto name = (fs::temp_directory_path() / "aiops-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) die("no temporary directory");
  const fs::path folder = name;
  std::printf("%zu messages, %.1f MB, %zu patterns\n", lines.size(), static_cast<double>(stream.size()) / 1e6,
              kPatterns);
  const auto rsyslog = runRsyslog(folder, stream);
  const auto lane = runLane(folder, argv[1], stream);
  fs::remove_all(folder);
  const auto print = [&](const char* who, const Cost& cost) {
    std::printf("%-9s %8.0f lines per second of processor time, %8.0f per second passed\n", who,
                static_cast<double>(kLines) / cost.cpu, static_cast<double>(kLines) / cost.wall);
  };
  print("rsyslogd", rsyslog);
  print("lane", lane);
  std::printf("ratio of processor time %.2f, of time passed %.2f (at least 0.7 is asked for)\n",
              rsyslog.cpu / lane.cpu, rsyslog.wall / lane.wall);
  return 0;
}
