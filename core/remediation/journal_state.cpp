// The journal's records as a state machine, and the rules it must keep.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "remediation/journal.h"
#include "remediation/plan_codec.h"

namespace aiops::remediation {
namespace {

using model::FixState;

void begin(StepTrack& track, const JournalRecord& record) {
  track = StepTrack{};
  track.attempts = record.attempt;
  track.intent = true;
  track.startedAt = record.at;
  track.prior = record.prior;
}

void started(StepTrack& track, const JournalRecord& record) {
  track.pid = record.pid;
  track.startTime = record.startTime;
}

void finish(StepTrack& track, const JournalRecord& record) {
  track.finished = true;
  track.ok = record.ok;
  track.touched = record.touched;
  track.recovered = record.recovered;
  track.exitCode = record.exitCode;
  track.output = record.output;
  track.detail = record.detail;
  track.endedAt = record.at;
}

void approve(ExecutionState& state, const JournalRecord& record) {
  RunState run;
  run.planHash = record.planHash;
  run.planBytes = record.planBytes;
  run.target = record.target;
  run.who = record.who;
  run.bootId = record.bootId;
  run.expiresBoot = record.expiresBoot;
  run.order = record.sequence;
  state.runs[record.planHash] = std::move(run);
}

void applyToRun(RunState& run, const JournalRecord& record) {
  switch (record.kind) {
    case RecordKind::Void:
      run.state = FixState::Rejected;
      break;
    case RecordKind::Claim:
      run.fence = record.fence;
      run.state = FixState::Running;
      break;
    case RecordKind::Intent:
      begin(run.steps[record.step], record);
      break;
    case RecordKind::Started:
      started(run.steps[record.step], record);
      break;
    case RecordKind::Result:
      finish(run.steps[record.step], record);
      break;
    case RecordKind::UndoIntent:
      begin(run.undos[record.step], record);
      break;
    case RecordKind::UndoStarted:
      started(run.undos[record.step], record);
      break;
    case RecordKind::UndoResult:
      finish(run.undos[record.step], record);
      break;
    case RecordKind::State:
      run.state = record.state;
      run.detail = record.detail;
      break;
    default:
      break;
  }
}

/// Walks the records and collects what breaks a rule.
class Checker {
 public:
  std::vector<std::string> check(const std::vector<JournalRecord>& records) {
    for (const auto& record : records) {
      m_record = &record;
      need(record.sequence == ++m_sequence, "sequence has a gap");
      checkRecord(record);
      apply(m_state, record);
    }
    return std::move(m_violations);
  }

 private:
  void need(bool holds, const std::string& rule) {
    if (holds) return;
    m_violations.push_back("record " + std::to_string(m_sequence) + " (" +
                           std::string(toString(m_record->kind)) + "): " + rule);
  }

  void checkRecord(const JournalRecord& record) {
    switch (record.kind) {
      case RecordKind::Session:
      case RecordKind::Unlock:
        return;
      case RecordKind::Lock:
        need(!record.target.empty(), "locks nothing");
        return;
      case RecordKind::Approval:
        checkApproval(record);
        return;
      default:
        break;
    }
    const auto found = m_state.runs.find(record.planHash);
    need(found != m_state.runs.end(), "no approval before it");
    if (found != m_state.runs.end()) checkRunRecord(found->second, record);
  }

  void checkApproval(const JournalRecord& record) {
    const auto found = m_state.runs.find(record.planHash);
    need(found == m_state.runs.end() || !found->second.claimed(), "this plan has already been used");
    need(base::sha256Hex(record.planBytes) == record.planHash, "hash is not that of the plan");
    need(parsePlan(record.planBytes).has_value(), "the plan can't be read");
  }

  void checkRunRecord(const RunState& run, const JournalRecord& record) {
    need(!isFinal(run.state), "the run has ended");
    if (record.kind == RecordKind::Void || record.kind == RecordKind::Claim) {
      need(!run.claimed(), "the approval is already used");
      if (record.kind == RecordKind::Claim) need(record.fence > m_state.fence, "the fence does not grow");
      return;
    }
    need(run.claimed(), "the run is not claimed");
    switch (record.kind) {
      case RecordKind::Intent:
        checkIntent(run, record);
        break;
      case RecordKind::UndoIntent:
        checkUndoIntent(run, record);
        break;
      case RecordKind::Started:
      case RecordKind::Result:
        checkRunning(run.steps, record);
        break;
      case RecordKind::UndoStarted:
      case RecordKind::UndoResult:
        checkRunning(run.undos, record);
        break;
      case RecordKind::State:
        checkState(run, record.state);
        break;
      default:
        break;
    }
  }

