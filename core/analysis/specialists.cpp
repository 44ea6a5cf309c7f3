// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/specialists.h"

#include "analysis/attack_specialist.h"
#include "analysis/change_specialist.h"
#include "analysis/index_specialist.h"

namespace aiops::analysis {
namespace {

constexpr size_t kMostSimilar = 300;
constexpr double kAlike = 0.5;

}  // namespace

std::vector<std::unique_ptr<Specialist>> builtInSpecialists(PastStarts starts, const RateBook& rates,
                                                            const correlation::Topology& topology) {
  std::vector<std::unique_ptr<Specialist>> all;
  all.push_back(std::make_unique<ChangeSpecialist>(topology));
  all.push_back(std::make_unique<AttackSpecialist>());
  all.push_back(std::make_unique<IndexSpecialist>());
  all.push_back(std::make_unique<PeakSpecialist>(std::move(starts), rates));
  return all;
}

PastStarts startsOfSimilar(const knowledge::IncidentMemory& memory) {
  return [&memory](const CaseFile& file, const model::Diagnosis&) {
    std::vector<base::TimePoint> starts;
    const auto terms = knowledge::termsOf(file.events);
    for (const auto& similar : memory.similar(terms, file.incident.id, kMostSimilar, kAlike))
      starts.push_back(similar.past.startedAt);
    return starts;
  };
}

}  // namespace aiops::analysis
