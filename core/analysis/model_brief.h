// What a language model is told about an incident.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/analyst.h"
#include "analysis/model_opinion.h"

namespace aiops::analysis {

/// Takes secrets out of a text.
using Redact = std::function<std::string(std::string_view)>;

/// One case as it is put to a model. Nothing else of the case leaves: of each event its service, signal,
/// severity, time since the first sign and count; of its lines the typed template of the redacted text; of
/// the built-in hypotheses service, kind, confidence and verdict; and who depends on whom. No path, address,
/// number, quoted text, key of an event or capture. Bounded: 40 services, 40 events with 3 lines each, 24 KiB
/// in all.
class ModelBrief {
 public:
  ModelBrief(const CaseFile& file, const model::Diagnosis& built, const correlation::Topology& topology,
             const ModelCatalogue& catalogue, Redact redact);

  const ModelTerms& terms() const { return m_terms; }
  /// The case as JSON, ASCII only.
  const std::string& data() const { return m_data; }
  /// Of what the model is asked: the same for cases that differ in nothing that matters to it.
  std::string fingerprint() const;
  /// What a tool shows, as JSON of at most 6 KiB, ASCII only.
  std::string lookUp(const ModelLookUp& wanted) const;

 private:
  friend struct ModelTools;

  void nameServices(const CaseFile& file, const model::Diagnosis& built);
  std::string shown(const std::string& service) const;
  std::string lineOf(const std::string& text) const;
  void addEvents(const CaseFile& file);
  void write(const model::Diagnosis& built);

  struct Line {
    std::string id;  ///< "e3.1"
    std::string text;
  };
  struct Entry {
    std::string service;  ///< as shown
    std::string signal;
    std::string severity;
    double seconds = 0;
    uint64_t count = 0;
    std::vector<Line> lines;
  };

  const correlation::Topology& m_topology;
  const Redact m_redact;
  ModelTerms m_terms;
  std::map<std::string, std::string> m_shown;  ///< service -> name in the brief
  std::vector<Entry> m_entries;
  bool m_tellsTopology = true;  ///< false: there is no room; it can be looked up
  std::string m_data;
};

/// What all of them are told beforehand. `delimiter` is random and new for each call: what stands between its
/// marks is data, and log text can't know it.
std::string modelInstructions(const std::string& delimiter);
/// `data` between the marks.
std::string delimited(const std::string& data, const std::string& delimiter);

}  // namespace aiops::analysis
