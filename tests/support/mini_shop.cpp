// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/mini_shop.h"

#include <fstream>

namespace aiops::test {

MiniShop::MiniShop(int frontOffsetHours) : m_frontOffset(frontOffsetHours) {}

void MiniShop::quiet(double from, double to) {
  for (double t = from; t < to; t += 0.5) visit(t, true);
}

void MiniShop::visit(double t, bool well, const std::string& appLine) {
  if (!appLine.empty()) app(t, appLine);
  if (well) app(t, "INFO visit done in 12 ms");
  front(t + 0.01, well ? "[info] GET /cart 200" : "[error] upstream app answered 500 for GET /cart");
}

void MiniShop::app(double t, const std::string& text) {
  m_logs["app.log"] += iso(t, 0) + "Z " + text + "\n";
}

void MiniShop::front(double t, const std::string& text) {
  auto stamp = iso(t, m_frontOffset).substr(0, 19);
  stamp[4] = stamp[7] = '/';
  stamp[10] = ' ';
  m_logs["front.log"] += stamp + " " + text + "\n";
}

void MiniShop::database(double t, const std::string& text) {
  auto stamp = iso(t, 0);
  stamp[10] = ' ';
  m_logs["postgres.log"] += stamp + " UTC [77] " + text + "\n";
}

void MiniShop::mail(double t, const std::string& text) {
  m_logs["mail.log"] += iso(t, 0) + "+00:00 " + text + "\n";
}

void MiniShop::write(const std::string& directory) const {
  for (const auto& [name, text] : m_logs) std::ofstream(directory + "/" + name, std::ios::binary) << text;
  std::ofstream(directory + "/topology.json") << kTopology;
}

std::string MiniShop::iso(double t, int hours) {
  auto text = base::toIso8601(at(t) + std::chrono::hours(hours));
  text.pop_back();
  return text;
}

}  // namespace aiops::test
