// PatternOperations that behave: they keep documents and versions, and try an expression on lines. For tests
// and pictures of the console; an engine's own rules are tested with the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/log_line.h"
#include "service/pattern_operations.h"
#include "support/wrapped_operations.h"

namespace aiops::ui {
class PatternText;
}

namespace aiops::test {

class LivelyPatterns final : public service::PatternOperations {
 public:
  LivelyPatterns();
  ~LivelyPatterns() override;

  std::vector<model::LogLine> lines;  ///< what a preview looks at, oldest first
  std::vector<std::string> calls;     ///< "save id", "enable id off", "preview" ...
  std::optional<base::Error> failure;
  double microseconds = 0.4;
  std::vector<model::PatternType> types;   ///< at first the engine's
  std::vector<model::PatternHit> firings;  ///< what a preview that matches something shows as such
  std::vector<std::string> notes;          ///< of each preview
  bool holdPreviews = false;
  std::deque<std::function<void()>> held;

  void put(model::PatternInfo info, const std::string& text);
  const model::PatternDetail* find(const std::string& id) const;

  void listPatterns(service::Reply<std::vector<model::PatternInfo>> reply) override;
  void pattern(std::string id, service::Reply<model::PatternDetail> reply) override;
  void savePattern(service::Caller caller, std::string text,
                   service::Reply<model::PatternDetail> reply) override;
  void removePattern(service::Caller, std::string id, service::Reply<std::string> reply) override;
  void enablePattern(service::Caller, std::string id, bool enabled,
                     service::Reply<model::PatternInfo> reply) override;
  void patternTypes(service::Reply<std::vector<model::PatternType>> reply) override;
  void previewPattern(std::string text, service::Reply<model::PatternPreview> reply) override;
  void release();

 private:
  struct Kept {
    model::PatternDetail detail;
  };

  model::PatternPreview previewOf(const ui::PatternText& document) const;

  std::map<std::string, Kept> m_kept;
};

/// Operations with these patterns.
class WithPatterns final : public WrappedOperations {
 public:
  explicit WithPatterns(service::Operations& inner);
  ~WithPatterns() override;

  LivelyPatterns lively;
  service::PatternOperations& patterns() override;
};

}  // namespace aiops::test
