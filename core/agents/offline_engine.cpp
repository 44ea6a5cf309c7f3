// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/offline_engine.h"

#include <algorithm>
#include <set>

#include "agents/merged_files.h"
#include "agents/offline_files.h"
#include "agents/offline_zones.h"
#include "analysis/change_history.h"
#include "analysis/count_book.h"
#include "analysis/diagnose.h"
#include "analysis/impact.h"
#include "analysis/specialists.h"
#include "base/bytes.h"
#include "correlation/change_reader.h"
#include "correlation/correlator.h"
#include "correlation/topology_file.h"
#include "detection/detector.h"
#include "remediation/planner.h"
#include "sources/evidence_reader.h"

namespace aiops::agents {
namespace {

constexpr size_t kMaxTopologyBytes = 4u << 20;
constexpr std::chrono::seconds kQuietEnds{120};  // an incident without a sign for so long is over
constexpr size_t kHypothesesWithFixes = 3;
constexpr size_t kMostFixes = 5;
constexpr size_t kMostChanges = 20'000;

/// Shows the newest event time seen: the engine knows what it has read and no more.
class EventClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return m_now; }
  base::Duration sinceBoot() const override { return m_now.time_since_epoch(); }
  void advance(base::TimePoint time) { m_now = std::max(m_now, time); }

 private:
  base::TimePoint m_now;
};

/// As a UUID of version 8 (RFC 9562), so that the same input gives the same id.
model::IncidentId idOf(const model::Incident& incident, const std::vector<model::Event>& events) {
  auto text = base::toIso8601(incident.startedAt);
  for (const auto& service : incident.services) text += '\n' + service;
  if (!events.empty() && !events.front().evidence.empty())
    text += '\n' + events.front().evidence.front().sha256;
  auto hex = base::sha256Hex(text).substr(0, 32);
  hex[12] = '8';
  hex[16] = '8';
  return model::IncidentId(hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
                           hex.substr(16, 4) + '-' + hex.substr(20));
}

class OfflineRun {
 public:
  OfflineRun(correlation::Topology topology, const OfflineKnowledge& known);

  base::Result<OfflineReport> run(const std::vector<OfflineFile>& files, const OfflineZones& zones);

 private:
  void feed(const model::LogBatch& batch);
  void take(const std::vector<model::Event>& events);
  void endQuiet();
  void finish(const model::Incident& incident, bool ended);
  std::vector<base::TimePoint> startsLike(const model::Diagnosis& diagnosis) const;
  std::vector<OfferedFix> fixesFor(const model::Diagnosis& diagnosis) const;
  void note(const std::string& part, const std::string& problem) {
    m_report.problems.push_back(part + ": " + problem);
  }

  const correlation::Topology m_topology;
  const OfflineKnowledge& m_known;
  EventClock m_clock;
  detection::Detector m_detector;
  analysis::RateBook m_rates;
  analysis::CountBook m_counts;
  analysis::Diagnostician m_diagnostician;
  correlation::Correlator m_correlator;
  correlation::ChangeReader m_reader;
  std::vector<model::Change> m_changes;
  std::vector<analysis::TroubleStart> m_troubles;
  base::TimePoint m_checkedQuiet;
  OfflineReport m_report;
};

OfflineRun::OfflineRun(correlation::Topology topology, const OfflineKnowledge& known)
    : m_topology(std::move(topology)),
      m_known(known),
      m_detector(known.patterns,
                 detection::DetectorOptions{
                     .confirmEvery = std::chrono::seconds(5), .watchSilence = true, .watchNovelty = true}),
      m_diagnostician(
          analysis::builtInAnalysts(known.signatures, m_topology), m_topology,
          [](const model::EvidenceRef& ref) { return sources::EvidenceReader().reread(ref); },
          analysis::builtInSpecialists(
              [this](const auto&, const auto& diagnosis) { return startsLike(diagnosis); }, m_rates,
              m_topology)),
      m_correlator(m_topology, {}) {
  m_report.problems = known.problems;
}

base::Result<OfflineReport> OfflineRun::run(const std::vector<OfflineFile>& files,
                                            const OfflineZones& zones) {
  auto merged = MergedFiles::open(files, zones);
  if (!merged) return std::unexpected(merged.error());
  while (const auto* batch = (*merged)->next()) feed(*batch);
  for (const auto& incident : m_correlator.open()) {
    finish(incident, *m_correlator.lastEvent(incident.id) + kQuietEnds <= m_clock.now());
  }
  m_report.lines = (*merged)->lines();
  m_report.bytes = (*merged)->bytes();
  for (const auto& [path, problem] : (*merged)->problems()) note(path, problem);
  m_report.files = files.size();
  std::ranges::sort(m_report.incidents, {},
                    [](const auto& i) { return std::pair(i.incident.startedAt, i.incident.id.str()); });
  return std::move(m_report);
}

void OfflineRun::feed(const model::LogBatch& batch) {
  const auto& record = batch.records.front();
  m_clock.advance(record.eventTime);
  m_rates.add(batch.service, record.eventTime, 1);
  m_counts.add(batch.service, record);
  take(m_detector.feed(batch));
  take(m_detector.advance(m_clock.now()));
  endQuiet();
}

void OfflineRun::take(const std::vector<model::Event>& events) {
  for (const auto& event : events) {
    if (auto change = m_reader.read(event)) m_changes.push_back(*std::move(change));
    if (m_changes.size() > kMostChanges)
      m_changes.erase(m_changes.begin(), m_changes.begin() + static_cast<long>(kMostChanges / 2));
    m_correlator.add(event, m_clock.now());
  }
}

