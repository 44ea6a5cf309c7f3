// SourceOperations over the engine of this process.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/worker.h"
#include "service/source_operations.h"
#include "sources/discovery.h"

namespace aiops::agents {
class Engine;
}

namespace aiops::service {

/// `engine` and `worker` must outlive it. Questions are answered on `worker`, in order. `places`: where logs
/// are looked for.
class EngineSources final : public SourceOperations {
 public:
  EngineSources(agents::Engine& engine, base::Worker& worker,
                std::vector<sources::LogPlace> places = sources::usualLogPlaces())
      : m_engine(engine), m_worker(worker), m_places(std::move(places)) {}

  void discoverLogs(Reply<std::vector<model::FoundLog>> reply) override;
  void previewLog(std::string path, Reply<model::LogPreview> reply) override;
  void addSources(Caller caller, std::vector<model::SourceChoice> choices,
                  Reply<std::vector<model::SourceStatus>> reply) override;
  void removeSource(Caller caller, std::string path, Reply<std::string> reply) override;

 private:
  base::Result<std::vector<model::FoundLog>> discover() const;
  base::Result<std::vector<model::SourceStatus>> add(const Caller& caller,
                                                     const std::vector<model::SourceChoice>& choices);
  base::Result<> addOne(const Caller& caller, const model::SourceChoice& choice);
  base::Result<> check(const model::SourceChoice& choice) const;
  base::Result<std::string> remove(const Caller& caller, const std::string& path);
  std::string serviceOf(const std::string& path) const;

  agents::Engine& m_engine;
  base::Worker& m_worker;
  const std::vector<sources::LogPlace> m_places;
};

}  // namespace aiops::service
