// The JSON mapping of every value that is stored or sent.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/json.h"

#include "model/audit.h"
#include "model/event.h"
#include "model/fix.h"
#include "model/incident.h"
#include "model/log_line.h"
#include "model/status.h"

namespace aiops::model {

AIOPS_DEFINE_ENUM_JSON(Severity, Severity::Critical)
AIOPS_DEFINE_ENUM_JSON(Risk, Risk::High)
AIOPS_DEFINE_ENUM_JSON(IncidentState, IncidentState::Dismissed)
AIOPS_DEFINE_ENUM_JSON(Verdict, Verdict::Rejected)
AIOPS_DEFINE_ENUM_JSON(FixState, FixState::Stale)
AIOPS_DEFINE_ENUM_JSON(StepState, StepState::Unknown)
AIOPS_DEFINE_ENUM_JSON(OutcomeResult, OutcomeResult::Failed)
AIOPS_DEFINE_ENUM_JSON(AgentState, AgentState::Failed)

AIOPS_DEFINE_JSON(BytePosition, inode, offset, length, line)
AIOPS_DEFINE_JSON(LogLine, sequence, time, hasTime, severity, source, service, text, message, position)
AIOPS_DEFINE_JSON(LogSlice, lines, next, missed)
AIOPS_DEFINE_JSON(SourcePosition, source, inode, offset, line, headHash, headLength)
AIOPS_DEFINE_JSON(EvidenceRef, id, source, service, position, text, sha256, time)
AIOPS_DEFINE_JSON(TallyRow, value, count, marked, first, last, with, withCount)
AIOPS_DEFINE_JSON(Event, id, patternId, patternName, signal, service, key, severity, first, last, count,
                  captures, evidence, tally, tallyOthers)
AIOPS_DEFINE_JSON(KnownCause, service, kind, by, at)
AIOPS_DEFINE_JSON(Impact, service, requests, failures, failing)
AIOPS_DEFINE_JSON(Incident, id, number, title, severity, state, services, startedAt, detectedAt, endedAt,
                  eventCount, falsePositive, owner, acknowledgedAt, knownCause, reopenedAt, mergedInto,
                  splitFrom, excludedServices, impact)
AIOPS_DEFINE_JSON(Citation, evidence, reason, verified)
AIOPS_DEFINE_JSON(Hypothesis, service, kind, statement, confidence, pooled, verdict, evidenceFor,
                  evidenceAgainst, analysts, note)
AIOPS_DEFINE_JSON(Opinion, analyst, service, kind, confidence, agrees, note, weight)
AIOPS_DEFINE_JSON(FindingField, name, value)
AIOPS_DEFINE_JSON(Finding, type, service, title, fields, text, evidence)
AIOPS_DEFINE_JSON(Diagnosis, incident, verdict, hypotheses, opinions, at, findings, modelNote)
AIOPS_DEFINE_JSON(TimelineEntry, at, kind, service, text)
AIOPS_DEFINE_JSON(StepProgress, state, startedAt, endedAt, exitCode, output, detail)
AIOPS_DEFINE_JSON(CheckProgress, title, passed, needed, failed, detail)
AIOPS_DEFINE_JSON(Execution, startedAt, endedAt, steps, checks, detail)
AIOPS_DEFINE_JSON(Decision, who, what, reason, at)
AIOPS_DEFINE_JSON(FixProposal, id, number, incident, title, fixKind, plan, planHash, state, proposedAt,
                  expiresAt, why, whyConfidence, reaches, unsure, history, decisions, execution)
AIOPS_DEFINE_JSON(Outcome, id, fix, incident, playbookId, context, result, detail, checks, timeToRecover, at)
AIOPS_DEFINE_JSON(Trust, playbookId, context, worked, tried, mean, low, high, words)
AIOPS_DEFINE_JSON(AuditEntry, sequence, at, who, what, target, why, result, incident, previousHash, hash,
                  signature)
AIOPS_DEFINE_JSON(AuditVerification, whole, entries, brokenAt, problem, headHash)
AIOPS_DEFINE_JSON(SourceStatus, source, service, readable, problem, lines, bytes, drops, dropped, cutLines,
                  invalidLines, lastProblem, lastProblemAt, watchedAs, removable, linesPerSecond,
                  bytesPerSecond, lag, lastLineAt, recentRates)
AIOPS_DEFINE_JSON(ServiceStatus, name, dependsOn, learnt)
AIOPS_DEFINE_JSON(ExecutionLimits, writableRoots, forbiddenPaths, maxExecutionTime)
AIOPS_DEFINE_JSON(AgentChoice, id, enabled, settings)
AIOPS_DEFINE_JSON(AgentSetting, key, value, allowed, help, limitedBy)
AIOPS_DEFINE_JSON(AgentStatus, id, name, state, task, queued, restarts, operatorRestarts, enabled, handled,
                  lastProblem, lastProblemAt, settings)
AIOPS_DEFINE_JSON(AutomationState, stopped, by, reason, since, executorReady, executorProblem)
AIOPS_DEFINE_JSON(HealthEvent, at, severity, part, what, remedy)
AIOPS_DEFINE_JSON(RetentionStatus, maxAgeDays, maxBytes, usedBytes, fileBytes, oldest, lastRun, removed,
                  problem)
AIOPS_DEFINE_JSON(EngineStatus, version, startedAt, home, database, sources, services, agents, automation,
                  limits, health, openIncidents, activeSilences, activeMaintenance, pendingFixes, outcomes,
                  worked, patternsLoaded, retention)

}  // namespace aiops::model
