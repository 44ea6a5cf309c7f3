// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/follower.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <iostream>

#include "app/cli/print.h"
#include "app/demo/blocking.h"
#include "model/labels.h"

namespace aiops::app {
namespace {

constexpr std::chrono::seconds kPatience{60};
const service::Caller kOperator{"local operator", true, true, true};

std::string clockTime(base::TimePoint time) {
  return base::toIso8601(time).substr(11, 12);
}

void tellDiagnosis(const model::Diagnosis& diagnosis) {
  if (diagnosis.hypotheses.empty()) return;
  const auto& best = diagnosis.hypotheses.front();
  std::printf("              why: %s (%s, %.0f %%)\n", safe(best.statement).c_str(),
              std::string(toString(diagnosis.verdict)).c_str(), 100 * best.confidence);
  for (const auto& opinion : diagnosis.opinions) {
    std::printf("              %-14s %s %s, %.0f %%; %s\n", (opinion.analyst + ":").c_str(),
                safe(opinion.service).c_str(), safe(opinion.kind).c_str(), 100 * opinion.confidence,
                safe(opinion.note).c_str());
  }
  for (const auto& citation : best.evidenceFor) {
    const auto file = citation.evidence.source.substr(citation.evidence.source.rfind('/') + 1);
    std::printf("              %s %s:%llu  %s\n                %s\n",
                citation.verified ? "re-read" : "NOT FOUND", safe(file).c_str(),
                static_cast<unsigned long long>(citation.evidence.position.line),
                safe(citation.reason).c_str(), safe(citation.evidence.text).c_str());
  }
}

}  // namespace

Follower::Follower(service::Operations& operations, Asking asking, const base::Clock& clock, int interrupted)
    : m_operations(operations),
      m_asking(asking),
      m_clock(clock),
      m_interrupted(interrupted),
      m_began(clock.now()) {}

std::optional<service::Investigation> Follower::newest() {
  if (m_incident.empty()) {
    const auto page = waitFor<service::Page<service::InvestigationSummary>>([&](auto reply) {
      m_operations.listInvestigations({.limit = 5, .before = {}, .openOnly = true}, reply);
    });
    if (!page) return std::nullopt;
    for (const auto& item : page->items) {
      if (item.incident.detectedAt >= m_began) m_incident = item.incident.id.str();
    }
  }
  if (m_incident.empty()) return std::nullopt;
  auto view =
      waitFor<service::Investigation>([&](auto reply) { m_operations.investigation(m_incident, reply); });
  if (!view) return std::nullopt;
  return *std::move(view);
}

void Follower::tell(const service::Investigation& view) {
  const auto& entries = view.timeline.entries;
  for (; m_told < entries.size(); ++m_told) {
    const auto& entry = entries[m_told];
    std::printf("%s  %-12s %-6s %s\n", clockTime(entry.at).c_str(), safe(entry.kind).c_str(),
                safe(entry.service).c_str(), safe(entry.text).c_str());
    if (entry.kind == "diagnosed" && !std::exchange(m_diagnosisTold, true)) tellDiagnosis(view.diagnosis);
  }
  std::fflush(stdout);
}

std::optional<Follower::Ending> Follower::look() {
  const auto view = newest();
  if (!view) return std::nullopt;
  tell(*view);
  for (const auto& fix : view->fixes) {
    if (fix.state == model::FixState::Proposed) {
      decide(fix);
    } else {
      m_askedAt.reset();  // decided: now it may take its time
    }
    if (fix.state == model::FixState::Rejected || fix.state == model::FixState::Expired)
      return Ending{fix, {}};
    if (!model::isFinal(fix.state) || fix.state == model::FixState::Stale) continue;
    for (const auto& outcome : view->outcomes) {
      if (outcome.fix == fix.id) return Ending{fix, outcome};
    }
  }
  return std::nullopt;
}

bool Follower::waitedTooLong() const {
  return m_askedAt && m_clock.sinceBoot() > *m_askedAt + kPatience;
}

void Follower::decide(const model::FixProposal& fix) {
  if (!m_asked.insert(fix.planHash).second) return;
  printPlan(fix);
  if (m_asking == Asking::Approves) return approve(fix);
  if (m_asking == Asking::Elsewhere) {
    m_askedAt = m_clock.sinceBoot();
    std::printf("Waiting a minute for a decision: `ai-ops-core approve %s`, or POST /fixes/%s/approve\n",
                model::fixLabel(fix.number).c_str(), model::fixLabel(fix.number).c_str());
    std::fflush(stdout);
    return;
  }
  askOnTerminal(fix);
}

void Follower::askOnTerminal(const model::FixProposal& fix) {
  std::printf("Approve exactly this plan and run it? [y/N] ");
  std::fflush(stdout);
  pollfd waiting[] = {{STDIN_FILENO, POLLIN, 0}, {m_interrupted, POLLIN, 0}};
  while (::poll(waiting, 2, -1) < 0 && errno == EINTR) {
  }
  if (waiting[1].revents != 0) return;
  std::string line;
  const bool yes = std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
  yes ? approve(fix) : reject(fix);
}

void Follower::approve(const model::FixProposal& fix) {
  const auto done = waitFor<model::FixProposal>(
      [&](auto reply) { m_operations.approveFix(kOperator, fix.id.str(), fix.planHash, reply); });
  if (!done) std::printf("not approved: %s\n", done.error().line().c_str());
}

void Follower::reject(const model::FixProposal& fix) {
  const auto done = waitFor<model::FixProposal>([&](auto reply) {
    m_operations.rejectFix(kOperator, fix.id.str(), "not approved on the terminal", reply);
  });
  if (!done) std::printf("not rejected: %s\n", done.error().line().c_str());
}

}  // namespace aiops::app
