// Writes the logs of a small shop with known truth: a front, an application and a database.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
  explicit MiniShop(int frontOffsetHours = 0);

  /// Two visits a second that go well.
  void quiet(double from, double to);
  void visit(double t, bool well, const std::string& appLine = {});
  void app(double t, const std::string& text);
  void front(double t, const std::string& text);
  void database(double t, const std::string& text);
  void mail(double t, const std::string& text);

  /// Into `directory`, which exists; and topology.json beside the logs.
  void write(const std::string& directory) const;

 private:
  /// "2026-11-18T...", without a zone.
  static std::string iso(double t, int hours);

  const int m_frontOffset;
  std::map<std::string, std::string> m_logs;
};

}  // namespace aiops::test
