// Turns the records that a pattern selects into occurrences, for types that need more than one record.
// Internal to detection. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/time.h"
#include "detection/pattern.h"
#include "detection/window.h"
#include "model/log_record.h"

namespace aiops::detection {

struct DetectorOptions;
class TemplateMiner;

/// A record that one of the pattern's selections takes.
struct Selected {
  const model::LogBatch& batch;
  const model::LogRecord& record;
  size_t step = 0;  ///< the selection
  const std::map<std::string, std::string>& captures;
  const std::string& group;  ///< value of the group key
  uint64_t templateId = 0;   ///< of the message, where some pattern asks for it
  const TemplateMiner* templates = nullptr;
};

/// What a pattern was looking for. Its threshold and cool-down come after.
struct Occurrence {
  base::TimePoint time;
  std::string service;
  std::string group;
  std::map<std::string, std::string> captures;
  Evidence evidence;
  std::string value{};  ///< of what the threshold's `distinct` names; of recognisers that is a capture
  /// Within a group, what has a cool-down of its own: that something fell must not keep quiet that it rises.
  std::string manner{};
};

/// The state of one pattern of one detector, in event time. Deterministic; not thread safe. Progress is told
/// by service: nothing of a service that is older than it is expected any more.
class Recogniser {
 public:
  virtual ~Recogniser() = default;

  virtual void add(const Selected& selected, std::vector<Occurrence>& out) = 0;
  /// What became true by time alone. An empty `service` stands for all.
  virtual void advance(const std::string& service, base::TimePoint progress,
                       std::vector<Occurrence>& out) = 0;
  /// Template `from` is part of `into` from now on.
  virtual void merge(uint64_t /*from*/, uint64_t /*into*/) {}
  /// That share of what template `from` had is template `into` from now on.
  virtual void split(uint64_t /*from*/, uint64_t /*into*/, double /*share*/) {}
  /// Keys that left because there were too many, since this was last asked.
  virtual uint64_t takeEvicted() { return 0; }

  virtual nlohmann::json snapshot() const = 0;
  /// Takes over what snapshot() gave, without what stands on sources that are not watched. Throws
  /// nlohmann::json::exception.
  virtual void restore(const nlohmann::json& state,
                       const std::function<bool(const std::string& source)>& watched) = 0;
};

/// None for the types where each selected record is one occurrence. `pattern` must outlive it.
std::unique_ptr<Recogniser> makeRecogniser(const PatternDocument& pattern, const DetectorOptions& options);

/// Whether it needs Selected::templateId.
bool asksForTemplates(const PatternDocument& pattern);

}  // namespace aiops::detection
