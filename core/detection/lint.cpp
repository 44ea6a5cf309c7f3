// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/lint.h"

#include <cmath>
#include <set>

#include "detection/matcher.h"
#include "detection/pattern_schema.h"

namespace aiops::detection {
namespace {

constexpr uint64_t kEnoughForBroad = 1000, kEnoughForNever = 10'000, kEnoughForSame = 5;
constexpr double kBroadShare = 0.2;
constexpr double kDearMicroseconds = 5;
constexpr uint64_t kMeasureEvery = 16;

std::string percent(double share) {
  return std::to_string(static_cast<int>(std::lround(share * 100))) + " %";
}

/// What a document says, its name and place apart.
std::string meaningOf(const PatternDocument& document) {
  auto bare = document;
  bare.id = bare.name = "x";
  bare.description = bare.signal = "";
  bare.samplesMatch = bare.samplesNoMatch = {};
  return toYaml(bare);
}

bool developsOverTime(const PatternDocument& document) {
  return std::holds_alternative<TemporalKind>(document.kind) ||
         std::holds_alternative<AnomalyKind>(document.kind);
}

}  // namespace

std::string_view toString(LintKind kind) {
  switch (kind) {
    case LintKind::TooBroad:
      return "too_broad";
    case LintKind::NeverHit:
      return "never_hit";
    case LintKind::Duplicate:
      return "duplicate";
    case LintKind::TooDear:
      return "too_dear";
    case LintKind::Slow:
      return "slow";
    case LintKind::NoValue:
      return "no_value";
  }
  return "slow";
}

struct Lint::Impl {
  struct Seen {
    uint64_t records = 0;
    uint64_t mark = 0;    ///< the same for the same records
    uint64_t values = 0;  ///< records with what `distinct` names, or with the number that is watched
    std::chrono::nanoseconds time{0};
  };

  std::shared_ptr<const PatternSet> patterns;
  base::CpuClock cpuTime;
  Matcher::Search search;
  Matcher::Wanted wanted;
  std::vector<Seen> seen;            ///< by pattern
  std::vector<std::string> watched;  ///< by pattern: watchedValue()
  uint64_t records = 0;

  const Matcher& matcher() const { return patterns->matcher(); }
  void judge(size_t index, std::vector<LintFinding>& out) const;
  const PatternDocument* twin(size_t index) const;
};

Lint::Lint(std::shared_ptr<const PatternSet> patterns, base::CpuClock cpuTime)
    : m_impl(std::make_unique<Impl>()) {
  m_impl->patterns = std::move(patterns);
  m_impl->cpuTime = std::move(cpuTime);
  m_impl->wanted.assign(m_impl->matcher().selectors().size(), 1);
  m_impl->seen.resize(m_impl->patterns->size());
  for (const auto& document : m_impl->patterns->documents())
    m_impl->watched.push_back(watchedValue(document));
}

Lint::~Lint() = default;

void Lint::add(const model::LogBatch& batch, const model::LogRecord& record) {
  auto& impl = *m_impl;
  const bool measured = impl.records++ % kMeasureEvery == 0;
  impl.matcher().findCandidates(record, impl.wanted, impl.search);
  std::set<size_t> taken;
  for (const auto selector : impl.matcher().candidates(impl.search)) {
    const auto index = impl.matcher().selectors()[selector].pattern;
    const auto begun = measured ? impl.cpuTime() : std::chrono::nanoseconds(0);
    const bool takes = serviceFits(impl.patterns->documents()[index].service, batch.service) &&
                       impl.matcher().takes(selector, record);
    if (measured) impl.seen[index].time += impl.cpuTime() - begun;
    if (!takes) continue;
    taken.insert(index);
    const auto& document = impl.patterns->documents()[index];
    const auto& watched = impl.watched[index];
    if (document.distinct.empty() && watched.empty()) continue;
    const auto captures = impl.matcher().captures(selector, record);
    const bool there = watched.empty() ? !distinctValue(document, record, captures).empty()
                                       : numberOf(watched, record, captures).has_value();
    impl.seen[index].values += there ? 1 : 0;
  }
  for (const auto index : taken) {
    ++impl.seen[index].records;
    impl.seen[index].mark = impl.seen[index].mark * 1'099'511'628'211u + impl.records;
  }
}

/// The first pattern that is the same as this one.
const PatternDocument* Lint::Impl::twin(size_t index) const {
  const auto& documents = patterns->documents();
  for (size_t other = 0; other < index; ++other) {
    const bool sameRecords = seen[index].records >= kEnoughForSame &&
                             seen[index].records == seen[other].records &&
                             seen[index].mark == seen[other].mark;
    if (sameRecords || meaningOf(documents[index]) == meaningOf(documents[other])) return &documents[other];
  }
  return nullptr;
}

void Lint::Impl::judge(size_t index, std::vector<LintFinding>& out) const {
  const auto& document = patterns->documents()[index];
  const auto& figures = seen[index];
  const auto say = [&](LintKind kind, std::string text) {
    out.push_back({document.id, kind, std::move(text)});
  };
  const auto& selection = matcher().patterns()[index]->selections.front();
  const bool everything = selection.regex && RE2::PartialMatch("", *selection.regex);
  const double share = records == 0 ? 0 : static_cast<double>(figures.records) / static_cast<double>(records);
  if (everything) {
    say(LintKind::TooBroad, "its expression matches the empty text, and so every record");
  } else if (records >= kEnoughForBroad && share >= kBroadShare && !developsOverTime(document) &&
             document.severity >= model::Severity::Warning) {
    say(LintKind::TooBroad, "it takes " + percent(share) + " of the records");
  }
  if (records >= kEnoughForNever && figures.records == 0)
    say(LintKind::NeverHit, "it takes none of " + std::to_string(records) + " records");
  const auto none = [&](const std::string& name, const char* what) {
    if (!name.empty() && figures.records >= kEnoughForSame && figures.values == 0)
      say(LintKind::NoValue, "none of the " + std::to_string(figures.records) +
                                 " records that it takes has '" + name + "'" + what);
  };
  none(document.distinct, ", of which different values count");
  none(watched[index], " as a number, which it watches");
  if (const auto* same = twin(index)) say(LintKind::Duplicate, "it finds the same as '" + same->id + "'");
  const double each = records == 0 ? 0
                                   : static_cast<double>(figures.time.count()) / 1000 * kMeasureEvery /
                                         static_cast<double>(records);
  if (records >= kEnoughForBroad && each > kDearMicroseconds)
    say(LintKind::TooDear, "it takes " + std::to_string(std::lround(each)) + " us for each record");
  if (const auto why = matcher().alone().find(index); why != matcher().alone().end())
    say(LintKind::Slow, "it is looked for by itself, since it " + why->second);
}

std::vector<LintFinding> Lint::findings() const {
  std::vector<LintFinding> out;
  for (size_t i = 0; i < m_impl->patterns->size(); ++i) m_impl->judge(i, out);
  return out;
}

}  // namespace aiops::detection
