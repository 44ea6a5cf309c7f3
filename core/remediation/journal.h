// The executor's journal: an append-only file of what was approved, begun and finished, synced record by
// record, and the state that follows from it. Small on purpose: read it in one sitting.
//
// File: records, each `length (u32 LE) | CRC-32 of payload (u32 LE) | payload (JSON)`. A record cut short at
// the end (a crash inside write) is removed when opening; any other damage is Corrupt and nothing runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/fd.h"
#include "base/result.h"
#include "base/time.h"
#include "model/fix.h"

namespace aiops::remediation {

enum class RecordKind : uint8_t {
  Session,   ///< an executor began: digest of its configuration, boot id
  Approval,  ///< exactly these plan bytes, by whom, until when
  Void,      ///< an unused approval was withdrawn
  Claim,     ///< the approval is used; the run has number `fence`
  Intent,    ///< step is about to act
  Started,   ///< a process runs for it
  Result,    ///< how the step ended
  UndoIntent,
  UndoStarted,
  UndoResult,
  State,  ///< the run is now `state`
  Lock,   ///< target is locked for automation
  Unlock,
};
std::string_view toString(RecordKind kind);

/// One record; which members count depends on the kind.
struct JournalRecord {
  uint64_t sequence = 0;  ///< from 1 without gaps; given by the journal
  RecordKind kind = RecordKind::Session;
  base::TimePoint at;
  std::string planHash;
  int step = -1;
  int attempt = 0;  ///< from 1, per step and direction
  model::FixState state = model::FixState::Proposed;
  uint64_t fence = 0;
  bool ok = false;         ///< Result, UndoResult
  bool touched = true;     ///< Result: false when nothing was begun, so there is nothing to undo
  bool recovered = false;  ///< Result, UndoResult: found by the effect check after a crash
  int exitCode = 0;
  int pid = 0;
  std::string startTime;  ///< field 22 of /proc/PID/stat; pid 0: our name on the system bus
  std::string digest;     ///< Intent: of argv or file bytes; Result: of the output
  std::string output;     ///< Result, UndoResult: first 4 kB
  std::string detail;
  std::string who;
  std::string target;
  std::string bootId;
  int64_t expiresBoot = 0;                ///< Approval: microseconds since boot `bootId`
  std::string planBytes;                  ///< Approval: what canonicalHash hashes
  std::optional<model::UnitState> prior;  ///< Intent, UndoIntent of a service step: the unit just before
};
void to_json(nlohmann::json& json, const JournalRecord& value);
void from_json(const nlohmann::json& json, JournalRecord& value);

/// One direction (do or undo) of one step.
struct StepTrack {
  int attempts = 0;
  bool intent = false;    ///< an attempt has begun
  bool finished = false;  ///< the latest attempt has a result
  bool ok = false;
  bool touched = true;
  bool recovered = false;
  int pid = 0;
  std::string startTime;
  int exitCode = 0;
  std::string output;
  std::string detail;
  std::optional<base::TimePoint> startedAt;
  std::optional<base::TimePoint> endedAt;
  std::optional<model::UnitState> prior;

  bool unknown() const { return intent && !finished; }
};

/// One approved plan and how far it has come.
struct RunState {
  std::string planHash;
  std::string planBytes;
  std::string target;
  std::string who;
  std::string bootId;
  int64_t expiresBoot = 0;
  uint64_t fence = 0;  ///< 0: not claimed
  model::FixState state = model::FixState::Approved;
  std::string detail;
  std::map<int, StepTrack> steps;
  std::map<int, StepTrack> undos;
  uint64_t order = 0;  ///< sequence of the approval

  bool claimed() const { return fence != 0; }
  bool unfinished() const { return claimed() && !model::isFinal(state); }
};

struct ExecutionState {
  std::map<std::string, RunState> runs;      ///< by plan hash
  std::map<std::string, std::string> locks;  ///< target -> why
  uint64_t fence = 0;                        ///< highest given
};

/// Folds one record into the state; pure.
void apply(ExecutionState& state, const JournalRecord& record);
ExecutionState replay(const std::vector<JournalRecord>& records);
/// The rules that no journal may break, each broken one in words: sequence without gaps; approval before
/// claim; one claim per approval; fences grow; no (plan, step, attempt) twice; a result only after its
/// intent; a new attempt only after a result or an unknown outcome; steps in order; no step after undo has
/// begun; no undo before the step's intent; nothing after a final state; a target is locked after a failed
/// undo.
std::vector<std::string> invariantViolations(const std::vector<JournalRecord>& records);

/// The file. One process at a time (the executor holds a lock beside it); single-threaded.
class Journal {
 public:
  static base::Result<std::unique_ptr<Journal>> open(const std::filesystem::path& file);
  /// Gives the record its sequence, writes and syncs it. After a failure every further append fails too: what
  /// is on disk is then not known (fsync must not be retried).
  base::Result<> append(JournalRecord record);

  const std::vector<JournalRecord>& records() const { return m_records; }
  const ExecutionState& state() const { return m_state; }
  const std::string& notice() const { return m_notice; }  ///< "removed a torn record of 37 bytes", or empty

 private:
  Journal(base::Fd fd, std::string path) : m_fd(std::move(fd)), m_path(std::move(path)) {}
  base::Result<> load();
  base::Result<> cutTail(size_t whole, size_t torn);
  void take(JournalRecord record);

  base::Fd m_fd;
  std::string m_path;
  std::vector<JournalRecord> m_records;
  ExecutionState m_state;
  std::string m_notice;
  size_t m_size = 0;  ///< bytes known to be whole on disk
  bool m_failed = false;
};

}  // namespace aiops::remediation
