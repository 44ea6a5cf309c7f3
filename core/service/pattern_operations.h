// What to look for: list, write, try and switch patterns.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pattern.h"
#include "model/pattern_type.h"
#include "service/reply.h"

namespace aiops::service {

class PatternOperations {
 public:
  virtual ~PatternOperations() = default;
  /// In order of id.
  virtual void listPatterns(Reply<std::vector<model::PatternInfo>> reply) = 0;
  virtual void pattern(std::string id, Reply<model::PatternDetail> reply) = 0;
  /// `text` is one pattern document, YAML or JSON. A new id adds it, a known one becomes its next version.
  /// InvalidInput names line, what is wrong and what is allowed; a `type` that does not exist lists those
  /// that do. Windows of patterns that detect the same as before keep their state.
  virtual void savePattern(Caller caller, std::string text, Reply<model::PatternDetail> reply) = 0;
  /// Takes back the operator's document: a shipped pattern returns to its shipped form, another one goes.
  virtual void removePattern(Caller caller, std::string id, Reply<std::string> reply) = 0;
  virtual void enablePattern(Caller caller, std::string id, bool enabled,
                             Reply<model::PatternInfo> reply) = 0;
  /// The types that there are, and what each may say.
  virtual void patternTypes(Reply<std::vector<model::PatternType>> reply) = 0;
  /// Runs an unsaved document over the newest lines of the live log. Never fails for a broken document: that
  /// is in the preview.
  virtual void previewPattern(std::string text, Reply<model::PatternPreview> reply) = 0;
};

}  // namespace aiops::service