void OfflineRun::endQuiet() {
  if (m_clock.now() < m_checkedQuiet + std::chrono::seconds(1)) return;
  m_checkedQuiet = m_clock.now();
  for (const auto& incident : m_correlator.open()) {
    if (*m_correlator.lastEvent(incident.id) + kQuietEnds > m_clock.now()) continue;
    finish(incident, true);
  }
}

void OfflineRun::finish(const model::Incident& open, bool ended) {
  auto incident = open;
  const auto events = *m_correlator.eventsOf(open.id);
  analysis::CaseFile file{incident, events, m_correlator.blameOf(open.id)};
  const auto services = analysis::servicesAround(incident, file.blame, m_topology);
  file.changes = analysis::changesAround(m_changes, m_troubles, services, incident.startedAt, m_clock.now());
  file.counts = m_counts.of(services, incident.startedAt - analysis::kCountedBefore);
  for (const auto& service : incident.services) m_troubles.push_back({service, incident.startedAt});
  auto diagnosis = m_diagnostician.diagnose(file, m_clock.now());
  incident.impact = analysis::impactOf(file, *m_correlator.lastEvent(open.id));
  incident.severity = std::max(incident.severity, analysis::severityOf(*incident.impact));
  if (ended) {
    incident.endedAt = m_correlator.lastEvent(open.id);
    incident.state = model::IncidentState::Resolved;
  }
  m_correlator.update(incident);
  incident.id = diagnosis.incident = idOf(incident, events);
  auto fixes = fixesFor(diagnosis);
  m_report.incidents.push_back({std::move(incident), std::move(diagnosis), std::move(fixes)});
}

/// When incidents of the same cause began, of those that are over.
std::vector<base::TimePoint> OfflineRun::startsLike(const model::Diagnosis& diagnosis) const {
  std::vector<base::TimePoint> starts;
  if (diagnosis.hypotheses.empty()) return starts;
  const auto& cause = diagnosis.hypotheses.front();
  for (const auto& other : m_report.incidents) {
    if (other.diagnosis.hypotheses.empty()) continue;
    const auto& its = other.diagnosis.hypotheses.front();
    if (its.service == cause.service && its.kind == cause.kind) starts.push_back(other.incident.startedAt);
  }
  return starts;
}

/// The first playbook of each of the likeliest causes, then the second one of each, and so on: what helps
/// against the next cause comes before another way to treat the first.
std::vector<OfferedFix> OfflineRun::fixesFor(const model::Diagnosis& diagnosis) const {
  std::vector<std::pair<const model::Hypothesis*, std::vector<const remediation::Playbook*>>> causes;
  for (const auto& hypothesis : diagnosis.hypotheses) {
    if (causes.size() >= kHypothesesWithFixes) break;
    const bool stands =
        hypothesis.verdict != model::Verdict::Rejected && hypothesis.verdict != model::Verdict::Unverified;
    if (stands) causes.emplace_back(&hypothesis, remediation::playbooksFor(m_known.playbooks, hypothesis));
  }
  std::vector<OfferedFix> fixes;
  std::set<std::pair<std::string, std::string>> offered;
  for (size_t turn = 0; turn < m_known.playbooks.playbooks.size(); ++turn) {
    for (const auto& [hypothesis, playbooks] : causes) {
      if (turn >= playbooks.size() || fixes.size() >= kMostFixes) continue;
      const auto& playbook = *playbooks[turn];
      if (offered.emplace(playbook.id, hypothesis->service).second)
        fixes.push_back({playbook.id, playbook.fixKind, playbook.riskBase, hypothesis->service});
    }
  }
  return fixes;
}

base::Result<std::optional<correlation::Topology>> readTopology(const std::filesystem::path& path) {
  if (path.empty()) return std::nullopt;
  const auto text = base::readFile(path, kMaxTopologyBytes);
  if (!text) return std::unexpected(text.error());
  auto topology = correlation::parseTopology(*text, path.string());
  if (!topology) return std::unexpected(topology.error());
  return std::move(*topology);
}

}  // namespace

OfflineKnowledge loadOfflineKnowledge(const ResourcePaths& resources) {
  OfflineKnowledge known{.patterns = detection::loadPatterns({resources.patterns()}),
                         .signatures = {},
                         .playbooks = remediation::loadPlaybooks({resources.playbooks()}),
                         .problems = {}};
  auto signatures = knowledge::loadSignatures({resources.signatures()});
  known.signatures = std::move(signatures.signatures);
  for (const auto& problem : known.patterns->problems())
    known.problems.push_back("patterns: " + problem.text());
  for (const auto& problem : known.playbooks.problems)
    known.problems.push_back("playbooks: " + problem.line());
  for (const auto& problem : signatures.problems) known.problems.push_back("signatures: " + problem.line());
  return known;
}

base::Result<OfflineReport> analyseOffline(const OfflineRequest& request, const OfflineKnowledge& known) {
  auto topology = readTopology(request.topology);
  if (!topology) return std::unexpected(topology.error());
  const auto paths = filesOf(request.paths);
  if (!paths) return std::unexpected(paths.error());
  std::vector<OfflineFile> files;
  std::set<std::string> names;
  const auto services = *topology ? *(*topology)->names() : std::set<std::string>{};
  for (const auto& path : *paths) {
    files.push_back({path, serviceOfFile(path, services)});
    names.insert(files.back().service);
  }
  auto zones = OfflineZones::find(files, request.zones);
  if (!zones) return std::unexpected(zones.error());
  OfflineRun run(*topology ? std::move(**topology) : correlation::Topology::unknown(std::move(names)), known);
  return run.run(files, *zones);
}

}  // namespace aiops::agents
