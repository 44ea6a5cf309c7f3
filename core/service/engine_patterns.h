// PatternOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/pattern_operations.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order.
class EnginePatterns final : public PatternOperations {
 public:
  EnginePatterns(agents::Engine& engine, base::Worker& worker) : m_engine(engine), m_worker(worker) {}

  void listPatterns(Reply<std::vector<model::PatternInfo>> reply) override;
  void pattern(std::string id, Reply<model::PatternDetail> reply) override;
  void savePattern(Caller caller, std::string text, Reply<model::PatternDetail> reply) override;
  void removePattern(Caller caller, std::string id, Reply<std::string> reply) override;
  void enablePattern(Caller caller, std::string id, bool enabled, Reply<model::PatternInfo> reply) override;
  void patternTypes(Reply<std::vector<model::PatternType>> reply) override;
  void previewPattern(std::string text, Reply<model::PatternPreview> reply) override;

 private:
  agents::Engine& m_engine;
  base::Worker& m_worker;
};

}  // namespace aiops::service
