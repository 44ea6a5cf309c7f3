// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/incident_memory.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "detection/typed_text.h"

namespace aiops::knowledge {
namespace {

constexpr double kSaturation = 1.2;   // k1 of BM25
constexpr double kLengthShare = 0.6;  // b: how much the length of a field counts
constexpr double kUsualWords = 60;    // of an incident
constexpr double kService = 1.0, kSignal = 2.0, kPlace = 2.0, kWord = 0.7;
constexpr size_t kShortestWord = 3;
constexpr size_t kMostWords = 300;
constexpr size_t kMostLines = 200;

std::vector<std::string> sorted(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

/// Words of letters; what stands in <> is a type, not a word.
void addWords(std::string_view typed, std::set<std::string>& words) {
  std::string word;
  bool inType = false;
  const auto end = [&] {
    if (word.size() >= kShortestWord) words.insert(word);
    word.clear();
  };
  for (const char c : typed) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (c == '<') inType = true;
    if (letter && !inType) {
      word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    } else {
      end();
    }
    if (c == '>') inType = false;
  }
  end();
}

/// Each term, prefixed with its field, and how often it occurs, weighted by the field and its length.
std::map<std::string, double> weighted(const model::IncidentTerms& terms) {
  std::map<std::string, double> out;
  for (const auto& service : terms.services) out["s " + service] = kService;
  for (const auto& signal : terms.signals) out["g " + signal] = kSignal;
  for (const auto& place : terms.places) out["p " + place] = kPlace;
  const double longer = static_cast<double>(terms.words.size()) / kUsualWords;
  const double share = kWord / (1 - kLengthShare + kLengthShare * longer);
  for (const auto& [word, lines] : terms.words) out["w " + word] = share * lines;
  return out;
}

}  // namespace

model::IncidentTerms termsOf(const std::vector<model::Event>& events) {
  std::set<std::string> services, signals, places, seen;
  model::IncidentTerms out;
  for (const auto& event : events) {
    services.insert(event.service);
    const auto& signal = event.signal.empty() ? event.patternId : event.signal;
    signals.insert(signal);
    places.insert(event.service + "/" + signal);
    for (const auto& ref : event.evidence) {
      if (seen.size() >= kMostLines || !seen.insert(ref.id).second) continue;
      std::set<std::string> words;
      addWords(detection::typedText(ref.text), words);
      for (const auto& word : words) {
        if (out.words.contains(word) || out.words.size() < kMostWords) ++out.words[word];
      }
    }
  }
  out.services = sorted(services);
  out.signals = sorted(signals);
  out.places = sorted(places);
  return out;
}

IncidentMemory::Term IncidentMemory::numberOf(const std::string& term) {
  const auto [at, fresh] = m_numbers.try_emplace(term, static_cast<Term>(m_incidentsWith.size()));
  if (fresh) m_incidentsWith.push_back(0);
  return at->second;
}

void IncidentMemory::count(const Bag& bag, int by) {
  for (const auto& [term, frequency] : bag) m_incidentsWith[term] += by;
}

void IncidentMemory::drop(const model::IncidentId& incident) {
  const auto known = m_entries.find(incident);
  if (known == m_entries.end()) return;
  count(known->second.bag, -1);
  m_entries.erase(known);
}

void IncidentMemory::remember(model::PastIncident past) {
  base::MutexLock lock(m_mutex);
  drop(past.incident);
  Bag bag;
  for (const auto& [term, frequency] : weighted(past.terms)) bag.emplace_back(numberOf(term), frequency);
  std::ranges::sort(bag);
  count(bag, 1);
  const auto id = past.incident;
  m_entries[id] = {std::move(past), std::move(bag)};
  if (m_entries.size() <= model::kMostPastIncidents) return;
  const auto ended = [](const auto& entry) { return entry.second.past.endedAt; };
  drop(std::ranges::min_element(m_entries, {}, ended)->first);
}

void IncidentMemory::forget(const model::IncidentId& incident) {
  base::MutexLock lock(m_mutex);
  drop(incident);
}

bool IncidentMemory::knows(const model::IncidentId& incident) const {
  base::MutexLock lock(m_mutex);
  return m_entries.contains(incident);
}

std::vector<model::SimilarIncident> IncidentMemory::similar(const model::IncidentTerms& terms,
                                                            const model::IncidentId& but, size_t most,
                                                            double least) const {
  const auto asked = weighted(terms);
  base::MutexLock lock(m_mutex);
  const auto rarity = [all = static_cast<double>(m_entries.size())](double with) {
    return std::log(1 + (all - with + 0.5) / (with + 0.5));
  };
  const auto saturated = [](double frequency) { return frequency / (kSaturation + frequency); };
  std::vector<double> rarities(m_incidentsWith.size()), ofAsked(m_incidentsWith.size());
  for (size_t i = 0; i < rarities.size(); ++i) rarities[i] = rarity(m_incidentsWith[i]);
  double allOfAsked = 0;
  for (const auto& [term, frequency] : asked) {
    const auto known = m_numbers.find(term);
    const auto weight =
        (known == m_numbers.end() ? rarity(0) : rarities[known->second]) * saturated(frequency);
    allOfAsked += weight;
    if (known != m_numbers.end()) ofAsked[known->second] = weight;
  }
  std::vector<std::pair<double, const Entry*>> alike;
  for (const auto& [id, entry] : m_entries) {
    if (id == but) continue;
    double all = allOfAsked, common = 0;
    for (const auto& [term, frequency] : entry.bag) {
      const auto weight = rarities[term] * saturated(frequency);
      all += weight;
      common += std::min(weight, ofAsked[term]);
    }
    const double similarity = all > 0 ? 2 * common / all : 0;
    if (similarity >= least) alike.emplace_back(similarity, &entry);
  }
  std::ranges::sort(alike, [](const auto& a, const auto& b) {
    return std::pair(-a.first, a.second->past.number) < std::pair(-b.first, b.second->past.number);
  });
  std::vector<model::SimilarIncident> out;
  for (const auto& [similarity, entry] : alike) {
    if (out.size() == most) break;
    out.push_back({entry->past, similarity});
  }
  return out;
}

}  // namespace aiops::knowledge