  static const StepTrack& track(const std::map<int, StepTrack>& tracks, int step) {
    static const StepTrack kNone;
    const auto found = tracks.find(step);
    return found == tracks.end() ? kNone : found->second;
  }

  void checkAttempt(const StepTrack& before, const JournalRecord& record) {
    need(record.attempt == before.attempts + 1, "an attempt is repeated or skipped");
    const bool provedNothing = before.finished && !before.ok && before.recovered;
    need(before.attempts == 0 || provedNothing,
         "tried again without proof that the last attempt had no effect");
  }

  void checkIntent(const RunState& run, const JournalRecord& record) {
    need(run.state == FixState::Running, "a step begins outside the running state");
    need(run.undos.empty(), "a step begins after undo has begun");
    need(record.step == 0 ||
             (track(run.steps, record.step - 1).finished && track(run.steps, record.step - 1).ok),
         "the step before has not succeeded");
    checkAttempt(track(run.steps, record.step), record);
  }

  void checkUndoIntent(const RunState& run, const JournalRecord& record) {
    need(run.state == FixState::RollingBack, "an undo begins outside the rolling back state");
    need(track(run.steps, record.step).intent, "an undo without the step's intent");
    checkAttempt(track(run.undos, record.step), record);
    const auto plan = parsePlan(run.planBytes);
    if (!plan) return;
    for (const int earlier : undoOrder(*plan, plan->steps.size())) {
      if (earlier == record.step) return;
      need(undone(run, earlier), "undone out of order");
    }
  }

  /// The step needs no undo, or has had it.
  static bool undone(const RunState& run, int step) {
    const StepTrack& done = track(run.steps, step);
    const StepTrack& undo = track(run.undos, step);
    return !done.intent || (done.finished && !done.touched) || (undo.finished && undo.ok);
  }

  void checkRunning(const std::map<int, StepTrack>& tracks, const JournalRecord& record) {
    const StepTrack& before = track(tracks, record.step);
    need(before.unknown(), "no open intent");
    need(before.attempts == record.attempt, "belongs to another attempt");
  }

  void checkState(const RunState& run, FixState next) {
    const auto plan = parsePlan(run.planBytes);
    const size_t count = plan ? plan->steps.size() : 0;
    switch (next) {
      case FixState::Validating:
        need(run.state == FixState::Running, "validation does not follow running");
        for (size_t i = 0; i < count; ++i)
          need(track(run.steps, static_cast<int>(i)).ok, "validation before all steps are done");
        break;
      case FixState::Succeeded:
        need(run.state == FixState::Validating, "success without validation");
        break;
      case FixState::RollingBack:
        need(run.state == FixState::Running || run.state == FixState::Validating,
             "undo of what does not run");
        break;
      case FixState::RolledBack:
        need(run.state == FixState::RollingBack, "rolled back without rolling back");
        for (size_t i = 0; i < count; ++i) need(undone(run, static_cast<int>(i)), "a step is not undone");
        break;
      case FixState::RollbackFailed:
      case FixState::NeedsHuman:
        need(m_state.locks.contains(run.target), "the target is not locked");
        break;
      default:
        need(false, "not a state of a run");
    }
  }

  ExecutionState m_state;
  std::vector<std::string> m_violations;
  const JournalRecord* m_record = nullptr;
  uint64_t m_sequence = 0;
};

}  // namespace

void apply(ExecutionState& state, const JournalRecord& record) {
  switch (record.kind) {
    case RecordKind::Session:
      return;
    case RecordKind::Approval:
      approve(state, record);
      return;
    case RecordKind::Lock:
      state.locks[record.target] = record.detail;
      return;
    case RecordKind::Unlock:
      state.locks.erase(record.target);
      return;
    default:
      break;
  }
  if (record.kind == RecordKind::Claim) state.fence = std::max(state.fence, record.fence);
  const auto found = state.runs.find(record.planHash);
  if (found != state.runs.end()) applyToRun(found->second, record);
}

ExecutionState replay(const std::vector<JournalRecord>& records) {
  ExecutionState state;
  for (const auto& record : records) apply(state, record);
  return state;
}

std::vector<std::string> invariantViolations(const std::vector<JournalRecord>& records) {
  return Checker().check(records);
}

}  // namespace aiops::remediation
