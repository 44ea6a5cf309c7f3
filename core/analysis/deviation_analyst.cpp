// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/deviation_analyst.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/case_view.h"

namespace aiops::analysis {
namespace {

constexpr int64_t kWidth = 5;      // seconds
constexpr size_t kLookBack = 12;   // windows before the first sign that may deviate already: a minute
constexpr size_t kLookAhead = 12;  // and after it
constexpr size_t kLeastReference = 8;
constexpr double kDeviations = 3;
constexpr double kEven = 0.5, kForExplained = 0.15, kForOthers = 0.05;

/// One thing that is counted, and what it is called.
struct Counted {
  uint32_t model::LineCount::* number;
  const char* name;
};
constexpr std::array<Counted, 3> kCounted = {{{&model::LineCount::failures, "failed requests"},
                                              {&model::LineCount::warnings, "warnings"},
                                              {&model::LineCount::all, "lines"}}};

/// When a service left what was usual, and how.
struct Onset {
  std::string service;
  base::TimePoint at;
  std::string how;
};

std::string number(double value) {
  return std::to_string(std::lround(value));
}

/// Sums of five seconds from `begin` on, `windows` of them.
std::vector<double> sums(const std::vector<const model::LineCount*>& counts, const Counted& counted,
                         int64_t begin, size_t windows) {
  std::vector<double> out(windows, 0);
  for (const auto* count : counts) {
    const auto place = (count->second - begin) / kWidth;
    if (count->second >= begin && place < static_cast<int64_t>(windows))
      out[static_cast<size_t>(place)] += count->*counted.number;
  }
  return out;
}

std::string howText(const Deviation& deviation, const char* name) {
  return number(deviation.value) + " " + name + " in " + std::to_string(kWidth) + " s, " +
         (deviation.above ? "never more than " : "never fewer than ") + number(deviation.bound) + " before";
}

/// The earliest deviation of the service in anything that is counted.
std::optional<Onset> onsetOf(const std::string& service, const std::vector<const model::LineCount*>& counts,
                             int64_t sign) {
  const auto before = static_cast<size_t>(std::max<int64_t>(0, (sign - counts.front()->second) / kWidth));
  const int64_t begin = sign - static_cast<int64_t>(before) * kWidth;
  const auto from = before - std::min(before, std::min(kLookBack, before / 3));
  std::optional<Onset> first;
  for (const auto& counted : kCounted) {
    const auto found = firstDeviation(sums(counts, counted, begin, before + kLookAhead), from);
    if (!found) continue;
    const base::TimePoint at(std::chrono::seconds(begin + static_cast<int64_t>(found->at) * kWidth));
    if (!first || at < first->at) first = Onset{service, at, howText(*found, counted.name)};
  }
  return first;
}

/// What can be shown for it.
const model::Event* shownBy(const Onset& onset, const CaseView& view) {
  return view.troubleOf(onset.service, onset.at - std::chrono::seconds(kWidth));
}

}  // namespace

std::optional<Deviation> firstDeviation(const std::vector<double>& values, size_t from) {
  if (from < kLeastReference || from >= values.size()) return std::nullopt;
  const auto reference = values.begin() + static_cast<std::ptrdiff_t>(from);
  const auto [least, greatest] = std::minmax_element(values.begin(), reference);
  const double high = *greatest + kDeviations * std::sqrt(*greatest + 1);
  const double low = *least - kDeviations * std::sqrt(*least + 1);
  for (size_t i = from; i + 1 < values.size(); ++i) {
    if (values[i] > high && values[i + 1] > high) return Deviation{i, values[i], *greatest, true};
    if (values[i] < low && values[i + 1] < low) return Deviation{i, values[i], *least, false};
  }
  return std::nullopt;
}

std::vector<Claim> DeviationAnalyst::analyse(const CaseFile& file) const {
  if (file.counts.empty()) return {};
  const CaseView view(file, m_topology);
  const auto signs = view.firstSigns();
  if (signs.empty()) return {};
  const auto sign = std::chrono::floor<std::chrono::seconds>(signs.front()->first).time_since_epoch().count();
  std::map<std::string, std::vector<const model::LineCount*>> services;
  for (const auto& count : file.counts) services[count.service].push_back(&count);
  std::vector<Onset> onsets;
  for (const auto& [service, counts] : services) {
    if (auto onset = onsetOf(service, counts, sign)) onsets.push_back(*std::move(onset));
  }
  std::erase_if(onsets, [&](const auto& onset) { return shownBy(onset, view) == nullptr; });
  if (onsets.empty()) return {};
  std::ranges::stable_sort(onsets, {}, &Onset::at);
  const auto& origin = originOf(
      onsets, std::chrono::seconds(kWidth), m_topology, [](const auto& o) -> auto& { return o.service; },
      [](const auto& o) { return o.at; });
  const auto explained = static_cast<double>(std::ranges::count_if(
      onsets, [&](const auto& onset) { return m_topology.explains(origin.service, onset.service); }));
  Claim claim{.service = origin.service,
              .statement = origin.service + " left its usual rate first",
              .confidence = kEven + kForExplained * explained / static_cast<double>(onsets.size()) +
                            (onsets.size() > 1 ? kForOthers : 0),
              .note = origin.how};
  cite(claim.evidence, *shownBy(origin, view), 1, "first line after " + origin.how);
  return {claim};
}

}  // namespace aiops::analysis
