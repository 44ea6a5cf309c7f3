// Sequences: one thing after another on the same key, or its absence. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <set>
#include <tuple>

#include "detection/key_map.h"
#include "detection/recogniser.h"

namespace aiops::detection {

/// A story is told when its last step comes: the latest records that make it up, at most `within` from the
/// first to the last of them, both ends included; records up to its end are then spent, but for those of
/// steps that are kept. With a missing last step each story of the other steps waits until `within` after its
/// first record; a record of the last step in that time settles all stories that had begun before it.
/// Out-of-order records are put in their place as long as they are not older than the lateness bound.
class SequenceRecogniser final : public Recogniser {
 public:
  SequenceRecogniser(const PatternDocument& pattern, base::Duration lateness, size_t maxKeys);

  void add(const Selected& selected, std::vector<Occurrence>& out) override;
  void advance(const std::string& service, base::TimePoint progress, std::vector<Occurrence>& out) override;
  uint64_t takeEvicted() override { return std::exchange(m_evicted, 0); }
  nlohmann::json snapshot() const override;
  void restore(const nlohmann::json& state,
               const std::function<bool(const std::string& source)>& watched) override;

  static constexpr size_t kMostHits = 256;  ///< of one key; the oldest leave

 private:
  struct Hit {
    base::TimePoint time;
    size_t step = 0;
    model::EvidenceRef evidence;
    std::map<std::string, std::string> captures;
  };
  /// A story that waits for its missing end.
  struct Waiting {
    base::TimePoint begin;
    base::TimePoint end;  ///< of its last record
    Evidence evidence;
    std::map<std::string, std::string> captures;
  };
  struct Key {
    std::string service;
    std::string group;     ///< or what `join` names
    std::deque<Hit> hits;  ///< by time
    std::deque<Waiting> waiting;
  };
  using Deadline = std::tuple<std::string, base::TimePoint, std::string>;  ///< service, when, key
  struct Story {
    std::vector<size_t> hits;  ///< indices, ascending
  };

  std::string joinOf(const Selected& selected) const;
  std::string groupOf(const Key& key, const std::map<std::string, std::string>& captures) const;
  void spend(Key& key, size_t last) const;
  bool isMissing(size_t step) const { return m_sequence.steps[step].missing; }
  bool findOrdered(const Key& key, size_t last, Story& story) const;
  bool findUnordered(const Key& key, size_t added, Story& story) const;
  bool withinLimits(const Key& key, const Story& story) const;
  bool find(const Key& key, size_t added, Story& story) const;
  void tell(const std::string& name, Key& key, const Story& story, std::vector<Occurrence>& out);
  void wait(const std::string& name, Key& key, Waiting waiting);
  void settle(Key& key, base::TimePoint time) const;
  void prune(Key& key) const;
  void forget(const std::string& name, const Key& key);

  const PatternDocument& m_pattern;
  const SequenceKind& m_sequence;
  const base::Duration m_lateness;
  const size_t m_maxKeys;
  size_t m_told = 0;  ///< steps that have to come
  KeyMap<Key> m_keys;
  std::set<Deadline> m_deadlines;
  uint64_t m_evicted = 0;
};

}  // namespace aiops::detection
