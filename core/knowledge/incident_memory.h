// Finds what an incident is like among those that have ended.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "model/event.h"
#include "model/past_incident.h"

namespace aiops::knowledge {

/// By what an incident of these events is found again. Of the lines only constant words are taken, no values
/// (detection/typed_text.h).
model::IncidentTerms termsOf(const std::vector<model::Event>& events);

/// What is remembered. Terms are weighted as BM25F weights them (Robertson, Zaragoza: The Probabilistic
/// Relevance Framework, 2009): by how rare they are among all incidents, by their field, and less the longer
/// the field is. Two incidents are compared by the share of that weight which they have in common (Dice), so
/// that 1 is the same and 0 is nothing in common, whoever of the two is longer. Thread safe.
class IncidentMemory {
 public:
  /// Adds or replaces by incident; the oldest leaves for one too many (model::kMostPastIncidents).
  void remember(model::PastIncident past) AIOPS_EXCLUDES(m_mutex);
  void forget(const model::IncidentId& incident) AIOPS_EXCLUDES(m_mutex);
  bool knows(const model::IncidentId& incident) const AIOPS_EXCLUDES(m_mutex);

  /// The most alike first, at most `most`, none below `least`; `but` itself is left out.
  std::vector<model::SimilarIncident> similar(const model::IncidentTerms& terms, const model::IncidentId& but,
                                              size_t most, double least) const AIOPS_EXCLUDES(m_mutex);

 private:
  using Term = uint32_t;  ///< its place in m_incidentsWith
  /// Of each term, by its number: how often it occurs, weighted by its field.
  using Bag = std::vector<std::pair<Term, double>>;
  struct Entry {
    model::PastIncident past;
    Bag bag;
  };

  Term numberOf(const std::string& term) AIOPS_REQUIRES(m_mutex);
  void count(const Bag& bag, int by) AIOPS_REQUIRES(m_mutex);
  void drop(const model::IncidentId& incident) AIOPS_REQUIRES(m_mutex);

  mutable base::Mutex m_mutex;
  std::map<model::IncidentId, Entry> m_entries AIOPS_GUARDED_BY(m_mutex);
  std::unordered_map<std::string, Term> m_numbers AIOPS_GUARDED_BY(m_mutex);
  std::vector<int> m_incidentsWith AIOPS_GUARDED_BY(m_mutex);  ///< by term
};

}  // namespace aiops::knowledge
