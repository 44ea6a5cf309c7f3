// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fake_log_data.h"

#include <array>
#include <random>

namespace aiops::test {

base::TimePoint logTime(int64_t ms) {
  return base::TimePoint(std::chrono::seconds(1795379604)) + std::chrono::milliseconds(ms);
}

model::LogLine logLine(uint64_t sequence, const std::string& service, model::Severity severity,
                       const std::string& message) {
  model::LogLine line;
  line.sequence = sequence;
  line.time = logTime(static_cast<int64_t>(sequence) * 40);
  line.hasTime = true;
  line.severity = severity;
  line.source = "/var/log/" + service + ".log";
  line.service = service;
  line.message = message;
  line.text = "2026-11-22 20:33:24,000 " + service + " " + message;
  line.position = {7, sequence * 100, static_cast<uint32_t>(line.text.size()), sequence + 1};
  return line;
}

model::LogSlice generatedLines(uint64_t first, size_t count, uint32_t seed) {
  static const std::array<std::string, 5> services{"web", "orders", "catalog", "worker", "postgres"};
  std::mt19937 random(seed + static_cast<uint32_t>(first));
  model::LogSlice slice;
  for (uint64_t sequence = first; sequence < first + count; ++sequence) {
    const auto& service = services[random() % services.size()];
    const auto dice = random() % 100;
    const auto id = std::to_string(random() % 100000);
    if (dice < 4) {
      slice.lines.push_back(logLine(sequence, service, model::Severity::Error,
                                    "enqueue failed order_id=" + id + " error=\"Error 111 connecting\""));
    } else if (dice < 9) {
      slice.lines.push_back(
          logLine(sequence, service, model::Severity::Warning, "cache read failed key=product:" + id));
    } else {
      slice.lines.push_back(
          logLine(sequence, service, model::Severity::Info, "request path=/products/" + id + " status=200"));
    }
  }
  slice.next = first + count;
  return slice;
}

std::vector<std::string> hostileStrings(size_t count, uint32_t seed) {
  static const std::vector<std::string> pieces{"\x1b[31m",
                                               "\xe2\x80\xae",
                                               "\xe2\x80\x8b",
                                               "\xe2\x81\xa6",
                                               "\xef\xbb\xbf",
                                               std::string(1, 0),
                                               "\x07",
                                               "\x08\x08\x08",
                                               "\xff\xfe",
                                               "\xc0\xaf",
                                               "\xed\xa0\x80",
                                               "\xf3\xa0\x81\xa1",
                                               "\xe2\x80\xa8",
                                               "\r\n",
                                               "\xc2\x85",
                                               "\xf4\x90\x80\x80",
                                               "\x1b]0;owned\x07",
                                               "\xd8\x9c",
                                               "\xe2\x80\x8f",
                                               "\xc2\xad"};
  static const std::array<std::string, 6> baits{
      "<img src=file:///etc/passwd>", "<b>approved</b>", "a < b and c > d", "gpj.exe", "&lt;script&gt;",
      "https://evil.example/"};
  std::mt19937 random(seed);
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i) {
    std::string text = baits[random() % baits.size()] + pieces[i % pieces.size()];
    text += baits[random() % baits.size()] + pieces[random() % pieces.size()];
    result.push_back(text);
  }
  return result;
}

}  // namespace aiops::test
