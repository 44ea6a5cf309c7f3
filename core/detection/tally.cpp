// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/tally.h"

#include <algorithm>

namespace aiops::detection {

void ValueTally::add(base::TimePoint time, base::Duration quiet, const std::string& value,
                     const std::string& with, bool marked) {
  if (!m_values.empty() && time > m_last + quiet) *this = {};
  auto known = m_values.find(value);
  if (known == m_values.end()) {
    if (m_values.size() >= kMostValues) makeRoom();
    known = m_values.emplace(value, Value{.count = 0, .marked = 0, .first = time, .last = time, .with = {}})
                .first;
  }
  auto& row = known->second;
  ++row.count;
  row.marked += marked ? 1 : 0;
  row.first = std::min(row.first, time);
  row.last = std::max(row.last, time);
  m_last = std::max(m_last, time);
  if (with.empty()) return;
  const auto companion = row.with.find(with);
  if (companion != row.with.end()) {
    ++companion->second;
  } else if (row.with.size() < kMostWith) {
    row.with.emplace(with, 1);
  }
}

void ValueTally::makeRoom() {
  const auto rank = [](const auto& entry) { return std::pair(entry.second.count, entry.second.last); };
  const auto least = std::ranges::min_element(m_values, {}, rank);
  m_left += least->second.count;
  m_values.erase(least);
}

std::vector<model::TallyRow> ValueTally::rows(size_t most) const {
  std::vector<model::TallyRow> all;
  for (const auto& [value, of] : m_values) {
    model::TallyRow row{.value = value,
                        .count = of.count,
                        .marked = of.marked,
                        .first = of.first,
                        .last = of.last,
                        .with = {},
                        .withCount = of.with.size()};
    std::vector<std::pair<uint64_t, std::string>> companions;
    for (const auto& [name, count] : of.with) companions.emplace_back(count, name);
    std::ranges::stable_sort(companions, std::greater(), &std::pair<uint64_t, std::string>::first);
    for (size_t i = 0; i < std::min(kMostWithTold, companions.size()); ++i)
      row.with.push_back(companions[i].second);
    all.push_back(std::move(row));
  }
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count > b.count : a.first < b.first;
  });
  if (all.size() > most) all.resize(most);
  return all;
}

uint64_t ValueTally::others(size_t most) const {
  uint64_t all = m_left, told = 0;
  for (const auto& [value, of] : m_values) all += of.count;
  for (const auto& row : rows(most)) told += row.count;
  return all - told;
}

}  // namespace aiops::detection
