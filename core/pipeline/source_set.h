// The sources of a lane: what was asked for, and the files that this stands for just now. Internal to
// pipeline. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pipeline/source_lane.h"
#include "sources/path_pattern.h"

namespace aiops::pipeline {

/// Not thread safe: belongs to the lane's thread. A glob or directory is looked at again by scan(): new files
/// are read from their beginning, those that are gone for `forgetAfter` leave. A file that is an older
/// generation of another source (by name, or because that source has read it) is none of its own.
class SourceSet {
 public:
  explicit SourceSet(const LaneOptions& options) : m_options(options) {}

  /// `stored`: positions of this source and of the files that it stands for; those of others are ignored.
  void add(LaneSource source, const std::vector<model::SourcePosition>& stored, base::Duration now,
           base::TimePoint wall);
  /// The files that leave, for a last flush; empty when there is no such source.
  std::vector<std::unique_ptr<SourceLane>> remove(const std::string& path);
  /// True when a file came. `left` gets those that are gone.
  bool scan(base::Duration now, base::TimePoint wall, std::vector<std::unique_ptr<SourceLane>>& left);
  std::vector<std::unique_ptr<SourceLane>>& files() { return m_files; }
  const std::vector<std::unique_ptr<SourceLane>>& files() const { return m_files; }
  /// Health notes, and what has to be remembered of globs.
  void collect(base::TimePoint wall, LaneOutput& output);
  std::vector<model::SourceStatus> statuses(base::Duration now) const;

 private:
  struct Wanted {
    LaneSource source;
    bool several = false;
    std::optional<base::TimePoint> lookedAt;  ///< in an earlier run
    base::TimePoint markedAt{};
    bool changed = false;  ///< since it was marked
    bool looked = false;
    bool overFull = false;
    std::string problem;
  };

  void look(Wanted& wanted, base::Duration now, base::TimePoint wall);
  void open(const Wanted& wanted, const std::string& path, sources::StartAt startAt, bool history);
  sources::StartAt beginOf(const Wanted& wanted, const std::string& path) const;
  std::vector<sources::MatchedFile> newFiles(const sources::Expansion& found) const;
  bool isOlderGeneration(const sources::MatchedFile& file) const;
  void takeRoom(Wanted& wanted, std::vector<sources::MatchedFile>& files, base::TimePoint wall);
  void remember(const SourceLane& file);
  SourceLane* find(const std::string& path) const;
  void dropGone(base::Duration now, std::vector<std::unique_ptr<SourceLane>>& left);
  void becomeDirectory(Wanted& wanted, std::vector<std::unique_ptr<SourceLane>>& left);
  void takePositions(Wanted& wanted, const std::vector<model::SourcePosition>& stored);
  void setProblem(Wanted& wanted, const std::string& problem, base::TimePoint wall);

  const LaneOptions& m_options;
  std::vector<Wanted> m_wanted;
  std::vector<std::unique_ptr<SourceLane>> m_files;
  std::map<std::string, model::SourcePosition> m_positions;  ///< not used yet, and of files that left
  std::vector<model::HealthEvent> m_health;
};

}  // namespace aiops::pipeline
