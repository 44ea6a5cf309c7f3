// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/analyze.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "agents/offline_engine.h"
#include "app/cli/commands.h"
#include "app/cli/own_redactor.h"
#include "app/cli/print.h"
#include "app/host.h"
#include "model/labels.h"

namespace aiops::app {
namespace {

using json = nlohmann::ordered_json;

constexpr size_t kCitedInText = 6;  // lines a hypothesis shows to a person

/// The physical line that the evidence begins with.
std::string firstLine(const std::string& text) {
  auto line = text.substr(0, text.find('\n'));
  while (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

/// Those that stand: what the evidence gate found again.
std::vector<const model::EvidenceRef*> verified(const model::Hypothesis& hypothesis) {
  std::vector<const model::EvidenceRef*> out;
  for (const auto& citation : hypothesis.evidenceFor) {
    if (citation.verified) out.push_back(&citation.evidence);
  }
  return out;
}

/// A hypothesis is told only with a line that shows it.
std::vector<const model::Hypothesis*> told(const model::Diagnosis& diagnosis) {
  std::vector<const model::Hypothesis*> out;
  for (const auto& hypothesis : diagnosis.hypotheses) {
    if (hypothesis.verdict != model::Verdict::Rejected && !verified(hypothesis).empty())
      out.push_back(&hypothesis);
  }
  return out;
}

double rounded(double confidence) {
  return static_cast<double>(static_cast<int>(confidence * 1000 + 0.5)) / 1000;
}

json hypothesisJson(const model::Hypothesis& hypothesis) {
  json evidence = json::array();
  for (const auto* ref : verified(hypothesis)) {
    evidence.push_back({{"file", ref->source},
                        {"line", ref->position.line},
                        {"text", firstLine(ref->text)},
                        {"time", base::toIso8601(ref->time)}});
  }
  return {{"service", hypothesis.service},     {"kind", hypothesis.kind},
          {"statement", hypothesis.statement}, {"confidence", rounded(hypothesis.confidence)},
          {"evidence", std::move(evidence)},   {"analysts", hypothesis.analysts}};
}

json incidentJson(const agents::OfflineIncident& found) {
  const auto& incident = found.incident;
  json hypotheses = json::array(), fixes = json::array();
  for (const auto* hypothesis : told(found.diagnosis)) hypotheses.push_back(hypothesisJson(*hypothesis));
  for (const auto& fix : found.fixes) {
    fixes.push_back({{"playbook", fix.playbook},
                     {"kind", fix.kind},
                     {"risk", std::string(toString(fix.risk))},
                     {"target", fix.target}});
  }
  return {
      {"id", incident.id.str()},
      {"started_at", base::toIso8601(incident.startedAt)},
      {"detected_at", base::toIso8601(incident.detectedAt)},
      {"ended_at", incident.endedAt ? json(base::toIso8601(*incident.endedAt)) : json(nullptr)},
      {"severity", std::string(toString(incident.severity))},
      {"services", incident.services},
      {"diagnosis",
       {{"verdict", std::string(toString(found.diagnosis.verdict))}, {"hypotheses", std::move(hypotheses)}}},
      {"fixes", std::move(fixes)}};
}

void printReportJson(const agents::OfflineReport& report) {
  json incidents = json::array();
  for (const auto& incident : report.incidents) incidents.push_back(incidentJson(incident));
  const json answer{{"incidents", std::move(incidents)},
                    {"stats", {{"lines", report.lines}, {"bytes", report.bytes}}}};
  std::printf("%s\n", answer.dump(1, ' ', true, json::error_handler_t::replace).c_str());
}

/// "2026-11-22 20:35:23 UTC".
std::string clockText(base::TimePoint time) {
  auto text = base::toIso8601(time).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

std::string durationText(base::Duration duration) {
  const auto seconds = std::chrono::duration<double>(duration).count();
  char text[48];
  if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  }
  return text;
}

void printHypothesis(const model::Hypothesis& hypothesis, const char* lead) {
  std::printf("  %s%s (%s, %.0f %% sure, %s)\n", lead, safe(hypothesis.statement).c_str(),
              safe(hypothesis.kind).c_str(), 100 * hypothesis.confidence,
              std::string(toString(hypothesis.verdict)).c_str());
  const auto lines = verified(hypothesis);
  for (size_t i = 0; i < std::min(lines.size(), kCitedInText); ++i) {
    std::printf("      %s:%llu  %s\n", safe(lines[i]->source).c_str(),
                static_cast<unsigned long long>(lines[i]->position.line),
                safe(firstLine(lines[i]->text)).c_str());
  }
  if (lines.size() > kCitedInText) std::printf("      and %zu more lines\n", lines.size() - kCitedInText);
}

void printFinding(const model::Finding& finding) {
  std::printf("  finding   %s\n", safe(finding.title).c_str());
  for (const auto& field : finding.fields)
    std::printf("      %-12s %s\n", safe(field.name).c_str(), safe(field.value).c_str());
  for (size_t at = 0; at < finding.text.size();) {
    const auto end = std::min(finding.text.find('\n', at), finding.text.size());
    std::printf("      | %s\n", safe(finding.text.substr(at, end - at)).c_str());
    at = end + 1;
  }
  for (const auto& citation : finding.evidence) {
    if (!citation.verified) continue;
    std::printf("      %s:%llu  %s\n", safe(citation.evidence.source).c_str(),
                static_cast<unsigned long long>(citation.evidence.position.line),
                safe(firstLine(citation.evidence.text)).c_str());
  }
}

void printIncident(size_t number, const agents::OfflineIncident& found) {
  const auto& incident = found.incident;
  const auto hypotheses = told(found.diagnosis);
  std::printf("\nIncident %zu (%s): %s\n", number, std::string(toString(incident.severity)).c_str(),
              safe(hypotheses.empty() ? incident.title : hypotheses.front()->statement).c_str());
  std::printf("  began     %s, noticed after %s, %s\n", clockText(incident.startedAt).c_str(),
              durationText(incident.detectedAt - incident.startedAt).c_str(),
              incident.endedAt
                  ? ("over after " + durationText(*incident.endedAt - incident.startedAt)).c_str()
                  : "still going on when the logs end");
  std::string services;
  for (const auto& service : incident.services) services += (services.empty() ? "" : ", ") + service;
  std::printf("  services  %s\n", safe(services).c_str());
  if (const auto impact = incident.impact ? model::impactText(*incident.impact) : std::string();
      !impact.empty())
    std::printf("  impact    %s\n", safe(impact).c_str());
  std::printf("  verdict   %s\n", std::string(toString(found.diagnosis.verdict)).c_str());
  if (hypotheses.empty()) std::printf("  No cause could be shown.\n");
  for (size_t i = 0; i < hypotheses.size(); ++i)
    printHypothesis(*hypotheses[i], i == 0 ? "cause     " : "or        ");
  for (const auto& finding : found.diagnosis.findings) printFinding(finding);
  for (const auto& fix : found.fixes) {
    std::printf("  could do  %s on %s (%s risk, playbook %s)\n", safe(fix.kind).c_str(),
                safe(fix.target).c_str(), std::string(toString(fix.risk)).c_str(),
                safe(fix.playbook).c_str());
  }
}

void printReportText(const agents::OfflineReport& report) {
  const auto lines = static_cast<unsigned long long>(report.lines);
  const char* files = report.files == 1 ? "file" : "files";
  if (report.incidents.empty()) {
    std::printf("Nothing wrong found in %llu lines of %zu %s.\n", lines, report.files, files);
    return;
  }
  std::printf("%zu %s in %llu lines of %zu %s.\n", report.incidents.size(),
              report.incidents.size() == 1 ? "incident" : "incidents", lines, report.files, files);
  for (size_t i = 0; i < report.incidents.size(); ++i) printIncident(i + 1, report.incidents[i]);
}

/// Everything in the report that a log wrote.
void redact(agents::OfflineReport& report, const security::Redactor& redactor) {
  const auto clean = [&](std::string& text) { text = redactor.redact(text); };
  for (auto& problem : report.problems) clean(problem);
  for (auto& found : report.incidents) {
    clean(found.incident.title);
    for (auto& hypothesis : found.diagnosis.hypotheses) {
      clean(hypothesis.statement);
      for (auto& citation : hypothesis.evidenceFor) clean(citation.evidence.text);
    }
    for (auto& finding : found.diagnosis.findings) {
      clean(finding.title);
      clean(finding.text);
      for (auto& field : finding.fields) clean(field.value);
      for (auto& citation : finding.evidence) clean(citation.evidence.text);
    }
    for (auto& fix : found.fixes) clean(fix.target);
  }
}

base::Result<agents::OfflineRequest> requestOf(const Invocation& invocation) {
  agents::OfflineRequest request{.paths = {invocation.paths.begin(), invocation.paths.end()},
                                 .topology = invocation.topology,
                                 .zones = {}};
  for (const auto& zone : invocation.zones) {
    const auto equals = zone.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == zone.size()) {
      return base::fail(base::ErrorCode::InvalidInput, "'" + zone + "' is not SERVICE=ZONE", "--zone",
                        "for example --zone nginx=+01:00");
    }
    request.zones[zone.substr(0, equals)] = zone.substr(equals + 1);
  }
  return request;
}

}  // namespace

int runAnalyze(const Invocation& invocation) {
  const auto began = std::chrono::steady_clock::now();
  const auto request = requestOf(invocation);
  if (!request) return complain(request.error(), kBadUsage);
  const auto resources = findResources();
  if (!resources) return complain(resources.error());
  auto report = agents::analyseOffline(*request, agents::loadOfflineKnowledge(*resources));
  if (!report) {
    const bool usage = report.error().where.starts_with("--zone");
    return complain(report.error(), usage ? kBadUsage : kCouldNotRun);
  }
  redact(*report, ownRedactor());
  for (const auto& problem : report->problems)
    std::fprintf(stderr, "ai-ops-core: %s\n", safe(problem).c_str());
  if (invocation.format == "json") {
    printReportJson(*report);
  } else {
    printReportText(*report);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::fprintf(stderr, "%llu lines, %.1f MB in %.2f s\n", static_cast<unsigned long long>(report->lines),
               static_cast<double>(report->bytes) / 1e6, took.count());
  return kDone;
}

}  // namespace aiops::app
