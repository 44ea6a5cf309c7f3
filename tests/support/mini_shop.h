// Writes the logs of a small shop with known truth: a front, an application and a database.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "support/event_builder.h"

namespace aiops::test {

/// Lines are written in the order of calls; each service keeps its own file and way of writing.
class MiniShop {
 public:
  static constexpr const char* kTopology =
      R"({"services":{"front":["app"],"app":["postgres","bank"],"postgres":[],"bank":[],"mail":[]},"external":["bank"]})";

  /// Local time of the front's log is `frontOffsetHours` ahead of UTC, and its stamps carry no zone.
  explicit MiniShop(int frontOffsetHours = 0) : m_frontOffset(frontOffsetHours) {}

  /// Two visits a second that go well.
  void quiet(double from, double to) {
    for (double t = from; t < to; t += 0.5) visit(t, true);
  }
  void visit(double t, bool well, const std::string& appLine = {}) {
    if (!appLine.empty()) app(t, appLine);
    if (well) app(t, "INFO visit done in 12 ms");
    front(t + 0.01, well ? "[info] GET /cart 200" : "[error] upstream app answered 500 for GET /cart");
  }
  void app(double t, const std::string& text) { m_logs["app.log"] += iso(t, 0) + "Z " + text + "\n"; }
  void front(double t, const std::string& text) {
    auto stamp = iso(t, m_frontOffset).substr(0, 19);
    stamp[4] = stamp[7] = '/';
    stamp[10] = ' ';
    m_logs["front.log"] += stamp + " " + text + "\n";
  }
  void database(double t, const std::string& text) {
    auto stamp = iso(t, 0);
    stamp[10] = ' ';
    m_logs["postgres.log"] += stamp + " UTC [77] " + text + "\n";
  }
  void mail(double t, const std::string& text) { m_logs["mail.log"] += iso(t, 0) + "+00:00 " + text + "\n"; }

  /// Into `directory`, which exists; and topology.json beside the logs.
  void write(const std::string& directory) const {
    for (const auto& [name, text] : m_logs) std::ofstream(directory + "/" + name, std::ios::binary) << text;
    std::ofstream(directory + "/topology.json") << kTopology;
  }

 private:
  /// "2026-11-18T...", without a zone.
  static std::string iso(double t, int hours) {
    auto text = base::toIso8601(at(t) + std::chrono::hours(hours));
    text.pop_back();
    return text;
  }

  const int m_frontOffset;
  std::map<std::string, std::string> m_logs;
};

}  // namespace aiops::test
